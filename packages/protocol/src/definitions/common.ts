// Members that several definitions have.
import { z } from 'zod'

import { ASYMMETRIC_ALGORITHMS } from '../tokens/jwk.ts'
import { zBoolean, zScopeToken } from './scalars.ts'

/** Name of a claim or attribute. */
export const zClaimName = z.string().min(1).max(256)

/** Signature algorithms that are accepted from an issuer. */
export const zAcceptedAlgorithms = z
  .array(z.enum(ASYMMETRIC_ALGORITHMS))
  .min(1)
  .default(['ES256', 'ES384', 'EdDSA', 'PS256', 'RS256'])

/** Scopes that a relying party requests from an OpenID provider. */
export const zOpenidScopes = z
  .array(zScopeToken)
  .default(['openid', 'profile', 'email'])
  .refine((scopes) => scopes.includes('openid'), 'must include openid')
  .describe('Scopes to request there.')

export const zPrivateNetwork = zBoolean
  .default(false)
  .describe('true: it may have private network addresses. Default: only public addresses are reached.')

export const zAuthorizationDetailsTypes = z
  .array(
    z.union([
      z.string().min(1),
      z.strictObject({ type: z.string().min(1), schema: z.record(z.string(), z.unknown()).optional() }),
    ]),
  )
  .max(100)
  .default([])
  .describe('RFC 9396 types, each with an optional self-contained JSON Schema (2020-12).')
