// Resolves the host of an outbound request, and returns its addresses only if all of them are allowed (SEC-11).
import { lookup as resolveByDns } from 'node:dns/promises'
import type { LookupFunction } from 'node:net'

import { areAddressesAllowed, type ReachableAddresses } from './address-guard.ts'

export interface ResolvedAddress {
  readonly address: string
  readonly family: number
}

/** `allowLoopback` also allows http to loopback, for development and our own issuers */
export interface GuardedFetchOptions extends ReachableAddresses {
  /** @returns all addresses of a host name; default: the system resolver */
  readonly resolve?: (hostname: string) => Promise<readonly ResolvedAddress[]>
  readonly totalTimeoutMs?: number
}

export const ADDRESS_REFUSED = 'ADDRESS_REFUSED'

/**
 * Resolves once, checks every address, and passes exactly these to the socket, so that nothing is resolved again. The
 * sender checks the URL first (`findTargetProblem`).
 */
export function createCheckedLookup({
  resolve = resolveAll,
  ...reachable
}: GuardedFetchOptions): LookupFunction {
  return (hostname, { all }, callback) => {
    resolve(hostname).then(
      (found) => {
        const addresses = found.map(({ address }) => address)
        const [first] = found
        if (first === undefined || !areAddressesAllowed(hostname, addresses, reachable)) {
          const refused = new Error(`refused to connect to the addresses of ${hostname}`)
          callback(Object.assign(refused, { code: ADDRESS_REFUSED }), '', 0)
        } else if (all === true) callback(null, [...found])
        else callback(null, first.address, first.family)
      },
      (error: unknown) => {
        callback(error as NodeJS.ErrnoException, '', 0)
      },
    )
  }
}

function resolveAll(hostname: string): Promise<readonly ResolvedAddress[]> {
  return resolveByDns(hostname, { all: true })
}
