// Judges a client assertion (RFC 7523 section 3 with draft-ietf-oauth-rfc7523bis: the issuer is the only audience).
// Its signature is verified elsewhere, and storage checks last whether it was already used.
import { JWT_TYP } from '../constants.ts'
import { isWholeNumericDate, isText, isTyp, type JwtExpectations } from '../finding.ts'
import { MAX_JTI_LENGTH } from './dpop-proof.ts'

export type ClientAssertionProblem =
  | 'wrong-typ'
  | 'issuer-mismatch'
  | 'subject-mismatch'
  | 'audience-mismatch'
  | 'no-usable-exp'
  | 'expired'
  | 'lives-too-long'
  | 'time-malformed'
  | 'not-yet-valid'
  | 'no-usable-jti'

/** The upper limit of IDP-26; a longer lifetime would need longer replay protection. */
const MAX_CLIENT_ASSERTION_SECONDS = 3600

/** @returns the first reason to refuse, or undefined (IDP-25, IDP-26) */
export function findClientAssertionProblem(
  { typ, claims }: { readonly typ: string | undefined; readonly claims: Readonly<Record<string, unknown>> },
  expected: JwtExpectations,
): ClientAssertionProblem | undefined {
  // A JWT with the typ of another kind must not be accepted as an assertion (RFC 8725 section 3.11).
  if (typ !== undefined && !isTyp(typ, 'jwt') && !isTyp(typ, JWT_TYP.clientAssertion)) return 'wrong-typ'
  if (claims.iss !== expected.clientId) return 'issuer-mismatch'
  if (claims.sub !== expected.clientId) return 'subject-mismatch'
  return (
    findAudienceProblem(claims, expected) ??
    findTimeProblem(claims, expected) ??
    (isText(claims.jti, MAX_JTI_LENGTH) ? undefined : 'no-usable-jti')
  )
}

/** @returns whether a subject is a workload of a SPIFFE trust domain; other subjects are client ids */
export function isSpiffeId(subject: string): boolean {
  return /^spiffe:\/\/[a-z0-9._-]{1,255}(?:\/[A-Za-z0-9._-]+)+$/.test(subject)
}

/**
 * A JWT-SVID as client assertion: its `sub` names a workload, it needs no issuer, and it may be reused until it
 * expires, because workloads keep theirs (draft-ietf-oauth-spiffe-client-auth).
 *
 * @returns the first reason to refuse it, or undefined
 */
export function findSvidProblem(
  { typ, claims }: Parameters<typeof findClientAssertionProblem>[0],
  expected: Omit<JwtExpectations, 'clientId'> & { readonly spiffeId: string },
): ClientAssertionProblem | undefined {
  if (typ !== undefined && !isTyp(typ, 'jwt') && !isTyp(typ, 'jose')) return 'wrong-typ'
  if (claims.sub !== expected.spiffeId) return 'subject-mismatch'
  return findAudienceProblem(claims, expected) ?? findTimeProblem(claims, expected)
}

/** @returns the problem unless the issuer is the only audience; a part of both checks above */
export function findAudienceProblem(
  { aud }: Readonly<Record<string, unknown>>,
  { issuer }: Pick<JwtExpectations, 'issuer'>,
): 'audience-mismatch' | undefined {
  const audiences: readonly unknown[] = Array.isArray(aud) ? aud : [aud]
  return audiences.length === 1 && audiences[0] === issuer ? undefined : 'audience-mismatch'
}

/** A part of the checks of every JWT that authenticates one request: short-lived, and valid now. */
export function findTimeProblem(
  { exp, iat, nbf }: Readonly<Record<string, unknown>>,
  { now, clockSkewSeconds }: Pick<JwtExpectations, 'now' | 'clockSkewSeconds'>,
): 'no-usable-exp' | 'time-malformed' | 'expired' | 'lives-too-long' | 'not-yet-valid' | undefined {
  if (!isWholeNumericDate(exp)) return 'no-usable-exp'
  if ((iat !== undefined && !isWholeNumericDate(iat)) || (nbf !== undefined && !isWholeNumericDate(nbf)))
    return 'time-malformed'
  if (exp <= now - clockSkewSeconds) return 'expired'
  const tooLong = iat !== undefined && exp - iat > MAX_CLIENT_ASSERTION_SECONDS
  if (tooLong || exp > now + MAX_CLIENT_ASSERTION_SECONDS + clockSkewSeconds) return 'lives-too-long'
  const latest = now + clockSkewSeconds
  return (iat ?? now) > latest || (nbf ?? now) > latest ? 'not-yet-valid' : undefined
}
