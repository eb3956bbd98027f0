// Puts an app of Express, Fastify, Koa or plain Node.js into a world: requests reach its listener in this process.
import type { IncomingMessage, ServerResponse } from 'node:http'

import inject from 'light-my-request'

import type { Handler } from './network.ts'

export type NodeListener = (req: IncomingMessage, res: ServerResponse) => void

/** Answers are handed on once they are complete. */
export function toHandler(listener: NodeListener): Handler {
  return async (request) => {
    const { host, pathname, search } = new URL(request.url)
    const payload = Buffer.from(await request.arrayBuffer())
    const answer = await inject(
      (req, res) => listener(req as IncomingMessage, res as unknown as ServerResponse),
      {
        method: request.method as 'GET',
        url: `${pathname}${search}`,
        headers: { ...Object.fromEntries(request.headers), host },
        ...(payload.length > 0 ? { payload } : {}),
      },
    )
    const { statusCode: status, rawPayload } = answer
    const body = rawPayload.length === 0 ? null : new Uint8Array(rawPayload)
    return new Response(body, { status, headers: listHeaders(answer.headers) })
  }
}

function listHeaders(headers: Readonly<Record<string, unknown>>): [string, string][] {
  return Object.entries(headers).flatMap(([name, value]) =>
    [value ?? []].flat().map((one): [string, string] => [name, String(one)]),
  )
}
