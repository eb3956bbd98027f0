// Which texts are issuer identifiers, as in metadata and tokens. They are compared byte for byte elsewhere.
import { isLoopbackAuthority } from './loopback-authority.ts'

const ISSUER = /^(https?):\/\/([^\s/?#@]+)(\/[^\s?#]*)?$/

/** https, or http for loopback hosts only; no query, no fragment (RFC 8414 section 2). */
export function isIssuerIdentifier(text: string): boolean {
  const match = ISSUER.exec(text)
  return match !== null && (match[1] === 'https' || isLoopbackAuthority(match[2] ?? ''))
}

/** Like an issuer, but may have a query, as endpoints may (RFC 6749 sections 3.1 and 3.2). */
export function isServerUrl(text: string): boolean {
  return !/\s/.test(text) && isIssuerIdentifier(text.split('?', 1)[0] ?? '')
}
