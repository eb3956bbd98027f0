// What the API shows of a review: its counts, its items with their evidence and decisions, and the pace of its reviewers.
import { reviewedMembers, zWhenDue } from '@crosswalk/protocol'
import { z } from 'zod'

export const zMomentOut = z.string().describe('RFC 3339')
const zDecided = z.enum(['keep', 'narrow', 'revoke', 'suspend'])

const zRemoval = z
  .object({
    state: z
      .enum(['pending', 'verified'])
      .describe(
        '`verified`: the simulator denies it, none was issued since, and nothing is valid any longer.',
      ),
    since: zMomentOut.describe('When the checks first had this result, RFC 3339.'),
    simulated: z.int().describe('Number of users whose requests were simulated, at most 50 for each part.'),
    allowed: z.array(z.string()).describe('Ids of those who still have the removed access.'),
    issued: z.int().describe('Number of ID-JAGs with the removed access that were issued since.'),
    liveTokens: z.int().describe('Number of live access tokens with it at authorization servers here.'),
    endsBy: zMomentOut
      .nullable()
      .describe('When tokens from before the decision, here and elsewhere, have expired; null if all have.'),
  })
  .meta({ id: 'Removal' })
export type Removal = z.output<typeof zRemoval>

export const zReviewItem = z
  .object({
    connection: z.string(),
    app: z.string(),
    resourceApp: z.string(),
    purpose: z.string().optional().describe('What the app is for, when the review was opened.'),
    owners: z
      .array(z.string())
      .default([])
      .describe('Ids of the users who own the app, when the review was opened.'),
    scopes: z.array(z.string()).describe('Scopes when the review was opened.'),
    addedScopes: z
      .array(z.string())
      .optional()
      .describe('Scopes that the connection has got since; only in lists, and until it is decided.'),
    expiresAt: zMomentOut.nullable(),
    evidence: z.object({
      lastUsedAt: zMomentOut.nullable().describe('null: no use in the log.'),
      uses: z.int().describe('Number of ID-JAGs in the period of the review.'),
      people: z.int().describe('Number of different users they were issued for.'),
      assigned: z.int().describe('Number of active users with access, as in the list of connections.'),
      grants: z
        .array(
          z.object({
            id: z.string(),
            user: z.string(),
            scopes: z.array(z.string()),
            until: z.string().nullable().describe('RFC 3339; null: no end.'),
          }),
        )
        .describe('Access grants over the connection when the review was opened.'),
      usedScopes: z.array(z.string()),
      unusedScopes: z.array(z.string()),
      examined: z.int().describe('Number of newest ID-JAGs that the used scopes are based on.'),
    }),
    suggestion: z.enum(['keep', 'narrow', 'revoke']).describe('Based only on the evidence.'),
    decision: z
      .object({
        decision: zDecided,
        by: z.string(),
        automatic: z
          .literal(true)
          .optional()
          .describe('Closing the review decided, for all connections that were left; `by` closed it.'),
        at: zMomentOut,
        reason: z.string(),
        scopes: z.array(z.string()).optional().describe('Scopes that were kept.'),
        removed: z.object({ users: z.array(z.string()), groups: z.array(z.string()) }).optional(),
        revokedTokens: z.int().optional().describe('Number of revoked access tokens.'),
        effectiveAt: zMomentOut,
        removal: zRemoval
          .optional()
          .describe('Whether the removed access has ended; repeated until it is verified. Absent if kept.'),
      })
      .optional(),
  })
  .meta({ id: 'ReviewItem' })
export type ReviewItem = z.output<typeof zReviewItem>

export const zReviewState = z.enum(['open', 'closing', 'closed'])

export const zReview = z
  .object({
    id: z.string(),
    name: z.string(),
    state: zReviewState.describe(
      '`closing`: accepts no decisions; undecided connections are being suspended.',
    ),
    periodDays: z.int(),
    openedBy: z.string(),
    openedAt: zMomentOut,
    dueAt: zMomentOut.optional(),
    whenDue: zWhenDue.default('wait'),
    schedule: z.string().optional().describe('Id of the review schedule that opened it.'),
    unusedForDays: reviewedMembers.unusedForDays,
    reason: z.string(),
    closedBy: z.string().optional(),
    closedAt: zMomentOut.optional(),
    counts: z
      .object({
        items: z.int(),
        undecided: z.int(),
        keep: z.int(),
        narrow: z.int(),
        revoke: z.int(),
        suspend: z.int(),
      })
      .describe('Number of items, and of those with each decision.'),
    reviewers: z
      .array(z.object({ id: z.string(), decided: z.int().describe('Number of items.') }))
      .describe('Users who decided items, in the order of ids.'),
    removals: z
      .object({ pending: z.int(), verified: z.int() })
      .describe('Number of decisions that removed access, by whether it has ended.'),
  })
  .meta({ id: 'Review' })
export type Review = z.output<typeof zReview>

/** Decisions of one user, and whether there was time to consider them */
export const zReviewerPace = z
  .object({
    id: z.string(),
    decided: z.int().describe('Number of items.'),
    kept: z.int().describe('Number of items that the user kept unchanged.'),
    medianSeconds: z
      .number()
      .nullable()
      .describe('Median time from one decision to the next; null with fewer than two.'),
    rushed: z
      .boolean()
      .describe('At least 20 items, more than 95 percent of them kept, and a median below 4 seconds.'),
  })
  .meta({ id: 'ReviewerPace' })
export type ReviewerPace = z.output<typeof zReviewerPace>
