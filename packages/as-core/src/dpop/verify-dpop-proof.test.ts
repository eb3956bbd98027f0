import { generateKeyPairSync } from 'node:crypto'

import { calculateJwkThumbprint, SignJWT } from 'jose'
import { describe, expect, test } from 'vitest'

import { digest } from '../sealing/digest.ts'
import { createSealing } from '../sealing/sealing.ts'
import { createDpopNonces } from './dpop-nonces.ts'
import { type DpopCheck, dpopReplayKey, readDpopHeader, verifyDpopProof } from './verify-dpop-proof.ts'

const NOW = 1_800_000_000
const URL_ = 'http://127.0.0.1:4000/token'
const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const jwk = pair.publicKey.export({ format: 'jwk' })
const privateJwk = pair.privateKey.export({ format: 'jwk' })

function makeProof(claims: object = {}, header: object = {}): Promise<string> {
  return new SignJWT({ jti: 'j1', htm: 'POST', htu: URL_, iat: NOW, ...claims })
    .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk, ...header })
    .sign(pair.privateKey)
}

function verify(proof: string, more: Partial<DpopCheck> = {}) {
  return verifyDpopProof({ headerValues: [proof], method: 'POST', url: URL_, now: NOW, ...more })
}

const refusal = (reason: string, code = 'invalid_dpop_proof') => ({
  accepted: false,
  refusal: { code, reason },
})

describe('DPOP-11 proofs', () => {
  test('DPOP-03 returns the key thumbprint and a replay key that expires after the proof', async () => {
    const proof = verify(await makeProof())
    expect(proof).toEqual({
      accepted: true,
      value: {
        jkt: await calculateJwkThumbprint(jwk as object),
        replayKey: {
          kind: 'dpop',
          key: expect.stringMatching(/^[\w-]{43}$/) as string,
          expiresAt: NOW + 301,
        },
      },
    })
  })

  test('the replay key depends only on key and jti', async () => {
    const replayKeyOf = async (claims: object) => {
      const proof = verify(await makeProof(claims))
      return proof.accepted && proof.value.replayKey.key
    }
    expect(await replayKeyOf({ iat: NOW - 1 })).toBe(await replayKeyOf({}))
    expect(await replayKeyOf({ jti: 'j2' })).not.toBe(await replayKeyOf({}))
    const keyedBy = (jkt: string) => dpopReplayKey({ jti: 'j1', iat: NOW }, jkt).key
    expect(keyedBy('one')).not.toBe(keyedBy('another'))
  })

  test.each([
    ['typ JWT', { typ: 'JWT' }, 'wrong-typ'],
    ['no typ', { typ: undefined }, 'wrong-typ'],
    ['no jwk', { jwk: undefined }, 'jwk-not-an-object'],
    ['a private jwk', { jwk: privateJwk }, 'jwk-private-or-symmetric'],
    ['SEC-02 a symmetric jwk', { jwk: { kty: 'oct', k: 'AAAA' } }, 'jwk-private-or-symmetric'],
    ['a jwk with another curve name', { jwk: { ...jwk, crv: 'secp256k1' } }, 'jwk-unsupported-key-type'],
    ['a jwk off its curve', { jwk: { ...jwk, x: 'A'.repeat(43) } }, 'jwk-not-importable'],
    ['a jwk for encryption', { jwk: { ...jwk, use: 'enc' } }, 'key-of-other-algorithm'],
    [
      'a jwk that did not sign the proof',
      { jwk: generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' }) },
      'wrong-signature',
    ],
  ])('refuses %s', async (_, header, reason) => {
    expect(verify(await makeProof({}, header))).toEqual(refusal(reason))
  })

  test('SEC-02 refuses alg none and HS256', async () => {
    const [, payload = '', signature = ''] = (await makeProof()).split('.')
    for (const alg of ['none', 'HS256']) {
      const header = Buffer.from(JSON.stringify({ alg, typ: 'dpop+jwt', jwk })).toString('base64url')
      expect(verify(`${header}.${payload}.${signature}`)).toEqual(refusal('algorithm-refused'))
    }
  })

  test('refuses an algorithm outside a narrower list', async () => {
    expect(verify(await makeProof(), { algorithms: ['EdDSA'] })).toEqual(refusal('algorithm-refused'))
  })

  test('refuses claims for another request', async () => {
    expect(verify(await makeProof({ htm: 'GET' }))).toEqual(refusal('method-mismatch'))
    expect(verify(await makeProof(), { url: 'http://127.0.0.1:4001/token' })).toEqual(refusal('url-mismatch'))
  })

  test.each([
    ['no header', []],
    ['two headers', ['a', 'a']],
  ])('refuses %s', (_, headerValues) => {
    expect(verify('', { headerValues })).toEqual(refusal('not-exactly-one-proof'))
  })

  test('detects two headers joined by Headers', async () => {
    const proof = await makeProof()
    const headers = new Headers({ dpop: proof })
    expect(verify('', { headerValues: readDpopHeader(headers) })).toMatchObject({ accepted: true })
    headers.append('dpop', proof)
    expect(readDpopHeader(headers)).toEqual([proof, proof])
    expect(readDpopHeader(new Headers())).toEqual([])
  })

  test('checks ath against the access token', async () => {
    const proof = await makeProof({ ath: digest('token') })
    expect(verify(proof, { accessToken: 'token' })).toMatchObject({ accepted: true })
    expect(verify(proof, { accessToken: 'other' })).toEqual(refusal('ath-mismatch'))
    expect(verify(await makeProof(), { accessToken: 'token' })).toEqual(refusal('ath-mismatch'))
  })
})

describe('nonces', () => {
  const time = { ms: NOW * 1000 }
  const sealing = createSealing(Uint8Array.from({ length: 32 }, (_, index) => index * 7))
  const nonces = createDpopNonces(sealing, { nowMs: () => time.ms })
  const start = Math.floor(NOW / 150) * 150

  test('are fresh in their own time span and the adjacent ones, in every process', () => {
    time.ms = start * 1000
    const nonce = nonces.current()
    const other = createDpopNonces(sealing, { nowMs: () => time.ms })
    for (const [second, fresh] of [
      [-151, false],
      [-150, true],
      [0, true],
      [299, true],
      [300, false],
    ] as const) {
      time.ms = (start + second) * 1000
      expect([second, other.isFresh(nonce)]).toEqual([second, fresh])
    }
  })

  test.each([
    ['required and missing', true, undefined, 'nonce-missing'],
    ['required and made up', true, 'made-up', 'nonce-stale'],
    ['not required but made up', false, 'made-up', 'nonce-stale'],
    ['not a string', false, 1, 'nonce-stale'],
  ])('%s: requests a new nonce', async (_, required, nonce, reason) => {
    time.ms = NOW * 1000
    const policy = { nonces: { nonces, required } }
    expect(verify(await makeProof({ nonce }), policy)).toEqual(refusal(reason, 'use_dpop_nonce'))
    expect(verify(await makeProof({ nonce: nonces.current() }), policy)).toMatchObject({ accepted: true })
  })

  test('not required and missing, or not checked: passes', async () => {
    const proof = verify(await makeProof(), { nonces: { nonces, required: false } })
    expect(proof).toMatchObject({ accepted: true })
    expect(verify(await makeProof({ nonce: 'foreign' }))).toMatchObject({ accepted: true })
  })
})
