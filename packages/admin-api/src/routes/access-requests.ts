// Access requests and decisions about them: only administrators with permission widen access, and both are recorded.
import { MAX_REQUEST_DAYS, zClientId, zId, zScopeToken } from '@crosswalk/protocol'
import { z } from 'zod'

import { ALLOWED, type Role } from '../roles.ts'
import { defineRoutes } from '../route.ts'
import { idsQuery, mineQuery, pageQuery, zIdParam, zPage, zReason } from '../schemas/common.ts'
import { zScopeState } from '../schemas/scope-state.ts'
import { zAccessNow, zDeciderChange } from './access-grants.ts'

const ASK: readonly Role[] = [
  'owner',
  'administrator',
  'connection-manager',
  'app-owner',
  'reviewer',
  'helpdesk',
  'developer',
]
const SEE: readonly Role[] = [...ASK, 'security-responder', 'auditor']

const zState = z.enum(['open', 'approved', 'declined', 'canceled', 'expired', 'ended'])

const zRequestedAccess = z.strictObject({
  user: z.string().min(1).max(256).describe('User who gets access, by id or user name.'),
  app: zClientId.describe('Id of the requesting app.'),
  resourceApp: zId.describe('Id of the resource app.'),
  scopes: z.array(zScopeToken).min(1).max(50),
  days: z
    .int()
    .min(1)
    .max(MAX_REQUEST_DAYS)
    .optional()
    .describe('Days of access, from the approval. Default: no end.'),
})

const zAccessRequestInput = zRequestedAccess.extend({ reason: zReason }).meta({ id: 'AccessRequestInput' })

export const zAccessRequest = z
  .object({
    id: z.string(),
    state: zState.describe(
      '`canceled`: by the requester. `expired`: no decision for 14 days, or the user, the app or the resource app was removed. `ended`: approved until a time that has passed.',
    ),
    user: z.string().describe('Id of the user.'),
    app: z.string(),
    resourceApp: z.string(),
    scopes: z.array(z.string()),
    days: z.int().optional().describe('Days of access that were requested; absent: no end.'),
    reason: z.string(),
    askedBy: z.string(),
    askedAt: z.string().describe('RFC 3339'),
    decidedBy: z.string().optional(),
    decidedAt: z.string().optional(),
    decisionReason: z.string().optional(),
    deciderChange: zDeciderChange.optional(),
    rule: z.string().optional().describe('Id of the approval rule that approved it automatically.'),
    waits: z
      .object({ rule: z.string(), why: z.string() })
      .optional()
      .describe(
        'An approval rule for such access, and why it did not approve the request: a user decides. App owners and developers do not see why.',
      ),
    delegations: z
      .array(
        z.object({
          to: z.string().describe('Id of the user who was asked to decide.'),
          by: z.string(),
          at: z.string().describe('RFC 3339'),
          reason: z.string().optional(),
        }),
      )
      .optional()
      .describe('Delegations by deciders, oldest first; the last one counts.'),
    comments: z
      .array(
        z.object({
          by: z.string().describe('Id of the user.'),
          at: z.string().describe('RFC 3339'),
          text: z.string(),
        }),
      )
      .optional()
      .describe('Questions of those who may decide, and answers of the requester, oldest first.'),
    granted: z
      .object({
        grant: z.string().describe('Id of the access grant.'),
        connection: z.string(),
        scopes: z.array(z.string()),
        approvedScopes: z
          .array(z.string())
          .optional()
          .describe('Scopes that need approval and were approved for this user.'),
        until: z.string().optional(),
      })
      .optional(),
  })
  .meta({ id: 'AccessRequest' })
export type AccessRequest = z.output<typeof zAccessRequest>

const zAsked = z.object({
  users: z.array(z.string()).describe('Ids of the users who are asked to decide.'),
  rules: z
    .array(z.string())
    .describe(
      'Ids of the approval rules that ask them; without any, others with the right role may decide too.',
    ),
  escalation: z
    .object({ at: z.string().describe('RFC 3339'), to: z.array(z.string()).describe('Ids of users.') })
    .optional()
    .describe('When further users may decide too.'),
})
export type AskedUsers = z.output<typeof zAsked>

/** With what approvers need to see. */
const zShownAccessRequest = zAccessRequest
  .extend({
    asked: zAsked.optional().describe('Of an open request that certain users are asked to decide.'),
    held: z
      .array(zScopeState)
      .optional()
      .describe('Of an open request: scopes that would be approved with it, and their current meaning.'),
  })
  .meta({ id: 'ShownAccessRequest' })

const zApproval = z
  .strictObject({
    scopes: z.array(zScopeToken).min(1).max(50).optional().describe('Fewer than requested; default: all.'),
    until: z.iso
      .datetime({ offset: true })
      .optional()
      .describe(
        'When access ends, RFC 3339. No token issued under the approval is valid longer. Default: after the requested days; without them, when it is revoked.',
      ),
    reason: zReason.optional(),
  })
  .meta({ id: 'Approval' })

const zPreview = z
  .object({
    outcome: z
      .enum(['approved', 'waits'])
      .describe('`approved`: automatically and at once. `waits`: for the decision of a user.'),
    rule: z.string().optional().describe('Id of the approval rule that would approve it.'),
    sentence: z.string().describe('What would happen, and why.'),
    asked: zAsked.optional(),
  })
  .meta({ id: 'AccessRequestOutlook' })

const zApproved = zAccessRequest.extend({ check: zAccessNow }).meta({ id: 'ApprovedAccessRequest' })

/** What someone does with a request that they have seen */
const action = { method: 'POST', params: zIdParam, conditional: 'act', problems: [404, 409] } as const
const decision = { ...action, roles: ALLOWED.decideRequests } as const

export const accessRequestRoutes = defineRoutes('access-requests', {
  'access-requests.list': {
    method: 'GET',
    path: '/access-requests',
    summary: 'List requests for access',
    roles: SEE,
    query: z.strictObject({
      ...pageQuery,
      ids: idsQuery,
      state: zState.optional(),
      mine: mineQuery.describe('true: only requests that the caller may decide.'),
    }),
    replies: { 200: { description: 'A page, oldest first.', body: zPage(zShownAccessRequest) } },
  },
  'access-requests.read': {
    method: 'GET',
    path: '/access-requests/{id}',
    summary: 'Read a request for access',
    roles: SEE,
    params: zIdParam,
    conditional: 'read',
    replies: { 200: { description: 'The request.', body: zShownAccessRequest } },
    problems: [404],
  },
  'access-requests.create': {
    method: 'POST',
    path: '/access-requests',
    summary: 'Request access for a user to a resource app through an app',
    roles: ASK,
    body: zAccessRequestInput,
    idempotent: true,
    description: 'An approval rule may approve it at once; otherwise it waits for a decision.',
    replies: {
      201: { description: 'The request, approved or waiting for a decision.', body: zAccessRequest },
    },
    problems: [409],
  },
  'access-requests.preview': {
    method: 'POST',
    path: '/access-requests/preview',
    summary: 'Preview what approval rules would do with a request',
    description: 'Evaluated like a request of the caller, which is not created.',
    roles: ASK,
    body: zRequestedAccess.meta({ id: 'AccessRequestPreview' }),
    replies: { 200: { description: 'What would happen.', body: zPreview } },
  },
  'access-requests.approve': {
    ...decision,
    path: '/access-requests/{id}/approve',
    summary: 'Approve: the user gets an access grant over the connection',
    description:
      'Works for connections of the file and of the database: no definition changes, and no other user gets access. Scopes that need approval are approved for this user, for their current meaning. Except for owners, users cannot decide on their own requests. Administrators cannot decide on their own access, or on an app they own.',
    body: zApproval,
    bodyOptional: true,
    replies: { 200: { description: 'The approved request.', body: zApproved } },
  },
  'access-requests.comment': {
    ...action,
    path: '/access-requests/{id}/comments',
    summary: 'Comment on an open request: ask the requester, or answer',
    description:
      'Those who may decide the request ask, at most ten times. The requester, or the user who would get access, answers the last question.',
    roles: ASK,
    body: z
      .strictObject({ text: z.string().trim().min(1).max(1024).describe('Seen by requester and approvers.') })
      .meta({ id: 'AccessRequestComment' }),
    replies: { 200: { description: 'The request with the comment.', body: zShownAccessRequest } },
  },
  'access-requests.delegate': {
    ...decision,
    path: '/access-requests/{id}/delegate',
    summary: 'Ask a colleague to decide a request',
    description:
      'Only those who may decide the request delegate it, at most ten times. The colleague must be able to decide it: by role, and independent of the request. Those who could decide before still can.',
    body: z
      .strictObject({
        to: z.string().min(1).max(256).describe('The colleague, by id or user name.'),
        reason: zReason.optional(),
      })
      .meta({ id: 'Delegation' }),
    replies: { 200: { description: 'The request.', body: zShownAccessRequest } },
  },
  'access-requests.decline': {
    ...decision,
    path: '/access-requests/{id}/decline',
    summary: 'Decline a request for access',
    description:
      'Except for owners, users cannot decide on their own requests. Administrators cannot decide on their own access, or on an app they own.',
    body: z.strictObject({ reason: zReason }).meta({ id: 'Declination' }),
    replies: { 200: { description: 'The declined request.', body: zAccessRequest } },
  },
})
