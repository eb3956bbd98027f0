// The URL of a protected resource's metadata. Identifiers are opaque text: a URL parser would add a slash to a bare
// origin or fold case, and the result would identify another resource.

const AUTHORITY = /^([a-z][a-z0-9+.-]*:\/\/[^/?#]+)([^#]*)/i

export interface SplitUrl {
  /** Scheme and authority, as written */
  readonly origin: string
  /** Path and query, as written; empty for a bare origin */
  readonly rest: string
}

/** Splits after the authority without changing a byte, and drops a fragment; undefined if there is no authority. */
export function splitUrl(url: string): SplitUrl | undefined {
  const [, origin, rest] = AUTHORITY.exec(url) ?? []
  return origin === undefined || rest === undefined ? undefined : { origin, rest }
}

/** @returns the well-known URL with the path inserted (RFC 9728 section 3.1); undefined if there is no authority */
export function buildResourceMetadataUrl(resource: string): string | undefined {
  const split = splitUrl(resource)
  if (split === undefined) return undefined
  // Only the slash of a bare origin is dropped; other slashes belong to the path.
  const rest = split.rest.replace(/^\/(?=$|\?)/, '')
  return `${split.origin}/.well-known/oauth-protected-resource${rest}`
}
