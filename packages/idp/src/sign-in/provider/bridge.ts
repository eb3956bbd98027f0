// Connects the web `Request` and `Response` of the IdP with the Node.js handler of the provider library, in this
// process and without a socket. All the handler learns about its location is `baseUrl`.
import type { IncomingMessage, RequestListener } from 'node:http'

import { readAtMost } from '@crosswalk/protocol'
import inject from 'light-my-request'

import { rememberClientAddress } from '../client-address.ts'

const MAX_BODY_BYTES = 65_536
/** The handler's cost grows with the square of repeated parameters. */
const MAX_PARAMETERS = 500

/** Headers that we set, or that describe a connection that does not exist here. */
const DROPPED_HEADERS = /^(host|connection|content-length|transfer-encoding|expect|forwarded|x-forwarded-.*)$/

export interface Bridge {
  /**
   * @param ip - client address; the handler sees no other address
   * @returns the response of the handler; 413 for bodies over 64 KiB, 400 for more than 500 parameters; undefined
   *   outside `baseUrl`
   */
  send(request: Request, ip?: string): Promise<Response | undefined>
}

export function createBridge(listener: RequestListener, baseUrl: string): Bridge {
  const base = new URL(baseUrl)
  const prefix = base.pathname.replace(/\/$/, '')
  const createHandler =
    (ip: string | undefined): RequestListener =>
    (req, res) => {
      // The library reads the part of the path in front of it from here.
      ;(req as IncomingMessage & { originalUrl: string }).originalUrl = `${prefix}${req.url ?? ''}`
      rememberClientAddress(req, ip)
      listener(req, res)
    }
  return {
    async send(request, ip) {
      const { pathname, search } = new URL(request.url)
      if (!pathname.startsWith(`${prefix}/`)) return undefined
      if (search.split('&').length > MAX_PARAMETERS)
        return Response.json({ error: 'invalid_request' }, { status: 400 })
      const payload = await readAtMost(request.body, MAX_BODY_BYTES)
      if (payload === undefined) return Response.json({ error: 'invalid_request' }, { status: 413 })
      const answer = await inject(createHandler(ip), {
        method: request.method,
        url: `${pathname.slice(prefix.length)}${search}`,
        headers: buildHeaders(request.headers, base, payload),
        ...(payload.length > 0 ? { payload: Buffer.from(payload) } : {}),
      })
      return buildResponse(answer)
    },
  }
}

function buildHeaders(given: Headers, base: URL, payload: Uint8Array): Record<string, string> {
  // Drop the type of an empty body, because the library rejects unexpected types.
  const empty = payload.length === 0
  const kept = [...given].filter(
    ([name]) => !DROPPED_HEADERS.test(name) && !(empty && name === 'content-type'),
  )
  return {
    ...Object.fromEntries(kept),
    host: base.host,
    'x-forwarded-proto': base.protocol.slice(0, -1),
    ...(empty ? {} : { 'content-length': String(payload.length) }),
  }
}

function buildResponse({ statusCode, headers, rawPayload }: inject.Response): Response {
  const target = new Headers()
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || name === 'connection' || name === 'transfer-encoding') continue
    for (const one of Array.isArray(value) ? value : [String(value)]) target.append(name, one)
  }
  const bodiless = rawPayload.length === 0 || [204, 205, 304].includes(statusCode)
  return new Response(bodiless ? null : new Uint8Array(rawPayload), { status: statusCode, headers: target })
}
