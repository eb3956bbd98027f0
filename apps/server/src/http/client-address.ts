// Where a request came from: the peer of the connection, or, where that is a declared proxy, whom it forwarded for. The one
// place that decides this; policies, sign-in, limits and events all use its answer.
import { isInNetwork, type Network, parseAddress, parseNetwork } from '@crosswalk/policy'
import { memoizeBounded } from '@crosswalk/protocol'

import { type Hop, readForwarded, readXForwardedFor } from './forwarded.ts'

/**
 * @param peer - remote address of the socket
 * @returns the address in canonical form, IPv4-mapped ones as IPv4; undefined where it cannot be told, which network
 *   conditions take as not known
 */
export type FindClientAddress = (peer: string | undefined, headers: Headers) => string | undefined

/**
 * @param trustedProxies - networks whose hosts are believed about whom they forward for
 * @throws TypeError for a network that cannot be parsed
 */
export function createFindClientAddress(trustedProxies: readonly string[]): FindClientAddress {
  const networks = trustedProxies.map(requireNetwork)
  // A proxy sends many requests.
  const isProxy = memoizeBounded((hop: string) => isInAny(networks, hop))
  return (peer, headers) => {
    const address = peer === undefined ? undefined : readPeer(peer)
    if (address === undefined || !isProxy(address)) return address
    const said = readHeaders(headers).map((hops) => findClient(hops, isProxy))
    // Clients can send the header that their proxy does not write. Where the two disagree, neither is believed.
    return said.every((one) => one === said[0]) ? said[0] : undefined
  }
}

/** A connection brings many requests. */
const readPeer = memoizeBounded((peer: string) => parseAddress(peer)?.toString())

/** Headers by which proxies say for whom they forward. */
export const FORWARDING_HEADERS = ['forwarded', 'x-forwarded-for'] as const

function readHeaders(headers: Headers): readonly (readonly Hop[])[] {
  const [forwarded, xForwardedFor] = FORWARDING_HEADERS.map((name) => headers.get(name))
  return [
    ...(typeof forwarded === 'string' ? [readForwarded(forwarded) ?? []] : []),
    ...(typeof xForwardedFor === 'string' ? [readXForwardedFor(xForwardedFor)] : []),
  ]
}

/**
 * Walks from the nearest hop outwards. Everything left of the first one that is no proxy of ours was written by the client.
 *
 * @returns the first hop that is no proxy; the outermost one where all are; undefined for what is no address
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
