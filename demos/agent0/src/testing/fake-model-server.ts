// A model server on loopback that says what a test tells it to, and keeps what it was sent.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

export interface Received {
  readonly path: string
  readonly headers: IncomingMessage['headers']
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into whatever was sent
  readonly body: any
}

export type Script = (response: ServerResponse) => void | Promise<void>

export interface FakeModelServer extends AsyncDisposable {
  readonly url: string
  readonly received: readonly Received[]
}

/** @param scripts - one for each request, in order; the last serves all that follow */
export async function startFakeModelServer(...scripts: readonly Script[]): Promise<FakeModelServer> {
  const received: Received[] = []
  const server = createServer((request, response) => {
    void readBody(request).then((text) => {
      const script = scripts[Math.min(received.length, scripts.length - 1)]
      received.push({ path: request.url ?? '', headers: request.headers, body: JSON.parse(text) })
      return script?.(response)
    })
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    received,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

/** Server-sent events, cut into pieces that fit no event. */
export function sendEvents(events: readonly unknown[], { done = true } = {}): Script {
  return async (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    const text = events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('')
    await sendInPieces(response, done ? `${text}data: [DONE]\n\n` : text)
  }
}

export function sendLines(lines: readonly unknown[]): Script {
  return async (response) => {
    response.writeHead(200, { 'content-type': 'application/x-ndjson' })
    await sendInPieces(response, lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
  }
}

export function sendJson(status: number, body: unknown): Script {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(JSON.stringify(body, null, 2))
  }
}

/** Begins, and then says nothing more. */
export const sayNothing: Script = (response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  response.flushHeaders()
}

const PIECE_BYTES = 37

async function sendInPieces(response: ServerResponse, text: string): Promise<void> {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += PIECE_BYTES)
    await new Promise((resolve) => response.write(bytes.subarray(at, at + PIECE_BYTES), resolve))
  response.end()
}
