import { expect, test } from 'vitest'

import { parsePublicJwk } from './jwk.ts'
import { isRocaModulus } from './roca.ts'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const PRODUCT = [...Array(168).keys()]
  .filter((number) => number > 1 && [...Array(number).keys()].slice(2).every((one) => number % one !== 0))
  .reduce((product, prime) => product * BigInt(prime), 1n)

/** A modulus of the faulty generator: a multiple of the product of small primes, plus a power of 65537. */
function buildModulus(exponent: number): bigint {
  const multiple = ((1n << 2047n) / PRODUCT + 12_345_678_901_234_567n) * PRODUCT
  return multiple + (65_537n ** BigInt(exponent) % PRODUCT)
}

/** @param number - of 2048 bits: 342 characters, the last with four unused bits */
function encode(number: bigint): string {
  let [rest, text] = [number << 4n, '']
  for (let place = 0; place < 342; place += 1) {
    text = `${ALPHABET[Number(rest % 64n)] ?? ''}${text}`
    rest /= 64n
  }
  return text
}

test.each([0, 1, 2, 77, 1001])(
  'detects a modulus of the faulty generator by its residues (%d)',
  (exponent) => {
    const n = encode(buildModulus(exponent))
    expect(isRocaModulus(n)).toBe(true)
    expect(parsePublicJwk({ kty: 'RSA', e: 'AQAB', n })).toEqual({ accepted: false, refusal: 'rsa-roca' })
  },
)

test.each([1n, 2n, 12n, 1n << 1000n])(
  'does not detect a modulus that differs in one residue',
  (difference) => {
    const n = encode(buildModulus(77) + difference)
    expect(isRocaModulus(n)).toBe(false)
    expect(parsePublicJwk({ kty: 'RSA', e: 'AQAB', n })).toMatchObject({ accepted: true })
  },
)
