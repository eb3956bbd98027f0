// Public documents: metadata and keys. Readable from any origin, since browsers may look, and cached for five minutes.

const HEADERS = {
  'content-type': 'application/json',
  'cache-control': 'public, max-age=300',
  'access-control-allow-origin': '*',
}

/** @returns a handler that serves what `build` makes at each GET; other methods are refused */
export function createDocument(
  build: () => object | Promise<object>,
): (request: Request) => Promise<Response> {
  return async ({ method }) => {
    if (method !== 'GET' && method !== 'HEAD')
      return new Response(null, { status: 405, headers: { allow: 'GET, HEAD' } })
    const text = JSON.stringify(await build())
    return new Response(method === 'HEAD' ? null : text, { headers: HEADERS })
  }
}

export function notFound(): Response {
  return Response.json({ error: 'not_found' }, { status: 404, headers: { 'cache-control': 'no-store' } })
}
