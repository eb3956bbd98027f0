// The meaning of a scope, in terms that its approver understands; and an approval, which covers one meaning.
import { z } from 'zod'

import { zBoolean, zId, zInteger, zTimestamp, zScopeToken, zDisplayName } from './scalars.ts'

export const zScopeMeaning = z.strictObject({
  description: zDisplayName(512)
    .min(1)
    .optional()
    .describe('What it lets an app do, in terms that users understand.'),
  risk: zInteger(0, 3).optional().describe('Possible harm, from 0 (none) to 3 (severe).'),
  tools: z
    .array(z.string().min(1).max(256))
    .max(500)
    .default([])
    .describe('Tools of an MCP server that it covers.'),
})
export type ScopeMeaning = z.infer<typeof zScopeMeaning>

const zScopeEntry = zScopeMeaning.extend({
  needsApproval: zBoolean
    .default(false)
    .describe(
      'true: a connection may grant it only after its current meaning was approved for that connection.',
    ),
})

export const zScopeMeanings = z.record(zScopeToken, zScopeEntry)

export const zScopeApproval = z.strictObject({
  connection: zId.describe('Id of the connection that may grant the scope.'),
  scope: zScopeToken.describe('The scope.'),
  meaning: zScopeMeaning
    .prefault({})
    .describe('Its meaning when it was approved; if the catalogue differs, the scope is withheld.'),
  by: z.string().min(1).max(256).describe('Who approved.'),
  at: zTimestamp.describe('When.'),
  reason: z.string().max(1024).optional().describe('Why.'),
})
export type ScopeApproval = z.infer<typeof zScopeApproval>
