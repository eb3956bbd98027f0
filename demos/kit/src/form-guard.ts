// Distinguishes forms of our own pages from requests forged by other sites (CSRF). Cookies cannot: all demo apps
// share one host, and are therefore "same site" to a browser.
import { randomBytes, timingSafeEqual } from 'node:crypto'

/** Kept in the session, and sent in each form as `csrf`. */
export function createFormToken(): string {
  return randomBytes(18).toString('base64url')
}

export function isFormToken(given: unknown, expected: string): boolean {
  if (typeof given !== 'string') return false
  const [one, other] = [Buffer.from(given), Buffer.from(expected)]
  return one.length === other.length && timingSafeEqual(one, other)
}

/**
 * For requests without a form token: browsers send this content type to another origin only after a CORS preflight,
 * which is
 * never granted.
 */
export function isOwnJsonRequest(headers: Headers): boolean {
  const site = headers.get('sec-fetch-site')
  const json = headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() === 'application/json'
  return json && (site === null || site === 'same-origin')
}
