import { expect, it } from 'vitest'

import { isIssuerIdentifier, isServerUrl } from './issuer-identifier.ts'

it.each([
  'https://as.test',
  'https://as.test/',
  'https://as.test:8443/tenant/a',
  'https://as_1.test',
  'https://bücher.test',
  'https://[2001:db8::1]:8443/as',
  'https://192.0.2.1',
  'http://localhost:4000',
  'http://127.0.0.1:4000/as/todo0',
  'http://[::1]',
])('%s is an issuer, and with a query a server', (text) => {
  expect([isIssuerIdentifier(text), isServerUrl(text), isServerUrl(`${text}?a=b`)]).toEqual([
    true,
    true,
    true,
  ])
})

it.each([
  ['a port that is too high', 'https://as.test:99999'],
  ['a port that is no number', 'https://as.test:port'],
  ['an open bracket', 'https://[as'],
  ['no IPv6 address', 'https://[as.test]'],
  ['no IPv4 address', 'https://256.1.1.1'],
  ['a host that is escaped wrongly', 'https://%'],
  ['a loopback host with a port that is too high', 'http://localhost:99999'],
  ['no host', 'https://'],
  ['a space', 'https://as.test/a b'],
  ['a user name', 'https://admin@as.test'],
  ['http', 'http://as.test'],
  ['another scheme', 'ftp://as.test'],
])('a text with %s is neither', (_, text) => {
  expect([isIssuerIdentifier(text), isServerUrl(text)]).toEqual([false, false])
})

it('only a server may have a query, and neither a fragment', () => {
  expect(['https://as.test?a', 'https://as.test#a', 'https://as.test/?a#b'].map(isIssuerIdentifier)).toEqual([
    false,
    false,
    false,
  ])
  expect([isServerUrl('https://as.test#a'), isServerUrl('https://as.test/#a?b')]).toEqual([false, false])
})
