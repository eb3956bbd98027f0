// Address ranges in rules. An IPv4-mapped IPv6 address (::ffff:10.0.0.1) is treated as the IPv4 address, in facts and
// in rules: otherwise a client could evade an IPv4 rule through a dual-stack listener.
import { accept, refuse, type Result } from '@crosswalk/protocol'
import ipaddr from 'ipaddr.js'

export type Address = ipaddr.IPv4 | ipaddr.IPv6

export interface Network {
  readonly base: Address
  readonly prefixBits: number
}

export interface ValueProblem {
  readonly problem: string
  readonly fix: string
}

/** @returns the address, IPv4-mapped ones as IPv4; undefined if the text is not an address */
export function parseAddress(text: string): Address | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text)
  if (!text.includes(':') || !ipaddr.IPv6.isValid(text)) return undefined
  const address = ipaddr.IPv6.parse(text)
  return address.isIPv4MappedAddress() ? address.toIPv4Address() : address
}

/** Parses `10.0.0.0/8`, `2001:db8::/32` or one address; refuses bits set beyond the prefix, which suggest a typo. */
export function parseNetwork(text: string): Result<Network, ValueProblem> {
  const [host = '', prefix, ...more] = text.split('/')
  const address = host.includes('%') ? undefined : parseAddress(host)
  const isMapped = host.includes(':') && address?.kind() === 'ipv4'
  const widthBits = address?.kind() === 'ipv4' ? 32 : 128
  const writtenBits = prefix === undefined ? widthBits + (isMapped ? 96 : 0) : Number(prefix)
  const prefixBits = isMapped ? writtenBits - 96 : writtenBits
  const isPrefix = (prefix === undefined || /^\d{1,3}$/.test(prefix)) && more.length === 0
  if (address === undefined || !isPrefix || prefixBits < 0 || prefixBits > widthBits) {
    return refuse({
      problem: `${JSON.stringify(text)} is not an address range`,
      fix: 'write a range such as 10.0.0.0/8 or 2001:db8::/32, or one address',
    })
  }
  const base = ipaddr.fromByteArray(clearHostBits(address.toByteArray(), prefixBits))
  if (base.toNormalizedString() !== address.toNormalizedString()) {
    return refuse({
      problem: `${text} has bits set beyond its prefix`,
      fix: `write ${base.toString()}/${prefixBits}`,
    })
  }
  return accept({ base, prefixBits })
}

/** @returns the valid ranges of a clause */
export function parseNetworks(written: readonly (string | number | boolean)[]): readonly Network[] {
  return written.flatMap((one) => {
    const parsed = parseNetwork(String(one))
    return parsed.accepted ? [parsed.value] : []
  })
}

export function isInNetwork({ base, prefixBits }: Network, address: Address): boolean {
  return address.kind() === base.kind() && address.match(base, prefixBits)
}

function clearHostBits(bytes: readonly number[], prefixBits: number): number[] {
  return bytes.map((byte, index) => {
    const kept = Math.min(8, Math.max(0, prefixBits - index * 8))
    return byte & (0xff << (8 - kept))
  })
}

/** @returns the first and last address of the network, and their outer neighbours if they exist */
export function listEdgeAddresses({ base, prefixBits }: Network): readonly string[] {
  const bytes = base.toByteArray()
  const bits = bytes.length * 8
  const first = BigInt(`0x${bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('')}`)
  const last = first + (1n << BigInt(bits - prefixBits)) - 1n
  return [first, last, first - 1n, last + 1n]
    .filter((value) => value >= 0n && value < 1n << BigInt(bits))
    .map((value) => writeAddress(value, bytes.length))
}

function writeAddress(value: bigint, length: number): string {
  const digits = value.toString(16).padStart(length * 2, '0')
  const bytes = Array.from({ length }, (_, at) => Number.parseInt(digits.slice(at * 2, at * 2 + 2), 16))
  return ipaddr.fromByteArray(bytes).toString()
}
