import { describe, expect, test } from 'vitest'

import { areAddressesAllowed, findTargetProblem, isPublicAddress } from './address-guard.ts'

describe('SEC-10, SEC-11 addresses', () => {
  test.each([
    '8.8.8.8',
    '1.1.1.1',
    '172.15.255.255',
    '172.32.0.0',
    '100.128.0.0',
    '2606:4700::1111',
    '2a00:1450::1',
  ])('%s is public', (address) => {
    expect(isPublicAddress(address)).toBe(true)
  })

  test.each([
    '0.0.0.0',
    '10.0.0.1',
    '100.64.0.1',
    '127.0.0.1',
    '127.255.255.255',
    '169.254.169.254',
    '172.16.0.0',
    '172.31.255.255',
    '192.0.0.1',
    '192.0.2.1',
    '192.88.99.1',
    '192.168.1.1',
    '198.18.0.1',
    '198.51.100.1',
    '203.0.113.1',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::127.0.0.1',
    '::ffff:8.8.8.8',
    '::ffff:127.0.0.1',
    '::ffff:0:127.0.0.1',
    '64:ff9b::7f00:1',
    '64:ff9b:1::7f00:1',
    '100::1',
    '2001::1',
    '2001:db8::1',
    '2002:7f00:1::',
    '3fff::1',
    '5f00::1',
    'fc00::1',
    'fd12::1',
    'fe80::1',
    'fe80::1%eth0',
    'fec0::1',
    'ff02::1',
    'localhost',
    '',
  ])('%s is not', (address) => {
    expect(isPublicAddress(address)).toBe(false)
  })

  test.each([
    ['a public name, public addresses', 'idp.example', ['8.8.8.8', '2a00::1'], true, true],
    ['a public name, one private address', 'idp.example', ['8.8.8.8', '10.0.0.1'], true, false],
    ['a public name, loopback', 'idp.example', ['127.0.0.1'], true, false],
    ['a public name, no addresses', 'idp.example', [], true, false],
    ['localhost, loopback', 'localhost', ['127.0.0.1', '::1'], true, true],
    ['localhost, loopback not allowed', 'localhost', ['127.0.0.1'], false, false],
    ['localhost, a public address', 'localhost', ['8.8.8.8'], true, false],
    ['localhost, loopback and a public address', 'localhost', ['127.0.0.1', '8.8.8.8'], true, false],
  ])('%s', (_, name, addresses, allowLoopback, allowed) => {
    expect(areAddressesAllowed(name, addresses, { allowLoopback })).toBe(allowed)
  })
})

describe('SEC-11 targets', () => {
  test.each([
    'https://idp.example/jwks',
    'https://idp.example:443/jwks',
    'https://idp.example:1024/',
    'https://8.8.8.8/',
    'http://127.0.0.1:1/',
    'http://localhost/',
    'http://idp.localhost:4000/',
    'https://[::1]:4000/',
  ])('%s may be fetched', (url) => {
    expect(findTargetProblem(url, { allowLoopback: true })).toBeUndefined()
  })

  test.each([
    ['jwks', 'not-a-url'],
    ['https://user@idp.example/', 'not-a-url'],
    ['https://:password@idp.example/', 'not-a-url'],
    ['http://idp.example/', 'scheme-refused'],
    ['http://127.0.0.1.example/', 'scheme-refused'],
    ['http://localhost.example/', 'scheme-refused'],
    ['ftp://127.0.0.1/', 'scheme-refused'],
    ['file:///etc/passwd', 'scheme-refused'],
    ['data:application/json,{}', 'scheme-refused'],
    ['https://idp.example:22/', 'port-refused'],
    ['https://idp.example:1023/', 'port-refused'],
    ['https://10.0.0.1/', 'address-refused'],
    ['https://169.254.169.254/latest/meta-data', 'address-refused'],
    ['https://[::ffff:10.0.0.1]/', 'address-refused'],
    ['https://0x0a000001/', 'address-refused'],
    ['https://[fd00::1]/', 'address-refused'],
  ])('%s may not: %s', (url, problem) => {
    expect(findTargetProblem(url, { allowLoopback: true })).toBe(problem)
  })

  test.each([
    'http://127.0.0.1:4000/',
    'https://localhost/',
    'https://2130706433/',
    'https://127.1/',
    'https://[::1]/',
    'https://[::ffff:7f00:1]/',
  ])('%s is allowed only with allowLoopback', (url) => {
    expect(findTargetProblem(url, { allowLoopback: false })).toBe('address-refused')
  })
})

test.each([
  ['a name that resolves to loopback', 'crosswalk.corp.test', ['127.0.0.1', '::1'], true],
  ['a name with a private address beside it', 'crosswalk.corp.test', ['127.0.0.1', '10.0.0.1'], false],
  ['localhost, whose loopback is not allowed', 'localhost', ['127.0.0.1'], false],
])('with names of loopback allowed: %s', (_, name, addresses, allowed) => {
  const reachable = { allowLoopback: false, allowNamesOfLoopback: true }
  expect(areAddressesAllowed(name, addresses, reachable)).toBe(allowed)
})

test.each([
  ['10.0.0.1', true],
  ['172.31.255.255', true],
  ['172.32.0.0', true],
  ['192.168.1.1', true],
  ['fd12::1', true],
  ['8.8.8.8', true],
  ['100.64.0.1', false],
  ['127.0.0.1', false],
  ['169.254.169.254', false],
  ['0.0.0.0', false],
  ['fe80::1', false],
  ['::1', false],
  ['', false],
])('SEC-10 with private networks allowed, %s: %s', (address, allowed) => {
  const reachable = { allowLoopback: false, allowPrivate: true }
  expect(areAddressesAllowed('login.corp.test', [address], reachable)).toBe(allowed)
})
