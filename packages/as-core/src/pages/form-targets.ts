// Allowed targets for the forms of a page, for its content security policy.

/**
 * For `form-action`. Browsers apply it to every redirect after the post, so it must include the app's redirect URI and
 * everything behind it: https anywhere, plain http and private schemes only as registered. Scripts cannot run here, so
 * the directive only prevents unexpected plain-http targets.
 */
export function buildFormTargets(uris: readonly string[]): string[] {
  const registered = uris.flatMap((uri) => {
    const { protocol, hostname, origin } = new URL(uri)
    if (protocol === 'https:') return []
    // Source expressions do not support IPv6 addresses.
    return protocol === 'http:' && !hostname.startsWith('[') ? [origin] : [protocol]
  })
  return [...new Set(["'self'", 'https:', ...registered])]
}
