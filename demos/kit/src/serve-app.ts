// Serves a demo app on its loopback port, traces its requests, and stops on a signal.
import { startTelemetry } from '@crosswalk/server/telemetry'
import { traceRequest } from '@crosswalk/tracing'
import { createAdaptorServer } from '@hono/node-server'
import type { Hono } from 'hono'

/** Enough for pages, forms and tool calls. */
const HEADERS_TIMEOUT_MS = 10_000

export interface ServedApp {
  readonly name: string
  readonly app: Pick<Hono, 'fetch'>
  readonly port: number
}

/** Runs until SIGINT or SIGTERM; @throws the error of `listen`, for example EADDRINUSE */
export async function serveApp({ name, app, port }: ServedApp): Promise<void> {
  const telemetry = await startTelemetry(name.toLowerCase())
  const server = createAdaptorServer({
    fetch: (request, env) => traceRequest(describe(request), async () => await app.fetch(request, env)),
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
    void telemetry?.close()
  }
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
}

/** Paths of the demo apps contain no ids of users. */
function describe({ method, headers, url }: Request) {
  return { method, headers, findRoute: () => new URL(url).pathname }
}
