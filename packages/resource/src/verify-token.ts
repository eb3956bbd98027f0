// Is this an access token of our issuer, for this API, and currently valid? (RFC 9068 section 4; RS-01, RS-02). Also
// identifies wrong tokens: sending the ID-JAG or the ID token itself is the most common mistake.
import { accept, isIdJagTyp, isTyp, JWT_TYP, refuse, type Result } from '@crosswalk/protocol'
import { decodeJwt, decodeProtectedHeader, errors, jwtVerify, type JWTVerifyGetKey } from 'jose'

import type { TokenInspector } from './introspector.ts'
import { type Json, quote, ServerUnreachable } from './server-access.ts'
import { buildRefusal, type TokenRefusal } from './token-refusal.ts'
import { isForResource } from './xaa-context.ts'

export interface TokenExpectations {
  readonly resource: string
  readonly issuer: string
  readonly algorithms: readonly string[]
  readonly clockSkewSeconds: number
  readonly nowSeconds: number
}

export interface TokenSources {
  readonly findKey: JWTVerifyGetKey
  readonly inspector: TokenInspector | undefined
}

/**
 * @returns the claims of a live token
 * @throws ServerUnreachable if that cannot be determined now
 */
export async function verifyToken(
  token: string,
  expected: TokenExpectations,
  { findKey, inspector }: TokenSources,
): Promise<Result<Json, TokenRefusal>> {
  const kind = recognize(token)
  if (kind === 'opaque') {
    return inspector === undefined
      ? refuse(buildRefusal('XAA3008', 'not a JWT'))
      : await verifyOpaque(token, expected, inspector)
  }
  if (kind !== 'access-token') return refuse(buildRefusal(kind.code, kind.detail))
  const verified = await verifyJwt(token, expected, findKey)
  if (!verified.accepted || inspector === undefined) return verified
  if ((await inspector.find(token)) !== undefined) return verified
  // Within the skew, a token may pass here that its server already considers expired.
  const { exp } = verified.value
  return typeof exp === 'number' && exp <= expected.nowSeconds
    ? refuse(buildRefusal('XAA3003', describeExpiry(exp, expected)))
    : refuse(buildRefusal('XAA3007', 'not active at the authorization server'))
}

function describeExpiry(exp: unknown, { nowSeconds, clockSkewSeconds }: TokenExpectations): string {
  return `expired: exp ${String(exp)}, now ${nowSeconds} by the clock of the API, ${clockSkewSeconds} s of skew`
}

type Kind =
  | 'opaque'
  | 'access-token'
  | { readonly code: 'XAA3005' | 'XAA3006' | 'XAA3008'; readonly detail: string }

function recognize(token: string): Kind {
  if (token.split('.').length !== 3) return 'opaque'
  try {
    const { typ } = decodeProtectedHeader(token)
    if (isTyp(typ, JWT_TYP.accessToken)) return 'access-token'
    if (isIdJagTyp(typ)) return { code: 'XAA3005', detail: 'an ID-JAG, not an access token' }
    const claims = decodeJwt(token)
    // An ID token names its audience, but not the client that holds it.
    const idToken = (typ === undefined || isTyp(typ, 'jwt')) && claims.client_id === undefined
    return idToken && claims.aud !== undefined
      ? { code: 'XAA3006', detail: 'an ID token, not an access token' }
      : { code: 'XAA3008', detail: `typ is ${typ === undefined ? 'missing' : 'not at+jwt'}` }
  } catch {
    return 'opaque'
  }
}

const REQUIRED = ['iss', 'exp', 'aud', 'sub', 'iat', 'jti']

async function verifyJwt(
  token: string,
  expected: TokenExpectations,
  findKey: JWTVerifyGetKey,
): Promise<Result<Json, TokenRefusal>> {
  try {
    const { payload } = await jwtVerify(token, findKey, {
      algorithms: [...expected.algorithms],
      issuer: expected.issuer,
      audience: expected.resource,
      typ: JWT_TYP.accessToken,
      clockTolerance: expected.clockSkewSeconds,
      currentDate: new Date(expected.nowSeconds * 1000),
      requiredClaims: REQUIRED,
    })
    return accept(payload)
  } catch (error) {
    if (error instanceof ServerUnreachable) throw error
    if (error instanceof errors.JOSEError) return refuse(explain(error, token, expected))
    // The issuer publishes a key that the platform cannot import, or that is too short.
    return refuse(buildRefusal('XAA3008', `the key is unusable: ${(error as Error).message}`))
  }
}

function explain(error: errors.JOSEError, token: string, expected: TokenExpectations): TokenRefusal {
  if (error instanceof errors.JWTExpired)
    return buildRefusal('XAA3003', describeExpiry(error.payload.exp, expected))
  if (error instanceof errors.JWTClaimValidationFailed && error.claim === 'aud')
    return buildRefusal('XAA3002', describeAudience(error.payload.aud, expected))
  // A token of another issuer has no key here, which would not tell a developer that `issuer` is wrong.
  const iss = readIssuer(token)
  const isOurs = iss === undefined || iss === expected.issuer
  return buildRefusal('XAA3008', isOurs ? error.message : describeIssuer(iss, expected))
}

/** Unverified */
function readIssuer(token: string): unknown {
  try {
    return decodeJwt(token).iss
  } catch {
    return undefined
  }
}

function describeAudience(aud: unknown, { resource }: TokenExpectations): string {
  return `aud is ${quote(aud)}, and this API is ${resource}`
}

function describeIssuer(iss: unknown, { issuer }: TokenExpectations): string {
  return `iss is ${quote(iss)}, and this API accepts tokens of ${issuer}`
}

/** Introspection results are checked like the claims of a JWT; `active` covers the members they omit. */
async function verifyOpaque(
  token: string,
  expected: TokenExpectations,
  inspector: TokenInspector,
): Promise<Result<Json, TokenRefusal>> {
  const { resource, issuer, nowSeconds, clockSkewSeconds } = expected
  const answer = await inspector.find(token)
  if (answer === undefined) return refuse(buildRefusal('XAA3007', 'not active at the authorization server'))
  if (answer.iss !== undefined && answer.iss !== issuer)
    return refuse(buildRefusal('XAA3008', describeIssuer(answer.iss, expected)))
  // Without an audience check, a token for any API behind the same server would pass.
  if (!isForResource(answer.aud, resource))
    return refuse(buildRefusal('XAA3002', describeAudience(answer.aud, expected)))
  // Without the key, a token that requires a proof would pass without one.
  const { exp, token_type: type, cnf } = answer
  if (typeof type === 'string' && type.toLowerCase() === 'dpop' && cnf === undefined)
    return refuse(buildRefusal('XAA3008', 'the server states no key for a DPoP token'))
  if (typeof exp !== 'number') return refuse(buildRefusal('XAA3008', 'exp is missing'))
  if (exp <= nowSeconds - clockSkewSeconds)
    return refuse(buildRefusal('XAA3003', describeExpiry(exp, expected)))
  return accept(answer)
}
