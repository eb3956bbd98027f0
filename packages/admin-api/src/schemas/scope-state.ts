// How the scopes of a connection stand that need approval.
import { zScopeMeaning } from '@crosswalk/protocol'
import { z } from 'zod'

const zApproval = z.object({
  by: z.string(),
  at: z.string().describe('RFC 3339'),
  reason: z.string().optional(),
  meaning: zScopeMeaning.describe('What it meant then.'),
  digest: z.string().describe('Of that meaning.'),
})

export const zScopeState = z
  .object({
    scope: z.string(),
    state: z
      .enum(['approved', 'needed', 'changed'])
      .describe('`needed` and `changed`, which is approved for another meaning, are held.'),
    meaning: zScopeMeaning.describe('What it means now.'),
    digest: z.string().describe('Of what it means now.'),
    approval: zApproval.optional().describe('The last one.'),
  })
  .meta({ id: 'ScopeState' })

/** Beside a connection with scopes that need approval. */
export const approvalsMember = {
  approvals: z
    .array(zScopeState)
    .optional()
    .describe('Its scopes that need approval; absent where none does.'),
}
