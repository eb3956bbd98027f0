import { generateKeyPairSync, sign, verify } from 'node:crypto'

import { expect, it } from 'vitest'

import { convertFromDer } from './ecdsa-signature.ts'

it.each([
  ['P-256', 'sha256', 32],
  ['P-384', 'sha384', 48],
  ['P-521', 'sha512', 66],
])('a signature with %s verifies in JWS form', (namedCurve, hash, coordinateBytes) => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve })
  // Numbers with leading zeros are shorter in DER, so several rounds are needed.
  for (let round = 0; round < 40; round += 1) {
    const data = Buffer.from(`text ${round}`)
    const signature = convertFromDer(sign(hash, data, privateKey), coordinateBytes)
    expect(signature).toHaveLength(2 * coordinateBytes)
    expect(verify(hash, data, { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature)).toBe(true)
  }
})

it('pads short numbers and strips the sign byte', () => {
  const der = Buffer.from('3008020101020300ff02', 'hex')
  expect(Buffer.from(convertFromDer(der, 4)).toString('hex')).toBe('000000010000ff02')
})

it.each([
  ['nothing', ''],
  ['the raw form', '01'.repeat(64)],
  ['trailing data', '300602010102010100'],
  ['a truncated number', '30060201010205'],
  ['one number only', '3003020101'],
  ['a number longer than the curve', '300a0205010101010102010a'],
])('rejects %s', (_, hex) => {
  expect(() => convertFromDer(Buffer.from(hex, 'hex'), 4)).toThrow('not an ECDSA signature')
})
