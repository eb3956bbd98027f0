// Builds the request to the service: below its base URL, with the stored credential, and without anything that only
// concerns the app and the gateway.
import type { ReleasedSecret } from './exchange-credential.ts'

/**
 * RFC 9110 section 7.6.1, and headers that identify or authenticate the app, its network or its browser. Also ranges
 * and character sets, which would let the service return the credential in pieces, or in bytes that the mask does not
 * recognize.
 */
const DROPPED: ReadonlySet<string> = new Set([
  'accept-charset',
  'accept-encoding',
  'authorization',
  'connection',
  'content-length',
  'cookie',
  'dpop',
  'expect',
  'forwarded',
  'host',
  'if-range',
  'keep-alive',
  'origin',
  'proxy-authorization',
  'proxy-connection',
  'range',
  'referer',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'via',
])

/** Headers that override method or path, which are all that the gateway has checked. */
const OVERRIDE = /^(x-(http-)?method(-override)?|x-original-url|x-rewrite-url)$/

export function buildForwardedHeaders(given: Headers, { header, scheme, value }: ReleasedSecret): Headers {
  const named = listNamed(given)
  const headers = new Headers()
  given.forEach((content, name) => {
    // Many services read `_` as `-`, so such a name could impersonate a checked header.
    const isOurs = DROPPED.has(name) || named.has(name) || /^(x-forwarded-|sec-|proxy-)|_/.test(name)
    if (!isOurs && !OVERRIDE.test(name)) headers.append(name, content)
  })
  headers.set('accept-encoding', 'identity')
  headers.set(header, scheme === '' ? value : `${scheme} ${value}`)
  return headers
}

/** @returns the headers that `Connection` declares as hop-by-hop */
export function listNamed(headers: Headers): ReadonlySet<string> {
  const names = (headers.get('connection') ?? '').split(',')
  return new Set(names.map((name) => name.trim().toLowerCase()).filter((name) => name !== ''))
}

/** Escaped letters or digits, and empty segments: no client writes them, and many services ignore the difference. */
const OTHER_SPELLING = /\/\/|%(3\d|[46][1-9a-f]|[57][\da])/i

/**
 * @param path - path and query below the gateway's own URL
 * @returns the target; undefined for a path that a server might resolve outside the base URL, or to a path with other
 *   requirements
 */
export function findTarget(api: string, path: string): URL | undefined {
  const [pathname = ''] = path.split('?', 1)
  if (hasDotSegments(pathname) || OTHER_SPELLING.test(pathname)) return undefined
  const base = new URL(api.replace(/\/$/, ''))
  const target = URL.parse(`${api.replace(/\/$/, '')}${path}`)
  const isBelow =
    target?.origin === base.origin &&
    (target.pathname === base.pathname || target.pathname.startsWith(`${base.pathname.replace(/\/$/, '')}/`))
  return isBelow && target.username === '' && target.password === '' ? target : undefined
}

/** Also if they are escaped once or twice, or follow a backslash. No legitimate path is escaped more often. */
function hasDotSegments(pathname: string): boolean {
  const text = unescapeAll(pathname)
  return text === undefined || text.split(/[/\\;]/).some((segment) => segment === '.' || segment === '..')
}

/**
 * Some servers drop what follows a semicolon in a segment, or read an escaped slash or backslash as a slash.
 *
 * @returns the URL with each other path that a server may read in its own; empty if it can be read in one way only
 */
export function listOtherReadings(url: string): readonly string[] {
  const { pathname } = new URL(url)
  const whole = withoutParameters(pathname)
  const decoded = unescapeAll(pathname) ?? pathname
  const readings = [whole, unescapeAll(whole) ?? whole, decoded, withoutParameters(decoded)]
  return [...new Set(readings.map(toUrl))].filter((reading) => new URL(reading).pathname !== pathname)

  function toUrl(path: string): string {
    const reading = new URL(url)
    reading.pathname = path.replace(/[/\\]+/g, '/')
    return reading.href
  }
}

function withoutParameters(pathname: string): string {
  return pathname.replace(/;[^/\\]*/g, '')
}

/** @returns the text without escapes of ASCII characters; undefined if these are escaped more than twice */
function unescapeAll(escaped: string): string | undefined {
  let text = escaped
  for (let depth = 0; depth < 3; depth += 1) {
    const next = text.replace(/%[0-7][0-9a-f]/gi, (escape) =>
      String.fromCharCode(parseInt(escape.slice(1), 16)),
    )
    if (next === text) return text
    text = next
  }
  return undefined
}
