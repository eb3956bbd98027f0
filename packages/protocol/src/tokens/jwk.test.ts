import { describe, expect, test } from 'vitest'

import { listKeyAlgorithms, parsePublicJwk } from './jwk.ts'

const ec = { kty: 'EC', crv: 'P-256', x: 'w'.repeat(43), y: 'o'.repeat(43) }
const okp = { kty: 'OKP', crv: 'Ed25519', x: 'w'.repeat(43) }
/** A modulus of this many bits: its first byte holds the remainder modulo 8. */
function rsa(bits: number, e = 'AQAB') {
  const bytes = Math.ceil(bits / 8)
  const first = 2 ** ((bits - 1) % 8)
  return { kty: 'RSA', n: Buffer.from([first, ...Array<number>(bytes - 1).fill(1)]).toString('base64url'), e }
}

describe('public JWKs', () => {
  test.each([
    ['EC', ec],
    ['EC P-384', { ...ec, crv: 'P-384', x: 'w'.repeat(64), y: 'o'.repeat(64) }],
    ['EC P-521', { ...ec, crv: 'P-521', x: 'w'.repeat(88), y: 'o'.repeat(88) }],
    ['OKP', okp],
    ['RSA of 2048 bits', rsa(2048)],
    ['RSA of 8192 bits', rsa(8192)],
  ])('accepts %s and drops other members', (_, jwk) => {
    expect(parsePublicJwk({ ...jwk, kid: 'k', x5c: ['…'], 'x5t#S256': '…' })).toEqual({
      accepted: true,
      value: { ...jwk, kid: 'k' },
    })
  })

  test.each([
    ['a text', 'key', 'not-an-object'],
    ['a list', [ec], 'not-an-object'],
    ['SEC-02 a symmetric key', { kty: 'oct', k: 'AAAA' }, 'private-or-symmetric'],
    ['a private EC key', { ...ec, d: 'w'.repeat(43) }, 'private-or-symmetric'],
    ['a private member of another type', { ...ec, k: 'AAAA' }, 'private-or-symmetric'],
    ['a private member without value', { ...okp, d: undefined }, 'private-or-symmetric'],
    ['a private RSA key', { ...rsa(2048), p: 'AAAA' }, 'private-or-symmetric'],
    ['secp256k1', { ...ec, crv: 'secp256k1' }, 'unsupported-key-type'],
    ['X25519', { ...okp, crv: 'X25519' }, 'unsupported-key-type'],
    ['no curve', { ...ec, crv: undefined }, 'unsupported-key-type'],
    ['no y', { ...ec, y: undefined }, 'malformed-member'],
    ['a short x', { ...ec, x: 'w'.repeat(42) }, 'malformed-member'],
    ['set unused bits', { ...okp, x: `${'w'.repeat(42)}x` }, 'malformed-member'],
    ['an empty x', { ...okp, x: '' }, 'malformed-member'],
    ['padding', { ...okp, x: `${'w'.repeat(42)}=` }, 'malformed-member'],
    ['kid as a number', { ...ec, kid: 1 }, 'malformed-member'],
    ['key_ops as a string', { ...ec, key_ops: 'verify' }, 'malformed-member'],
    ['SEC-05 RSA of 2047 bits', rsa(2047), 'rsa-too-small'],
    ['SEC-05 RSA of 1024 bits', rsa(1024), 'rsa-too-small'],
    [
      'RSA of 1024 bits with leading zeros',
      { ...rsa(1024), n: `${'A'.repeat(172)}${rsa(1024).n}` },
      'rsa-too-small',
    ],
    ['RSA of 8193 bits', rsa(8193), 'rsa-too-large'],
    ['RSA exponent 1', rsa(2048, 'AQ'), 'rsa-weak-exponent'],
    ['RSA exponent 3', rsa(2048, 'Aw'), 'rsa-weak-exponent'],
    ['RSA exponent of 33 bits', rsa(2048, 'AQAAAAE'), 'rsa-weak-exponent'],
  ])('refuses %s', (_, jwk, refusal) => {
    expect(parsePublicJwk(jwk)).toEqual({ accepted: false, refusal })
  })
})

test.each([
  [{}, ['ES256']],
  [{ alg: 'ES256' }, ['ES256']],
  [{ alg: 'ES384' }, []],
  [{ use: 'sig' }, ['ES256']],
  [{ use: 'enc' }, []],
  [{ use: 'jwt-svid' }, ['ES256']],
  [{ use: 'x509-svid' }, []],
  [{ key_ops: ['verify'] }, ['ES256']],
  [{ key_ops: [] }, []],
])('RAS-10 an EC key labelled %j verifies %j', (label, algorithms) => {
  expect(listKeyAlgorithms({ ...ec, kty: 'EC', ...label })).toEqual(algorithms)
})

test('an Ed25519 key with either label verifies both names', () => {
  expect(listKeyAlgorithms({ ...okp, kty: 'OKP', alg: 'EdDSA' })).toEqual(['EdDSA', 'Ed25519'])
  expect(listKeyAlgorithms({ ...okp, kty: 'OKP', alg: 'ES256' })).toEqual([])
})
