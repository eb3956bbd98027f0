// The paths of an issuer's metadata.

/**
 * @param issuerPath - path of the issuer without a trailing slash; empty for a bare origin
 * @returns the path-inserted forms (RFC 8414 section 3.1) and the appended ones (OpenID Connect Discovery section 4)
 */
export function listMetadataPaths(issuerPath: string): readonly string[] {
  const names = ['oauth-authorization-server', 'openid-configuration']
  return [
    ...new Set(
      names.flatMap((name) => [`/.well-known/${name}${issuerPath}`, `${issuerPath}/.well-known/${name}`]),
    ),
  ]
}
