// Mounts our servers, which are functions from Request to Response, in Node.js frameworks: Express and Connect by
// middleware, Fastify by a hook. Decides only which server handles a request.
import type { IncomingMessage, ServerResponse } from 'node:http'

import { getRequestListener } from '@hono/node-server'

import { refuseInvalidHost } from './host-header.ts'

/** A mountable server, as returned by `createResourceAs` and `createIdp`. */
export interface EmbeddedServer {
  fetch(request: Request, ip?: string): Promise<Response>
  /** Whether this server handles a path; if absent, it handles all paths */
  serves?(path: string): boolean
}

/** A request as Express represents it; `ip` follows its `trust proxy` setting. */
type NodeRequest = IncomingMessage & { readonly originalUrl?: string; readonly ip?: string | undefined }

export type NodeMiddleware = (
  req: IncomingMessage,
  res: ServerResponse,
  next: (error?: unknown) => void,
) => void

/**
 * For `app.use`: handles the requests of these servers and passes on all others. Mount it before any body parser.
 *
 * @throws TypeError if it is not a server, such as a promise of one
 */
export function toMiddleware(...servers: readonly EmbeddedServer[]): NodeMiddleware {
  const findHandler = createFindHandler(servers)
  return (req: NodeRequest, res, next) => {
    const url = req.originalUrl ?? req.url ?? '/'
    const handle = findHandler(url)
    if (handle === undefined) next()
    else if (req.readableEnded)
      next(new Error('mount the authorization server before body parsers: it reads the body itself'))
    else {
      // The server expects the full path, including a mount path that the framework removed.
      req.url = url
      handle(req, res).catch(next)
    }
  }
}

/** The part of Fastify used here. */
export interface FastifyHook {
  (
    request: { readonly raw: IncomingMessage; readonly ip?: string },
    reply: { readonly raw: ServerResponse; hijack(): unknown },
    done: (error?: Error) => void,
  ): void
}

/** For `fastify.addHook('onRequest', …)`: handles the requests of these servers before Fastify parses anything. */
export function toFastifyHook(...servers: readonly EmbeddedServer[]): FastifyHook {
  const findHandler = createFindHandler(servers)
  return (request, reply, done) => {
    const handle = findHandler(request.raw.url ?? '/')
    if (handle === undefined) {
      done()
      return
    }
    reply.hijack()
    // Fastify has the address of the client, by its setting `trustProxy`, on its own request only.
    const raw = Object.assign(request.raw, { ip: request.ip })
    // The listener handles faults itself; Fastify must not write to a hijacked response.
    void handle(raw, reply.raw)
  }
}

function createFindHandler(servers: readonly EmbeddedServer[]) {
  if (!servers.every((server) => typeof server?.fetch === 'function'))
    throw new TypeError('a server to mount has no fetch(): await createResourceAs(…) or createIdp(…) first')
  const mounted = servers.map((server) => ({ server, handle: createHandler(server) }))
  return (url: string) => {
    const path = url.replace(/[?#].*$/s, '')
    return mounted.find(({ server }) => server.serves?.(path) ?? true)?.handle
  }
}

function createHandler(server: EmbeddedServer) {
  const handle = getRequestListener(
    (request, { incoming }) =>
      server.fetch(request, (incoming as NodeRequest).ip ?? incoming.socket.remoteAddress),
    { overrideGlobalObjects: false },
  )
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (!refuseInvalidHost(request, response)) await handle(request, response)
  }
}
