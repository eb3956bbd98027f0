// What a scope means, in the words that its approver reads; and an approval, which is of one meaning.
import { z } from 'zod'

import { zBoolean, zId, zInteger, zMoment, zScopeToken, zShownName } from './scalars.ts'

export const zScopeMeaning = z.strictObject({
  description: zShownName(512).min(1).optional().describe('What it lets an app do, in words of its users.'),
  risk: zInteger(0, 3).optional().describe('How much harm it could do, from 0 (none) to 3 (grave).'),
  tools: z
    .array(z.string().min(1).max(256))
    .max(500)
    .default([])
    .describe('Tools that it covers, of an MCP server.'),
})
export type ScopeMeaning = z.infer<typeof zScopeMeaning>

export const zScopeEntry = zScopeMeaning.extend({
  needsApproval: zBoolean
    .default(false)
    .describe(
      'true: a connection is given it only once it was approved for that connection, as it means now.',
    ),
})

export const zScopeMeanings = z.record(zScopeToken, zScopeEntry)
export type ScopeMeanings = z.infer<typeof zScopeMeanings>

export const zScopeApproval = z.strictObject({
  connection: zId.describe('Id of the connection that may be given the scope.'),
  scope: zScopeToken.describe('The scope.'),
  meaning: zScopeMeaning
    .prefault({})
    .describe('What it meant when it was approved: when the catalogue says otherwise, the scope is held.'),
  by: z.string().min(1).max(256).describe('Who approved.'),
  at: zMoment.describe('When.'),
  reason: z.string().max(1024).optional().describe('Why.'),
})
export type ScopeApproval = z.infer<typeof zScopeApproval>
