import { describe, expect, it } from 'vitest'

import { createFindClientAddress } from './client-address.ts'

const PROXY = '10.0.0.5'
const CDN = '198.51.100.7'
const CLIENT = '203.0.113.9'
const find = createFindClientAddress([PROXY, '198.51.100.0/24', '2001:db8:5::/64'])

function ask(peer: string | undefined, headers: Readonly<Record<string, string>> = {}): string | undefined {
  return find(peer, new Headers(headers))
}

describe('where no proxy is declared', () => {
  it('the address is that of the peer, whatever headers say', () => {
    const findPeer = createFindClientAddress([])
    const headers = new Headers({ 'x-forwarded-for': CLIENT, forwarded: `for=${CLIENT}` })
    expect(findPeer(PROXY, headers)).toBe(PROXY)
  })

  it.each([
    ['::ffff:10.1.2.3', '10.1.2.3'],
    ['::ffff:a01:203', '10.1.2.3'],
    ['2001:DB8:0:0::1', '2001:db8::1'],
    ['no address', undefined],
    [undefined, undefined],
  ])('a peer %j is %j', (peer, expected) => {
    expect(createFindClientAddress([])(peer, new Headers())).toBe(expected)
  })
})

describe('headers change nothing unless the peer is a declared proxy', () => {
  it.each([
    [CLIENT, { 'x-forwarded-for': '10.9.9.9' }],
    [CLIENT, { forwarded: 'for=10.9.9.9' }],
    ['10.0.0.6', { 'x-forwarded-for': '10.9.9.9' }],
    ['2001:db8:6::1', { 'x-forwarded-for': '10.9.9.9' }],
  ])('from %s with %j', (peer, headers) => {
    expect(ask(peer, headers)).toBe(peer)
  })
})

describe('behind a declared proxy', () => {
  it.each([
    ['the one it forwards for', CLIENT, CLIENT],
    ['the nearest one that is no proxy, not what the client wrote', `10.1.1.1, ${CLIENT}`, CLIENT],
    ['the one before two proxies', `10.1.1.1, ${CLIENT}, ${CDN}`, CLIENT],
    ['garbage of the client is not looked at', `';drop, ${CLIENT}`, CLIENT],
    ['the outermost, where all are proxies', `198.51.100.1, ${CDN}`, '198.51.100.1'],
    ['IPv6', '2001:db8:1::1', '2001:db8:1::1'],
    ['IPv6 in brackets with a port', '[2001:db8:1::1]:4711', '2001:db8:1::1'],
    ['IPv4 with a port', `${CLIENT}:4711`, CLIENT],
    ['IPv4 in IPv6 form', `::ffff:${CLIENT}`, CLIENT],
    ['a proxy in IPv6 form', `${CLIENT}, ::ffff:${CDN}`, CLIENT],
    ['spaces around', `  ${CLIENT}  `, CLIENT],
    ['nothing where the nearest is no address', `${CLIENT}, unknown`, undefined],
    ['nothing where the nearest is empty', `${CLIENT},`, undefined],
    ['nothing where one behind a proxy is no address', `evil, ${CDN}`, undefined],
    ['nothing for a short form of IPv4', '10.1', undefined],
    ['nothing for an octal form of IPv4', '010.1.1.1', undefined],
    ['nothing for a zone', 'fe80::1%eth0', undefined],
    ['nothing for a bad port', `${CLIENT}:x`, undefined],
    ['nothing where it says nothing', '', undefined],
  ])('X-Forwarded-For: %s', (_, value, expected) => {
    expect(ask(PROXY, { 'x-forwarded-for': value })).toBe(expected)
  })

  it.each([
    ['the one it forwards for', `for=${CLIENT}`, CLIENT],
    ['with other parameters', `By=10.0.0.5;For=${CLIENT};proto=https;host="idp.acme.test"`, CLIENT],
    ['the nearest one that is no proxy', `for=10.1.1.1, for=${CLIENT}, for=${CDN}`, CLIENT],
    ['IPv6', 'for="[2001:db8:1::1]:4711"', '2001:db8:1::1'],
    ['IPv4 with a port', `for="${CLIENT}:80"`, CLIENT],
    ['an escaped character', 'for="203.0.113.\\9"', CLIENT],
    ['nothing for an alias', 'for=_hidden', undefined],
    ['nothing for an unknown one', 'for=unknown', undefined],
    ['nothing where the nearest does not say', `for=${CLIENT}, proto=https`, undefined],
    ['nothing for a parameter twice', `for=10.1.1.1;for=${CLIENT}`, undefined],
    ['nothing for an address without quotes that needs them', 'for=[2001:db8:1::1]', undefined],
    ['nothing for a quote that the client left open', `for=10.1.1.1;a=", for=${CLIENT}`, undefined],
    ['nothing for a quote closed by the proxy', 'for=10.1.1.1;a=", for="[2001:db8:1::1]"', undefined],
    ['nothing for an empty element', `for=${CLIENT}, `, undefined],
    ['nothing where it says nothing', '', undefined],
  ])('Forwarded: %s', (_, value, expected) => {
    expect(ask(PROXY, { forwarded: value })).toBe(expected)
  })

  it('is not known where the proxy says nothing: its own address is no answer to whom it forwards for', () => {
    expect(ask(PROXY)).toBeUndefined()
  })

  it('is not known where the header that the proxy writes and another one disagree', () => {
    const spoofed = { forwarded: 'for=10.1.1.1', 'x-forwarded-for': CLIENT }
    expect(ask(PROXY, spoofed)).toBeUndefined()
    expect(ask(PROXY, { ...spoofed, forwarded: `for=${CLIENT}` })).toBe(CLIENT)
    expect(ask(PROXY, { ...spoofed, forwarded: 'garbage' })).toBeUndefined()
  })

  it('proxies are known by network and in either form of IPv4', () => {
    expect(ask('::ffff:10.0.0.5', { 'x-forwarded-for': CLIENT })).toBe(CLIENT)
    expect(ask('2001:db8:5::77', { 'x-forwarded-for': CLIENT })).toBe(CLIENT)
    expect(ask(CDN, { 'x-forwarded-for': CLIENT })).toBe(CLIENT)
  })
})

it('a network that cannot be parsed is a mistake of the operator', () => {
  expect(() => createFindClientAddress(['10.0.0.0/33'])).toThrow('"10.0.0.0/33" is not an address range')
})
