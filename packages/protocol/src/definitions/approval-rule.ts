// Approval rules: which access requests are approved automatically, and who is asked to decide others.
import { z } from 'zod'

import { zAppKind } from './idp.ts'
import { zBoolean, zClientId, zId, zInteger } from './scalars.ts'

const MAX_NAMES = 500
const MAX_APPROVERS = 50
/** A request expires after 14 days. */
const MAX_ESCALATION_HOURS = 14 * 24 - 1
/** Ten years */
export const MAX_REQUEST_DAYS = 3650

/** All of them must hold; without any, the rule matches every request. */
const zRequestConditions = z.strictObject({
  apps: z.array(zClientId).min(1).max(MAX_NAMES).optional().describe('Ids of requesting apps.'),
  resourceApps: z.array(zId).min(1).max(MAX_NAMES).optional().describe('Ids of resource apps.'),
  kind: zAppKind.optional().describe('What sort of app requests access.'),
  hasOwner: zBoolean.optional().describe('Whether an active user owns the requesting app.'),
  minRisk: zInteger(0, 3)
    .optional()
    .describe('Lowest risk, of the riskiest requested scope. A scope without a risk counts as 3.'),
  maxRisk: zInteger(0, 3)
    .optional()
    .describe('Highest risk, of the riskiest requested scope. A scope without a risk counts as 3.'),
  maxDays: zInteger(1, MAX_REQUEST_DAYS)
    .optional()
    .describe('Longest access, in days. A request for access without an end never matches.'),
})

const zAsk = z
  .strictObject({
    users: z
      .array(zId)
      .min(1)
      .max(MAX_APPROVERS)
      .describe('Ids of the users who decide, any one of them; each has a role that may decide.'),
    escalateAfterHours: zInteger(1, MAX_ESCALATION_HOURS)
      .optional()
      .describe('Hours after the request at which the users in `escalateTo` may decide too.'),
    escalateTo: z
      .array(zId)
      .min(1)
      .max(MAX_APPROVERS)
      .optional()
      .describe('Ids of the users who may decide then.'),
  })
  .refine(
    ({ escalateAfterHours, escalateTo }) => (escalateAfterHours === undefined) === (escalateTo === undefined),
    'escalateAfterHours and escalateTo need each other',
  )

export const zApprovalRule = z
  .strictObject({
    id: zId.describe('Id of the approval rule.'),
    description: z.string().max(1024).optional().describe('Reason for the rule.'),
    when: zRequestConditions.prefault({}).describe('Conditions that must all hold; none: every request.'),
    effect: z
      .enum(['approve', 'ask'])
      .describe(
        '`approve`: at once and automatically. `ask`: only these users decide; it wins over `approve`.',
      ),
    ask: zAsk.optional().describe('Who decides; for effect `ask`.'),
  })
  .refine(
    ({ effect, ask }) => (effect === 'ask') === (ask !== undefined),
    'effect ask needs an ask block, and only it does',
  )
  .refine(
    ({ effect, when }) => effect === 'ask' || (when.maxRisk !== undefined && when.maxDays !== undefined),
    'effect approve needs the limits when.maxRisk and when.maxDays',
  )
  .refine(({ when: { minRisk = 0, maxRisk = 3 } }) => minRisk <= maxRisk, {
    path: ['when', 'minRisk'],
    message: 'at most maxRisk, or the rule matches no request',
  })
export type ApprovalRule = z.infer<typeof zApprovalRule>
