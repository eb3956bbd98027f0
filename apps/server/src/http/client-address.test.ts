import { describe, expect, it } from 'vitest'

import { createFindClientAddress } from './client-address.ts'

const PROXY = '10.0.0.5'
const CDN = '198.51.100.7'
const CLIENT = '203.0.113.9'
const find = createFindClientAddress([PROXY, '198.51.100.0/24', '2001:db8:5::/64'])

function ask(peer: string | undefined, headers: Readonly<Record<string, string>> = {}): string | undefined {
  return find(peer, new Headers(headers))
}

describe('without declared proxies', () => {
  it('uses the address of the peer and ignores headers', () => {
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

describe('ignores headers unless the peer is a declared proxy', () => {
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
    ['the forwarded client', CLIENT, CLIENT],
    ['the nearest hop that is not a proxy, not the one the client wrote', `10.1.1.1, ${CLIENT}`, CLIENT],
    ['the client before two proxies', `10.1.1.1, ${CLIENT}, ${CDN}`, CLIENT],
    ['garbage from the client is ignored', `';drop, ${CLIENT}`, CLIENT],
    ['the outermost hop, if all are proxies', `198.51.100.1, ${CDN}`, '198.51.100.1'],
    ['IPv6', '2001:db8:1::1', '2001:db8:1::1'],
    ['IPv6 in brackets with a port', '[2001:db8:1::1]:4711', '2001:db8:1::1'],
    ['IPv4 with a port', `${CLIENT}:4711`, CLIENT],
    ['IPv4 in IPv6 form', `::ffff:${CLIENT}`, CLIENT],
    ['a proxy in IPv6 form', `${CLIENT}, ::ffff:${CDN}`, CLIENT],
    ['spaces around', `  ${CLIENT}  `, CLIENT],
    ['unknown if the nearest hop is not an address', `${CLIENT}, unknown`, undefined],
    ['unknown if the nearest hop is empty', `${CLIENT},`, undefined],
    ['unknown if the hop behind a proxy is not an address', `evil, ${CDN}`, undefined],
    ['unknown for a short form of IPv4', '10.1', undefined],
    ['unknown for an octal form of IPv4', '010.1.1.1', undefined],
    ['unknown for a zone', 'fe80::1%eth0', undefined],
    ['unknown for an invalid port', `${CLIENT}:x`, undefined],
    ['unknown if the header is empty', '', undefined],
  ])('X-Forwarded-For: %s', (_, value, expected) => {
    expect(ask(PROXY, { 'x-forwarded-for': value })).toBe(expected)
  })

  it.each([
    ['the forwarded client', `for=${CLIENT}`, CLIENT],
    ['with other parameters', `By=10.0.0.5;For=${CLIENT};proto=https;host="idp.acme.test"`, CLIENT],
    ['the nearest hop that is not a proxy', `for=10.1.1.1, for=${CLIENT}, for=${CDN}`, CLIENT],
    ['IPv6', 'for="[2001:db8:1::1]:4711"', '2001:db8:1::1'],
    ['IPv4 with a port', `for="${CLIENT}:80"`, CLIENT],
    ['an escaped character', 'for="203.0.113.\\9"', CLIENT],
    ['unknown for an alias', 'for=_hidden', undefined],
    ['unknown for `unknown`', 'for=unknown', undefined],
    ['unknown if the nearest element has no `for`', `for=${CLIENT}, proto=https`, undefined],
    ['unknown for a repeated parameter', `for=10.1.1.1;for=${CLIENT}`, undefined],
    ['unknown for an address without its required quotes', 'for=[2001:db8:1::1]', undefined],
    ['unknown for a quote that the client left open', `for=10.1.1.1;a=", for=${CLIENT}`, undefined],
    ['unknown for a quote closed by the proxy', 'for=10.1.1.1;a=", for="[2001:db8:1::1]"', undefined],
    ['unknown for an empty element', `for=${CLIENT}, `, undefined],
    ['unknown if the header is empty', '', undefined],
  ])('Forwarded: %s', (_, value, expected) => {
    expect(ask(PROXY, { forwarded: value })).toBe(expected)
  })

  it('is unknown if the proxy sends no header: its own address is not that of the client', () => {
    expect(ask(PROXY)).toBeUndefined()
  })

  it('is unknown if the header of the proxy and another header disagree', () => {
    const spoofed = { forwarded: 'for=10.1.1.1', 'x-forwarded-for': CLIENT }
    expect(ask(PROXY, spoofed)).toBeUndefined()
    expect(ask(PROXY, { ...spoofed, forwarded: `for=${CLIENT}` })).toBe(CLIENT)
    expect(ask(PROXY, { ...spoofed, forwarded: 'garbage' })).toBeUndefined()
  })

  it('recognizes proxies by network and in either form of IPv4', () => {
    expect(ask('::ffff:10.0.0.5', { 'x-forwarded-for': CLIENT })).toBe(CLIENT)
    expect(ask('2001:db8:5::77', { 'x-forwarded-for': CLIENT })).toBe(CLIENT)
    expect(ask(CDN, { 'x-forwarded-for': CLIENT })).toBe(CLIENT)
  })
})

it('throws for an invalid network', () => {
  expect(() => createFindClientAddress(['10.0.0.0/33'])).toThrow('"10.0.0.0/33" is not an address range')
})
