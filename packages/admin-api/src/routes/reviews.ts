// Reviews (recertification): for every connection, a reviewer decides from evidence whether it is still needed. Decisions
// take effect immediately, and the removal of access is verified. A review may have ten thousand items, so they are
// read page by page.
import { reviewedMembers, zId, zPeriodDays, zReviewName, zScopeToken, zWhenDue } from '@crosswalk/protocol'
import { z } from 'zod'

import type { Role } from '../roles.ts'
import { defineRoutes } from '../route.ts'
import { mineQuery, pageQuery, zIdParam, zPage, zReason } from '../schemas/common.ts'
import { zMomentOut, zReview, zReviewerPace, zReviewItem, zReviewState } from '../schemas/review.ts'
import { zRecordedEvent } from './audit.ts'

const OPEN: readonly Role[] = ['owner', 'administrator']
const DECIDE: readonly Role[] = [...OPEN, 'reviewer']
const SEE: readonly Role[] = [...DECIDE, 'security-responder', 'auditor']

const ownMember = {
  own: z
    .string()
    .nullable()
    .describe('Why the caller may not decide, if it is their own access; null: they may, or it is decided.'),
}

const zListedReviewItem = zReviewItem.extend(ownMember).meta({ id: 'ListedReviewItem' })
export type ListedReviewItem = z.output<typeof zListedReviewItem>

const zWaitingReviewItem = z
  .object({
    review: z.object({
      id: z.string(),
      name: z.string(),
      openedAt: zMomentOut,
      dueAt: zMomentOut.nullable(),
      periodDays: z.int(),
    }),
    item: zReviewItem,
    ...ownMember,
  })
  .meta({ id: 'WaitingReviewItem' })
export type WaitingReviewItem = z.output<typeof zWaitingReviewItem>

const zReviewInput = z
  .strictObject({
    name: zReviewName,
    connections: z.array(zId).min(1).max(1000).optional().describe('Ids; default: all.'),
    ...reviewedMembers,
    periodDays: zPeriodDays,
    dueAt: z.iso.datetime({ offset: true }).optional().describe('When it is due. RFC 3339.'),
    whenDue: zWhenDue.default('wait'),
    reason: zReason,
  })
  .refine(({ dueAt, whenDue }) => dueAt !== undefined || whenDue === 'wait', {
    path: ['dueAt'],
    message: 'needed to close the review when it is due',
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
      .describe('`narrow`: remaining scopes; default: the used ones.'),
    removeUsers: z
      .array(zId)
      .max(1000)
      .optional()
      .describe('`narrow`: users to remove from the connection; their access grants are revoked.'),
    removeGroups: z.array(z.string().min(1)).max(100).optional().describe('`narrow`: groups to remove.'),
    reason: zReason,
  })
  .meta({ id: 'ReviewDecision' })

const review = { description: 'The review.', body: zReview }
const own = mineQuery.describe('true: only items that the caller may decide.')

export const reviewRoutes = defineRoutes('reviews', {
  'reviews.list': {
    method: 'GET',
    path: '/reviews',
    summary: 'List reviews',
    roles: SEE,
    query: z.strictObject({
      ...pageQuery,
      state: zReviewState.optional(),
      schedule: z.string().min(1).max(256).optional().describe('Id of the review schedule that opened it.'),
    }),
    replies: { 200: { description: 'A page, oldest first.', body: zPage(zReview) } },
  },
  'reviews.waiting': {
    method: 'GET',
    path: '/review-items',
    summary: 'List undecided items of open reviews, and whether the caller may decide',
    roles: SEE,
    query: z.strictObject({
      ...pageQuery,
      review: z.string().min(1).max(256).optional(),
      mine: own,
    }),
    replies: { 200: { description: 'A page, oldest review first.', body: zPage(zWaitingReviewItem) } },
  },
  'reviews.read': {
    method: 'GET',
    path: '/reviews/{id}',
    summary: 'Read a review, and how many items have which decision',
    roles: SEE,
    params: zIdParam,
    conditional: 'read',
    replies: { 200: review },
    problems: [404],
  },
  'reviews.items': {
    method: 'GET',
    path: '/reviews/{id}/items',
    summary: 'List the items of a review with their decisions',
    roles: SEE,
    params: zIdParam,
    query: z.strictObject({
      ...pageQuery,
      decision: z
        .enum(['none', 'any', 'keep', 'narrow', 'revoke', 'suspend'])
        .optional()
        .describe('`none`: only undecided items; `any`: only decided ones.'),
      reviewer: z.string().min(1).max(256).optional().describe('Id of the user who decided.'),
      removal: z
        .enum(['pending', 'verified'])
        .optional()
        .describe('Only items whose decision removed access, by whether it has ended.'),
      q: z
        .string()
        .max(256)
        .optional()
        .describe('Text in the id of the connection, or in the id or name of an app.'),
      mine: own,
    }),
    replies: { 200: { description: 'A page, in the order of connections.', body: zPage(zListedReviewItem) } },
    problems: [404],
  },
  'reviews.reviewers': {
    method: 'GET',
    path: '/reviews/{id}/reviewers',
    summary: 'List the users who decided items of a review, and how fast',
    roles: SEE,
    params: zIdParam,
    query: z.strictObject(pageQuery),
    replies: { 200: { description: 'A page, in the order of ids.', body: zPage(zReviewerPace) } },
    problems: [404],
  },
  'reviews.create': {
    method: 'POST',
    path: '/reviews',
    summary: 'Open a review of connections, with the current evidence',
    roles: OPEN,
    body: zReviewInput,
    idempotent: true,
    replies: { 201: review },
    problems: [409],
  },
  'reviews.decide': {
    method: 'POST',
    path: '/reviews/{id}/items/{connection}/decide',
    summary: 'Keep, narrow or revoke a connection; takes effect immediately',
    description:
      'Reviewers cannot decide about a connection they defined last, an app they own or that their role covers, or access they have directly or through a group. Connections of the configuration file cannot be narrowed here; the error contains the `patch` to make there.',
    roles: DECIDE,
    params: z.object({ id: z.string().min(1), connection: z.string().min(1) }),
    body: zReviewDecision,
    conditional: 'act',
    replies: { 200: { description: 'The item with the decision.', body: zReviewItem } },
    problems: [404, 409],
  },
  'reviews.close': {
    method: 'POST',
    path: '/reviews/{id}/close',
    summary: 'Close a review; undecided connections may be suspended',
    description:
      'Suspends connections in portions. If that is interrupted, the server continues it, and so does the same request.',
    roles: OPEN,
    params: zIdParam,
    body: z
      .strictObject({
        undecided: z
          .enum(['leave', 'suspend'])
          .default('leave')
          .describe('`suspend`: can be undone by resuming the connection.'),
        reason: zReason,
      })
      .meta({ id: 'ReviewClosing' }),
    conditional: 'act',
    replies: { 200: review },
    problems: [404, 409],
  },
  'reviews.evidence': {
    method: 'GET',
    path: '/reviews/{id}/evidence',
    summary: 'Export a review for auditors, with its events and their positions in the log',
    description: 'Reading is recorded.',
    roles: SEE,
    params: zIdParam,
    replies: {
      200: {
        description: 'The evidence.',
        body: z
          .object({
            schema: z.literal('crosswalk.review-evidence/v1'),
            exportedAt: zMomentOut,
            review: zReview.extend({ items: z.array(zReviewItem), reviewers: z.array(zReviewerPace) }),
            events: z.array(zRecordedEvent).describe('Oldest first.'),
          })
          .meta({ id: 'ReviewEvidence' }),
      },
    },
    problems: [404],
  },
})
