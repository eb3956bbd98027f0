// The address a request came from, as the HTTP layer resolved it, on its way through the provider's handler. The handler
// sees no socket, so nothing else there knows where a request came from.
import type { IncomingMessage } from 'node:http'

import type { Context } from './respond.ts'

const addresses = new WeakMap<IncomingMessage, string>()

export function rememberClientAddress(incoming: IncomingMessage, ip: string | undefined): void {
  if (ip !== undefined) addresses.set(incoming, ip)
}

/** @returns undefined where the HTTP layer could not tell; never what a client claimed */
export function readClientAddress({ req }: Pick<Context, 'req'>): string | undefined {
  return addresses.get(req)
}
