// Access grants: access that approvals give one user over one connection. No definition changes, neither in the file
// nor in the database.
import { zBoolean, zId, zScopeToken } from '@crosswalk/protocol'
import { z } from 'zod'

import { ALLOWED, type Role } from '../roles.ts'
import { defineRoutes } from '../route.ts'
import { pageQuery, zIdParam, zPage, zReason } from '../schemas/common.ts'

const SEE: readonly Role[] = [
  'owner',
  'administrator',
  'connection-manager',
  'app-owner',
  'reviewer',
  'security-responder',
  'auditor',
  'helpdesk',
]
const REVOKE: readonly Role[] = [...ALLOWED.stopConnection, 'reviewer']

const zOver = z.object({ by: z.string(), at: z.string().describe('RFC 3339'), reason: z.string().optional() })

export const zDeciderChange = z
  .object({
    what: z.enum(['created', 'changed', 'joined']),
    by: z.string(),
    at: z.string().describe('RFC 3339'),
    group: z.string().optional().describe('The group with a role that was joined.'),
  })
  .meta({ id: 'DeciderChange' })
  .describe(
    'What the requester, or the user who gets access, changed earlier in the account of the approver.',
  )
export type DeciderChange = z.output<typeof zDeciderChange>

const zAccessGrant = z
  .object({
    id: z.string(),
    connection: z.string(),
    user: z.string().describe('Id of the user.'),
    app: z.string(),
    resourceApp: z.string(),
    scopes: z.array(z.string()),
    state: z
      .enum(['active', 'ended', 'revoked'])
      .describe('`ended`: `until` passed, or its user or connection was removed.'),
    active: z.boolean().describe('Whether it gives access now.'),
    until: z.string().optional().describe('RFC 3339. No token issued under it is valid longer.'),
    by: z.string(),
    at: z.string().describe('RFC 3339'),
    reason: z.string().optional(),
    request: z.string().optional().describe('Id of the access request that was approved.'),
    rule: z.string().optional().describe('Id of the approval rule that approved it automatically.'),
    deciderChange: zDeciderChange.optional(),
    over: zOver.optional().describe('How it ended.'),
  })
  .meta({ id: 'AccessGrant' })
export type AccessGrantView = z.output<typeof zAccessGrant>

const zAccessGrantInput = z
  .strictObject({
    connection: zId.describe('Id of the connection.'),
    user: z.string().min(1).max(256).describe('User, by id or user name.'),
    scopes: z.array(zScopeToken).min(1).max(50).describe('Scopes for this user only.'),
    until: z.iso.datetime({ offset: true }).optional().describe('When access ends. RFC 3339.'),
    reason: zReason,
  })
  .meta({ id: 'AccessGrantInput' })

export const zAccessNow = z
  .object({ outcome: z.string(), code: z.string(), admin: z.string() })
  .describe('The current decision of the token endpoint. Policies or blocks may still deny the user.')

export const accessGrantRoutes = defineRoutes('access-grants', {
  'access-grants.list': {
    method: 'GET',
    path: '/access-grants',
    summary: 'List access grants',
    roles: SEE,
    query: z.strictObject({
      ...pageQuery,
      connection: zId.optional(),
      user: z.string().min(1).max(256).optional().describe('Id or user name.'),
      active: zBoolean.optional().describe('true: only those that give access now.'),
    }),
    replies: { 200: { description: 'A page, oldest first.', body: zPage(zAccessGrant) } },
  },
  'access-grants.read': {
    method: 'GET',
    path: '/access-grants/{id}',
    summary: 'Read an access grant',
    roles: SEE,
    params: zIdParam,
    conditional: 'read',
    replies: { 200: { description: 'The access grant.', body: zAccessGrant } },
    problems: [404],
  },
  'access-grants.create': {
    method: 'POST',
    path: '/access-grants',
    summary: 'Grant a user access over a connection, for some scopes and a limited time',
    description:
      'Works for connections of the file and of the database. The grant replaces assignments to the connection and its resource app; the user must still be assigned to the requesting app. Scopes that need approval are approved for this user, for their current meaning. Administrators cannot grant access to themselves, or to an app they own.',
    roles: ALLOWED.changeConnections,
    body: zAccessGrantInput,
    idempotent: true,
    replies: {
      201: { description: 'The access grant.', body: zAccessGrant.extend({ check: zAccessNow }) },
    },
    problems: [409],
  },
  'access-grants.revoke': {
    method: 'POST',
    path: '/access-grants/{id}/revoke',
    summary: 'Revoke an access grant, and the access tokens issued to the user over the connection',
    roles: REVOKE,
    params: zIdParam,
    body: z.strictObject({ reason: zReason }).meta({ id: 'AccessGrantRevocation' }),
    conditional: 'act',
    replies: {
      200: {
        description: 'The revoked access grant.',
        body: zAccessGrant.extend({
          revokedTokens: z.int().describe('Number of active access tokens issued here that were revoked.'),
        }),
      },
    },
    problems: [404, 409],
  },
})
