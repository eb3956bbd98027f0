// Judges an ID token used as subject token in a token exchange. The signature is verified before, with a key used only
// for ID tokens; the policy package judges whether the session behind it is still live.
import {
  describeEarliestExp,
  describeLatestStart,
  type TokenFinding,
  isWholeNumericDate,
  isText,
  type JwtExpectations,
} from '../finding.ts'

/**
 * Checks the claims of an ID token against the client that presents it.
 *
 * @returns one finding per check, in order of precedence; never throws
 * @see OpenID Connect Core section 3.1.3.7; draft-ietf-oauth-identity-assertion-authz-grant section 4.3.3
 */
export function inspectIdToken(
  claims: Readonly<Record<string, unknown>>,
  expected: JwtExpectations,
): readonly TokenFinding[] {
  return [
    inspectIssuer(claims, expected),
    inspectAudience(claims, expected),
    inspectExpiry(claims, expected),
    inspectStart(claims, expected),
    inspectSubject(claims),
  ]
}

function inspectIssuer(
  { iss }: Readonly<Record<string, unknown>>,
  { issuer }: JwtExpectations,
): TokenFinding {
  const finding: TokenFinding = { id: 'subject_token.issuer', expected: issuer, actual: iss }
  return iss === issuer ? finding : { ...finding, code: 'XAA1201' }
}

/** `aud` must contain the client; `azp` is required with several audiences, and must name the client if present. */
function inspectAudience(
  { aud, azp }: Readonly<Record<string, unknown>>,
  { clientId }: JwtExpectations,
): TokenFinding {
  const audiences = typeof aud === 'string' ? [aud] : Array.isArray(aud) ? aud : []
  const named = audiences.includes(clientId) && audiences.every((one) => typeof one === 'string')
  const authorized = azp === undefined ? audiences.length === 1 : azp === clientId
  const finding: TokenFinding = {
    id: 'subject_token.audience',
    expected: clientId,
    actual: azp === undefined ? aud : { aud, azp },
  }
  return named && authorized ? finding : { ...finding, code: 'XAA1203' }
}

function inspectExpiry(
  { exp }: Readonly<Record<string, unknown>>,
  { now, clockSkewSeconds }: JwtExpectations,
): TokenFinding {
  const id = 'subject_token.expiry'
  if (!isWholeNumericDate(exp)) return { id, code: 'XAA1201', expected: 'a NumericDate exp', actual: exp }
  return exp <= now - clockSkewSeconds
    ? { id, code: 'XAA1202', expected: describeEarliestExp(now, clockSkewSeconds), actual: exp }
    : { id }
}

function inspectStart(
  { iat, nbf, auth_time: authTime }: Readonly<Record<string, unknown>>,
  { now, clockSkewSeconds }: JwtExpectations,
): TokenFinding {
  const id = 'subject_token.start'
  if (!isWholeNumericDate(iat) || (nbf !== undefined && !isWholeNumericDate(nbf))) {
    return { id, code: 'XAA1201', expected: 'a NumericDate iat, and nbf if any', actual: { iat, nbf } }
  }
  // A future sign-in time would make the sign-in look more recent than it is.
  const latest = Math.max(iat, nbf ?? iat, typeof authTime === 'number' ? authTime : iat)
  return latest > now + clockSkewSeconds
    ? {
        id,
        code: 'XAA1206',
        expected: describeLatestStart(now, clockSkewSeconds),
        actual: latest,
      }
    : { id }
}

function inspectSubject({ sub }: Readonly<Record<string, unknown>>): TokenFinding {
  const id = 'subject_token.subject'
  return isText(sub, 255)
    ? { id }
    : { id, code: 'XAA1201', expected: 'a sub of 1 to 255 characters', actual: typeof sub }
}
