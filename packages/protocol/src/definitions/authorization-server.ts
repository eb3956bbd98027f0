// What the owner of a resource writes down: a Resource Authorization Server, whom it trusts, what it guards.
import { z } from 'zod'

import { zClientAuth, zJwks } from './client-auth.ts'
import { zBoolean, zClientId, zId, zInteger, zIssuer, zResource, zScopeToken, zServerUrl } from './scalars.ts'

export const ASYMMETRIC_ALGORITHMS = [
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
  'PS256',
  'PS384',
  'PS512',
  'RS256',
  'RS384',
  'RS512',
] as const
export const zAlgorithm = z.enum(ASYMMETRIC_ALGORITHMS)

export const zTrustedIssuer = z.strictObject({
  issuer: zIssuer,
  jwksUri: zServerUrl.optional(),
  jwks: zJwks.optional(),
  algorithms: z.array(zAlgorithm).min(1).default(['ES256', 'ES384', 'EdDSA', 'PS256', 'RS256']),
  tenant: z.string().min(1).optional(),
  /** Resolution ladder, in order. */
  subject: z
    .array(z.enum(['iss_sub', 'aud_sub', 'sub_id', 'email']))
    .min(1)
    .default(['iss_sub']),
  emailDomains: z.array(z.string().min(1)).default([]),
  provisioning: z.enum(['jit', 'none', 'external']).default('none'),
  active: zBoolean.default(true),
})
export type TrustedIssuerDefinition = z.infer<typeof zTrustedIssuer>

export const zResourceClient = z.strictObject({
  id: zClientId,
  name: z.string().max(256).optional(),
  auth: zClientAuth,
  /** Issuers whose ID-JAGs this client may redeem; every trusted one unless listed. */
  issuers: z.array(zIssuer).optional(),
  grantTypes: z.array(z.string()).optional(),
  dpopBoundAccessTokens: zBoolean.default(false),
  /** Resources about whose tokens this client may ask (RFC 7662). */
  introspects: z.array(zResource).default([]),
  active: zBoolean.default(true),
})
export type ResourceClientDefinition = z.infer<typeof zResourceClient>

export const zGuardedResource = z.strictObject({
  id: zResource,
  scopes: z.array(zScopeToken).default([]),
  dpop: z.enum(['required', 'optional']).default('optional'),
})

export const zAuthorizationServer = z.strictObject({
  id: zId,
  issuer: zIssuer.optional(),
  audTenant: z.string().min(1).optional(),
  trustedIssuers: z.array(zTrustedIssuer).default([]),
  clients: z.array(zResourceClient).default([]),
  resources: z.array(zGuardedResource).default([]),
  authorizationDetailsTypes: z
    .array(
      z.union([
        z.string().min(1),
        z.strictObject({ type: z.string().min(1), schema: z.record(z.string(), z.unknown()).optional() }),
      ]),
    )
    .default([]),
  maxIdJagLifetimeSeconds: zInteger(1, 3600).default(300),
  accessTokenTtlSeconds: zInteger(1, 86_400).default(600),
  accessTokenFormat: z.enum(['jwt', 'opaque']).default('jwt'),
  replay: z.enum(['single-use', 'until-expiry']).default('single-use'),
})
export type AuthorizationServerDefinition = z.infer<typeof zAuthorizationServer>
