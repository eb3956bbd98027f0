// Whether one of the keys of a JWKS signed a token. It checks nothing else.
import { compactVerify, createLocalJWKSet, errors, type JSONWebKeySet } from 'jose'

export type SignatureVerdict =
  | { readonly valid: true; readonly kid?: string }
  | { readonly valid: false; readonly reason: string }

/** @returns undefined if the document is not a JWKS (RFC 7517 section 5) */
export async function verifySignature(token: string, jwks: unknown): Promise<SignatureVerdict | undefined> {
  const keys = parseJwks(jwks)
  if (keys === undefined) return undefined
  try {
    const { protectedHeader } = await compactVerify(token, keys)
    return { valid: true, ...(protectedHeader.kid === undefined ? {} : { kid: protectedHeader.kid }) }
  } catch (error) {
    // Any other fault is a key that the platform cannot import, or that is too short.
    const { message } = error as Error
    const known =
      error instanceof errors.JOSEError ? REASONS[error.code] : `a key there is unusable: ${message}`
    return { valid: false, reason: known ?? message }
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: 'none of the keys made this signature',
  ERR_JWKS_NO_MATCHING_KEY: 'no key there matches the kid and alg of the token',
  ERR_JWKS_MULTIPLE_MATCHING_KEYS: 'several keys there match, since the token has no kid',
}

function parseJwks(jwks: unknown): ReturnType<typeof createLocalJWKSet> | undefined {
  try {
    return createLocalJWKSet(jwks as JSONWebKeySet)
  } catch {
    return undefined
  }
}
