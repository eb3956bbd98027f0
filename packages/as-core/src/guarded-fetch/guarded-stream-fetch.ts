// A `fetch` for proxies, limited to addresses that the guard allows: no redirects, proxies or cookies. It streams the
// response; the caller limits its time and size.
import { Readable } from 'node:stream'

import type { Dispatcher } from 'undici'

import { findTargetProblem } from './address-guard.ts'
import type { GuardedFetchOptions } from './checked-lookup.ts'
import type { GuardedWebFetch } from './guarded-web-fetch.ts'
import { createOutboundClient } from './outbound-client.ts'

export function createGuardedStreamFetch(options: GuardedFetchOptions): GuardedWebFetch {
  const client = createOutboundClient(options)
  return {
    async fetch(input, init) {
      const given = new Request(input, init)
      const problem = findTargetProblem(given.url, options)
      if (problem !== undefined) throw new TypeError(`refused to fetch ${given.url}: ${problem}`)
      const request = await client.open()
      const answer = await request(given.url, {
        method: given.method as Dispatcher.HttpMethod,
        headers: { ...Object.fromEntries(given.headers), 'accept-encoding': 'identity' },
        body: given.body === null ? null : new Uint8Array(await given.arrayBuffer()),
        signal: given.signal,
      })
      return readResponse(answer)
    },
    close: () => client.close(),
  }
}

function readResponse({ statusCode, headers, body }: Dispatcher.ResponseData): Response {
  // Encoded in spite of our request, so the content could not be inspected.
  if (headers['content-encoding'] !== undefined && headers['content-encoding'] !== 'identity') {
    discard(body)
    throw new TypeError('the response is encoded, although identity was requested')
  }
  const kept = Object.entries(headers).flatMap(([name, value]) =>
    [value].flat().flatMap((one) => (one === undefined ? [] : [[name, one] as [string, string]])),
  )
  const bodiless = [204, 205, 304].includes(statusCode)
  if (bodiless) discard(body)
  const stream = Readable.toWeb(body) as unknown as ReadableStream<Uint8Array<ArrayBuffer>>
  return new Response(bodiless ? null : stream, { status: statusCode, headers: kept })
}

/** Destroying a body that has not ended is an error, which would end the process without a listener. */
function discard(body: Readable): void {
  body.on('error', () => undefined).destroy()
}
