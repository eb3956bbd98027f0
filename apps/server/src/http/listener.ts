// Binds an application to a socket, with limits against slow clients, and a graceful stop.
import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer, type HttpBindings } from '@hono/node-server'
import { ADMIN_API_PATH, EVALUATION_PATH, MAX_DOCUMENT_BYTES } from '@crosswalk/admin-api'
import { refuseInvalidHost } from '@crosswalk/as-core'
import { MAX_SCIM_BYTES, SCIM_PATH } from '@crosswalk/control'

import type { App } from './app.ts'
import { limitConnection, UNREAD_TIMEOUT_MS } from './limit-connection.ts'
import { hasBody, limitStream, type ReceivedRequest, receiveBody } from './receive-body.ts'

const HEADERS_TIMEOUT_MS = 10_000
const REQUEST_TIMEOUT_MS = 30_000
/** Connections queued for accept: in a burst, none should be rejected. */
const BACKLOG = 4096
/** How often the two timeouts are checked, and so how late they can be */
const CHECK_INTERVAL_MS = 500
const DRAIN_POLL_MS = 50
/**
 * Health checks of load balancers use HTTP/1.0 without `Host`; our own name comes from the configuration, never from
 * a request.
 */
const UNNAMED = 'localhost'

export interface Listener {
  readonly host: string
  readonly port: number
  /** Makes every response close its connection, so that clients and proxies reconnect elsewhere. */
  endConnections(): void
  /** Accepts no new connections, waits up to `graceMs` for running requests, then cuts the rest. */
  close(graceMs: number): Promise<void>
}

export interface ListenOptions {
  readonly host: string
  readonly port: number
  /** How long an idle connection stays open; 75 by default */
  readonly keepAliveSeconds?: number
  /** Added to every response */
  readonly headers?: Readonly<Record<string, string>>
  /** Open connections; more are closed at once. 0, the default: no limit */
  readonly mostConnections?: number
  /** Writes a line for operators */
  warn?(line: string): void
}

/** Proxies keep idle connections for 60 seconds by default; if we closed first, their next request would fail. */
const KEEP_ALIVE_SECONDS = 75

/** @throws the error of `listen`, for example EADDRINUSE */
export async function listen(app: App, options: ListenOptions): Promise<Listener> {
  const { host, keepAliveSeconds = KEEP_ALIVE_SECONDS } = options
  const everyAnswer = new Headers(options.headers)
  const server = createAdaptorServer({
    hostname: UNNAMED,
    // The server does not speak HTTP/2.
    fetch: (request, connection) => handOn(app, request, (connection as HttpBindings).incoming),
    serverOptions: {
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: CHECK_INTERVAL_MS,
      keepAliveTimeout: keepAliveSeconds * 1000,
    },
    // Half a second after a response it would close a connection whose body is still arriving, which the client, if it
    // has sent everything, already uses for its next request. Node.js and `receive-body.ts` discard bodies themselves.
    autoCleanupIncoming: false,
    createServer: createLimitedServer(everyAnswer) as typeof createServer,
  }) as Server
  server.timeout = UNREAD_TIMEOUT_MS
  limitConnections(server, options)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, host, BACKLOG, () => {
      server.off('error', reject)
      resolve()
    })
  })
  const { port } = server.address() as AddressInfo
  return {
    host,
    port,
    endConnections: () => everyAnswer.set('connection', 'close'),
    close: (graceMs) => close(server, graceMs),
  }
}

const WARN_EVERY_MS = 60_000

/** Each connection takes memory and a file descriptor, which the database and our own requests need too. */
function limitConnections(server: Server, { mostConnections = 0, warn }: ListenOptions): void {
  if (mostConnections === 0) return
  server.maxConnections = mostConnections
  // Otherwise, workers that are all full hand a connection around between them.
  Object.assign(server, { dropMaxConnection: true })
  let warnedAt = -Infinity
  server.on('drop', () => {
    if (performance.now() - warnedAt < WARN_EVERY_MS) return
    warnedAt = performance.now()
    warn?.(
      `${mostConnections} connections are open (limits.connections): more are closed, and this is reported once a minute`,
    )
  })
}

/** Receives the body before calling the handler, except for large ones: their caller is authenticated first. */
function createLimitedServer(everyAnswer: Headers) {
  return (options: ServerOptions, answer: RequestListener): Server =>
    createServer(options, (incoming, outgoing) => {
      if (limitConnection(incoming, outgoing)) return
      outgoing.setHeaders(everyAnswer)
      if (refuseInvalidHost(incoming, outgoing)) return
      const { mostBytes, streamed } = findBodyLimit(incoming.url ?? '')
      if (streamed || !hasBody(incoming)) answer(incoming, outgoing)
      else {
        const closes = !outgoing.shouldKeepAlive
        receiveBody(incoming, { mostBytes, closes }, () => answer(incoming, outgoing))
      }
    })
}

function handOn(app: App, request: Request, incoming: ReceivedRequest): Promise<Response> {
  const isStreamed = incoming.rawBody === undefined && hasBody(incoming)
  const { mostBytes } = findBodyLimit(incoming.url ?? '')
  return app.fetch(isStreamed ? limitStream(request, mostBytes) : request, { incoming, isStreamed })
}

async function close(server: Server, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve())
  })
  // A connection that was busy when closing began stays open for more requests, unless it is closed when it becomes
  // idle.
  const idle = setInterval(() => server.closeIdleConnections(), DRAIN_POLL_MS)
  const cut = setTimeout(() => server.closeAllConnections(), graceMs)
  await closed
  clearInterval(idle)
  clearTimeout(cut)
}

/**
 * The maximum size of a request body, by path, before anything reads it. A route's own limit may be lower.
 */
interface BodyLimit {
  readonly mostBytes: number
  /**
   * true: streamed to the handler, because the caller is not authenticated yet; false: received completely first
   */
  readonly streamed: boolean
}

/** 64 KiB: far above any form or token request */
const USUAL: BodyLimit = { mostBytes: 65_536, streamed: false }
/** Configuration documents; each admin API route has its own lower limit. */
const OF_DOCUMENTS: BodyLimit = { mostBytes: MAX_DOCUMENT_BYTES, streamed: true }

/** Groups with all their members. */
const OF_SCIM: BodyLimit = { mostBytes: MAX_SCIM_BYTES, streamed: true }

/** @param target - path and query from the request line */
function findBodyLimit(target: string): BodyLimit {
  const path = target.split('?', 1)[0] ?? ''
  if (path.startsWith(`${SCIM_PATH}/`)) return OF_SCIM
  return path === EVALUATION_PATH || path.startsWith(`${ADMIN_API_PATH}/`) ? OF_DOCUMENTS : USUAL
}
