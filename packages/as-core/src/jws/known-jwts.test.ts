import { generateKeyPairSync } from 'node:crypto'

import { expect, test } from 'vitest'

import { createSigner } from './signer.ts'
import { importVerificationKey, type VerificationKey } from './verification-key.ts'
import { createKnownJwts, type KnownJwts } from './known-jwts.ts'
import { type KeyChoice, observeJwt } from './observe-jwt.ts'
import { digest } from '../sealing/digest.ts'

const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const signer = createSigner(pair.privateKey, 'k', 'ES256')
const token = await signer.signJws({ typ: 'JWT' }, { sub: 'alice' })

function importKey(publicKey = pair.publicKey): VerificationKey {
  const imported = importVerificationKey({ ...publicKey.export({ format: 'jwk' }), kid: 'k' })
  if (!imported.accepted) throw new Error(imported.refusal)
  return imported.value
}

const key = importKey()
const by = (one: VerificationKey, algorithms: readonly string[] = ['ES256']): KeyChoice => ({
  algorithms,
  find: () => ({ accepted: true, value: one }),
})

async function signatureOf(text: string, choice: KeyChoice | undefined, known: KnownJwts) {
  const fact = await observeJwt(text, () => choice, known)
  return fact.state === 'read' ? fact.signature : fact.state
}

async function knowing(text = token): Promise<KnownJwts> {
  const known = createKnownJwts()
  await signatureOf(text, by(key), known)
  return known
}

/** The same token with a forged signature. */
const forged = `${token.slice(0, token.lastIndexOf('.'))}.${'A'.repeat(86)}`

test('a verified token is not verified again', async () => {
  const known = createKnownJwts()
  expect(await signatureOf(forged, by(key), known)).toBe('invalid')
  known.add(digest(forged), key)
  expect(await signatureOf(forged, by(key), known)).toBe('valid')
})

test('returns the same facts the first and the second time', async () => {
  const known = createKnownJwts()
  const first = await observeJwt(token, () => by(key), known)
  expect(first).toMatchObject({ state: 'read', signature: 'valid', claims: { sub: 'alice' }, typ: 'JWT' })
  expect(await observeJwt(token, () => by(key), known)).toEqual(first)
})

test.each([
  ['another token', forged, by(key), 'invalid'],
  [
    'a removed key',
    token,
    { ...by(key), find: () => ({ accepted: false, refusal: { kind: 'unknown-kid', detail: '' } }) },
    'unknown-key',
  ],
  ['an unknown issuer', token, undefined, 'not-checked'],
  ['an algorithm no longer allowed', token, by(key, ['RS256']), 'algorithm-refused'],
  [
    'another key with the same kid',
    token,
    by(importKey(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey)),
    'invalid',
  ],
] as const)('IDP-17, SEC-01: the cache does not help %s', async (_, text, choice, signature) => {
  const known = await knowing()
  expect(await signatureOf(token, by(key), known)).toBe('valid')
  expect(await signatureOf(text, choice as KeyChoice | undefined, known)).toBe(signature)
})

test('a re-imported key verifies again, and is remembered from then on', async () => {
  const known = await knowing()
  const again = importKey()
  expect(await signatureOf(token, by(again), known)).toBe('valid')
  expect(known.find(digest(token))).toBe(again)
})

test('a bad signature is not remembered', async () => {
  const known = await knowing(forged)
  expect(known.find(digest(forged))).toBeUndefined()
})

test('above the limit, tokens that did not return are forgotten', () => {
  const known = createKnownJwts(2)
  for (const name of ['first', 'second', 'third']) known.add(name, key)
  expect(known.find('first')).toBe(key)
  for (const name of ['fourth', 'fifth']) known.add(name, key)
  expect(known.find('second')).toBeUndefined()
  expect(known.find('first')).toBe(key)
})
