// Public keys and signature verification: first the allow-list, then whether the key fits the algorithm, then the
// signature. The caller checks that the key belongs to the issuer that the token names.
import { createHash, createPublicKey, type JsonWebKeyInput, type KeyObject, verify } from 'node:crypto'

import {
  accept,
  isSignatureAlgorithm,
  type JwkProblem,
  listKeyAlgorithms,
  parsePublicJwk,
  type PublicJwk,
  refuse,
  renderThumbprintInput,
  type Result,
  type SignatureAlgorithm,
} from '@crosswalk/protocol'

import { CRYPTO_PARAMETERS } from './algorithms.ts'
import type { DecodedJws } from './compact-jws.ts'

/** An imported public key; importing costs more than verifying, so keep it. */
export interface VerificationKey {
  readonly kid?: string
  readonly jwk: PublicJwk
  readonly thumbprint: string
  /** Algorithms this key may verify; empty for a key with another use. */
  readonly algorithms: readonly SignatureAlgorithm[]
  readonly keyObject: KeyObject
}

export type KeyProblem = JwkProblem | 'not-importable'
export type SignatureRefusal = 'algorithm-refused' | 'key-of-other-algorithm' | 'wrong-signature'

/** @returns the SHA-256 thumbprint of a public key, base64url (RFC 7638) */
export function computeThumbprint(jwk: PublicJwk): string {
  return createHash('sha256').update(renderThumbprintInput(jwk)).digest('base64url')
}

/** @returns the key, or why the JWK is invalid; a point that is not on its curve is `not-importable` */
export function importVerificationKey(jwk: unknown): Result<VerificationKey, KeyProblem> {
  const parsed = parsePublicJwk(jwk)
  if (!parsed.accepted) return parsed
  const { value } = parsed
  let keyObject: KeyObject
  try {
    keyObject = createPublicKey({ key: { ...value } as JsonWebKeyInput['key'], format: 'jwk' })
  } catch {
    return refuse('not-importable')
  }
  return accept({
    ...(value.kid === undefined ? {} : { kid: value.kid }),
    jwk: value,
    thumbprint: computeThumbprint(value),
    algorithms: listKeyAlgorithms(value),
    keyObject,
  })
}

type VerifyOptions = Parameters<typeof verify>[2]
const optionsOfKeys = new WeakMap<VerificationKey, Map<SignatureAlgorithm, VerifyOptions>>()

/** Options that node:crypto reads on every call; built once per key and algorithm. */
function findOptions(key: VerificationKey, algorithm: SignatureAlgorithm): VerifyOptions {
  let ofKey = optionsOfKeys.get(key)
  if (ofKey === undefined) optionsOfKeys.set(key, (ofKey = new Map()))
  let options = ofKey.get(algorithm)
  if (options === undefined) {
    options = { key: key.keyObject, ...CRYPTO_PARAMETERS[algorithm].options }
    ofKey.set(algorithm, options)
  }
  return options
}

/**
 * Verifies a JWS with one key.
 *
 * @param input - `algorithms`: what the verifier allows for this purpose, never taken from the token (SEC-01)
 * @returns the same JWS, with claims that are now authenticated; or why not
 * @see RFC 7515 section 5.2 step 8; RFC 8725 sections 3.1 and 3.2
 */
export function verifySignature({
  decoded,
  key,
  algorithms,
}: {
  readonly decoded: DecodedJws
  readonly key: VerificationKey
  readonly algorithms: readonly string[]
}): Result<DecodedJws, SignatureRefusal> {
  const { alg } = decoded.header
  if (!algorithms.includes(alg) || !isSignatureAlgorithm(alg)) return refuse('algorithm-refused')
  if (!key.algorithms.includes(alg)) return refuse('key-of-other-algorithm')
  const signingInput = Buffer.from(decoded.signingInput, 'latin1')
  const { hash } = CRYPTO_PARAMETERS[alg]
  return verify(hash, signingInput, findOptions(key, alg), decoded.signature)
    ? accept(decoded)
    : refuse('wrong-signature')
}
