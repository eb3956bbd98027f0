// A proxy in front of an MCP server that adds an access token to requests without one, since the conformance tool has no tokens. Everything
// else, including Host and Origin, reaches the server unchanged.
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface TokenProxy {
  /** Origin of the proxy */
  readonly origin: string
  /** Sets the port of the server behind it, and where tokens come from */
  open(port: number, getToken: () => Promise<string>): void
  stop(): Promise<void>
}

interface Behind {
  readonly port: number
  readonly getToken: () => Promise<string>
}

/** Starts a proxy that responds with 503 until it is opened, since the server behind it must first know its URL. */
export async function startTokenProxy(): Promise<TokenProxy> {
  let behind: Behind | undefined
  const server = createServer((incoming, outgoing) => {
    if (behind === undefined) outgoing.writeHead(503).end()
    else pass(incoming, outgoing, behind).catch((error: unknown) => outgoing.destroy(error as Error))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    open: (port, getToken) => {
      behind = { port, getToken }
    },
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function pass(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { port, getToken }: Behind,
): Promise<void> {
  const needsToken =
    incoming.headers.authorization === undefined && !incoming.url?.startsWith('/.well-known/')
  const token = needsToken ? { authorization: `Bearer ${await getToken()}` } : {}
  const onward = request(
    {
      host: '127.0.0.1',
      port,
      method: incoming.method,
      path: incoming.url,
      headers: { ...incoming.headers, ...token },
    },
    (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    },
  )
  onward.once('error', () => outgoing.destroy())
  outgoing.once('close', () => onward.destroy())
  incoming.pipe(onward)
}
