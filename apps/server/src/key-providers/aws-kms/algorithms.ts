// How a key for each JWS algorithm is made and used at AWS KMS.
import type { KeySpec, SigningAlgorithmSpec } from '@aws-sdk/client-kms'
import type { SignatureAlgorithm } from '@crosswalk/protocol'

export interface KmsAlgorithm {
  readonly spec: KeySpec
  readonly signing: SigningAlgorithmSpec
  /** Of what is signed, so that no token is too long for the service; undefined: it takes the text, of 4096 bytes at most */
  readonly digest?: string
  /** Bytes of r and of s (RFC 7518 section 3.4), where signatures come in DER */
  readonly coordinateBytes?: number
}

const ED25519: KmsAlgorithm = { spec: 'ECC_NIST_EDWARDS25519', signing: 'ED25519_SHA_512' }

const rsa = (signing: SigningAlgorithmSpec, digest: string): KmsAlgorithm => ({
  spec: 'RSA_3072',
  signing,
  digest,
})

export const KMS_ALGORITHMS: Readonly<Record<SignatureAlgorithm, KmsAlgorithm>> = {
  ES256: { spec: 'ECC_NIST_P256', signing: 'ECDSA_SHA_256', digest: 'sha256', coordinateBytes: 32 },
  ES384: { spec: 'ECC_NIST_P384', signing: 'ECDSA_SHA_384', digest: 'sha384', coordinateBytes: 48 },
  ES512: { spec: 'ECC_NIST_P521', signing: 'ECDSA_SHA_512', digest: 'sha512', coordinateBytes: 66 },
  EdDSA: ED25519,
  Ed25519: ED25519,
  RS256: rsa('RSASSA_PKCS1_V1_5_SHA_256', 'sha256'),
  RS384: rsa('RSASSA_PKCS1_V1_5_SHA_384', 'sha384'),
  RS512: rsa('RSASSA_PKCS1_V1_5_SHA_512', 'sha512'),
  PS256: rsa('RSASSA_PSS_SHA_256', 'sha256'),
  PS384: rsa('RSASSA_PSS_SHA_384', 'sha384'),
  PS512: rsa('RSASSA_PSS_SHA_512', 'sha512'),
}
