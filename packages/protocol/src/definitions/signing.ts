// Signing algorithms, one choice per kind of token; for ID tokens also one per app.
import { z } from 'zod'

/** The algorithms that servers here sign with; they verify more. */
export const SIGNING_ALGORITHMS = ['ES256', 'RS256', 'PS256', 'EdDSA'] as const

const zSigningAlgorithm = z.enum(SIGNING_ALGORITHMS).default('ES256')

/** An app's choices for its ID tokens: the IdP has a key for each, whatever else it signs with. */
export const ID_TOKEN_ALGORITHMS = ['RS256', 'ES256'] as const
export type IdTokenAlgorithm = (typeof ID_TOKEN_ALGORITHMS)[number]

/** The default for an app that states none (OpenID Connect Registration section 2, `id_token_signed_response_alg`). */
const DEFAULT_ID_TOKEN_ALGORITHM = 'RS256'

export const zIdpSigning = z.strictObject({
  idToken: z
    .enum(SIGNING_ALGORITHMS)
    .default(DEFAULT_ID_TOKEN_ALGORITHM)
    .describe('Algorithm of ID tokens and logout tokens for apps that do not choose one.'),
  idJag: zSigningAlgorithm.describe('Algorithm of ID-JAGs.'),
})

export const zServerSigning = z.strictObject({
  accessToken: zSigningAlgorithm.describe('Algorithm of JWT access tokens.'),
})

/** @returns the algorithms that an IdP signs ID tokens with, the preferred one first */
export function listIdTokenAlgorithms<T extends string>(
  preferred: T | undefined,
): readonly [T | IdTokenAlgorithm, ...IdTokenAlgorithm[]] {
  const first = preferred ?? DEFAULT_ID_TOKEN_ALGORITHM
  return [first, ...ID_TOKEN_ALGORITHMS.filter((algorithm) => algorithm !== first)]
}
