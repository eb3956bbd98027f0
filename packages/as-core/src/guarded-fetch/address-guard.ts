// Which hosts, ports and addresses our outbound requests may reach (SEC-10, SEC-11; see
// docs/adr/0011-guarded-fetch.md). Checks names and addresses only; connecting is done elsewhere.
import ipaddr from 'ipaddr.js'

const LOOPBACK_NAME = /^(localhost|([a-z0-9-]+\.)*localhost)$/i
/** 2000::/3, the only space for global IPv6 unicast */
const GLOBAL_UNICAST = ipaddr.IPv6.parse('2000::')
const LOWEST_FREE_PORT = 1024

export type TargetProblem = 'not-a-url' | 'scheme-refused' | 'port-refused' | 'address-refused'

/** @returns whether the address is on the public internet: not private, special-use or translated (RFC 6890) */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false
  const parsed = ipaddr.parse(address)
  if (parsed instanceof ipaddr.IPv6 && !parsed.match(GLOBAL_UNICAST, 3)) return false
  return parsed.range() === 'unicast'
}

function isLoopbackAddress(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'loopback'
}

/** @returns whether the name alone identifies this machine: a loopback literal or a name under `localhost` */
export function isLoopbackHost(hostname: string): boolean {
  const bare = stripBrackets(hostname)
  return LOOPBACK_NAME.test(bare) || isLoopbackAddress(bare)
}

/** What may be reached in addition to the public internet. */
export interface ReachableAddresses {
  readonly allowLoopback: boolean
  /** Whether addresses of private networks (RFC 1918, RFC 4193) are allowed like public ones; default: no */
  readonly allowPrivate?: boolean
  /** Whether names beside `localhost` may resolve to loopback, as a server's own name often does on it; default: no */
  readonly allowNamesOfLoopback?: boolean
}

function isPrivateAddress(address: string): boolean {
  return ipaddr.isValid(address) && ['private', 'uniqueLocal'].includes(ipaddr.process(address).range())
}

/** A loopback name must resolve only to loopback addresses; any other name never to them unless that is allowed. */
export function areAddressesAllowed(
  hostname: string,
  addresses: readonly string[],
  { allowLoopback, allowPrivate = false, allowNamesOfLoopback = false }: ReachableAddresses,
): boolean {
  if (addresses.length === 0) return false
  if (isLoopbackHost(hostname)) return allowLoopback && addresses.every(isLoopbackAddress)
  return addresses.every(
    (one) =>
      isPublicAddress(one) ||
      (allowPrivate && isPrivateAddress(one)) ||
      (allowNamesOfLoopback && isLoopbackAddress(one)),
  )
}

/**
 * Checks a URL before resolving it: https, or http to loopback; no user information; no well-known port of another
 * service.
 */
export function findTargetProblem(text: string, reachable: ReachableAddresses): TargetProblem | undefined {
  if (!URL.canParse(text)) return 'not-a-url'
  const url = new URL(text)
  const loopback = isLoopbackHost(url.hostname)
  if (loopback && !reachable.allowLoopback) return 'address-refused'
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback)) return 'scheme-refused'
  if (url.username !== '' || url.password !== '') return 'not-a-url'
  const port = url.port === '' ? 443 : Number(url.port)
  if (!loopback && port !== 443 && port < LOWEST_FREE_PORT) return 'port-refused'
  // A literal skips the resolver, so check it here.
  const bare = stripBrackets(url.hostname)
  return ipaddr.isValid(bare) && !areAddressesAllowed(bare, [bare], reachable) ? 'address-refused' : undefined
}

function stripBrackets(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '')
}
