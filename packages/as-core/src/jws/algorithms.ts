// Parameters of node:crypto for each JWS algorithm (RFC 7518 section 3.1, RFC 8037, RFC 9864). Other code receives a
// resolved entry and never compares names. Symmetric algorithms and `none` have no entry, so they cannot be used.
import { constants } from 'node:crypto'

import type { SignatureAlgorithm } from '@crosswalk/protocol'

export interface CryptoParameters {
  /** undefined if the algorithm includes its own digest */
  readonly hash: string | undefined
  readonly options: {
    readonly dsaEncoding?: 'ieee-p1363'
    readonly padding?: number
    readonly saltLength?: number
  }
}

const ecdsa = { dsaEncoding: 'ieee-p1363' } as const
const pkcs1 = { padding: constants.RSA_PKCS1_PADDING } as const
const pss = {
  padding: constants.RSA_PKCS1_PSS_PADDING,
  saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
} as const

export const CRYPTO_PARAMETERS: Readonly<Record<SignatureAlgorithm, CryptoParameters>> = {
  ES256: { hash: 'sha256', options: ecdsa },
  ES384: { hash: 'sha384', options: ecdsa },
  ES512: { hash: 'sha512', options: ecdsa },
  EdDSA: { hash: undefined, options: {} },
  Ed25519: { hash: undefined, options: {} },
  PS256: { hash: 'sha256', options: pss },
  PS384: { hash: 'sha384', options: pss },
  PS512: { hash: 'sha512', options: pss },
  RS256: { hash: 'sha256', options: pkcs1 },
  RS384: { hash: 'sha384', options: pkcs1 },
  RS512: { hash: 'sha512', options: pkcs1 },
}
