// Treats issuer and resource identifiers as opaque text: well-known URLs are built by inserting text, not by a URL
// parser, which would add a slash or fold case (CLI-03). Also decides which servers may be contacted (CLI-10, CLI-21).
import { isIssuerIdentifier, splitUrl } from '@crosswalk/protocol'

/** @returns whether the URL is https, or http on a loopback host (RFC 6749 section 3.2) */
export function isSecureUrl(url: string): boolean {
  return isIssuerIdentifier(url.replace(/[?#].*$/s, '')) && URL.canParse(url)
}

/**
 * The possible metadata URLs of an issuer, in the order that MCP requires (RS-16): RFC 8414 with inserted path, OpenID
 * Connect with inserted path, OpenID Connect with the path first.
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
