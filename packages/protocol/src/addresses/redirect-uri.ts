// Redirect URIs of the authorization endpoint: which may be registered, and whether a request matches one of them.
import { isLoopbackAuthority } from './loopback-authority.ts'
import { isParsableUrl } from './parsable-url.ts'

const REDIRECT =
  /^(https:\/\/[^/?#@*\\\s]+|http:\/\/([^/?#@\\\s]+)|[a-z][a-z0-9+-]*\.[a-z0-9.+-]*:)([/?][^#\\\s]*)?$/i
/** The parts of a loopback URI before and after the port */
const LOOPBACK_PORT = /^(http:\/\/(?:127\.0\.0\.1|\[::1\]|localhost))(?::\d{1,5})?([/?].*)?$/i

/** Schemes that browsers or operating systems interpret themselves */
const TAKEN_SCHEME =
  /^(about|blob|chrome|data|file|filesystem|ftp|https?|javascript|vbscript|view-source|wss?):/i
const ANY_SCHEME = /^[a-z][a-z0-9+.-]*:\/\/[^#\\\s]+$/i

/**
 * https, http for loopback hosts, or a private-use scheme with a dot (RFC 8252 section 7.1); no fragment, and no wildcard
 * host, which would never match.
 *
 * @param anyScheme - also accept schemes without a dot, which apps use despite that section, if an administrator names
 * them
 */
export function isRedirectUri(uri: string, { anyScheme = false } = {}): boolean {
  if (!/^[\x21-\x7e]{1,2048}$/.test(uri)) return false
  // Pages parse it for their security policy.
  if (!isParsableUrl(uri)) return false
  const match = REDIRECT.exec(uri)
  if (match !== null) return match[2] === undefined || isLoopbackAuthority(match[2])
  return anyScheme && ANY_SCHEME.test(uri) && !TAKEN_SCHEME.test(uri)
}

const ALLOWANCE = /^(loopback|[a-z][a-z0-9+.-]*:|[a-z0-9.-]+(:\d{1,5})?)$/i

/**
 * @returns whether a text is valid in an allow-list of redirect URIs: `loopback`, a host, or a scheme with its colon
 */
export function isRedirectAllowance(text: string): boolean {
  return ALLOWANCE.test(text) && !(text.endsWith(':') && TAKEN_SCHEME.test(text))
}

/** @returns whether an allow-list covers a redirect URI by its host, by its scheme, or as loopback */
export function isAllowedRedirect(uri: string, allow: readonly string[]): boolean {
  if (!isRedirectUri(uri, { anyScheme: true })) return false
  const [, scheme = '', host = ''] = /^([^:]+):(?:\/\/([^/?#]*))?/.exec(uri) ?? []
  if (scheme.toLowerCase() === 'http') return allow.includes('loopback')
  return allow.includes(scheme.toLowerCase() === 'https' ? host.toLowerCase() : `${scheme.toLowerCase()}:`)
}

/**
 * Compares byte for byte, except for the port of a loopback address, because native apps use any free port (RFC 8252
 * section 7.3).
 */
export function matchesRedirectUri(asked: string, registered: readonly string[]): boolean {
  if (registered.includes(asked)) return true
  const withoutPort = dropLoopbackPort(asked)
  return withoutPort !== undefined && registered.some((one) => dropLoopbackPort(one) === withoutPort)
}

function dropLoopbackPort(uri: string): string | undefined {
  const match = LOOPBACK_PORT.exec(uri)
  return match === null ? undefined : `${match[1]?.toLowerCase()} ${match[2] ?? ''}`
}
