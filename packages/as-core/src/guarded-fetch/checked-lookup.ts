// Resolves the host of an outbound request, and returns its addresses only if all of them are allowed (SEC-11).
import { lookup as resolveByDns } from 'node:dns/promises'
import type { LookupFunction } from 'node:net'

import { areAddressesAllowed, type ReachableAddresses } from './address-guard.ts'

export interface ResolvedAddress {
  readonly address: string
  readonly family: number
}

/** @returns all addresses of a host name */
type Resolve = (hostname: string) => Promise<readonly ResolvedAddress[]>

/** `allowLoopback` also allows http to loopback, for development and our own issuers */
export interface GuardedFetchOptions extends ReachableAddresses {
  /** Default: the system resolver */
  readonly resolve?: Resolve
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

const resolveAll = shareLookups((hostname) => resolveByDns(hostname, { all: true }))

/**
 * The system resolver looks up two names at a time, and all others wait, those of the database too. So a host whose name server
 * never answers gets one lookup, however many requests are for it.
 */
export function shareLookups(resolve: Resolve): Resolve {
  const running = new Map<string, ReturnType<Resolve>>()
  return (hostname) => {
    const known = running.get(hostname)
    if (known !== undefined) return known
    const lookup = resolve(hostname).finally(() => running.delete(hostname))
    running.set(hostname, lookup)
    return lookup
  }
}
