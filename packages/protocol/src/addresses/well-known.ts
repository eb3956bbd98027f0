// The paths of an issuer's metadata.

/**
 * @param issuerPath - path of the issuer; a trailing slash does not count
 * @returns the path-inserted forms (RFC 8414 section 3.1) and the appended ones (OpenID Connect Discovery section 4)
 */
export function listMetadataPaths(issuerPath: string): readonly string[] {
  const path = issuerPath.replace(/\/$/, '')
  const names = ['oauth-authorization-server', 'openid-configuration']
  return [...new Set(names.flatMap((name) => [`/.well-known/${name}${path}`, `${path}/.well-known/${name}`]))]
}
