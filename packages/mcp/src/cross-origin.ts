// CORS (Fetch standard, section 3.3) for pages of `allowedOrigins`: without it, browsers keep the responses from them.

/** @returns the response to a preflight request; undefined for any other request */
export function answerPreflight({ method, headers }: Request): Response | undefined {
  if (method !== 'OPTIONS' || !headers.has('access-control-request-method')) return undefined
  const asked = headers.get('access-control-request-headers')
  return new Response(null, {
    status: 204,
    headers: {
      'access-control-allow-methods': 'GET, POST, DELETE',
      // The MCP headers grow with each revision of the protocol, and each page here was allowed by name.
      ...(asked === null ? {} : { 'access-control-allow-headers': asked }),
      'access-control-max-age': '600',
    },
  })
}

/** Lets a page of this origin read the response, including what a client needs to get a token and to resume. */
export function shareWith(origin: string, response: Response): Response {
  response.headers.set('access-control-allow-origin', origin)
  response.headers.set('access-control-expose-headers', 'Mcp-Session-Id, WWW-Authenticate')
  response.headers.append('vary', 'Origin')
  return response
}
