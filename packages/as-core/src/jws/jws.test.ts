import { createHmac, generateKeyPairSync } from 'node:crypto'

import { ASYMMETRIC_ALGORITHMS, type SignatureAlgorithm } from '@crosswalk/protocol'
import fc from 'fast-check'
import { compactVerify, CompactSign } from 'jose'
import { beforeAll, describe, expect, test } from 'vitest'

import { decodeCompactJws, MAX_JWS_LENGTH } from './compact-jws.ts'
import { createSigner } from './signer.ts'
import { importVerificationKey, type VerificationKey, verifySignature } from './verification-key.ts'

const PAIRS = {
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  ES384: generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  ES512: generateKeyPairSync('ec', { namedCurve: 'P-521' }),
  EdDSA: generateKeyPairSync('ed25519'),
  RSA: generateKeyPairSync('rsa', { modulusLength: 2048 }),
}

function pairOf(algorithm: string) {
  if (algorithm === 'Ed25519') return PAIRS.EdDSA
  return algorithm in PAIRS ? PAIRS[algorithm as keyof typeof PAIRS] : PAIRS.RSA
}

function verificationKey(algorithm: string, more: object = {}): VerificationKey {
  const imported = importVerificationKey({
    ...pairOf(algorithm).publicKey.export({ format: 'jwk' }),
    ...more,
  })
  if (!imported.accepted) throw new Error(imported.refusal)
  return imported.value
}

const encode = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')
const sample = (header: unknown = { alg: 'ES256', typ: 'x+jwt' }, payload: unknown = { sub: 'a' }) =>
  `${encode(header)}.${encode(payload)}.AAAA`

function verify(token: string, key: VerificationKey, algorithms: readonly string[]) {
  const decoded = decodeCompactJws(token)
  return decoded.accepted ? verifySignature({ decoded: decoded.value, key, algorithms }) : decoded
}

describe('RAS-06, SEC-05, SEC-06 compact JWS', () => {
  test.each([
    ['header and payload', sample()],
    ['no typ', sample({ alg: 'ES256' })],
    [
      'jwk, x5c, jku, x5u in the header, ignored',
      sample({ alg: 'ES256', jwk: {}, x5c: [], jku: 'http://a', x5u: 1 }),
    ],
    ['a token of 16384 characters', `${sample()}${'A'.repeat(MAX_JWS_LENGTH - sample().length)}`],
  ])('decodes %s', (_, token) => {
    expect(decodeCompactJws(token)).toMatchObject({ accepted: true, value: { claims: { sub: 'a' } } })
  })

  test.each([
    ['16385 characters', `${sample()}${'A'.repeat(MAX_JWS_LENGTH + 1 - sample().length)}`, 'too-long'],
    ['nothing', '', 'not-three-segments'],
    ['two segments', 'e30.e30', 'not-three-segments'],
    ['four segments', `${sample()}.AAAA`, 'not-three-segments'],
    ['five segments (JWE)', 'e30.e30.e30.e30.e30', 'not-three-segments'],
    ['an empty signature', sample().replace(/AAAA$/, ''), 'not-base64url'],
    ['an empty payload', 'e30..AAAA', 'not-base64url'],
    ['padding', `${sample()}=`, 'not-base64url'],
    ['a space', `${sample()} `, 'not-base64url'],
    ['a line feed at the end', `${sample()}\n`, 'not-base64url'],
    ['plus and slash', sample().replace('AAAA', '++//'), 'not-base64url'],
    ['length 1 modulo 4', sample().replace('AAAA', 'AAAAA'), 'not-base64url'],
    ['unused bits set, two characters', sample().replace('AAAA', 'AB'), 'not-base64url'],
    ['unused bits set, three characters', sample().replace('AAAA', 'AAB'), 'not-base64url'],
    ['a header that is not JSON', sample('alg'), 'header: not-json'],
    ['a header with alg twice', sample('{"alg":"ES256","alg":"none"}'), 'header: repeated-member'],
    ['a payload with sub twice', sample(undefined, '{"sub":"a","sub":"b"}'), 'payload: repeated-member'],
    ['a payload that is an array', sample(undefined, []), 'payload: not-an-object'],
    ['crit', sample({ alg: 'ES256', crit: ['exp'] }), 'header: crit-unsupported'],
    ['crit: null', sample({ alg: 'ES256', crit: null }), 'header: crit-unsupported'],
    ['b64', sample({ alg: 'ES256', b64: false }), 'header: b64-unsupported'],
    ['zip', sample({ alg: 'ES256', zip: 'DEF' }), 'header: zip-unsupported'],
    ['no alg', sample({ typ: 'JWT' }), 'header: alg-malformed'],
    ['alg as a list', sample({ alg: ['ES256'] }), 'header: alg-malformed'],
    ['typ as a number', sample({ alg: 'ES256', typ: 1 }), 'header: typ-malformed'],
    ['kid as an object', sample({ alg: 'ES256', kid: {} }), 'header: kid-malformed'],
    ['a kid of 513 characters', sample({ alg: 'ES256', kid: 'k'.repeat(513) }), 'header: kid-malformed'],
  ])('refuses %s', (_, token, refusal) => {
    expect(decodeCompactJws(token)).toEqual({ accepted: false, refusal })
  })

  test('accepts the canonical last characters', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 80 }), (signature) => {
        const decoded = decodeCompactJws(
          `${sample().slice(0, -4)}${Buffer.from(signature).toString('base64url')}`,
        )
        expect(decoded.accepted && Buffer.from(signature).equals(decoded.value.signature)).toBe(true)
      }),
    )
  })
})

describe('RAS-11 signatures', () => {
  const claims = fc.dictionary(
    fc.string({ maxLength: 8 }).filter((text) => !text.includes('\0')),
    fc.oneof(fc.integer(), fc.boolean(), fc.constant('ä€😀'), fc.array(fc.integer())),
  )

  test.each(ASYMMETRIC_ALGORITHMS)('%s: jose verifies what we sign', async (algorithm) => {
    const signer = createSigner(pairOf(algorithm).privateKey, 'k1', algorithm)
    await fc.assert(
      fc.asyncProperty(claims, async (body) => {
        const token = await signer.signJws({ typ: 'at+jwt' }, body)
        const verified = await compactVerify(token, pairOf(algorithm).publicKey)
        expect(verified.protectedHeader).toEqual({ alg: algorithm, typ: 'at+jwt', kid: 'k1' })
        expect(JSON.parse(new TextDecoder().decode(verified.payload))).toEqual(
          JSON.parse(JSON.stringify(body)),
        )
      }),
      { numRuns: 10 },
    )
  })

  test.each(ASYMMETRIC_ALGORITHMS)(
    '%s: we verify what jose signs, and both refuse a changed token',
    async (alg) => {
      const key = verificationKey(alg)
      await fc.assert(
        fc.asyncProperty(claims, fc.nat(), async (body, where) => {
          const token = await new CompactSign(Buffer.from(JSON.stringify(body)))
            .setProtectedHeader({ alg, typ: 'x+jwt' })
            .sign(pairOf(alg).privateKey)
          expect(verify(token, key, [alg])).toMatchObject({ accepted: true })
          const at = where % token.length
          const changed = `${token.slice(0, at)}${token[at] === 'B' ? 'C' : 'B'}${token.slice(at + 1)}`
          expect(verify(changed, key, [alg])).toMatchObject({ accepted: false })
          // jose ignores unused bits when decoding, so it only has to fail if the signed text changes.
          if (at < token.lastIndexOf('.'))
            await expect(compactVerify(changed, key.keyObject)).rejects.toThrow()
        }),
        { numRuns: 25 },
      )
    },
  )

  let es256: string
  beforeAll(async () => {
    es256 = await createSigner(PAIRS.ES256.privateKey, 'k1', 'ES256').signJws({ typ: 'JWT' }, {})
  })

  test('a key without use, key_ops and alg verifies', () => {
    expect(verify(es256, verificationKey('ES256'), ['ES256'])).toMatchObject({ accepted: true })
  })

  test('a key of another pair does not', () => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const other = importVerificationKey(publicKey.export({ format: 'jwk' }))
    expect(other.accepted && verify(es256, other.value, ['ES256'])).toEqual({
      accepted: false,
      refusal: 'wrong-signature',
    })
  })

  test('SEC-01 an algorithm outside the allow-list is refused before the key is looked at', () => {
    const key = verificationKey('ES256')
    expect(verify(es256, key, ['RS256'])).toEqual({ accepted: false, refusal: 'algorithm-refused' })
  })

  test.each([
    ['RAS-10 a key with another curve', verificationKey('ES384')],
    ['RAS-10 a key with another type', verificationKey('RS256')],
    ['RAS-10 a key with use enc', verificationKey('ES256', { use: 'enc' })],
    ['RAS-10 a key with key_ops sign', verificationKey('ES256', { key_ops: ['sign'] })],
    ['RAS-10 a key with another alg', verificationKey('ES256', { alg: 'ES384' })],
  ])('%s is refused', (_, key) => {
    expect(verify(es256, key, ['ES256'])).toEqual({ accepted: false, refusal: 'key-of-other-algorithm' })
  })

  test.each([
    ['use sig', { use: 'sig' }],
    ['key_ops verify', { key_ops: ['verify'] }],
    ['alg ES256', { alg: 'ES256' }],
  ])('a key with %s verifies', (_, label) => {
    expect(verify(es256, verificationKey('ES256', label), ['ES256'])).toMatchObject({ accepted: true })
  })

  test('PS256 is not RS256', async () => {
    const token = await createSigner(PAIRS.RSA.privateKey, 'k1', 'PS256').signJws({ typ: 'JWT' }, {})
    const relabelled = `${encode({ alg: 'RS256' })}.${token.split('.').slice(1).join('.')}`
    expect(verify(token, verificationKey('PS256'), ['PS256', 'RS256'])).toMatchObject({ accepted: true })
    expect(verify(relabelled, verificationKey('RS256'), ['PS256', 'RS256'])).toMatchObject({
      accepted: false,
    })
    const labelled = verificationKey('RS256', { alg: 'RS256' })
    expect(verify(token, labelled, ['PS256', 'RS256'])).toEqual({
      accepted: false,
      refusal: 'key-of-other-algorithm',
    })
  })

  test.each(['none', 'None', 'HS256', 'HS512', 'RS1', 'ES256K'])(
    'SEC-02 %s is refused even if listed',
    (alg) => {
      const input = `${encode({ alg })}.${encode({})}`
      const secret = PAIRS.RSA.publicKey.export({ type: 'spki', format: 'pem' })
      const token = `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`
      expect(verify(token, verificationKey('RS256'), [alg as SignatureAlgorithm])).toEqual({
        accepted: false,
        refusal: 'algorithm-refused',
      })
    },
  )

  test.each([
    ['DER instead of the raw pair', 70],
    ['an empty-looking pair', 1],
    ['all zeros', 64],
  ])('a signature that is %s is refused, not thrown', (_, bytes) => {
    const token = es256.replace(/[^.]+$/, Buffer.alloc(bytes).toString('base64url'))
    expect(verify(token, verificationKey('ES256'), ['ES256'])).toEqual({
      accepted: false,
      refusal: 'wrong-signature',
    })
  })
})

describe('hostile input', () => {
  test.each(ASYMMETRIC_ALGORITHMS)(
    '%s: a signature of any bytes and length is refused, not thrown',
    async (alg) => {
      const key = verificationKey(alg)
      const token = await createSigner(pairOf(alg).privateKey, 'k1', alg).signJws({ typ: 'JWT' }, {})
      fc.assert(
        fc.property(fc.uint8Array({ minLength: 1, maxLength: 600 }), (bytes) => {
          const forged = token.replace(/[^.]+$/, Buffer.from(bytes).toString('base64url'))
          expect(verify(forged, key, [alg])).toEqual({ accepted: false, refusal: 'wrong-signature' })
        }),
        { numRuns: 30 },
      )
    },
  )

  test('any text is refused, not thrown', () => {
    const segment = fc.oneof(
      fc.string(),
      fc.base64String(),
      fc.json().map((text) => encode(text)),
    )
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 5 }), (segments) => {
        const decoded = decodeCompactJws(segments.join('.'))
        if (decoded.accepted) expect(typeof decoded.value.header.alg).toBe('string')
      }),
    )
  })
})

describe('keys', () => {
  test('refuses to import a point that is not on its curve', () => {
    const jwk = PAIRS.ES256.publicKey.export({ format: 'jwk' })
    expect(importVerificationKey({ ...jwk, y: 'A'.repeat(43) })).toEqual({
      accepted: false,
      refusal: 'not-importable',
    })
  })

  test('RFC 7638 section 3.1: the thumbprint of its example', () => {
    const n =
      '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw'
    const key = importVerificationKey({ kty: 'RSA', n, e: 'AQAB', alg: 'RS256', kid: '2011-04-29' })
    expect(key).toMatchObject({
      accepted: true,
      value: { thumbprint: 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs', kid: '2011-04-29' },
    })
  })

  test.each([
    ['a public key', () => createSigner(PAIRS.ES256.publicKey, 'k', 'ES256')],
    ['HS256', () => createSigner(PAIRS.ES256.privateKey, 'k', 'HS256')],
  ])('a signer from %s is misuse', (_, make) => {
    expect(make).toThrow(TypeError)
  })
})
