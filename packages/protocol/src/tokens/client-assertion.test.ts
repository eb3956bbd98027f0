import { describe, expect, test } from 'vitest'

import { findClientAssertionProblem } from './client-assertion.ts'

const NOW = 1_800_000_000
const expected = { clientId: 'agent0', issuer: 'https://idp.example', now: NOW, clockSkewSeconds: 30 }
const good = { iss: 'agent0', sub: 'agent0', aud: 'https://idp.example', iat: NOW, exp: NOW + 60, jti: 'a' }
const check = (claims: object, typ?: string) =>
  findClientAssertionProblem({ typ, claims: { ...good, ...claims } }, expected)

describe('IDP-25, IDP-26 client assertions', () => {
  test.each([
    ['valid', {}],
    ['with aud as a list of one', { aud: ['https://idp.example'] }],
    ['without iat', { iat: undefined }],
    ['valid for an hour', { exp: NOW + 3600 }],
    ['expired 29 s ago', { iat: NOW - 60, exp: NOW - 29 }],
    ['valid in 30 s', { iat: NOW + 30, nbf: NOW + 30 }],
    ['valid since 1970', { nbf: 0 }],
    ['with a jti of 256 characters', { jti: 'j'.repeat(256) }],
  ])('accepts one %s', (_, claims) => {
    expect(check(claims)).toBeUndefined()
  })

  test.each([undefined, 'JWT', 'jwt', 'client-authentication+jwt', 'application/client-authentication+jwt'])(
    'accepts typ %s',
    (typ) => {
      expect(check({}, typ)).toBeUndefined()
    },
  )

  test.each(['at+jwt', 'oauth-id-jag+jwt', 'dpop+jwt', 'logout+jwt', 'secevent+jwt', ''])(
    'SEC-03 refuses typ %j',
    (typ) => {
      expect(check({}, typ)).toBe('wrong-typ')
    },
  )

  test.each([
    ['of another issuer', { iss: 'other' }, 'issuer-mismatch'],
    ['about another client', { sub: 'other' }, 'subject-mismatch'],
    ['for the token endpoint', { aud: 'https://idp.example/token' }, 'audience-mismatch'],
    ['for the issuer with a slash', { aud: 'https://idp.example/' }, 'audience-mismatch'],
    ['for two audiences', { aud: ['https://idp.example', 'https://idp.example/token'] }, 'audience-mismatch'],
    ['for the issuer twice', { aud: ['https://idp.example', 'https://idp.example'] }, 'audience-mismatch'],
    ['with no audience', { aud: [] }, 'audience-mismatch'],
    ['without aud', { aud: undefined }, 'audience-mismatch'],
    ['without exp', { exp: undefined }, 'no-usable-exp'],
    ['with exp as text', { exp: String(NOW + 60) }, 'no-usable-exp'],
    ['with half a second in exp (SEC-06)', { exp: NOW + 60.5 }, 'no-usable-exp'],
    ['with half a second in iat (SEC-06)', { iat: NOW - 0.5 }, 'time-malformed'],
    ['expired 30 s ago', { iat: NOW - 60, exp: NOW - 30 }, 'expired'],
    ['living 3601 s', { exp: NOW + 3601 }, 'lives-too-long'],
    ['without iat and expiring in 3631 s', { iat: undefined, exp: NOW + 3631 }, 'lives-too-long'],
    ['with iat in the past that lives long', { iat: NOW - 3600, exp: NOW + 1 }, 'lives-too-long'],
    ['with iat as text', { iat: String(NOW) }, 'time-malformed'],
    ['with nbf as text', { nbf: 'now' }, 'time-malformed'],
    ['with nbf before 1970', { nbf: -1 }, 'time-malformed'],
    ['of 31 s from now', { iat: NOW + 31 }, 'not-yet-valid'],
    ['valid in 31 s', { nbf: NOW + 31 }, 'not-yet-valid'],
    ['without jti', { jti: undefined }, 'no-usable-jti'],
    ['with a jti of 257 characters', { jti: 'j'.repeat(257) }, 'no-usable-jti'],
  ])('refuses one %s', (_, claims, problem) => {
    expect(check(claims)).toBe(problem)
  })
})
