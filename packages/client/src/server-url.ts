// Issuer and resource identifiers as opaque text: well-known URLs are made by inserting text, never by a URL parser
// that would add a slash or fold case (CLI-03). Decides which servers may be spoken to at all (CLI-10, CLI-21).
import { isIssuerIdentifier } from '@crosswalk/protocol'

/** @returns whether the URL is https, or http on a loopback host (RFC 6749 section 3.2) */
export function isSecureUrl(url: string): boolean {
  return isIssuerIdentifier(url.replace(/[?#].*$/s, '')) && URL.canParse(url)
}

const AUTHORITY = /^([a-z][a-z0-9+.-]*:\/\/[^/?#]+)(.*)$/is

export interface SplitUrl {
  /** Scheme and authority, as written */
  readonly origin: string
  /** Path and query, as written; empty for a bare origin */
  readonly rest: string
}

/** Splits after the authority without changing a byte; undefined for what has none, such as a URN. */
export function splitUrl(url: string): SplitUrl | undefined {
  const [, origin, rest] = AUTHORITY.exec(url) ?? []
  return origin === undefined ? undefined : { origin, rest: (rest ?? '').replace(/#.*$/s, '') }
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

/** Where a resource publishes its metadata (RFC 9728 section 3.1); undefined where it has no http(s) URL. */
export function buildResourceMetadataUrl(resource: string): string | undefined {
  const split = splitUrl(resource)
  if (split === undefined || !isSecureUrl(resource)) return undefined
  const rest = split.rest === '/' ? '' : split.rest.replace(/^\/(?=\?)/, '')
  return `${split.origin}/.well-known/oauth-protected-resource${rest}`
}
