// The network of a world: requests go to the handler mounted at their origin, in this process. None leaves it.
import type { DocumentFetch, FetchRefusal, GuardedFetch } from '@crosswalk/as-core'
import { accept, isObject, refuse, type Result } from '@crosswalk/protocol'

export type Handler = (request: Request) => Response | Promise<Response>

export interface Network {
  /** Like the global `fetch`, except that redirects are returned instead of followed */
  readonly fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>
  /** @throws TypeError if it is not an origin, or a handler is already mounted there */
  mount(origin: string, handler: Handler): void
  /** How servers fetch each other's keys and metadata */
  readonly documents: GuardedFetch & DocumentFetch
}

export function createNetwork(): Network {
  const handlers = new Map<string, Handler>()

  async function send(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    const request = new Request(input, init)
    const handler = handlers.get(new URL(request.url).origin)
    // The same error as the global `fetch`, so that programs see what they would in production.
    if (handler === undefined)
      throw new TypeError('fetch failed', { cause: new Error(`no server is mounted for ${request.url}`) })
    return await handler(request)
  }

  return {
    fetch: send,
    mount(origin, handler) {
      if (!URL.canParse(origin) || new URL(origin).origin !== origin)
        throw new TypeError(`${origin} is not an origin: scheme and host alone, such as https://mine.test`)
      if (handlers.has(origin))
        throw new TypeError(
          `${origin} is mounted already: to mount your own server there, set runs of its resource to nothing or authorization-server`,
        )
      handlers.set(origin, handler)
    },
    documents: createDocuments(send),
  }
}

function createDocuments(send: Network['fetch']): GuardedFetch & DocumentFetch {
  async function fetchDocument(url: string) {
    const response = await send(url, { headers: { accept: 'application/json' } }).catch(() => undefined)
    if (response === undefined) return refuse<FetchRefusal>({ reason: 'unreachable' })
    if (response.status !== 200)
      return refuse<FetchRefusal>({ reason: 'status', detail: String(response.status) })
    return readDocument(response)
  }
  return {
    fetchDocument,
    async fetchJson(url) {
      const fetched = await fetchDocument(url)
      return fetched.accepted ? accept(fetched.value.document) : fetched
    },
    close: async () => undefined,
  }
}

async function readDocument(
  response: Response,
): Promise<
  Result<
    { readonly document: Record<string, unknown>; readonly cacheControl: string | undefined },
    FetchRefusal
  >
> {
  const document: unknown = await response.json().catch(() => undefined)
  if (!isObject(document)) return refuse({ reason: 'not-json' })
  return accept({ document, cacheControl: response.headers.get('cache-control') ?? undefined })
}
