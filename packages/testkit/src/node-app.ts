// Mounts an Express, Koa or plain Node.js app in a world: real HTTP over an in-process pair of streams instead of a
// socket, so that every framework feature works.
import {
  type ClientRequest,
  createServer,
  type IncomingMessage,
  request as send,
  type ServerResponse,
} from 'node:http'
import { duplexPair } from 'node:stream'

import type { Handler } from './network.ts'

export type NodeListener = (req: IncomingMessage, res: ServerResponse) => void

/** Responses are returned once they are complete. */
export function toHandler(listener: NodeListener): Handler {
  const server = createServer(listener)
  return async (request) => {
    const [near, far] = duplexPair()
    server.emit('connection', far)
    const { host, pathname, search } = new URL(request.url)
    const body = Buffer.from(await request.arrayBuffer())
    const outgoing = send({
      method: request.method,
      host,
      path: `${pathname}${search}`,
      headers: {
        ...Object.fromEntries(request.headers),
        host,
        'content-length': body.length,
        connection: 'close',
      },
      createConnection: () => near,
    })
    const answered = readAnswer(outgoing)
    outgoing.end(body)
    return await answered
  }
}

async function readAnswer(outgoing: ClientRequest): Promise<Response> {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    outgoing.once('response', resolve)
    outgoing.once('error', reject)
  })
  const parts: Buffer[] = []
  for await (const part of answer) parts.push(part as Buffer)
  const body = Buffer.concat(parts)
  const headers = Object.entries(answer.headersDistinct).flatMap(([name, values = []]) =>
    values.map((value): [string, string] => [name, value]),
  )
  return new Response(body.length === 0 ? null : body, { status: answer.statusCode ?? 502, headers })
}
