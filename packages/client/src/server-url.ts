// Issuer and resource identifiers as opaque text: well-known URLs are made by inserting text, never by a URL parser
// that would add a slash or fold case (CLI-03). Decides which servers may be spoken to at all (CLI-10, CLI-21).
import { isIssuerIdentifier, splitUrl } from '@crosswalk/protocol'

/** @returns whether the URL is https, or http on a loopback host (RFC 6749 section 3.2) */
export function isSecureUrl(url: string): boolean {
  return isIssuerIdentifier(url.replace(/[?#].*$/s, '')) && URL.canParse(url)
}

/**
 * Where the metadata of an issuer may be, in the order that MCP asks for (RS-16): RFC 8414 with the path inserted,
 * OpenID Connect with the path inserted, OpenID Connect with the path in front.
 */
export function listIssuerMetadataUrls(issuer: string): readonly string[] {
  const split = splitUrl(issuer)
  if (split === undefined) return []
  const path = split.rest.replace(/\/$/, '')
  const inserted = ['oauth-authorization-server', 'openid-configuration'].map(
    (name) => `${split.origin}/.well-known/${name}${path}`,
  )
  return path === '' ? inserted : [...inserted, `${split.origin}${path}/.well-known/openid-configuration`]
}
