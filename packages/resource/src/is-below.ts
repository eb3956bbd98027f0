// Whether a path belongs to a resource, for middleware that stands before a whole app. Errs on the side of protecting: more
// spellings count than a router would take for the same route.

/** @returns whether a path is at or below that of the resource, whatever its case, escapes and doubled slashes */
export function isBelow(resource: string, path: string): boolean {
  const base = normalize(new URL(resource).pathname).replace(/\/$/, '')
  const asked = normalize(path.replace(/[?#].*$/s, ''))
  return asked === base || asked.startsWith(`${base}/`)
}

function normalize(path: string): string {
  return unescape(path)
    .replaceAll('\\', '/')
    .replace(/\/{2,}/g, '/')
    .toLowerCase()
}

/** What cannot be read stays as it is. */
function unescape(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
