import { expect, it } from 'vitest'

import { checkClaims, readToken } from './check-claims.ts'

const NOW = 1_800_000_000
const SERVERS = [
  {
    id: 'vendor',
    issuer: 'https://as.test',
    trustedIssuers: [
      { issuer: 'https://idp.test', active: true, algorithms: ['ES256'] },
      { issuer: 'https://old.test', active: false, algorithms: ['ES256'] },
    ],
  },
]
const HEADER = { typ: 'oauth-id-jag+jwt', alg: 'ES256' }
const CLAIMS = { iss: 'https://idp.test', aud: 'https://as.test', exp: NOW + 60, name: 'Zoë' }

function part(value: object): string {
  const bytes = new TextEncoder().encode(JSON.stringify(value))
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}

it.each([
  ['nothing', {}, {}, []],
  ['an audience in a list', {}, { aud: ['https://as.test'] }, []],
  ['another type', { typ: 'JWT' }, {}, ['typ']],
  ['another algorithm', { alg: 'RS256' }, {}, ['alg']],
  ['another audience', {}, { aud: 'https://other.test' }, ['aud', 'iss', 'alg']],
  ['two audiences', {}, { aud: ['https://as.test', 'https://b.test'] }, ['aud', 'iss', 'alg']],
  ['an issuer that is not trusted any more', {}, { iss: 'https://old.test' }, ['iss', 'alg']],
  ['an end a second ago', {}, { exp: NOW - 1 }, ['exp']],
  ['no end', {}, { exp: undefined }, ['exp']],
])('finds fault with %s', (_, header, claims, faults) => {
  const token = readToken(`${part({ ...HEADER, ...header })}.${part({ ...CLAIMS, ...claims })}.sig`)
  expect(token?.claims['name']).toBe('Zoë')
  const found = token === undefined ? [] : checkClaims(token, SERVERS, NOW)
  expect(found.filter(({ good }) => !good).map(({ what }) => what)).toEqual(faults)
})

it.each(['', 'a.b', 'a.b.c', `${part(HEADER)}.${part([])}.s`, `${part(HEADER)}.${part(CLAIMS)}.s.t`])(
  'reads no token from %j',
  (pasted) => {
    expect(readToken(pasted)).toBeUndefined()
  },
)
