// The network by which guesses from an address are counted: a single IPv4 address, or the upper half of an IPv6
// address. A provider assigns this half to one customer, who can choose the lower half freely.
import ipaddr from 'ipaddr.js'

const NETWORK_GROUPS = 4

/** @returns the text unchanged if it is not an address */
export function findNetwork(address: string): string {
  if (!ipaddr.IPv4.isValidFourPartDecimal(address) && !ipaddr.IPv6.isValid(address)) return address
  const parsed = ipaddr.process(address)
  return 'octets' in parsed
    ? parsed.toString()
    : parsed.parts
        .slice(0, NETWORK_GROUPS)
        .map((group) => group.toString(16))
        .join(':')
}
