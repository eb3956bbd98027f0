// Whether a request belongs to a resource, for middleware in front of a whole app. When in doubt it protects: it
// matches more spellings than routers do, and always those that routers interpret differently.

/**
 * @param target - the request target as sent: a path with or without query, or an absolute URL
 * @param strippedPath - the beginning of the resource's path that a proxy removes from targets
 * @returns whether it is the path of the resource or below it, whatever its case, escapes, dots and doubled slashes
 */
export function isBelow(resource: string, target: string, strippedPath = ''): boolean {
  const base = normalize(new URL(resource).pathname.slice(strippedPath.length)).replace(/\/$/, '')
  if (base === '') return true
  const path = readTargetPath(target)
  return (
    path === undefined ||
    listReadings(path).some((reading) => reading === base || reading.startsWith(`${base}/`))
  )
}

const ABSOLUTE = /^https?:\/\/[a-z0-9._-]+(?::\d+)?(?=\/|$)|^https?:\/\/\[[0-9a-f:.]+\](?::\d+)?(?=\/|$)/i

/**
 * The absolute form includes scheme and authority (RFC 9112 section 3.2.2), and routers use its path.
 *
 * @returns undefined if routers disagree about the path: a user name, a query without a path, another scheme
 */
function readTargetPath(target: string): string | undefined {
  const sent = target.replace(/^\s+/, '')
  // The server as a whole (OPTIONS *).
  if (sent === '*' || sent === '') return '/'
  // After two slashes, some routers see an authority if it has a user name.
  if (sent.startsWith('/')) return /^\/[/\\]+[^/\\]*@/.test(sent) ? undefined : sent
  const authority = ABSOLUTE.exec(sent)
  return authority === null ? undefined : `/${sent.slice(authority[0].length).replace(/^\//, '')}`
}

/** The path itself first; some frameworks end it at a semicolon, and a proxy or the app may resolve dots. */
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

/** Malformed escapes stay unchanged, without hiding the valid ones. */
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
