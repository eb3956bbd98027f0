// The network of an address: the part that stays the same when a host gets another address.
import { parseAddress } from '@crosswalk/policy'

/** @returns the first 24 bits of IPv4, or 48 of IPv6; undefined if it is not an IP address */
export function nameNetwork(ip: string): string | undefined {
  const address = parseAddress(ip)
  if (address === undefined) return undefined
  if ('octets' in address) return `${address.octets.slice(0, 3).join('.')}.0/24`
  const groups = address.parts.slice(0, 3).map((part) => part.toString(16))
  return `${groups.join(':')}::/48`
}
