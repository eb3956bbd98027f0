import { expect, it } from 'vitest'

import { isRedirectUri, matchesRedirectUri } from './redirect-uri.ts'

it.each([
  ['https', 'https://app.test/callback?a=b', true],
  ['a loopback address', 'http://127.0.0.1:7777/callback', true],
  ['the IPv6 loopback address', 'http://[::1]/callback', true],
  ['localhost', 'http://localhost/callback', true],
  ['a private-use scheme with a dot', 'com.example.app:/callback', true],
  ['plain http elsewhere', 'http://app.test/callback', false],
  ['a fragment', 'https://app.test/callback#x', false],
  ['user information', 'https://app.test@evil.test/callback', false],
  ['a script', 'javascript:alert(1)', false],
  ['a scheme without a dot', 'myapp:/callback', false],
  ['a space', 'https://app.test/call back', false],
  ['2048 characters', `https://app.test/${'x'.repeat(2031)}`, true],
  ['2049 characters', `https://app.test/${'x'.repeat(2032)}`, false],
])('%s: %s', (_name, uri, usable) => {
  expect(isRedirectUri(uri)).toBe(usable)
})

it.each([
  ['the same', 'https://app.test/callback', 'https://app.test/callback', true],
  ['another port of a loopback address', 'http://127.0.0.1:5/callback', 'http://127.0.0.1/callback', true],
  ['a port where another was registered', 'http://[::1]:5/callback', 'http://[::1]:6/callback', true],
  ['another path of it', 'http://127.0.0.1:5/other', 'http://127.0.0.1/callback', false],
  ['an added query', 'http://127.0.0.1:5/callback?x=y', 'http://127.0.0.1/callback', false],
  ['another name of this computer', 'http://localhost:5/callback', 'http://127.0.0.1/callback', false],
  ['a host that begins like it', 'http://127.0.0.1.evil.test/callback', 'http://127.0.0.1/callback', false],
  ['another port elsewhere', 'https://app.test:5/callback', 'https://app.test/callback', false],
  ['another letter case', 'https://app.test/Callback', 'https://app.test/callback', false],
])('%s', (_name, asked, registered, matches) => {
  expect(matchesRedirectUri(asked, ['https://other.test/', registered])).toBe(matches)
})
