// Binds an application to a socket: limits against slow clients, and a stop that lets running requests finish.
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerOptions,
} from 'node:http'
import type { AddressInfo } from 'node:net'

import { createAdaptorServer } from '@hono/node-server'

import type { App } from './app.ts'

const HEADERS_TIMEOUT_MS = 10_000
const REQUEST_TIMEOUT_MS = 30_000
/** Connections that may wait to be taken: where many callers come at once, no one is left to try again. */
const BACKLOG = 4096
/** What token requests are far below of */
const SHORT_BODY_BYTES = 65_536
/** How often the two limits above are looked after */
const CHECK_INTERVAL_MS = 5_000
const DRAIN_POLL_MS = 50

export interface Listener {
  readonly host: string
  readonly port: number
  /** Takes no new connection, waits for running requests up to `graceMs`, then cuts the rest. */
  close(graceMs: number): Promise<void>
}

/** @throws the error of `listen`, for example EADDRINUSE */
export async function listen(
  app: App,
  address: { readonly host: string; readonly port: number },
): Promise<Listener> {
  const server = createAdaptorServer({
    fetch: (request, connection) => app.fetch(request, 'incoming' in connection ? connection : undefined),
    serverOptions: {
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: CHECK_INTERVAL_MS,
    },
    createServer: createServerForShortBodies as typeof createServer,
  }) as Server
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(address.port, address.host, BACKLOG, () => {
      server.off('error', reject)
      resolve()
    })
  })
  const { port } = server.address() as AddressInfo
  return { host: address.host, port, close: (graceMs) => drain(server, graceMs) }
}

/** A body that says that it is short is read before the request is answered: Hono has it at hand then, at a third of the cost. */
function createServerForShortBodies(options: ServerOptions, answer: RequestListener): Server {
  return createServer(options, (incoming, outgoing) => {
    const length = Number(incoming.headers['content-length'])
    if (length > 0 && length <= SHORT_BODY_BYTES) readBody(incoming, () => answer(incoming, outgoing))
    else answer(incoming, outgoing)
  })
}

/** `then` is not called for a body that does not come whole. */
function readBody(incoming: IncomingMessage & { rawBody?: Buffer }, then: () => void): void {
  const chunks: Buffer[] = []
  incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
  incoming.on('end', () => {
    const [only, ...others] = chunks
    incoming.rawBody = only !== undefined && others.length === 0 ? only : Buffer.concat(chunks)
    then()
  })
}

async function drain(server: Server, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve())
  })
  // A connection that was busy when closing began stays open for more requests unless it is cut when it falls idle.
  const idle = setInterval(() => server.closeIdleConnections(), DRAIN_POLL_MS)
  const cut = setTimeout(() => server.closeAllConnections(), graceMs)
  await closed
  clearInterval(idle)
  clearTimeout(cut)
}
