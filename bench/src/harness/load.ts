// Closed-loop load on one token endpoint: a fixed number of keep-alive sockets, each with one request in flight.
import { Client, type Dispatcher } from 'undici'

export interface Endpoint {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
}

export interface Load {
  /**
   * Sends each body once and waits for all responses.
   *
   * @returns the duration of each request in milliseconds
   * @throws on the first response that is not a 200 with an access_token
   */
  send(bodies: readonly string[]): Promise<readonly number[]>
  close(): Promise<void>
}

/** @param concurrency - number of sockets, and so of requests in flight */
export function createLoad(endpoint: Endpoint, concurrency: number): Load {
  const url = new URL(endpoint.url)
  const clients = Array.from({ length: concurrency }, () => new Client(url.origin))
  const request = {
    method: 'POST',
    path: url.pathname,
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...endpoint.headers },
  } satisfies Omit<Dispatcher.DispatchOptions, 'body'>
  return {
    async send(bodies) {
      let next = 0
      const tookMs: number[] = []
      const work = async (client: Client): Promise<void> => {
        for (let body = bodies[next++]; body !== undefined; body = bodies[next++]) {
          const start = performance.now()
          await post(client, { ...request, body })
          tookMs.push(performance.now() - start)
        }
      }
      await Promise.all(clients.map(work))
      return tookMs
    },
    close: async () => {
      await Promise.all(clients.map((client) => client.close()))
    },
  }
}

/** Bypasses undici's `request`, whose body stream would cost more than the measured exchange. */
function post(client: Client, options: Dispatcher.DispatchOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    let status = 0
    const chunks: Buffer[] = []
    client.dispatch(options, {
      // undici recognizes the current handler interface by this method.
      onRequestStart: () => {},
      onResponseStart: (_controller, statusCode) => {
        status = statusCode
      },
      onResponseData: (_controller, chunk) => {
        chunks.push(chunk)
      },
      onResponseEnd: () => {
        const body = Buffer.concat(chunks)
        if (status === 200 && body.includes('"access_token"')) resolve()
        else reject(new Error(`the server responded with ${status}: ${body.toString().slice(0, 500)}`))
      },
      onResponseError: (_controller, error) => reject(error),
    })
  })
}
