// Between the web `Request` and `Response` of the IdP and the Node.js handler of the provider library, in this
// process, without a socket. Decides what the handler may believe about where it is served: only `baseUrl`.
import type { IncomingMessage, RequestListener } from 'node:http'

import { readAtMost } from '@crosswalk/as-core'
import inject from 'light-my-request'

import { rememberClientAddress } from './client-address.ts'

const MAX_BODY_BYTES = 65_536

/** Set by us, or about a connection that does not exist here. */
const DROPPED_HEADERS = /^(host|connection|content-length|transfer-encoding|expect|forwarded|x-forwarded-.*)$/

export interface Bridge {
  /**
   * @param ip - address of the client; the handler sees no other
   * @returns the answer of the handler; 413 for bodies over 64 KiB; undefined outside `baseUrl`
   */
  send(request: Request, ip?: string): Promise<Response | undefined>
}

export function createBridge(listener: RequestListener, baseUrl: string): Bridge {
  const base = new URL(baseUrl)
  const prefix = base.pathname.replace(/\/$/, '')
  const createHandler =
    (ip: string | undefined): RequestListener =>
    (req, res) => {
      // Where the library looks for the part of the path that it does not see.
      ;(req as IncomingMessage & { originalUrl: string }).originalUrl = `${prefix}${req.url ?? ''}`
      rememberClientAddress(req, ip)
      listener(req, res)
    }
  return {
    async send(request, ip) {
      const { pathname, search } = new URL(request.url)
      if (!pathname.startsWith(`${prefix}/`)) return undefined
      const payload = await readAtMost(request.body, MAX_BODY_BYTES)
      if (payload === undefined) return Response.json({ error: 'invalid_request' }, { status: 413 })
      const answer = await inject(createHandler(ip), {
        method: request.method,
        url: `${pathname.slice(prefix.length)}${search}`,
        headers: buildHeaders(request.headers, base, payload),
        ...(payload.length > 0 ? { payload } : {}),
      })
      return buildResponse(answer)
    },
  }
}

function buildHeaders(given: Headers, base: URL, payload: Buffer): Record<string, string> {
  // Without a body there is nothing that a type could be of, and the library takes one that it does not see amiss.
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
