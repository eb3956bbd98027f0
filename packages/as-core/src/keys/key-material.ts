// Makes signing keys and turns stored ones back into something that signs. The private part is in the clear only
// here and in the memory of the signer.
import { generateKeyPair, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'

import type { EpochMs, PublicJwk, SignatureAlgorithm } from '@crosswalk/protocol'

import { createSigner, type Signer } from '../jws/signer.ts'
import { computeThumbprint, importVerificationKey, type VerificationKey } from '../jws/verification-key.ts'
import type { StoredKey } from '../ports.ts'
import type { RingSealing } from '../sealing/key-ring.ts'
import type { Sealing } from '../sealing/sealing.ts'
import type { KeyPurpose } from './key-lifecycle.ts'

const generate = promisify(generateKeyPair)
const SEAL_LABEL = 'signing-key'
const KID_THUMBPRINT_LENGTH = 16

type KeyPair = { readonly publicKey: KeyObject; readonly privateKey: KeyObject }
type KeyGenerator = () => Promise<KeyPair>

const P256: KeyGenerator = () => generate('ec', { namedCurve: 'P-256' })
const P384: KeyGenerator = () => generate('ec', { namedCurve: 'P-384' })
const P521: KeyGenerator = () => generate('ec', { namedCurve: 'P-521' })
const ED25519: KeyGenerator = () => generate('ed25519', {})
const RSA: KeyGenerator = () => generate('rsa', { modulusLength: 3072 })

const GENERATORS: Readonly<Record<SignatureAlgorithm, KeyGenerator>> = {
  ES256: P256,
  ES384: P384,
  ES512: P521,
  EdDSA: ED25519,
  Ed25519: ED25519,
  PS256: RSA,
  PS384: RSA,
  PS512: RSA,
  RS256: RSA,
  RS384: RSA,
  RS512: RSA,
}

export interface KeyOrder {
  readonly owner: string
  readonly purpose: KeyPurpose
  readonly algorithm: SignatureAlgorithm
  readonly state: StoredKey['state']
  readonly now: EpochMs
}

/** Makes a key; its `kid` is the purpose and the start of the thumbprint, so it tells what it is for (IDP-40). */
export async function makeKey(order: KeyOrder, sealing: Sealing): Promise<StoredKey> {
  const { owner, purpose, algorithm, state, now } = order
  const { publicKey, privateKey } = await GENERATORS[algorithm]()
  const members = publicKey.export({ format: 'jwk' }) as unknown as PublicJwk
  const kid = `${purpose}-${computeThumbprint(members).slice(0, KID_THUMBPRINT_LENGTH)}`
  const privateJwk = JSON.stringify(privateKey.export({ format: 'jwk' }))
  return {
    kid,
    owner,
    purpose,
    algorithm,
    publicJwk: { ...members, kid, use: 'sig', alg: algorithm },
    sealedPrivateJwk: sealing.seal(SEAL_LABEL, `${owner} ${kid}`, privateJwk),
    state,
    createdAt: now,
  }
}

/** @returns the key with its private part under the current master key; the very key where it is */
export function resealKey(stored: StoredKey, sealing: Pick<RingSealing, 'reseal'>): StoredKey {
  const { owner, kid, sealedPrivateJwk } = stored
  const resealed = sealing.reseal(SEAL_LABEL, `${owner} ${kid}`, sealedPrivateJwk)
  return resealed === sealedPrivateJwk ? stored : { ...stored, sealedPrivateJwk: resealed }
}

export interface UsableKey {
  readonly stored: StoredKey
  readonly signer: Signer
  readonly verificationKey: VerificationKey
  readonly privateJwk: Readonly<Record<string, unknown>>
}

/** @throws Error when the key was sealed under another master key, or was changed where it is stored */
export function openKey(stored: StoredKey, sealing: Sealing): UsableKey {
  const { kid, owner, algorithm } = stored
  const secret = sealing.open(SEAL_LABEL, `${owner} ${kid}`, stored.sealedPrivateJwk)
  const privateJwk = {
    ...(JSON.parse(secret) as Readonly<Record<string, unknown>>),
    kid,
    use: 'sig',
    alg: algorithm,
  }
  const imported = importVerificationKey(stored.publicJwk)
  if (!imported.accepted) throw new Error(`stored public key ${kid} is unusable: ${imported.refusal}`)
  return {
    stored,
    signer: createSigner(privateJwk, kid, algorithm),
    verificationKey: imported.value,
    privateJwk,
  }
}
