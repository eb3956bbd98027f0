// Public documents: metadata and keys. They can be read from any origin and with any header, since browsers may fetch
// them, and are cached for five minutes.

/** For what any page may read: it contains no secrets and is the same for every caller. */
export const ANY_ORIGIN = { 'access-control-allow-origin': '*' }
const HEADERS = { 'content-type': 'application/json', 'cache-control': 'public, max-age=300', ...ANY_ORIGIN }
const METHODS = 'GET, HEAD, OPTIONS'

/** @returns a handler that serves the result of `build` for each GET with CORS headers; refuses other methods */
export function createDocument(
  build: () => object | Promise<object>,
): (request: Request) => Promise<Response> {
  return async ({ method, headers }) => {
    if (method === 'OPTIONS') return answerPreflight(headers)
    if (method !== 'GET' && method !== 'HEAD')
      return new Response(null, {
        status: 405,
        headers: { allow: METHODS, 'cache-control': 'no-store', ...ANY_ORIGIN },
      })
    const text = JSON.stringify(await build())
    return new Response(method === 'HEAD' ? null : text, { headers: HEADERS })
  }
}

/** Browsers send a preflight before a request with a custom header, such as MCP-Protocol-Version (CORS). */
function answerPreflight(headers: Headers): Response {
  return new Response(null, {
    status: 204,
    headers: {
      ...ANY_ORIGIN,
      allow: METHODS,
      'access-control-allow-methods': 'GET, HEAD',
      // `*` does not cover Authorization.
      'access-control-allow-headers': headers.get('access-control-request-headers') ?? '*',
      'access-control-max-age': '3600',
      vary: 'Access-Control-Request-Headers',
    },
  })
}

export function notFound(): Response {
  return Response.json({ error: 'not_found' }, { status: 404, headers: { 'cache-control': 'no-store' } })
}
