// Sends what the AWS SDK asks by the guarded client, as every request of ours.

/** A request as the SDK has signed it; all of them are POSTs of JSON, without a query. */
interface SignedRequest {
  readonly protocol: string
  readonly hostname: string
  readonly port?: number
  readonly path: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array<ArrayBuffer>
}

/** What is sent has these from its URL and body. */
const DERIVED: ReadonlySet<string> = new Set(['host', 'content-length'])

export function createRequestHandler(fetch: typeof globalThis.fetch) {
  return {
    async handle({ protocol, hostname, port, path, method, headers, body }: SignedRequest) {
      const url = `${protocol}//${hostname}${port === undefined ? '' : `:${port}`}${path}`
      const kept = Object.entries(headers).filter(([name]) => !DERIVED.has(name.toLowerCase()))
      const answer = await fetch(url, { method, headers: kept, body: body ?? null })
      const response = {
        statusCode: answer.status,
        headers: Object.fromEntries(answer.headers),
        body: answer.body,
      }
      return { response }
    },
  }
}
