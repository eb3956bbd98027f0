// Pages of the process that are only looked at: health and metrics.

/** @returns the refusal of any method but those that look (RFC 9110 section 15.5.6) */
export function findMethodRefusal({ method }: Request): Response | undefined {
  if (method === 'GET' || method === 'HEAD') return undefined
  const headers = { allow: 'GET, HEAD', 'cache-control': 'no-store' }
  return Response.json({ error: 'method_not_allowed' }, { status: 405, headers })
}
