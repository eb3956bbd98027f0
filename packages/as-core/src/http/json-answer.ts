// JSON responses of OAuth endpoints, which must not be cached (RFC 6749 section 5.1).

/** A body for the wire, and headers in addition to the common ones. */
export interface JsonAnswer {
  readonly http: number
  readonly body: Readonly<Record<string, unknown>>
  readonly headers?: Readonly<Record<string, string>> | undefined
}

export function renderJson({ http, body, headers }: JsonAnswer): Response {
  return new Response(JSON.stringify(body), {
    status: http,
    headers: {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      pragma: 'no-cache',
      ...headers,
    },
  })
}

/**
 * @returns the challenge for a client that failed with the Authorization header; others get none (RFC 6749 section 5.2)
 */
export function challengeBasic(
  http: number,
  { headers }: { readonly headers: Headers },
  realm: string,
): Readonly<Record<string, string>> {
  const isAsked = http === 401 && headers.has('authorization')
  return isAsked ? { 'www-authenticate': `Basic realm="${realm}", charset="UTF-8"` } : {}
}
