// Which texts are issuer identifiers, as in metadata and tokens. They are compared byte for byte elsewhere.
import { isLoopbackAuthority } from './loopback-authority.ts'
import { isParsableUrl } from './parsable-url.ts'

const ISSUER = /^(https?):\/\/([^\s/?#@]+)(\/[^\s?#]*)?$/

/**
 * https, or http for loopback hosts only; no query, no fragment (RFC 8414 section 2). Servers parse it to find its
 * metadata: one that stored an issuer like `https://a:99999` could no longer change or start.
 */
export function isIssuerIdentifier(text: string): boolean {
  const match = ISSUER.exec(text)
  const isSecure = match !== null && (match[1] === 'https' || isLoopbackAuthority(match[2] ?? ''))
  return isSecure && isParsableUrl(text)
}

/** Like an issuer, but may have a query, as endpoints may (RFC 6749 sections 3.1 and 3.2). */
export function isServerUrl(text: string): boolean {
  return !/\s/.test(text) && isIssuerIdentifier(text.split('?', 1)[0] ?? '')
}
