// A `fetch` for libraries with a protocol of their own. It has the limits of our own requests: no redirects, proxies,
// cookies or unchecked addresses, and responses of bounded size (SEC-11, SEC-12).
import { readAtMost } from '@crosswalk/protocol'
import type { Dispatcher } from 'undici'

import { findTargetProblem } from './address-guard.ts'
import type { GuardedFetchOptions } from './checked-lookup.ts'
import { MAX_DOCUMENT_BYTES } from './guarded-fetch.ts'
import { createOutboundClient } from './outbound-client.ts'

export interface GuardedWebFetch {
  /** @throws TypeError if a request is refused or fails, like `fetch` */
  readonly fetch: typeof globalThis.fetch
  /** Closes idle connections. */
  close(): Promise<void>
}

export function createGuardedWebFetch(options: GuardedFetchOptions): GuardedWebFetch {
  const { totalTimeoutMs = 5000 } = options
  const client = createOutboundClient(options)
  return {
    async fetch(input, init) {
      const { url, method, headers, body } = await readRequest(new Request(input, init))
      const problem = findTargetProblem(url, options)
      if (problem !== undefined) throw new TypeError(`refused to fetch ${url}: ${problem}`)
      const request = await client.open()
      const signal = AbortSignal.timeout(totalTimeoutMs)
      try {
        return await readResponse(await request(url, { method, headers, body, signal }))
      } catch (cause) {
        throw new TypeError(`could not fetch ${url}`, { cause })
      }
    },
    close: () => client.close(),
  }
}

async function readRequest(given: Request) {
  const headers = { ...Object.fromEntries(given.headers), 'accept-encoding': 'identity' }
  const method = given.method as Dispatcher.HttpMethod
  return { url: given.url, method, headers, body: given.body === null ? null : await given.text() }
}

async function readResponse({ statusCode, headers, body }: Dispatcher.ResponseData): Promise<Response> {
  const read = await readAtMost(body, MAX_DOCUMENT_BYTES)
  if (read === undefined) throw new Error(`the response is over ${MAX_DOCUMENT_BYTES} bytes`)
  const kept = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)] as [string, string]],
  )
  const bodiless = [204, 205, 304].includes(statusCode)
  return new Response(bodiless ? null : read, { status: statusCode, headers: kept })
}
