// How a key for each JWS algorithm is made and used with PKCS#11. ECDSA signs a digest that is made here, since that is what
// every device can; its signatures come as JWS has them, r and s side by side.
import type { SignatureAlgorithm } from '@crosswalk/protocol'

import { CKG, CKM, RSA_PSS_PARAMETERS } from './constants.ts'
import type { Mechanism } from './library.ts'

export interface KeyMechanism {
  readonly generate: number
  /** DER of the OID of a curve; undefined: RSA with 3072 bits */
  readonly curve?: Buffer
  /** Hash of what is signed; undefined: the device hashes */
  readonly digest?: string
  readonly sign: Mechanism
}

const ec = (curve: string, digest: string): KeyMechanism => ({
  generate: CKM.EC_KEY_PAIR_GEN,
  curve: Buffer.from(curve, 'hex'),
  digest,
  sign: { mechanism: CKM.ECDSA },
})

const ED25519: KeyMechanism = {
  generate: CKM.EC_EDWARDS_KEY_PAIR_GEN,
  curve: Buffer.from('06032b6570', 'hex'),
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
  ES256: ec('06082a8648ce3d030107', 'sha256'),
  ES384: ec('06052b81040022', 'sha384'),
  ES512: ec('06052b81040023', 'sha512'),
  EdDSA: ED25519,
  Ed25519: ED25519,
  RS256: rsa(CKM.SHA256_RSA_PKCS),
  RS384: rsa(CKM.SHA384_RSA_PKCS),
  RS512: rsa(CKM.SHA512_RSA_PKCS),
  PS256: pss(CKM.SHA256_RSA_PKCS_PSS, CKM.SHA256, CKG.MGF1_SHA256, 32),
  PS384: pss(CKM.SHA384_RSA_PKCS_PSS, CKM.SHA384, CKG.MGF1_SHA384, 48),
  PS512: pss(CKM.SHA512_RSA_PKCS_PSS, CKM.SHA512, CKG.MGF1_SHA512, 64),
}
