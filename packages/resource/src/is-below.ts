// Whether a request belongs to a resource, for middleware that stands before a whole app. Errs on the side of protecting:
// more spellings count than a router would take for the same route, and what routers read differently counts always.

/**
 * @param target - the request target as it was sent: a path with or without query, or an absolute URL
 * @returns whether it leads to the path of the resource or below, whatever its case, escapes, dots and doubled slashes
 */
export function isBelow(resource: string, target: string): boolean {
  const base = normalize(new URL(resource).pathname).replace(/\/$/, '')
  if (base === '') return true
  const path = readTargetPath(target)
  return (
    path === undefined ||
    listReadings(path).some((reading) => reading === base || reading.startsWith(`${base}/`))
  )
}

const ABSOLUTE = /^https?:\/\/[a-z0-9._-]+(?::\d+)?(?=\/|$)|^https?:\/\/\[[0-9a-f:.]+\](?::\d+)?(?=\/|$)/i

/**
 * The absolute form names scheme and authority, too (RFC 9112 section 3.2.2), and routers take its path.
 *
 * @returns undefined where they disagree on where the path begins: a user name, a query without path, another scheme
 */
function readTargetPath(target: string): string | undefined {
  const sent = target.replace(/^\s+/, '')
  // Of a server as a whole (OPTIONS *).
  if (sent === '*' || sent === '') return '/'
  // Some take what follows two slashes for an authority, if it has a user name.
  if (sent.startsWith('/')) return /^\/[/\\]+[^/\\]*@/.test(sent) ? undefined : sent
  const authority = ABSOLUTE.exec(sent)
  return authority === null ? undefined : `/${sent.slice(authority[0].length).replace(/^\//, '')}`
}

/** The path as such comes first; some frameworks end it at a semicolon, and what stands behind an app may resolve dots. */
function listReadings(target: string): readonly string[] {
  const [path = ''] = target.split(/[?#]/, 1)
  const [beforeSemicolon = ''] = path.split(';', 1)
  const whole = normalize(path)
  return [whole, normalize(beforeSemicolon), resolveDots(whole)]
}

function normalize(path: string): string {
  return unescape(path)
    .replaceAll('\\', '/')
    .replace(/\s+/g, '')
    .replace(/\/{2,}/g, '/')
    .toLowerCase()
}

/** What cannot be read stays as it is, and hides nothing beside it. */
function unescape(path: string): string {
  return path.replace(/(?:%[0-9a-f]{2})+/gi, (escapes) => {
    try {
      return decodeURIComponent(escapes)
    } catch {
      return escapes.replace(/%[0-7][0-9a-f]/gi, decodeURIComponent)
    }
  })
}

function resolveDots(path: string): string {
  const segments: string[] = []
  for (const segment of path.split('/').slice(1)) {
    if (segment === '..') segments.pop()
    else if (segment !== '.') segments.push(segment)
  }
  return `/${segments.join('/')}`
}
