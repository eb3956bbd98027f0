import { generateKeyPairSync } from 'node:crypto'

import { expect, it } from 'vitest'

import { CKA } from './constants.ts'
import { type Curve, MECHANISMS } from './mechanisms.ts'
import { readPublicJwk } from './public-jwk.ts'

const decode = (text: string | undefined) => Buffer.from(text ?? '', 'base64url')
const NONE = Buffer.alloc(0)

function read(attributes: ReadonlyMap<number, Buffer>, curve: Curve | undefined) {
  const cryptoki = {
    C_GetAttributeValue: (_session: Buffer, _key: Buffer, template: readonly { readonly type: number }[]) =>
      template.map(({ type }) => ({ value: attributes.get(type) ?? NONE })),
  }
  return readPublicJwk(cryptoki, { session: NONE, key: NONE, curve })
}

/** DER of an octet string of up to 255 bytes */
const wrap = (bytes: Buffer) =>
  Buffer.concat([Buffer.from(bytes.length > 127 ? [4, 0x81, bytes.length] : [4, bytes.length]), bytes])

it.each([
  ['ES256', 'P-256'],
  ['ES384', 'P-384'],
  ['ES512', 'P-521'],
] as const)('%s: reads the coordinates of a point, wrapped or not', (algorithm, namedCurve) => {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve })
  const jwk = publicKey.export({ format: 'jwk' })
  const point = Buffer.concat([Buffer.from([4]), decode(jwk.x), decode(jwk.y)])
  for (const value of [point, wrap(point)])
    expect(read(new Map([[CKA.EC_POINT, value]]), MECHANISMS[algorithm].curve)).toEqual(jwk)
})

it('Ed25519: reads the key from a point, wrapped or not', () => {
  const jwk = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' })
  for (const value of [decode(jwk.x), wrap(decode(jwk.x))])
    expect(read(new Map([[CKA.EC_POINT, value]]), MECHANISMS.EdDSA.curve)).toEqual(jwk)
})

it('RSA: strips leading zeros', () => {
  const attributes = new Map([
    [CKA.MODULUS, Buffer.from([0, 0, 0xc3, 0x01])],
    [CKA.PUBLIC_EXPONENT, Buffer.from([0, 1, 0, 1])],
  ])
  expect(read(attributes, undefined)).toEqual({ kty: 'RSA', n: 'wwE', e: 'AQAB' })
})
