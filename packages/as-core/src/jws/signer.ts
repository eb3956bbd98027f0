// Signs JWTs with one of our private keys, locally or at a key provider. Does not check the claims.
import { createPrivateKey, KeyObject, sign } from 'node:crypto'

import { flat, isSignatureAlgorithm, memoize, type SignatureAlgorithm } from '@crosswalk/protocol'

import type { KeyProvider } from '../ports.ts'
import { CRYPTO_PARAMETERS } from './algorithms.ts'

export interface Signer {
  readonly kid: string
  readonly algorithm: SignatureAlgorithm
  /** A key provider signs, which takes longer and fails while the provider is unreachable. */
  readonly isRemote: boolean
  /**
   * @returns a compact JWS of these claims; `typ` names the kind of token (RFC 8725 section 3.11)
   * @throws KeyProviderFault if a key provider cannot sign now
   */
  signJws(header: { readonly typ: string }, claims: Readonly<Record<string, unknown>>): Promise<string>
}

/**
 * Prepares signing with one private key.
 *
 * @throws TypeError if the key is not a private key or the algorithm is unknown; if they do not match, node:crypto
 *   throws on the first signature
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
  const encode = createEncoder(kid, algorithm)

  return {
    kid,
    algorithm,
    isRemote: false,
    async signJws({ typ }, claims) {
      const signingInput = encode(typ, claims)
      return join(signingInput, sign(hash, Buffer.from(signingInput, 'latin1'), signOptions))
    },
  }
}

/**
 * Prepares signing with a key held by a provider.
 *
 * @throws TypeError for an unknown algorithm
 */
export function createRemoteSigner(
  provider: Pick<KeyProvider, 'sign'>,
  { uri, kid, algorithm }: { readonly uri: string; readonly kid: string; readonly algorithm: string },
): Signer {
  if (!isSignatureAlgorithm(algorithm)) throw new TypeError(`not a signature algorithm: ${algorithm}`)
  const encode = createEncoder(kid, algorithm)
  return {
    kid,
    algorithm,
    isRemote: true,
    async signJws({ typ }, claims) {
      const signingInput = encode(typ, claims)
      const signature = await provider.sign(uri, algorithm, Buffer.from(signingInput, 'latin1'))
      return join(signingInput, Buffer.from(signature))
    },
  }
}

/** @returns an encoder for signing inputs (RFC 7515 section 5.1); it encodes the header of each token type once */
function createEncoder(kid: string, algorithm: SignatureAlgorithm) {
  const encodeHeader = memoize((typ: string) =>
    Buffer.from(JSON.stringify({ alg: algorithm, typ, kid })).toString('base64url'),
  )
  return (typ: string, claims: Readonly<Record<string, unknown>>) =>
    `${encodeHeader(typ)}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`
}

function join(signingInput: string, signature: Buffer): string {
  // A flat string, because it becomes part of a JSON response (see `flat`).
  return flat`${signingInput}.${signature.toString('base64url')}`
}
