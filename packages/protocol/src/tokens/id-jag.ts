// The ID-JAG (draft-ietf-oauth-identity-assertion-authz-grant-04): its claims, built at the IdP and judged at the
// Resource Authorization Server. Signature and trust are verified before; storage checks replay last.
import { JWT_TYP } from '../constants.ts'
import {
  describeEarliestExp,
  describeLatestStart,
  type TokenFinding,
  isWholeNumericDate,
  isObject,
  isText,
  isTextList,
  isTyp,
  type JwtExpectations,
} from '../finding.ts'
import { isResourceIdentifier } from '../addresses/resource-identifier.ts'
import type { SamlSubId } from './sub-id.ts'
import type { EpochSeconds } from '../time.ts'

export interface IdJagClaims {
  readonly iss: string
  readonly sub: string
  readonly aud: string
  readonly client_id: string
  readonly jti: string
  readonly iat: EpochSeconds
  readonly exp: EpochSeconds
  /** End of the access itself: no token derived from the ID-JAG outlives it (AT-11) */
  readonly session_expiry?: EpochSeconds | undefined
  readonly resource?: string | readonly string[] | undefined
  readonly scope?: string | undefined
  readonly authorization_details?: readonly Readonly<Record<string, unknown>>[] | undefined
  readonly cnf?: { readonly jkt: string } | undefined
  readonly act?: Readonly<Record<string, unknown>> | undefined
  readonly tenant?: string | undefined
  readonly aud_tenant?: string | undefined
  readonly aud_sub?: string | undefined
  readonly sub_id?: SamlSubId | undefined
  /** Kind of subject (draft-mcguinness-oauth-actor-profile); absent for a user */
  readonly sub_profile?: string | undefined
  readonly auth_time?: EpochSeconds | undefined
  readonly acr?: string | undefined
  readonly amr?: readonly string[] | undefined
  readonly [claim: string]: unknown
}

/** Claims that a claim contract may not set: they belong to the protocol, or to other tokens (JAG-23). */
export const RESERVED_ID_JAG_CLAIMS: ReadonlySet<string> = new Set([
  'iss',
  'sub',
  'aud',
  'client_id',
  'jti',
  'iat',
  'exp',
  'nbf',
  'session_expiry',
  'resource',
  'scope',
  'authorization_details',
  'cnf',
  'act',
  'tenant',
  'aud_tenant',
  'sub_id',
  'sub_profile',
  'auth_time',
  'acr',
  'amr',
  'nonce',
  'at_hash',
  'c_hash',
  's_hash',
  'azp',
  'sid',
  'may_act',
  'events',
])

export interface IdJagExpectations extends JwtExpectations {
  readonly maxLifetimeSeconds: number
}

type Claims = Readonly<Record<string, unknown>>

export function isIdJagTyp(typ: unknown): boolean {
  return isTyp(typ, JWT_TYP.idJag)
}

/**
 * Checks that an ID-JAG is meant for this server and this client, at this time.
 *
 * @returns one finding per check, in order of precedence; never throws
 * @see draft-ietf-oauth-identity-assertion-authz-grant section 4.4.1; RFC 7523 section 3
 */
export function inspectIdJag(claims: Claims, expected: IdJagExpectations): readonly TokenFinding[] {
  return [
    inspectRequiredClaims(claims),
    inspectAudience(claims, expected),
    inspectClient(claims, expected),
    inspectExpiry(claims, expected),
    inspectSession(claims, expected),
    inspectStart(claims, expected),
    inspectLifetime(claims, expected),
  ]
}

/** Presence and JSON type of the claims that section 3.1 requires, and type of those it allows. */
function inspectRequiredClaims(claims: Claims): TokenFinding {
  const wrong: string[] = []
  if (!isText(claims.sub, 255)) wrong.push('sub')
  if (!isText(claims.jti, 256)) wrong.push('jti')
  if (!isWholeNumericDate(claims.exp)) wrong.push('exp')
  if (!isWholeNumericDate(claims.iat)) wrong.push('iat')
  if (!isText(claims.client_id, 512)) wrong.push('client_id')
  if (claims.scope !== undefined && typeof claims.scope !== 'string') wrong.push('scope')
  if (claims.amr !== undefined && !isTextList(claims.amr)) wrong.push('amr')
  for (const name of OPTIONAL_TEXTS) if (claims[name] !== undefined && !isText(claims[name])) wrong.push(name)
  for (const name of OPTIONAL_DATES)
    if (claims[name] !== undefined && !isWholeNumericDate(claims[name])) wrong.push(name)
  const id = 'assertion.claims'
  return wrong.length === 0
    ? { id }
    : { id, code: 'XAA2210', expected: 'present, with the right type', actual: wrong }
}

const OPTIONAL_TEXTS = ['tenant', 'aud_tenant', 'aud_sub', 'acr', 'email', 'sub_profile'] as const
const OPTIONAL_DATES = ['nbf', 'auth_time', 'session_expiry'] as const

/** Exactly one audience: with a second one, the grant could be redeemed at two servers (RAS-12). */
function inspectAudience({ aud }: Claims, { issuer }: IdJagExpectations): TokenFinding {
  const audiences: readonly unknown[] = Array.isArray(aud) ? aud : [aud]
  const finding: TokenFinding = { id: 'assertion.audience', expected: issuer, actual: aud }
  if (audiences.length !== 1) return { ...finding, code: 'XAA2212' }
  return audiences[0] === issuer ? finding : { ...finding, code: 'XAA2211' }
}

function inspectClient({ client_id: clientId }: Claims, expected: IdJagExpectations): TokenFinding {
  const finding: TokenFinding = { id: 'assertion.client', expected: expected.clientId, actual: clientId }
  return clientId === expected.clientId ? finding : { ...finding, code: 'XAA2103' }
}

function inspectExpiry({ exp }: Claims, { now, clockSkewSeconds }: IdJagExpectations): TokenFinding {
  const id = 'assertion.expiry'
  const expired = !isWholeNumericDate(exp) || exp <= now - clockSkewSeconds
  return expired
    ? { id, code: 'XAA2206', expected: describeEarliestExp(now, clockSkewSeconds), actual: exp }
    : { id }
}

/**
 * Whether the sign-in behind it has ended, if the issuer states its end; without skew, since nothing outlives it
 * (AT-11).
 */
function inspectSession({ session_expiry: end }: Claims, { now }: IdJagExpectations): TokenFinding {
  const id = 'assertion.session'
  return isWholeNumericDate(end) && end < now + 1
    ? { id, code: 'XAA2206', expected: `session_expiry after ${now}, the clock of this server`, actual: end }
    : { id }
}

/** A future sign-in time would make the sign-in look more recent than it is. */
function inspectStart(
  { iat, nbf, auth_time: authTime }: Claims,
  { now, clockSkewSeconds }: IdJagExpectations,
): TokenFinding {
  const id = 'assertion.start'
  const latest = now + clockSkewSeconds
  const early =
    !isWholeNumericDate(iat) ||
    iat > latest ||
    (nbf !== undefined && !(isWholeNumericDate(nbf) && nbf <= latest)) ||
    (isWholeNumericDate(authTime) && authTime > latest)
  return early
    ? {
        id,
        code: 'XAA2207',
        expected: describeLatestStart(now, clockSkewSeconds),
        actual: { iat, nbf, auth_time: authTime },
      }
    : { id }
}

/** A long-lived grant would outlive its replay record; an old one was stored where it should not be. */
function inspectLifetime(
  { iat, exp }: Claims,
  { now, clockSkewSeconds, maxLifetimeSeconds }: IdJagExpectations,
): TokenFinding {
  const id = 'assertion.lifetime'
  if (!isWholeNumericDate(iat) || !isWholeNumericDate(exp))
    return { id, code: 'XAA2208', expected: maxLifetimeSeconds, actual: { iat, exp } }
  const lifetimeSeconds = exp - iat
  const tooLong = lifetimeSeconds > maxLifetimeSeconds || iat < now - maxLifetimeSeconds - clockSkewSeconds
  return tooLong || lifetimeSeconds <= 0
    ? { id, code: 'XAA2208', expected: `1 to ${maxLifetimeSeconds} s`, actual: lifetimeSeconds }
    : { id }
}

/**
 * The key a token is bound to, or why its `cnf` cannot be honoured: unknown methods fail closed (RFC 7800 section 3.1),
 * and a key and a thumbprint must match (DPOP-10).
 *
 * @param jwkThumbprint - of the key in `cnf.jwk`, if the caller supports it; otherwise `jwk` is an unknown method
 */
export function readConfirmation(
  cnf: unknown,
  jwkThumbprint?: string,
): { readonly jkt?: string; readonly problem?: string } {
  if (cnf === undefined) return {}
  if (!isObject(cnf)) return { problem: 'cnf is not an object' }
  const known = jwkThumbprint === undefined ? ['jkt'] : ['jkt', 'jwk']
  const unknown = Object.keys(cnf).filter((member) => !known.includes(member))
  if (unknown.length > 0) return { problem: `cnf member not implemented: ${unknown.join(', ')}` }
  const ofJwk = cnf.jwk === undefined ? undefined : jwkThumbprint
  const jkt = cnf.jkt ?? ofJwk
  if (typeof jkt !== 'string' || !/^[A-Za-z0-9_-]{43}$/.test(jkt))
    return { problem: 'cnf.jkt is not a SHA-256 thumbprint' }
  return ofJwk === undefined || ofJwk === jkt
    ? { jkt }
    : { problem: 'cnf.jkt and cnf.jwk are different keys' }
}

/** The resources an ID-JAG names; undefined if the claim is malformed (RFC 8707 section 2). */
export function readResourceClaim(resource: unknown): readonly string[] | undefined {
  if (resource === undefined) return []
  if (typeof resource === 'string') return isResourceIdentifier(resource) ? [resource] : undefined
  const named: readonly unknown[] = Array.isArray(resource) ? resource : [resource]
  const wellFormed =
    named.length > 0 && named.every((one) => typeof one === 'string' && isResourceIdentifier(one))
  return wellFormed ? [...new Set(named as readonly string[])] : undefined
}

/** Maximum nesting of `act` (RFC 8693 section 4.1 sets no limit; longer chains are attacks). */
const MAX_ACTOR_DEPTH = 4

/** In characters; all actors are copied into the access token. */
const LONGEST_OF_ACTOR = { iss: 512, sub: 255, sub_profile: 255 }

/** @returns why the `act` claim is refused; undefined if it is absent or well formed */
export function findActorProblem(act: unknown, depth = 1): string | undefined {
  if (act === undefined) return undefined
  if (!isObject(act)) return 'act is not an object'
  if (depth > MAX_ACTOR_DEPTH) return `act nests deeper than ${MAX_ACTOR_DEPTH}`
  if (!isText(act.sub, Infinity)) return 'act has no sub'
  for (const [member, most] of Object.entries(LONGEST_OF_ACTOR)) {
    const value = act[member]
    if (value === undefined) continue
    if (!isText(value, Infinity)) return `act.${member} is not a string`
    if (value.length > most) return `act.${member} is longer than ${most} characters`
  }
  return findActorProblem(act.act, depth + 1)
}
