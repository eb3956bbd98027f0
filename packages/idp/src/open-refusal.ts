// Lets browser apps read why a request was refused before its client was known. Afterwards, the sign-in library decides by
// client which origins may read a response; what it has not seen has none of its headers.
import { ANY_ORIGIN } from '@crosswalk/as-core'

export const EXPOSED_HEADERS = 'access-control-expose-headers'

/** @param response - of an endpoint that the library opens to browser apps */
export function openRefusal(response: Response): Response {
  if (response.ok || response.headers.has(EXPOSED_HEADERS)) return response
  const headers = new Headers(response.headers)
  for (const [name, value] of Object.entries(ANY_ORIGIN)) headers.set(name, value)
  headers.set(EXPOSED_HEADERS, 'WWW-Authenticate, Retry-After, Crosswalk-Decision')
  return new Response(response.body, { status: response.status, headers })
}
