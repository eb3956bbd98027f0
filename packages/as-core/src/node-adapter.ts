// Mounts a server of ours, which is a function from Request to Response, in frameworks that speak Node.js: Express and
// Connect by middleware, Fastify by a hook. Decides only whose request it is.
import type { IncomingMessage, ServerResponse } from 'node:http'

import { getRequestListener } from '@hono/node-server'

/** What can be mounted: what `createResourceAs` and `createIdp` return. */
export interface EmbeddedServer {
  fetch(request: Request, ip?: string): Promise<Response>
  /** Whether a path is this server's; without it, every path is */
  serves?(path: string): boolean
}

/** As Express sees requests; `ip` heeds its setting `trust proxy`. */
type NodeRequest = IncomingMessage & { readonly originalUrl?: string; readonly ip?: string | undefined }

export type NodeMiddleware = (
  req: IncomingMessage,
  res: ServerResponse,
  next: (error?: unknown) => void,
) => void

/** For `app.use`: answers requests that are one of the servers', hands on the others. Mount it before any body parser. */
export function toMiddleware(...servers: readonly EmbeddedServer[]): NodeMiddleware {
  const findHandler = createFindHandler(servers)
  return (req: NodeRequest, res, next) => {
    const url = req.originalUrl ?? req.url ?? '/'
    const handle = findHandler(url)
    if (handle === undefined) next()
    else if (req.readableEnded)
      next(new Error('mount the authorization server before body parsers: it reads the body itself'))
    else {
      // A mount path that the framework cut off is part of what the server knows.
      req.url = url
      handle(req, res).catch(next)
    }
  }
}

/** The part of Fastify that is used here. */
export interface FastifyHook {
  (
    request: { readonly raw: IncomingMessage; readonly ip?: string },
    reply: { readonly raw: ServerResponse; hijack(): unknown },
    done: (error?: Error) => void,
  ): void
}

/** For `fastify.addHook('onRequest', …)`: answers requests that are one of the servers' before Fastify parses anything. */
export function toFastifyHook(...servers: readonly EmbeddedServer[]): FastifyHook {
  const findHandler = createFindHandler(servers)
  return (request, reply, done) => {
    const handle = findHandler(request.raw.url ?? '/')
    if (handle === undefined) {
      done()
      return
    }
    reply.hijack()
    // The listener answers faults itself; no one else may write to a response that was taken over.
    void handle(request.raw, reply.raw)
  }
}

function createFindHandler(servers: readonly EmbeddedServer[]) {
  const mounted = servers.map((server) => ({ server, handle: createHandler(server) }))
  return (url: string) => {
    const path = url.replace(/[?#].*$/s, '')
    return mounted.find(({ server }) => server.serves?.(path) ?? true)?.handle
  }
}

function createHandler(server: EmbeddedServer) {
  return getRequestListener(
    (request, { incoming }) =>
      server.fetch(request, (incoming as NodeRequest).ip ?? incoming.socket.remoteAddress),
    { overrideGlobalObjects: false },
  )
}
