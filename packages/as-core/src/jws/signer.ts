// Signs JWTs with one private key of ours. What the claims say is decided elsewhere.
import { createPrivateKey, KeyObject, sign } from 'node:crypto'

import { flat, isSignatureAlgorithm, memoize, type SignatureAlgorithm } from '@crosswalk/protocol'

import { CRYPTO_PARAMETERS } from './algorithms.ts'

export interface Signer {
  readonly kid: string
  readonly algorithm: SignatureAlgorithm
  /** @returns a compact JWS of these claims; `typ` names the kind of token (RFC 8725 section 3.11) */
  signJws(header: { readonly typ: string }, claims: Readonly<Record<string, unknown>>): string
}

/**
 * Prepares signing with one private key.
 *
 * @throws TypeError when the key is not a private key or the algorithm is unknown; node:crypto's error on the
 *   first signature when they do not fit each other
 */
export function createSigner(
  key: KeyObject | Readonly<Record<string, unknown>>,
  kid: string,
  algorithm: string,
): Signer {
  if (!isSignatureAlgorithm(algorithm)) throw new TypeError(`not a signature algorithm: ${algorithm}`)
  const privateKey = key instanceof KeyObject ? key : createPrivateKey({ key: { ...key }, format: 'jwk' })
  if (privateKey.type !== 'private') throw new TypeError(`key ${kid} is not a private key`)
  const { hash, options } = CRYPTO_PARAMETERS[algorithm]
  const signOptions = { key: privateKey, ...options }
  const encodeHeader = memoize((typ: string) =>
    Buffer.from(JSON.stringify({ alg: algorithm, typ, kid })).toString('base64url'),
  )

  return {
    kid,
    algorithm,
    signJws({ typ }, claims) {
      const payload = Buffer.from(JSON.stringify(claims)).toString('base64url')
      const signingInput = `${encodeHeader(typ)}.${payload}`
      const signature = sign(hash, Buffer.from(signingInput, 'latin1'), signOptions)
      // In one piece, since it goes into the JSON of an answer (see `flat`).
      return flat`${signingInput}.${signature.toString('base64url')}`
    },
  }
}
