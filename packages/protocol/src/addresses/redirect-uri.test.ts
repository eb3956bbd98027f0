import { expect, it } from 'vitest'

import { isAllowedRedirect, isRedirectAllowance, isRedirectUri, matchesRedirectUri } from './redirect-uri.ts'

it.each([
  ['https', 'https://app.test/callback?a=b', true],
  ['a loopback address', 'http://127.0.0.1:7777/callback', true],
  ['the IPv6 loopback address', 'http://[::1]/callback', true],
  ['localhost', 'http://localhost/callback', true],
  ['a private-use scheme with a dot', 'com.example.app:/callback', true],
  ['plain http elsewhere', 'http://app.test/callback', false],
  ['a fragment', 'https://app.test/callback#x', false],
  ['user information', 'https://app.test@evil.test/callback', false],
  ['a wildcard host', 'https://*.app.test/callback', false],
  ['an asterisk in the path', 'https://app.test/callback/*', true],
  ['a script', 'javascript:alert(1)', false],
  ['a scheme without a dot', 'myapp:/callback', false],
  ['a space', 'https://app.test/call back', false],
  ['a port that is too high', 'https://app.test:99999/callback', false],
  ['an open bracket', 'https://[app/callback', false],
  ['2048 characters', `https://app.test/${'x'.repeat(2031)}`, true],
  ['2049 characters', `https://app.test/${'x'.repeat(2032)}`, false],
])('%s: %s', (_name, uri, usable) => {
  expect(isRedirectUri(uri)).toBe(usable)
})

it.each([
  ['the same URI', 'https://app.test/callback', 'https://app.test/callback', true],
  ['another port of a loopback address', 'http://127.0.0.1:5/callback', 'http://127.0.0.1/callback', true],
  ['a port where another was registered', 'http://[::1]:5/callback', 'http://[::1]:6/callback', true],
  ['another path', 'http://127.0.0.1:5/other', 'http://127.0.0.1/callback', false],
  ['an added query', 'http://127.0.0.1:5/callback?x=y', 'http://127.0.0.1/callback', false],
  ['another loopback name', 'http://localhost:5/callback', 'http://127.0.0.1/callback', false],
  ['a host with the same prefix', 'http://127.0.0.1.evil.test/callback', 'http://127.0.0.1/callback', false],
  ['another port elsewhere', 'https://app.test:5/callback', 'https://app.test/callback', false],
  ['another letter case', 'https://app.test/Callback', 'https://app.test/callback', false],
])('%s', (_name, asked, registered, matches) => {
  expect(matchesRedirectUri(asked, ['https://other.test/', registered])).toBe(matches)
})

it.each([
  ['a host', 'https://app.test/callback', ['app.test'], true],
  ['a host and port', 'https://app.test:8443/callback', ['app.test:8443'], true],
  ['a host in capitals', 'https://APP.test/callback', ['app.test'], true],
  ['another port', 'https://app.test:8443/callback', ['app.test'], false],
  ['a host with the same suffix', 'https://evil-app.test/callback', ['app.test'], false],
  [
    'user information that looks like it',
    'https://app.test@evil.test/',
    ['app.test', 'app.test@evil.test'],
    false,
  ],
  ['a loopback address', 'http://127.0.0.1:5/callback', ['loopback'], true],
  ['a loopback name, not allowed', 'http://localhost/callback', ['localhost'], false],
  ['a scheme', 'cursor://mcp/callback', ['cursor:'], true],
  ['another scheme', 'code://mcp/callback', ['cursor:'], false],
  ['a scheme of the browser', 'javascript://app.test/%0aalert(1)', ['javascript:', 'app.test'], false],
  ['plain http elsewhere', 'http://app.test/', ['app.test', 'http:', 'loopback'], false],
])('an allow-list and %s', (_name, uri, allow, allowed) => {
  expect(isAllowedRedirect(uri, allow)).toBe(allowed)
})

it.each([
  ['app.test', true],
  ['app.test:8443', true],
  ['loopback', true],
  ['cursor:', true],
  ['com.example.app:', true],
  ['javascript:', false],
  ['https:', false],
  ['https://app.test', false],
  ['', false],
])('%s in an allow-list', (text, usable) => {
  expect(isRedirectAllowance(text)).toBe(usable)
})

it('accepts a scheme without a dot only if an administrator names it', () => {
  expect(isRedirectUri('cursor://mcp/callback')).toBe(false)
  expect(isRedirectUri('cursor://mcp/callback', { anyScheme: true })).toBe(true)
  expect(isRedirectUri('vbscript://x', { anyScheme: true })).toBe(false)
  expect(isRedirectUri('cursor:callback', { anyScheme: true })).toBe(false)
})
