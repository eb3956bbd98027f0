import { describe, expect, it } from 'vitest'

import { isInNetwork, parseAddress, parseNetwork } from './network.ts'

function contains(network: string, address: string): boolean | undefined {
  const parsed = parseNetwork(network)
  const at = parseAddress(address)
  return parsed.accepted && at !== undefined ? isInNetwork(parsed.value, at) : undefined
}

describe('networks', () => {
  it.each([
    ['10.0.0.0/8', '10.0.0.0', true],
    ['10.0.0.0/8', '10.255.255.255', true],
    ['10.0.0.0/8', '9.255.255.255', false],
    ['10.0.0.0/8', '11.0.0.0', false],
    ['10.0.0.128/25', '10.0.0.128', true],
    ['10.0.0.128/25', '10.0.0.127', false],
    ['10.0.0.1', '10.0.0.1', true],
    ['10.0.0.1', '10.0.0.2', false],
    ['0.0.0.0/0', '255.255.255.255', true],
    ['0.0.0.0/0', '2001:db8::1', false],
    ['2001:db8::/32', '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff', true],
    ['2001:db8::/32', '2001:db9::', false],
    ['2001:db8::/32', '10.0.0.1', false],
    ['::1', '::1', true],
    ['::1', '::2', false],
    ['::/0', '2001:db8::1', true],
    ['fe80::/10', 'fe80::1%eth0', true],
  ])('%s contains %s: %s', (network, address, expected) => {
    expect(contains(network, address)).toBe(expected)
  })

  it.each([
    ['10.0.0.0/8', '::ffff:10.1.2.3', true],
    ['10.0.0.0/8', '::ffff:a01:203', true],
    ['10.0.0.0/8', '::ffff:11.1.2.3', false],
    ['::ffff:10.0.0.0/104', '10.1.2.3', true],
    ['::ffff:10.0.0.0/104', '11.1.2.3', false],
    ['::ffff:10.1.2.3', '10.1.2.3', true],
    ['::/0', '::ffff:10.1.2.3', false],
  ])('treats IPv4-mapped IPv6 addresses as IPv4: %s contains %s: %s', (network, address, expected) => {
    expect(contains(network, address)).toBe(expected)
  })

  it.each([
    '',
    'x',
    '10.0.0',
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '10.0.0.0/-1',
    '010.0.0.1',
    '0x7f.0.0.1',
    '256.0.0.1',
    '2001:db8::/129',
    '1::2::3',
    'fe80::1%eth0',
    '::ffff:10.0.0.0/95',
  ])('refuses %j as a range', (text) => {
    const parsed = parseNetwork(text)
    expect(parsed.accepted).toBe(false)
    expect(parsed.accepted ? '' : parsed.refusal.problem).toMatch(/is not an address range$/)
  })

  it.each([
    ['10.0.0.1/8', 'write 10.0.0.0/8'],
    ['2001:db8::1/32', 'write 2001:db8::/32'],
    ['::ffff:10.0.0.1/104', 'write 10.0.0.0/8'],
  ])('refuses bits beyond the prefix: %s', (text, fix) => {
    const parsed = parseNetwork(text)
    expect(parsed.accepted ? '' : parsed.refusal.fix).toBe(fix)
  })

  it.each(['', 'unknown', '10.1', '10.1.2.3:443', '[::1]', '127.1'])(
    'does not accept %j as an address',
    (text) => {
      expect(parseAddress(text)).toBeUndefined()
    },
  )
})
