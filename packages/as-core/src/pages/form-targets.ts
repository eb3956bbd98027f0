// Where the forms of a page may lead, for its content security policy.

/**
 * For `form-action`. Browsers apply it to every redirect after the post, so the app's own
 * redirect URI and whatever lies behind it must be in: https anywhere, plain http and private schemes only as
 * registered. Scripts cannot run here, so the directive guards no more than a stray plain-http target.
 */
export function buildFormTargets(uris: readonly string[]): string[] {
  const registered = uris.flatMap((uri) => {
    const { protocol, hostname, origin } = new URL(uri)
    if (protocol === 'https:') return []
    // The grammar of source expressions has no IPv6 addresses.
    return protocol === 'http:' && !hostname.startsWith('[') ? [origin] : [protocol]
  })
  return [...new Set(["'self'", 'https:', ...registered])]
}
