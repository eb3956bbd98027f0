// Passes the client address, as resolved by the HTTP layer, through the provider's handler, which has no socket and
// thus no other way to know it.
import type { IncomingMessage } from 'node:http'

import type { Context } from './respond.ts'

const addresses = new WeakMap<IncomingMessage, string>()

export function rememberClientAddress(incoming: IncomingMessage, ip: string | undefined): void {
  if (ip !== undefined) addresses.set(incoming, ip)
}

/** @returns undefined if the HTTP layer does not know it; never an address claimed by the client */
export function readClientAddress({ req }: Pick<Context, 'req'>): string | undefined {
  return addresses.get(req)
}
