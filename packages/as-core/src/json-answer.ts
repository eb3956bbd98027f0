// Answers of OAuth endpoints in JSON, which no one keeps (RFC 6749 section 5.1).

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

/** @returns a header for a client that used the header and failed; others get no challenge (RFC 6749 section 5.2) */
export function challengeBasic(
  http: number,
  { headers }: { readonly headers: Headers },
  realm: string,
): Readonly<Record<string, string>> {
  const isAsked = http === 401 && headers.has('authorization')
  return isAsked ? { 'www-authenticate': `Basic realm="${realm}", charset="UTF-8"` } : {}
}
