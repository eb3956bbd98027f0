/**
 * Reads the path of an absolute URL as sent, without query and fragment; cheaper than parsing the URL on a hot path.
 *
 * @param url - absolute, as in `Request.url`
 */
export function readPath(url: string): string {
  const start = url.indexOf('/', url.indexOf('://') + 3)
  if (start === -1) return '/'
  const path = url.slice(start)
  const end = path.search(/[?#]/)
  return end === -1 ? path : path.slice(0, end)
}
