// Active access tokens issued by authorization servers running here, and revocation of them.
import { z } from 'zod'

import { ALLOWED } from '../roles.ts'
import { defineRoutes } from '../route.ts'
import { pageQuery, zPage, zReason } from '../schemas/common.ts'

const zName = z.string().min(1).max(512)

/** All given filters must match. */
const filter = {
  authorizationServer: zName.optional().describe('Id of the authorization server that issued it.'),
  client: zName.optional().describe('Client id there.'),
  subject: zName.optional().describe('`sub` of the ID-JAG it was issued for.'),
  user: zName.optional().describe('User of the IdP running here, by id or user name.'),
  app: zName.optional().describe('Client id of a requesting app of the IdP running here.'),
  connection: zName.optional().describe('Id of a connection of the IdP running here.'),
}

const zAccessTokenView = z
  .object({
    id: z.string().describe('`jti` of a JWT, digest of an opaque token; cannot be used as a token.'),
    authorizationServer: z.string(),
    format: z
      .enum(['jwt', 'opaque'])
      .describe('Resources that verify JWTs locally accept them until they expire, even if revoked.'),
    client: z.string(),
    issuer: z.string().describe('Issuer of the ID-JAG.'),
    subject: z.string().describe('`sub` of the ID-JAG.'),
    account: z.string().describe('Id of the account at the authorization server.'),
    user: z.string().nullable().describe('Id of the user, if `subject` is the id of a user here.'),
    connections: z.array(z.string()).describe('Connections here that it may have been issued over.'),
    resource: z.array(z.string()),
    scope: z.array(z.string()),
    dpop: z.boolean().describe('Whether it is bound to a key.'),
    issuedAt: z.string().describe('RFC 3339'),
    expiresAt: z.string().describe('RFC 3339'),
    decision: z
      .string()
      .describe('Id of the decision that issued it; the decision about the ID-JAG has the same trace.'),
  })
  .meta({ id: 'AccessToken' })
export type AccessTokenView = z.output<typeof zAccessTokenView>

export const accessTokenRoutes = defineRoutes('access-tokens', {
  'access-tokens.list': {
    method: 'GET',
    path: '/access-tokens',
    summary: 'List active access tokens issued here, newest first',
    description:
      'Tokens that are neither expired nor revoked. Tokens issued by other servers are unknown here.',
    roles: ALLOWED.seeAudit,
    query: z.strictObject({ ...pageQuery, ...filter }),
    replies: { 200: { description: 'A page.', body: zPage(zAccessTokenView) } },
  },
  'access-tokens.revoke': {
    method: 'POST',
    path: '/access-tokens/revoke',
    summary: 'Revoke an access token, or all that match',
    description:
      'Introspection returns the tokens as inactive once this responds. New tokens can still be issued; to prevent that, use blocks and the kill switch.',
    roles: ALLOWED.stop,
    problems: [404],
    body: z
      .strictObject({ ...filter, id: zName.optional().describe('Id of one token.'), reason: zReason })
      .refine(
        ({ reason: _, ...which }) => Object.values(which).some((value) => value !== undefined),
        'must specify tokens',
      )
      .meta({ id: 'AccessTokenRevocation' }),
    replies: {
      200: {
        description: 'Revoked.',
        body: z.object({ revokedTokens: z.int().describe('Number of active tokens that were revoked.') }),
      },
    },
  },
})
