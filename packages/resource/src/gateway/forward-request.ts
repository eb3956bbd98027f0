// The request as the service behind gets it: below its base address, with the stored credential, and without anything that
// belongs between the app and the gateway.
import type { ReleasedSecret } from './exchange-credential.ts'

/**
 * RFC 9110 section 7.6.1, and what names or authenticates the app, its network or its browser. Ranges and character sets as
 * well: the service could send the credential back in pieces, or in bytes that the mask does not know.
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

/** By these a service does something else than method and path say, which are all that the gateway judged. */
const OVERRIDE = /^(x-(http-)?method(-override)?|x-original-url|x-rewrite-url)$/

export function buildForwardedHeaders(given: Headers, { header, scheme, value }: ReleasedSecret): Headers {
  const named = listNamed(given)
  const headers = new Headers()
  given.forEach((content, name) => {
    // Many services read `_` as `-`, so such a name would stand for one that is judged here.
    const isOurs = DROPPED.has(name) || named.has(name) || /^(x-forwarded-|sec-|proxy-)|_/.test(name)
    if (!isOurs && !OVERRIDE.test(name)) headers.append(name, content)
  })
  headers.set('accept-encoding', 'identity')
  headers.set(header, scheme === '' ? value : `${scheme} ${value}`)
  return headers
}

/** @returns the headers that `Connection` says are for the next hop only */
export function listNamed(headers: Headers): ReadonlySet<string> {
  const names = (headers.get('connection') ?? '').split(',')
  return new Set(names.map((name) => name.trim().toLowerCase()).filter((name) => name !== ''))
}

/**
 * @param path - path and query below the gateway's own address
 * @returns where it goes, undefined for a path that a server might read as one outside the base address
 */
export function findTarget(api: string, path: string): URL | undefined {
  const [pathname = ''] = path.split('?', 1)
  if (hasDotSegments(pathname)) return undefined
  const base = new URL(api.replace(/\/$/, ''))
  const target = URL.parse(`${api.replace(/\/$/, '')}${path}`)
  const isBelow =
    target?.origin === base.origin &&
    (target.pathname === base.pathname || target.pathname.startsWith(`${base.pathname.replace(/\/$/, '')}/`))
  return isBelow && target.username === '' && target.password === '' ? target : undefined
}

/** Also where they are escaped once or twice, or behind a backslash. */
function hasDotSegments(pathname: string): boolean {
  let text = pathname
  for (let depth = 0; depth < 3; depth += 1) {
    if (text.split(/[/\\;]/).some((segment) => segment === '.' || segment === '..')) return true
    const next = unescape(text)
    if (next === text) return false
    text = next
  }
  // Escaped more often than any honest path.
  return true
}

function unescape(text: string): string {
  return text.replace(/%[0-7][0-9a-f]/gi, (escape) => String.fromCharCode(parseInt(escape.slice(1), 16)))
}
