// Tells a form of our own page from one that another site made the browser send. Cookies alone cannot: every app of
// the demo is on one host, and so "same site" to a browser.
import { randomBytes, timingSafeEqual } from 'node:crypto'

/** To be kept in the session and put into each form as `csrf`. */
export function createFormToken(): string {
  return randomBytes(18).toString('base64url')
}

export function isFormToken(given: unknown, expected: string): boolean {
  if (typeof given !== 'string') return false
  const [one, other] = [Buffer.from(given), Buffer.from(expected)]
  return one.length === other.length && timingSafeEqual(one, other)
}

/**
 * For requests without a form token: browsers cannot send this content type to another origin without asking first,
 * and no one here says yes.
 */
export function isOwnJsonRequest(headers: Headers): boolean {
  const site = headers.get('sec-fetch-site')
  const json = headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() === 'application/json'
  return json && (site === null || site === 'same-origin')
}
