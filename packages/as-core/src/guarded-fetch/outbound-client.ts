// The HTTP client of our own requests, which connects only to checked addresses. Its library uses 11 MB of memory, so
// it is loaded with the first request; many servers never send one.
import type { Agent, Dispatcher } from 'undici'

import { createCheckedLookup, type GuardedFetchOptions } from './checked-lookup.ts'

type Request = (
  url: string,
  options: Omit<Dispatcher.RequestOptions, 'origin' | 'path'>,
) => Promise<Dispatcher.ResponseData>

export interface OutboundClient {
  /** Loads the library, before the time limit of a request starts. */
  open(): Promise<Request>
  /** Closes idle connections. */
  close(): Promise<void>
}

export function createOutboundClient(options: GuardedFetchOptions): OutboundClient {
  let agent: Agent | undefined
  return {
    async open() {
      const { Agent, request } = await import('undici')
      agent ??= new Agent({
        connect: { timeout: 2000, lookup: createCheckedLookup(options) },
        keepAliveTimeout: 4000,
      })
      const dispatcher = agent
      return (url, given) => request(url, { dispatcher, ...given })
    },
    close: async () => agent?.close(),
  }
}
