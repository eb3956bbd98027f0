// Whether a request was made by a page of the console itself. The session cookie alone is not enough: a browser sends
// it anyone who wrote the request.

/** Another site cannot set it without asking first by CORS, which is never granted. */
export const CONSOLE_HEADER = 'crosswalk-console'

/** @returns false for requests of other sites, plain forms and links included */
export function isFromConsole(request: Request, origin: string): boolean {
  if (request.headers.get(CONSOLE_HEADER) !== '1') return false
  return isSameOrigin(request, origin)
}

/** @returns false only where the browser says that another origin made the request */
export function isSameOrigin({ headers }: Request, origin: string): boolean {
  const site = headers.get('sec-fetch-site')
  if (site !== null && site !== 'same-origin' && site !== 'none') return false
  const from = headers.get('origin')
  return from === null || from === origin
}
