// Checks that a request comes from a page of the console. The session cookie alone is not enough: the browser sends
// it with requests of any page (CSRF).

/** Another site cannot set it without a CORS preflight, which is never granted. */
const CONSOLE_HEADER = 'crosswalk-console'

/** @returns false for requests from other sites, including plain forms and links */
export function isFromConsole(request: Request, origin: string): boolean {
  if (request.headers.get(CONSOLE_HEADER) !== '1') return false
  return isSameOrigin(request, origin)
}

/** @returns false only if the browser declares another origin */
export function isSameOrigin({ headers }: Request, origin: string): boolean {
  const site = headers.get('sec-fetch-site')
  if (site !== null && site !== 'same-origin' && site !== 'none') return false
  const from = headers.get('origin')
  return from === null || from === origin
}
