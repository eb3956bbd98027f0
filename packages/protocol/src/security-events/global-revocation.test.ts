import { describe, expect, it } from 'vitest'

import { checkGlobalRevocationAssertion, readRevokedSubject } from './global-revocation.ts'

const NOW = 1_800_000_000
const ENDPOINT = 'https://as.test/as/main/global-token-revocation'
const EXPECTED = { endpoint: ENDPOINT, now: NOW, clockSkewSeconds: 30 }
/** As Okta sends it. */
const GOOD = {
  jti: 'j',
  iss: 'https://acme.okta.test',
  sub: 'client id at Okta',
  aud: ENDPOINT,
  exp: NOW + 300,
  nbf: NOW - 300,
  iat: NOW,
}

describe('REV-06: the claims of the assertion', () => {
  it.each([
    ['as Okta sends it', {}],
    ['with the endpoint in an array', { aud: [ENDPOINT] }],
    ['without nbf and sub', { nbf: undefined, sub: undefined }],
    ['at the edge of the skew', { iat: NOW + 30, nbf: NOW + 30 }],
    ['at the edge of its expiry', { exp: NOW - 29 }],
    ['at the edge of its lifetime', { exp: NOW + 3600 }],
    ['with the longest jti', { jti: 'j'.repeat(256) }],
  ])('are accepted %s', (_, change) => {
    const claims = { ...GOOD, ...change }
    const value = { id: claims.jti, issuedAt: claims.iat, expiresAt: claims.exp }
    expect(checkGlobalRevocationAssertion(claims, EXPECTED)).toEqual({ accepted: true, value })
  })

  it.each([
    ['another audience', { aud: 'https://as.test' }, `aud is not exactly ${ENDPOINT}`],
    ['a second audience', { aud: [ENDPOINT, 'https://as.test'] }, `aud is not exactly ${ENDPOINT}`],
    ['no audience', { aud: undefined }, `aud is not exactly ${ENDPOINT}`],
    ['a past exp', { exp: NOW - 30 }, 'expired'],
    ['no exp', { exp: undefined }, 'no-usable-exp'],
    ['a distant exp', { exp: NOW + 3601 }, 'lives-too-long'],
    ['a future iat', { iat: NOW + 31 }, 'not-yet-valid'],
    ['a future nbf', { nbf: NOW + 31 }, 'not-yet-valid'],
    ['a fraction of a second', { iat: NOW + 0.5 }, 'time-malformed'],
    ['no iat', { iat: undefined }, 'iat is missing'],
    ['no jti', { jti: '' }, 'jti is missing, or has over 256 characters'],
    ['an oversized jti', { jti: 'j'.repeat(257) }, 'jti is missing, or has over 256 characters'],
  ])('are refused with %s', (_, change, refusal) => {
    expect(checkGlobalRevocationAssertion({ ...GOOD, ...change }, EXPECTED)).toEqual({
      accepted: false,
      refusal,
    })
  })
})

describe('REV-06: the body', () => {
  const user = { format: 'iss_sub', iss: 'https://acme.okta.test', sub: '00u1' }
  const email = { format: 'email', email: 'alice@acme.test' }

  it.each([
    ['sub_id with issuer and subject', { sub_id: user }, user],
    ['sub_id with an address', { sub_id: email }, email],
    ['the former name of the member', { subject: email }, email],
  ])('is accepted with %s', (_, body, value) => {
    expect(readRevokedSubject(body)).toEqual({ accepted: true, value })
  })

  it.each([
    ['nothing', {}],
    ['another member', { user }],
    ['both names', { sub_id: user, subject: email }],
    ['an additional member', { sub_id: user, tenant: 'acme' }],
    ['a text', { sub_id: 'alice' }],
    ['a list', { sub_id: [user] }],
    ['an opaque id, which could be one of either side', { sub_id: { format: 'opaque', id: '00u1' } }],
    ['everything of the issuer', { sub_id: { format: 'uri', uri: 'https://acme.okta.test' } }],
    ['no format', { sub_id: { ...user, format: undefined } }],
  ])('is refused with %s', (_, body) => {
    expect(readRevokedSubject(body)).toMatchObject({ accepted: false, refusal: expect.any(String) })
  })
})
