import { describe, expect, test } from 'vitest'

import { findDpopProblem, MAX_JTI_LENGTH, normalizeHtu } from './dpop-proof.ts'

const NOW = 1_800_000_000
const expected = { method: 'POST', url: 'https://as.example/token?x=1', now: NOW, windowSeconds: 300 }
const good = { jti: 'a', htm: 'POST', htu: 'https://as.example/token', iat: NOW }

describe('DPOP-11 claims of a proof', () => {
  test.each([
    ['valid', {}],
    ['with a jti of 256 characters', { jti: 'j'.repeat(MAX_JTI_LENGTH) }],
    ['300 s old', { iat: NOW - 300 }],
    ['300 s early', { iat: NOW + 300 }],
    ['with fractions of a second', { iat: NOW + 0.5 }],
    ['with query and fragment in htu', { htu: 'https://as.example/token?y#z' }],
    ['with the default port', { htu: 'https://as.example:443/token' }],
    ['with capitals in scheme and host', { htu: 'HTTPS://AS.Example/token' }],
    ['with needless percent-encoding', { htu: 'https://as.example/%74oken' }],
    ['with an unasked ath', { ath: 'x' }],
  ])('accepts one %s', (_, claims) => {
    expect(findDpopProblem({ ...good, ...claims }, expected)).toBeUndefined()
  })

  test.each([
    ['without jti', { jti: undefined }, 'no-usable-jti'],
    ['with an empty jti', { jti: '' }, 'no-usable-jti'],
    ['with a jti of 257 characters', { jti: 'j'.repeat(MAX_JTI_LENGTH + 1) }, 'no-usable-jti'],
    ['for GET', { htm: 'GET' }, 'method-mismatch'],
    ['for post', { htm: 'post' }, 'method-mismatch'],
    ['for another path', { htu: 'https://as.example/Token' }, 'url-mismatch'],
    ['for a subpath', { htu: 'https://as.example/token/' }, 'url-mismatch'],
    ['for another port', { htu: 'https://as.example:8443/token' }, 'url-mismatch'],
    ['for another host', { htu: 'https://as.example.evil/token' }, 'url-mismatch'],
    ['for http', { htu: 'http://as.example/token' }, 'url-mismatch'],
    ['with user information', { htu: 'https://x@as.example/token' }, 'url-mismatch'],
    ['with a path alone', { htu: '/token' }, 'url-mismatch'],
    ['with htu as a list', { htu: ['https://as.example/token'] }, 'url-mismatch'],
    ['without iat', { iat: undefined }, 'no-usable-iat'],
    ['with iat as text', { iat: String(NOW) }, 'no-usable-iat'],
    ['with iat in milliseconds', { iat: NOW * 1000 }, 'no-usable-iat'],
    ['301 s old', { iat: NOW - 301 }, 'too-old'],
    ['301 s early', { iat: NOW + 301 }, 'too-new'],
  ])('refuses one %s', (_, claims, problem) => {
    expect(findDpopProblem({ ...good, ...claims }, expected)).toBe(problem)
  })

  test.each([
    ['x', undefined],
    ['y', 'ath-mismatch'],
    [undefined, 'ath-mismatch'],
  ])('with an access token, ath %s', (ath, problem) => {
    expect(findDpopProblem({ ...good, ath }, { ...expected, ath: 'x' })).toBe(problem)
  })
})

test.each([
  ['http://127.0.0.1:4000', 'http://127.0.0.1:4000/'],
  ['http://a:80/x', 'http://a/x'],
  ['http://a:443/x', 'http://a:443/x'],
  ['https://[::1]:443/x', 'https://[::1]/x'],
  ['https://a:/x', 'https://a/x'],
  ['https://a/%2f%c3%a4%7E', 'https://a/%2F%C3%A4~'],
  ['ftp://a/x', undefined],
  ['https:///x', undefined],
  ['https://user@a/x', undefined],
  ['', undefined],
])('%s is compared as %s', (url, normalized) => {
  expect(normalizeHtu(url)).toBe(normalized)
})

test('a proof is judged in time that grows linearly with its length', () => {
  const long = 'a'.repeat(100_000)
  const startedAt = performance.now()
  expect(normalizeHtu(`https://${long} `)).toBeUndefined()
  expect(normalizeHtu(`https://${long}/${long}`)).toBe(`https://${long}/${long}`)
  // Trying every way to split it would take more than half a minute.
  expect(performance.now() - startedAt).toBeLessThan(1000)
})
