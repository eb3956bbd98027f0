// The network of an address: the part that stays the same when a host gets another address.
import { isIPv4, isIPv6 } from 'node:net'

/** @returns the first 24 bits of IPv4, or 48 of IPv6; undefined if it is not an IP address */
export function findNetwork(ip: string): string | undefined {
  const address = ip.replace(/^::ffff:(?=\d+\.)/i, '')
  if (isIPv4(address)) return `${address.split('.').slice(0, 3).join('.')}.0/24`
  if (!isIPv6(address)) return undefined
  const [before = '', after] = address.split('%', 1)[0]?.split('::') ?? []
  const head = before === '' ? [] : before.split(':')
  const tail = after === undefined || after === '' ? [] : after.split(':')
  // An embedded IPv4 address counts as two parts.
  const length = head.length + tail.length + (address.includes('.') ? 1 : 0)
  const zeros = after === undefined ? [] : Array.from({ length: 8 - length }, () => '0')
  const parts = [...head, ...zeros, ...tail].slice(0, 3).map((part) => parseInt(part, 16).toString(16))
  return `${parts.join(':')}::/48`
}
