// Reviews (recertification): for every connection a reviewer says, from evidence, whether it is still needed. What is
// decided takes effect at once.
import { zClientId, zId, zScopeToken, zShownName } from '@crosswalk/protocol'
import { z } from 'zod'

import type { Role } from '../roles.ts'
import { defineRoutes } from '../route.ts'
import { mineQuery, pageQuery, zIdParam, zPage, zReason } from '../schemas/common.ts'
import { zRecordedEvent } from './audit.ts'

const OPEN: readonly Role[] = ['owner', 'administrator']
const DECIDE: readonly Role[] = [...OPEN, 'reviewer']
const SEE: readonly Role[] = [...DECIDE, 'security-responder', 'auditor']

const zMomentOut = z.string().describe('RFC 3339')
const zDecided = z.enum(['keep', 'narrow', 'revoke', 'suspend'])

export const zReviewItem = z
  .object({
    connection: z.string(),
    app: z.string(),
    resourceApp: z.string(),
    scopes: z.array(z.string()).describe('When the review was opened.'),
    expiresAt: zMomentOut.nullable(),
    evidence: z.object({
      lastUsedAt: zMomentOut.nullable().describe('null: no use is in the log.'),
      uses: z.int().describe('ID-JAGs in the period of the review.'),
      people: z.int().describe('How many different users these were for.'),
      assigned: z.int().describe('How many users are on the connection, access grants included.'),
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
      examined: z.int().describe('From how many of the newest ID-JAGs the scopes are known.'),
    }),
    suggestion: z.enum(['keep', 'narrow', 'revoke']).describe('From the evidence alone.'),
    decision: z
      .object({
        decision: zDecided,
        by: z.string(),
        at: zMomentOut,
        reason: z.string(),
        scopes: z.array(z.string()).optional().describe('What is left of them.'),
        removed: z.object({ users: z.array(z.string()), groups: z.array(z.string()) }).optional(),
        revokedTokens: z.int().optional().describe('Access tokens revoked.'),
        effectiveAt: zMomentOut,
      })
      .optional(),
  })
  .meta({ id: 'ReviewItem' })
export type ReviewItem = z.output<typeof zReviewItem>

export const zReview = z
  .object({
    id: z.string(),
    name: z.string(),
    state: z.enum(['open', 'closed']),
    periodDays: z.int(),
    openedBy: z.string(),
    openedAt: zMomentOut,
    dueAt: zMomentOut.optional(),
    reason: z.string(),
    closedBy: z.string().optional(),
    closedAt: zMomentOut.optional(),
    items: z.array(zReviewItem),
  })
  .meta({ id: 'Review' })
export type Review = z.output<typeof zReview>

export const zWaitingReviewItem = z
  .object({
    review: z.object({
      id: z.string(),
      name: z.string(),
      openedAt: zMomentOut,
      dueAt: zMomentOut.nullable(),
      periodDays: z.int(),
    }),
    item: zReviewItem,
    own: z
      .string()
      .nullable()
      .describe('Why the caller may not decide about it, where it is their own; null: they may.'),
  })
  .meta({ id: 'WaitingReviewItem' })
export type WaitingReviewItem = z.output<typeof zWaitingReviewItem>

const zReviewInput = z
  .strictObject({
    name: zShownName(256).trim().min(1),
    connections: z.array(zId).min(1).max(1000).optional().describe('Ids; all unless given.'),
    apps: z.array(zClientId).min(1).max(100).optional().describe('Only connections of these apps.'),
    periodDays: z.int().min(1).max(3650).default(90).describe('Over how many days use is counted.'),
    dueAt: z.iso.datetime({ offset: true }).optional().describe('When it is due, for display. RFC 3339.'),
    reason: zReason,
  })
  .meta({ id: 'ReviewInput' })

const zReviewDecision = z
  .strictObject({
    decision: z.enum(['keep', 'narrow', 'revoke']),
    scopes: z
      .array(zScopeToken)
      .min(1)
      .max(100)
      .optional()
      .describe('`narrow`: what is left; the used ones unless anything is given.'),
    removeUsers: z
      .array(zId)
      .max(1000)
      .optional()
      .describe('`narrow`: users to take off the connection; their access grants are revoked.'),
    removeGroups: z.array(z.string().min(1)).max(100).optional().describe('`narrow`: groups to take off.'),
    reason: zReason,
  })
  .meta({ id: 'ReviewDecision' })

const base = { path: '/reviews' } as const
const review = { description: 'The review.', body: zReview }

export const reviewRoutes = defineRoutes('reviews', {
  'reviews.list': {
    ...base,
    method: 'GET',
    summary: 'List reviews',
    roles: SEE,
    query: z.strictObject({ ...pageQuery, state: z.enum(['open', 'closed']).optional() }),
    replies: { 200: { description: 'A page, oldest first.', body: zPage(zReview) } },
  },
  'reviews.items': {
    ...base,
    method: 'GET',
    path: '/review-items',
    summary: 'List undecided items of open reviews, and whether the caller may decide',
    roles: SEE,
    query: z.strictObject({
      ...pageQuery,
      review: z.string().min(1).max(256).optional(),
      mine: mineQuery.describe('true: only what the caller may decide about.'),
    }),
    replies: { 200: { description: 'A page, oldest review first.', body: zPage(zWaitingReviewItem) } },
  },
  'reviews.read': {
    ...base,
    method: 'GET',
    path: '/reviews/{id}',
    summary: 'Read one review, its items and what was decided',
    roles: SEE,
    params: zIdParam,
    conditional: 'read',
    replies: { 200: review },
    problems: [404],
  },
  'reviews.create': {
    ...base,
    method: 'POST',
    summary: 'Open a review of connections, with the evidence as it is now',
    roles: OPEN,
    body: zReviewInput,
    replies: { 201: review },
  },
  'reviews.decide': {
    ...base,
    method: 'POST',
    path: '/reviews/{id}/items/{connection}/decide',
    summary: 'Keep, narrow or revoke one connection; it takes effect at once',
    description:
      'Reviewers cannot decide about their own: the connection they defined last, an app they own or their role is about, or access they have by name or group. A connection of the configuration file is not narrowed here: the problem has the `patch` to make there.',
    roles: DECIDE,
    params: z.object({ id: z.string().min(1), connection: z.string().min(1) }),
    body: zReviewDecision,
    conditional: 'act',
    replies: { 200: review },
    problems: [404, 409],
  },
  'reviews.close': {
    ...base,
    method: 'POST',
    path: '/reviews/{id}/close',
    summary: 'Close a review; undecided connections may be suspended',
    roles: OPEN,
    params: zIdParam,
    body: z
      .strictObject({
        undecided: z
          .enum(['leave', 'suspend'])
          .default('leave')
          .describe('`suspend`: undone by resuming the connection.'),
        reason: zReason,
      })
      .meta({ id: 'ReviewClosing' }),
    conditional: 'act',
    replies: { 200: review },
    problems: [404, 409],
  },
  'reviews.evidence': {
    ...base,
    method: 'GET',
    path: '/reviews/{id}/evidence',
    summary:
      'Everything an auditor needs of one review: the review, and its events with their places in the log',
    description: 'Reading it is recorded.',
    roles: SEE,
    params: zIdParam,
    replies: {
      200: {
        description: 'The evidence.',
        body: z
          .object({
            schema: z.literal('crosswalk.review-evidence/v1'),
            exportedAt: zMomentOut,
            review: zReview,
            events: z.array(zRecordedEvent).describe('Oldest first.'),
          })
          .meta({ id: 'ReviewEvidence' }),
      },
    },
    problems: [404],
  },
})
