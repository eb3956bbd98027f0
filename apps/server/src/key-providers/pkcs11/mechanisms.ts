// How a key for each JWS algorithm is created and used with PKCS#11. ECDSA signs a digest that is computed here,
// because every device supports that; its signatures already have JWS form, r and s concatenated.
import type { SignatureAlgorithm } from '@crosswalk/protocol'

import { CKG, CKM, RSA_PSS_PARAMETERS } from './constants.ts'
import type { Mechanism } from './library.ts'

/** A curve, by its PKCS#11 and JWK names. */
export interface Curve {
  /** DER of its OID */
  readonly parameters: Buffer
  readonly crv: string
  readonly pointBytes: number
}

export interface KeyMechanism {
  readonly generate: number
  /** Undefined for RSA with 3072 bits */
  readonly curve?: Curve
  /** Hash to sign; undefined if the device hashes */
  readonly digest?: string
  readonly sign: Mechanism
}

const curve = (oid: string, crv: string, pointBytes: number): Curve => ({
  parameters: Buffer.from(oid, 'hex'),
  crv,
  pointBytes,
})

const ec = (of: Curve, digest: string): KeyMechanism => ({
  generate: CKM.EC_KEY_PAIR_GEN,
  curve: of,
  digest,
  sign: { mechanism: CKM.ECDSA },
})

const ED25519: KeyMechanism = {
  generate: CKM.EC_EDWARDS_KEY_PAIR_GEN,
  curve: curve('06032b6570', 'Ed25519', 32),
  sign: { mechanism: CKM.EDDSA },
}

const rsa = (mechanism: number): KeyMechanism => ({
  generate: CKM.RSA_PKCS_KEY_PAIR_GEN,
  sign: { mechanism },
})

const pss = (mechanism: number, hashAlg: number, mgf: number, saltLen: number): KeyMechanism => ({
  generate: CKM.RSA_PKCS_KEY_PAIR_GEN,
  sign: { mechanism, parameter: { type: RSA_PSS_PARAMETERS, hashAlg, mgf, saltLen } },
})

export const MECHANISMS: Readonly<Record<SignatureAlgorithm, KeyMechanism>> = {
  ES256: ec(curve('06082a8648ce3d030107', 'P-256', 65), 'sha256'),
  ES384: ec(curve('06052b81040022', 'P-384', 97), 'sha384'),
  ES512: ec(curve('06052b81040023', 'P-521', 133), 'sha512'),
  EdDSA: ED25519,
  Ed25519: ED25519,
  RS256: rsa(CKM.SHA256_RSA_PKCS),
  RS384: rsa(CKM.SHA384_RSA_PKCS),
  RS512: rsa(CKM.SHA512_RSA_PKCS),
  PS256: pss(CKM.SHA256_RSA_PKCS_PSS, CKM.SHA256, CKG.MGF1_SHA256, 32),
  PS384: pss(CKM.SHA384_RSA_PKCS_PSS, CKM.SHA384, CKG.MGF1_SHA384, 48),
  PS512: pss(CKM.SHA512_RSA_PKCS_PSS, CKM.SHA512, CKG.MGF1_SHA512, 64),
}
