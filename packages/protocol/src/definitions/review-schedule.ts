// Review schedules: which connections are reviewed regularly, how often, and what happens to those left undecided.
import { z } from 'zod'

import { zAppKind } from './idp.ts'
import { zClientId, zDisplayName, zId, zInteger, zTimestamp } from './scalars.ts'

const MAX_NAMES = 500
const MAX_PERIOD_DAYS = 3650

/** Conditions on access that approval rules have too. */
const accessMembers = {
  apps: z.array(zClientId).min(1).max(MAX_NAMES).optional().describe('Only connections of these apps.'),
  resourceApps: z
    .array(zId)
    .min(1)
    .max(MAX_NAMES)
    .optional()
    .describe('Only connections to these resource apps.'),
  kind: zAppKind.optional().describe('Only connections of apps of this kind.'),
  minRisk: zInteger(0, 3)
    .optional()
    .describe(
      'Only connections whose riskiest scope has at least this risk. A scope without a risk counts as 3.',
    ),
}

/** Which connections a review covers. All of them must hold; without any, it covers every connection. */
export const reviewedMembers = {
  ...accessMembers,
  unusedForDays: zInteger(1, MAX_PERIOD_DAYS)
    .optional()
    .describe(
      'Only active connections that granted nothing and did not change for this many days. None while the audit log does not reach back that far. If the review suspends undecided connections, it keeps those that were used since it opened.',
    ),
}

export const zWhenDue = z
  .enum(['wait', 'close', 'suspend'])
  .describe(
    'What happens at `dueAt`. `wait`: the review stays open. `close`: it closes, and undecided connections stay as they are. `suspend`: it closes, and undecided connections are suspended.',
  )

export const zReviewName = zDisplayName(256).trim().min(1)

export const zPeriodDays = zInteger(1, MAX_PERIOD_DAYS)
  .default(90)
  .describe('Number of days to count use for.')

export const zReviewSchedule = z
  .strictObject({
    id: zId.describe('Id of the review schedule.'),
    name: zReviewName.describe('Name of the reviews that it opens.'),
    description: z.string().max(1024).optional().describe('Reason for the reviews.'),
    ...reviewedMembers,
    firstAt: zTimestamp.describe(
      'When the first review opens, RFC 3339. If that has passed, a review opens at once.',
    ),
    everyDays: zInteger(7, 1098).describe('Days from the opening of a review to that of the next.'),
    daysToDecide: zInteger(1, 1097).describe('Days until a review is due; fewer than `everyDays`.'),
    periodDays: zPeriodDays,
    whenDue: zWhenDue,
  })
  .refine(({ everyDays, daysToDecide }) => daysToDecide < everyDays, {
    path: ['daysToDecide'],
    message: 'fewer days than everyDays, so that a review is due before the next opens',
  })
export type ReviewSchedule = z.infer<typeof zReviewSchedule>
export type AccessConditions = Pick<ReviewSchedule, keyof typeof accessMembers>
export type ReviewedConnections = Pick<ReviewSchedule, keyof typeof reviewedMembers>
