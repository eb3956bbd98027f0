// Redirect URIs of the authorization endpoint: which may be registered, and whether a request names one of them.

const REDIRECT =
  /^(https:\/\/[^/?#@\\\s]+|http:\/\/([^/?#@\\\s]+)|[a-z][a-z0-9+-]*\.[a-z0-9.+-]*:)([/?][^#\\\s]*)?$/i
const LOOPBACK = /^(localhost|([a-z0-9-]+\.)*localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i
/** Of an address of this machine, what stands before and after the port */
const LOOPBACK_PORT = /^(http:\/\/(?:127\.0\.0\.1|\[::1\]|localhost))(?::\d{1,5})?([/?].*)?$/i

/** https, http for loopback hosts, or a private-use scheme with a dot (RFC 8252 section 7.1); no fragment. */
export function isRedirectUri(uri: string): boolean {
  const match = /^[\x21-\x7e]{1,2048}$/.test(uri) ? REDIRECT.exec(uri) : null
  return match !== null && (match[2] === undefined || LOOPBACK.test(match[2]))
}

/**
 * Compared byte for byte; only the port of a loopback address may differ, because a native app takes the one that is free
 * (RFC 8252 section 7.3).
 */
export function matchesRedirectUri(asked: string, registered: readonly string[]): boolean {
  if (!isRedirectUri(asked)) return false
  if (registered.includes(asked)) return true
  const withoutPort = dropLoopbackPort(asked)
  return withoutPort !== undefined && registered.some((one) => dropLoopbackPort(one) === withoutPort)
}

function dropLoopbackPort(uri: string): string | undefined {
  const match = LOOPBACK_PORT.exec(uri)
  return match === null ? undefined : `${match[1]?.toLowerCase()} ${match[2] ?? ''}`
}
