// Tokens of this API with their own role, in addition to the token in the configuration file.
import { zClientId, zDisplayName } from '@crosswalk/protocol'
import { z } from 'zod'

import { ALLOWED, ROLES } from '../roles.ts'
import { defineRoutes } from '../route.ts'
import { zIdParam, zPage, zPageQuery, zReason } from '../schemas/common.ts'

const zRole = z.enum(ROLES)

const zTokenInput = z
  .strictObject({
    name: zDisplayName(256).trim().min(1).describe('Who or what it is for.'),
    role: zRole,
    apps: z
      .array(zClientId)
      .optional()
      .describe('Apps that the role of a connection manager, app owner or developer covers.'),
    expiresAt: z.iso.datetime({ offset: true }).optional().describe('When it expires. RFC 3339.'),
    reason: zReason.optional(),
  })
  .meta({ id: 'TokenInput' })

const zTokenView = z
  .object({
    id: z.string(),
    name: z.string(),
    role: zRole,
    apps: z.array(z.string()).optional(),
    createdAt: z.string().describe('RFC 3339'),
    createdBy: z.string(),
    expiresAt: z.string().optional(),
    active: z
      .boolean()
      .describe('Whether the token is active: it has not expired, and its creator could still create it.'),
  })
  .meta({ id: 'Token' })
export type TokenView = z.output<typeof zTokenView>

export const tokenRoutes = defineRoutes('tokens', {
  'tokens.list': {
    method: 'GET',
    path: '/tokens',
    summary: 'List the tokens of this API',
    roles: ALLOWED.seeTokens,
    query: zPageQuery,
    replies: { 200: { description: 'A page, in the order of ids.', body: zPage(zTokenView) } },
  },
  'tokens.create': {
    method: 'POST',
    path: '/tokens',
    summary: 'Create a token with a role',
    description: 'A repeated request with the same `Idempotency-Key` gets 409: the token is shown only once.',
    roles: ALLOWED.manageTokens,
    body: zTokenInput,
    idempotent: true,
    replies: {
      201: {
        description: 'The token, which is shown only once.',
        body: zTokenView.extend({ token: z.string() }),
      },
    },
    problems: [409],
  },
  'tokens.revoke': {
    method: 'DELETE',
    path: '/tokens/{id}',
    summary: 'Revoke a token immediately',
    roles: ALLOWED.manageTokens,
    params: zIdParam,
    reasonHeader: true,
    replies: { 204: { description: 'It is no longer accepted.' } },
    problems: [404],
  },
  whoami: {
    method: 'GET',
    path: '/whoami',
    summary: 'Read who the caller is, and the routes their role may call',
    roles: ALLOWED.everyone,
    replies: {
      200: {
        description: 'The caller.',
        body: z.object({
          id: z.string(),
          role: zRole,
          apps: z.array(z.string()).optional(),
          routes: z.array(z.string()).describe('Names of the routes this role may call.'),
        }),
      },
    },
  },
})
