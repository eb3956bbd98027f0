// A fake model server on loopback, which runs the scripts of a test and records requests.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

export interface Received {
  readonly path: string
  readonly headers: IncomingMessage['headers']
  // oxlint-disable-next-line typescript/no-explicit-any -- tests inspect requests of any shape
  readonly body: any
}

export type Script = (response: ServerResponse) => void | Promise<void>

export interface FakeModelServer extends AsyncDisposable {
  readonly url: string
  readonly received: readonly Received[]
}

/** @param scripts - one per request, in order; the last one serves all further requests */
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

/** Server-sent events, split at arbitrary bytes. */
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

/** Starts a response, but never sends any data. */
export const neverSendData: Script = (response) => {
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
