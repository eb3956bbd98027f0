// With which algorithms tokens are signed, one choice per kind of token.
import { z } from 'zod'

/** Those that servers here sign with; more are verified. */
export const SIGNING_ALGORITHMS = ['ES256', 'RS256', 'PS256', 'EdDSA'] as const

const zSigningAlgorithm = z.enum(SIGNING_ALGORITHMS).default('ES256')

export const zIdpSigning = z.strictObject({
  idToken: zSigningAlgorithm.describe('Algorithm of ID tokens and logout tokens.'),
  idJag: zSigningAlgorithm.describe('Algorithm of ID-JAGs.'),
})
export type IdpSigning = z.infer<typeof zIdpSigning>

export const zServerSigning = z.strictObject({
  accessToken: zSigningAlgorithm.describe('Algorithm of JWT access tokens.'),
})
