// Judges an ID token of another identity provider used as subject token in a token exchange. The signature is verified
// before, with a key of that issuer; the policy package judges which user it is, and whether they signed out there.
import { findOwn } from './values/find-own.ts'
import type { XaaCode } from './records/codes.ts'
import type { SubjectIssuerDefinition } from './definitions/subject-issuer.ts'
import { type TokenFinding, isText, isWholeNumericDate, type JwtExpectations } from './finding.ts'
import { inspectIdToken } from './tokens/id-token.ts'

type Claims = Readonly<Record<string, unknown>>

export interface UpstreamIdTokenExpectations extends Omit<JwtExpectations, 'issuer'> {
  readonly trust: SubjectIssuerDefinition
}

/**
 * Checks the claims of a trusted issuer's ID token against the app that presents it.
 *
 * @returns one finding per check, in order of precedence; never throws
 * @see OpenID Connect Core section 3.1.3.7
 */
export function inspectUpstreamIdToken(
  claims: Claims,
  expected: UpstreamIdTokenExpectations,
): readonly TokenFinding[] {
  const { trust, clientId, now, clockSkewSeconds } = expected
  const audience = findUpstreamAudience(claims, trust, clientId)
  return [
    inspectKind(claims),
    ...inspectIdToken(claims, {
      issuer: trust.issuer,
      clientId: audience ?? '',
      now,
      clockSkewSeconds,
    }).map((finding) => inspectSessionEnd(translate(finding, expected), claims, expected)),
    inspectAge(claims, expected),
    inspectRequiredClaims(claims, trust),
  ]
}

/** @returns the client_id at this issuer that the token is for, if it is this app's */
export function findUpstreamAudience(
  { aud }: Claims,
  { audiences }: Pick<SubjectIssuerDefinition, 'audiences'>,
  appId: string,
): string | undefined {
  const named = Array.isArray(aud) ? aud : [aud]
  return named.find((one) => typeof one === 'string' && findOwn(audiences, one) === appId)
}

/** @returns the permanent identifier of the user at this issuer */
export function readUpstreamSubject(
  claims: Claims,
  { claims: names }: Pick<SubjectIssuerDefinition, 'claims'>,
): string | undefined {
  const subject = findOwn(claims, names.subject)
  return isText(subject, 255) ? subject : undefined
}

/**
 * Members of access, refresh and logout tokens that ID tokens lack. App-only access tokens of Entra have the last
 * three.
 */
const OF_OTHER_KINDS = ['events', 'scope', 'scp', 'cnf', 'azpacr', 'appidacr', 'idtyp'] as const

/** Many issuers sign all tokens with the same keys and no distinct `typ`, so only members distinguish the kinds. */
function inspectKind(claims: Claims): TokenFinding {
  const id = 'subject_token.form'
  const foreign = OF_OTHER_KINDS.find((name) => claims[name] !== undefined)
  // Keycloak's `typ` claim states the kind of token: ID, Bearer, Refresh or Logout.
  const says = claims['typ']
  if (foreign === undefined && (says === undefined || says === 'ID')) return { id }
  return { id, code: 'XAA1208', expected: 'an ID token', actual: foreign ?? `typ ${String(says)}` }
}

const CODES: Partial<Record<XaaCode, XaaCode>> = { XAA1201: 'XAA1210', XAA1203: 'XAA1212' }

function translate(
  finding: TokenFinding,
  { trust: { audiences }, clientId }: UpstreamIdTokenExpectations,
): TokenFinding {
  if (finding.code === undefined) return finding
  const code = CODES[finding.code] ?? finding.code
  if (code !== 'XAA1212') return { ...finding, code }
  const expected = Object.keys(audiences).filter((audience) => audiences[audience] === clientId)
  return { ...finding, code, expected }
}

function inspectSessionEnd(
  finding: TokenFinding,
  { session_expiry: end }: Claims,
  expected: UpstreamIdTokenExpectations,
): TokenFinding {
  const { id, code } = finding
  return id === 'subject_token.expiry' && code === undefined
    ? { ...finding, ...inspectSessionExpiry(end, expected) }
    : finding
}

/**
 * Checks the claim `session_expiry` of an ID token: nothing based on the sign-in may outlive its session (IDP-19).
 *
 * @returns what is wrong with it; undefined if it is absent, or in the future
 * @see OpenID Connect Enterprise Extensions
 */
export function inspectSessionExpiry(
  end: unknown,
  { now, clockSkewSeconds }: Pick<JwtExpectations, 'now' | 'clockSkewSeconds'>,
): Required<Pick<TokenFinding, 'code' | 'expected' | 'actual'>> | undefined {
  if (end === undefined) return undefined
  if (!isWholeNumericDate(end))
    return { code: 'XAA1210', expected: 'a NumericDate session_expiry', actual: end }
  const earliest = now - clockSkewSeconds
  return end > earliest
    ? undefined
    : { code: 'XAA1216', expected: `session_expiry after ${earliest}`, actual: end }
}

function inspectAge(
  { iat }: Claims,
  { trust, now, clockSkewSeconds }: UpstreamIdTokenExpectations,
): TokenFinding {
  const id = 'subject_token.age'
  const ageSeconds = Math.floor(now) - Number(iat)
  if (ageSeconds <= trust.maxAgeSeconds + clockSkewSeconds) return { id }
  return {
    id,
    code: 'XAA1215',
    expected: { maxAgeSeconds: trust.maxAgeSeconds },
    actual: Number.isFinite(ageSeconds) ? { ageSeconds } : 'no iat',
  }
}

function inspectRequiredClaims(claims: Claims, trust: SubjectIssuerDefinition): TokenFinding {
  const id = 'subject_token.conditions'
  for (const [name, wanted] of Object.entries(trust.requireClaims)) {
    const actual = findOwn(claims, name)
    if (typeof actual !== 'string' || ![wanted].flat().includes(actual))
      return {
        id,
        code: 'XAA1213',
        expected: { [name]: wanted },
        actual: actual === undefined ? 'none' : actual,
      }
  }
  if (trust.nonce === 'required' && !isText(claims['nonce']))
    return { id, code: 'XAA1213', expected: 'a nonce', actual: 'none' }
  if (trust.session === 'required' && !isText(claims['sid'], 255))
    return { id, code: 'XAA1213', expected: 'a sid', actual: 'none' }
  return readUpstreamSubject(claims, trust) === undefined
    ? { id, code: 'XAA1213', expected: `a ${trust.claims.subject} of 1 to 255 characters`, actual: 'none' }
    : { id }
}
