// Binds a demo app to its port on loopback and stops it on a signal.
import { createAdaptorServer } from '@hono/node-server'
import type { Hono } from 'hono'

/** A page, a form and a tool call all fit; nothing here is meant for more. */
const HEADERS_TIMEOUT_MS = 10_000

export interface ServedApp {
  readonly name: string
  readonly app: Pick<Hono, 'fetch'>
  readonly port: number
}

/** Runs until SIGINT or SIGTERM; @throws the error of `listen`, for example EADDRINUSE */
export async function serveApp({ name, app, port }: ServedApp): Promise<void> {
  const server = createAdaptorServer({
    fetch: app.fetch,
    serverOptions: { headersTimeout: HEADERS_TIMEOUT_MS },
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  console.error(`${name} is listening on http://127.0.0.1:${port}`)
  const stop = () => {
    server.close()
    // Event streams of MCP clients never end by themselves.
    if ('closeAllConnections' in server) server.closeAllConnections()
  }
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
}
