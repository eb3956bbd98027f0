// Where a request came from: the peer of the connection or, if the peer is a declared proxy, the client it forwarded
// for. The only place that decides this; policies, sign-in, limits and events all use its result.
import { isInNetwork, type Network, parseAddress, parseNetwork } from '@crosswalk/policy'
import { memoizeBounded } from '@crosswalk/protocol'

import { type Hop, readForwarded, readXForwardedFor } from './forwarded.ts'

/**
 * @param peer - remote address of the socket
 * @returns the address in canonical form, IPv4-mapped ones as IPv4; undefined if it cannot be determined
 */
export type FindClientAddress = (peer: string | undefined, headers: Headers) => string | undefined

/**
 * @param trustedProxies - networks of the proxies whose headers are trusted
 * @throws TypeError if a network is invalid
 */
export function createFindClientAddress(trustedProxies: readonly string[]): FindClientAddress {
  const networks = trustedProxies.map(requireNetwork)
  // The same proxy sends many requests.
  const isProxy = memoizeBounded((hop: string) => isInAny(networks, hop))
  return (peer, headers) => {
    const address = peer === undefined ? undefined : readPeer(peer)
    if (address === undefined || !isProxy(address)) return address
    const stated = readHeaders(headers).map((hops) => findClient(hops, isProxy))
    // Clients can send the header that their proxy does not set. If the two disagree, neither is trusted.
    return stated.every((one) => one === stated[0]) ? stated[0] : undefined
  }
}

/** One connection carries many requests. */
const readPeer = memoizeBounded((peer: string) => parseAddress(peer)?.toString())

/** Headers in which proxies name the client they forward for. */
export const FORWARDING_HEADERS = ['forwarded', 'x-forwarded-for'] as const

function readHeaders(headers: Headers): readonly (readonly Hop[])[] {
  const [forwarded, xForwardedFor] = FORWARDING_HEADERS.map((name) => headers.get(name))
  return [
    ...(typeof forwarded === 'string' ? [readForwarded(forwarded) ?? []] : []),
    ...(typeof xForwardedFor === 'string' ? [readXForwardedFor(xForwardedFor)] : []),
  ]
}

/**
 * Walks from the nearest hop outwards. Everything left of the first hop that is not a trusted proxy was written by
 * the client.
 *
 * @returns the first hop that is not a trusted proxy, or the outermost hop if all are; undefined if it is not an IP
 * address
 */
function findClient(hops: readonly Hop[], isProxy: (hop: string) => boolean): Hop {
  const known = hops.toReversed()
  const client = known.findIndex((hop) => hop === undefined || !isProxy(hop))
  return client === -1 ? hops[0] : known[client]
}

function isInAny(networks: readonly Network[], text: string): boolean {
  const address = parseAddress(text)
  return address !== undefined && networks.some((network) => isInNetwork(network, address))
}

function requireNetwork(text: string): Network {
  const parsed = parseNetwork(text)
  if (parsed.accepted) return parsed.value
  throw new TypeError(`trustedProxies: ${parsed.refusal.problem}`)
}
