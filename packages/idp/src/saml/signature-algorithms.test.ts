// Each algorithm counts only with keys of its type, and PSS only with a salt as long as the digest (RFC 9231 section 2.3.10).
import { constants, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'

import { expect, it } from 'vitest'

import { buildSignatureAlgorithms } from './signature-algorithms.ts'

const RSA = generateKeyPairSync('rsa', { modulusLength: 2048 })
const EC = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const MORE = 'http://www.w3.org/2001/04/xmldsig-more#'
const PSS = 'http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1'

function verify(uri: string, key: KeyObject, signature: Buffer): unknown {
  const algorithms = buildSignatureAlgorithms(key)
  const algorithm = algorithms[uri]
  if (algorithm === undefined) throw new Error(`no ${uri}`)
  return new algorithm().verifySignature('text', key, signature.toString('base64'))
}

const text = Buffer.from('text')

it('belongs to one type of key', () => {
  const ofRsa = sign('sha256', text, RSA.privateKey)
  const ofEc = sign('sha256', text, { key: EC.privateKey, dsaEncoding: 'ieee-p1363' })
  expect([
    verify(`${MORE}rsa-sha256`, RSA.publicKey, ofRsa),
    verify(`${MORE}ecdsa-sha256`, RSA.publicKey, ofRsa),
    verify(`${MORE}ecdsa-sha256`, EC.publicKey, ofEc),
    verify(`${MORE}rsa-sha256`, EC.publicKey, ofEc),
  ]).toEqual([true, false, true, false])
})

it.each([
  [32, true],
  [20, false],
])('PSS with a salt of %d bytes: %s', (saltLength, expected) => {
  const key = { key: RSA.privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength }
  expect(verify(PSS, RSA.publicKey, sign('sha256', text, key))).toBe(expected)
})
