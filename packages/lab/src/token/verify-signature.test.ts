import { exportJWK, generateKeyPair, SignJWT, type JWK } from 'jose'
import { expect, test } from 'vitest'

import { verifySignature } from './verify-signature.ts'

const { publicKey, privateKey } = await generateKeyPair('ES256')
const good = { ...(await exportJWK(publicKey)), kid: 'k1' }
const sign = (header: { alg: string; kid?: string }) =>
  new SignJWT({}).setProtectedHeader(header).sign(privateKey)
const unusable = (alg: string) => ({ ...UNUSABLE[alg], kid: 'k2' })
const UNUSABLE: Readonly<Record<string, JWK>> = {
  ES256: { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' },
  EdDSA: { kty: 'OKP', crv: 'Ed25519', x: 'AA' },
  RS256: { kty: 'RSA', n: 'A'.repeat(171), e: 'AQAB' },
}

test('the key that signed a token is found among others', async () => {
  const keys = [unusable('ES256'), good]
  expect(await verifySignature(await sign({ alg: 'ES256', kid: 'k1' }), { keys })).toEqual({
    valid: true,
    kid: 'k1',
  })
})

test.each(['ES256', 'EdDSA', 'RS256'])('a key for %s that cannot be used verifies nothing', async (alg) => {
  const [, claims] = (await sign({ alg: 'ES256' })).split('.')
  const header = Buffer.from(JSON.stringify({ alg, kid: 'k2' })).toString('base64url')
  const token = `${header}.${claims}.${'A'.repeat(86)}`
  expect(await verifySignature(token, { keys: [good, unusable(alg)] })).toEqual({
    valid: false,
    reason: expect.stringMatching(/^a key there is unusable: /),
  })
})

test.each([
  ['no object', undefined],
  ['without keys', {}],
  [
    'nested too deep to copy',
    { keys: [], more: JSON.parse('['.repeat(50_000) + ']'.repeat(50_000)) as unknown },
  ],
])('a document that is %s is no JWKS', async (_, jwks) => {
  expect(await verifySignature(await sign({ alg: 'ES256' }), jwks)).toBeUndefined()
})
