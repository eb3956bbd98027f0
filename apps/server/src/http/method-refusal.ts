// Rejects other methods for read-only pages: health and metrics.

/** @returns a 405 for any method but GET and HEAD (RFC 9110 section 15.5.6) */
export function findMethodRefusal({ method }: Request): Response | undefined {
  if (method === 'GET' || method === 'HEAD') return undefined
  const headers = { allow: 'GET, HEAD', 'cache-control': 'no-store' }
  return Response.json({ error: 'method_not_allowed' }, { status: 405, headers })
}
