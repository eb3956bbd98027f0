// Judges the claims of a DPoP proof (RFC 9449 section 4.3). Its signature and key are verified before, and storage
// checks last whether it was already used.
import { isNumericDate, isText } from '../finding.ts'
import type { EpochSeconds } from '../time.ts'

export interface DpopExpectations {
  /** HTTP method of the request, upper case */
  readonly method: string
  /** URL of the request from the client's point of view */
  readonly url: string
  readonly now: EpochSeconds
  /** How far `iat` may be in the past or the future */
  readonly windowSeconds: number
  /** SHA-256 of the access token, base64url, if one is presented with the proof */
  readonly ath?: string
}

export type DpopClaimProblem =
  | 'no-usable-jti'
  | 'method-mismatch'
  | 'url-mismatch'
  | 'no-usable-iat'
  | 'too-old'
  | 'too-new'
  | 'ath-mismatch'

export const MAX_JTI_LENGTH = 256

/** @returns why the proof is not for this request, or undefined if it is (DPOP-11) */
export function findDpopProblem(
  claims: Readonly<Record<string, unknown>>,
  expected: DpopExpectations,
): DpopClaimProblem | undefined {
  if (!isText(claims.jti, MAX_JTI_LENGTH)) return 'no-usable-jti'
  if (claims.htm !== expected.method) return 'method-mismatch'
  const target = typeof claims.htu === 'string' ? normalizeHtu(claims.htu) : undefined
  if (target === undefined || target !== normalizeHtu(expected.url)) return 'url-mismatch'
  const { iat } = claims
  if (!isNumericDate(iat)) return 'no-usable-iat'
  if (iat < expected.now - expected.windowSeconds) return 'too-old'
  if (iat > expected.now + expected.windowSeconds) return 'too-new'
  return expected.ath === undefined || claims.ath === expected.ath ? undefined : 'ath-mismatch'
}

// Host and path share no character at their boundary: otherwise a long text could be split in every possible way.
const HTTP_URL = /^(https?):\/\/([^/?#@\s]+)(\/[^?#\s]*)?(?:[?#].*)?$/i
const DEFAULT_PORT: Readonly<Record<string, RegExp>> = { http: /:(80)?$/, https: /:(443)?$/ }

/**
 * Normalizes a target URI for comparison: scheme and host in lower case, no default port, no query or fragment,
 * percent-encoding in its shortest form.
 *
 * @returns undefined if it is not an http(s) URL, or has user information
 * @see RFC 9449 section 4.3 check 9; RFC 3986 sections 6.2.2 and 6.2.3
 */
export function normalizeHtu(url: string): string | undefined {
  const [, scheme, authority, path] = HTTP_URL.exec(url) ?? []
  if (scheme === undefined || authority === undefined) return undefined
  const lowerScheme = scheme.toLowerCase()
  const host = authority.toLowerCase().replace(DEFAULT_PORT[lowerScheme] ?? '', '')
  return `${lowerScheme}://${host}${normalizePercentEncoding(path ?? '') || '/'}`
}

const UNRESERVED = /^[A-Za-z0-9._~-]$/

function normalizePercentEncoding(path: string): string {
  return path.replace(/%[0-9A-Fa-f]{2}/g, (encoded) => {
    const character = String.fromCharCode(Number.parseInt(encoded.slice(1), 16))
    return UNRESERVED.test(character) ? character : encoded.toUpperCase()
  })
}
