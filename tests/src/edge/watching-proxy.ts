// A typical load balancer: sends each request to a server that was ready at the last check, keeps connections to all of them, never retries, and
// learns of restarts only from `/readyz`.
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface WatchingProxy {
  readonly port: number
  /** @returns whether the server at this port was ready at the last check */
  isReady(port: number): boolean
  stop(): Promise<void>
}

export async function startWatchingProxy(ports: readonly number[], everyMs: number): Promise<WatchingProxy> {
  const agent = new Agent({ keepAlive: true })
  const ready = new Set<number>()
  let turn = 0

  async function look(): Promise<void> {
    for (const port of ports) {
      const { ok } = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => ({ ok: false }))
      if (ok) ready.add(port)
      else ready.delete(port)
    }
  }

  function forward(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const { method, url, headers } = incoming
    const port = [...ready][turn++ % Math.max(ready.size, 1)]
    const upstream = request({ agent, host: '127.0.0.1', port, method, path: url, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502)
      answer.pipe(outgoing)
    })
    upstream.on('error', ({ message }) => outgoing.writeHead(502).end(message))
    incoming.pipe(upstream)
  }

  await look()
  const looking = setInterval(() => void look(), everyMs)
  const server = createServer(forward).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    isReady: (port) => ready.has(port),
    async stop() {
      clearInterval(looking)
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      agent.destroy()
    },
  }
}
