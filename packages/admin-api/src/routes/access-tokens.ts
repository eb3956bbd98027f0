// What is live: access tokens of authorization servers running here that can be used now, and revoking them.
import { z } from 'zod'

import { ALLOWED } from '../roles.ts'
import { defineRoutes } from '../route.ts'
import { pageQuery, zPage, zReason } from '../schemas/common.ts'

const zName = z.string().min(1).max(512)

/** All that are given must hold. */
const filter = {
  authorizationServer: zName.optional().describe('Id of the authorization server that issued it.'),
  client: zName.optional().describe('Client id there.'),
  subject: zName.optional().describe('`sub` of the ID-JAG it was issued for.'),
  user: zName.optional().describe('User of the IdP running here, by id or user name.'),
  app: zName.optional().describe('Client id of a requesting app of the IdP running here.'),
  connection: zName.optional().describe('Id of a connection of the IdP running here.'),
}

export const zAccessTokenView = z
  .object({
    id: z.string().describe('`jti` of a JWT, digest of an opaque token: it opens nothing.'),
    authorizationServer: z.string(),
    format: z
      .enum(['jwt', 'opaque'])
      .describe('A resource that verifies JWTs by itself takes one until it expires, revoked or not.'),
    client: z.string(),
    issuer: z.string().describe('Of the ID-JAG.'),
    subject: z.string().describe('Of the ID-JAG.'),
    account: z.string().describe('Id of the account at the authorization server.'),
    user: z.string().nullable().describe('Id of the user, where `subject` is the id of one here.'),
    connections: z.array(z.string()).describe('Connections here that it may have been born of.'),
    resource: z.array(z.string()),
    scope: z.array(z.string()),
    dpop: z.boolean().describe('Whether only the holder of a key can use it.'),
    issuedAt: z.string().describe('RFC 3339'),
    expiresAt: z.string().describe('RFC 3339'),
    decision: z.string().describe('The decision that issued it; its trace has that of the ID-JAG.'),
  })
  .meta({ id: 'AccessToken' })
export type AccessTokenView = z.output<typeof zAccessTokenView>

export const accessTokenRoutes = defineRoutes('access-tokens', {
  'access-tokens.list': {
    method: 'GET',
    path: '/access-tokens',
    summary: 'List access tokens issued here that can be used now, the newest first',
    description: 'Neither expired nor revoked. Tokens that others issued are not known here.',
    roles: ALLOWED.seeAudit,
    query: z.strictObject({ ...pageQuery, ...filter }),
    replies: { 200: { description: 'A page.', body: zPage(zAccessTokenView) } },
  },
  'access-tokens.revoke': {
    method: 'POST',
    path: '/access-tokens/revoke',
    summary: 'Revoke one access token, or all that fit',
    description:
      'Introspection says so when it is answered. Nothing keeps new ones from being issued: for that there are blocks and the kill switch.',
    roles: ALLOWED.stop,
    body: z
      .strictObject({ ...filter, id: zName.optional().describe('Of one token.'), reason: zReason })
      .refine(
        ({ reason: _, ...which }) => Object.values(which).some((value) => value !== undefined),
        'says which tokens',
      )
      .meta({ id: 'AccessTokenRevocation' }),
    replies: {
      200: {
        description: 'Revoked.',
        body: z.object({ revokedTokens: z.int().describe('How many could have been used.') }),
      },
    },
  },
})
