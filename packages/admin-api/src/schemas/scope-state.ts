// The state of scopes of a connection that need approval.
import { zScopeMeaning } from '@crosswalk/protocol'
import { z } from 'zod'

const zApproval = z.object({
  by: z.string(),
  at: z.string().describe('RFC 3339'),
  reason: z.string().optional(),
  meaning: zScopeMeaning.describe('Meaning at that time.'),
  digest: z.string().describe('Digest of that meaning.'),
})

export const zScopeState = z
  .object({
    scope: z.string(),
    state: z
      .enum(['approved', 'needed', 'changed'])
      .describe('`needed` and `changed` (approved for another meaning) are not granted.'),
    meaning: zScopeMeaning.describe('Current meaning.'),
    digest: z.string().describe('Digest of the current meaning.'),
    approval: zApproval.optional().describe('The last approval.'),
  })
  .meta({ id: 'ScopeState' })

/** In addition to a connection with scopes that need approval. */
export const approvalsMember = {
  approvals: z.array(zScopeState).optional().describe('Scopes that need approval; absent if there are none.'),
}
