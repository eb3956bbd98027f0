// Creates signing keys, locally or at a key provider, and opens stored ones for signing. The private part of a local
// key is in the clear only here and in the memory of the signer.
import { generateKeyPair, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'

import type { EpochMs, PublicJwk, SignatureAlgorithm } from '@crosswalk/protocol'

import { decodeCompactJws } from '../jws/compact-jws.ts'
import { createRemoteSigner, createSigner, type Signer } from '../jws/signer.ts'
import {
  computeThumbprint,
  importVerificationKey,
  type VerificationKey,
  verifySignature,
} from '../jws/verification-key.ts'
import type { KeyProvider, KeyProviders, StoredKey } from '../ports.ts'
import type { RingSealing } from '../sealing/key-ring.ts'
import type { Sealing } from '../sealing/sealing.ts'
import type { KeyPurpose } from './key-lifecycle.ts'
import { KeyProviderFault } from './key-provider-fault.ts'

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

/** Where keys are created and stored. */
export interface KeyKeeping {
  readonly sealing: Sealing
  readonly providers?: KeyProviders | undefined
}

/** Creates a key; its `kid` starts with the purpose, followed by the start of the thumbprint (IDP-40). */
export async function makeKey(order: KeyOrder, { sealing, providers }: KeyKeeping): Promise<StoredKey> {
  const provider = providers?.forNewKeys
  return provider === undefined ? makeOwnKey(order, sealing) : makeRemoteKey(order, provider)
}

async function makeOwnKey(order: KeyOrder, sealing: Sealing): Promise<StoredKey> {
  const { publicKey, privateKey } = await GENERATORS[order.algorithm]()
  const described = describeKey(order, publicKey.export({ format: 'jwk' }) as unknown as PublicJwk)
  const privateJwk = JSON.stringify(privateKey.export({ format: 'jwk' }))
  const context = `${order.owner} ${described.kid}`
  return { ...described, sealedPrivateJwk: sealing.seal(SEAL_LABEL, context, privateJwk) }
}

async function makeRemoteKey(order: KeyOrder, provider: KeyProvider): Promise<StoredKey> {
  const { owner, purpose, algorithm } = order
  const { uri, publicJwk } = await provider.createKey(algorithm, `crosswalk ${owner} ${purpose}`)
  const stored = { ...describeKey(order, publicJwk), privateKeyUri: uri }
  try {
    await proveKey(stored, provider)
    return stored
  } catch (fault) {
    await provider.discardKey(uri).catch(() => undefined)
    throw fault
  }
}

/** Detects a key whose signatures do not verify before it is published. */
async function proveKey(stored: StoredKey & { readonly privateKeyUri: string }, provider: KeyProvider) {
  const { privateKeyUri: uri, kid, algorithm, publicJwk } = stored
  const signed = await createRemoteSigner(provider, { uri, kid, algorithm }).signJws({ typ: 'proof' }, {})
  const [decoded, key] = [decodeCompactJws(signed), importVerificationKey(publicJwk)]
  const isGood =
    decoded.accepted &&
    key.accepted &&
    verifySignature({ decoded: decoded.value, key: key.value, algorithms: [algorithm] }).accepted
  if (!isGood) throw new Error(`${uri} makes signatures that its public key does not verify`)
}

function describeKey({ owner, purpose, algorithm, state, now }: KeyOrder, members: PublicJwk) {
  const kid = `${purpose}-${computeThumbprint(members).slice(0, KID_THUMBPRINT_LENGTH)}`
  const publicJwk = { ...members, kid, use: 'sig', alg: algorithm }
  return { kid, owner, purpose, algorithm, publicJwk, state, createdAt: now }
}

/** @returns the key resealed under the current master key; the same object if nothing changed or a provider holds it */
export function resealKey(stored: StoredKey, sealing: Pick<RingSealing, 'reseal'>): StoredKey {
  const { owner, kid, sealedPrivateJwk } = stored
  if (sealedPrivateJwk === undefined) return stored
  const resealed = sealing.reseal(SEAL_LABEL, `${owner} ${kid}`, sealedPrivateJwk)
  return resealed === sealedPrivateJwk ? stored : { ...stored, sealedPrivateJwk: resealed }
}

export interface UsableKey {
  readonly stored: StoredKey
  readonly signer: Signer
  readonly verificationKey: VerificationKey
}

/** @throws Error if the key was sealed under another master key or changed in the store */
export function openKey(stored: StoredKey, keeping: KeyKeeping): UsableKey {
  const { kid } = stored
  const imported = importVerificationKey(stored.publicJwk)
  if (!imported.accepted) throw new Error(`stored public key ${kid} is unusable: ${imported.refusal}`)
  return { stored, signer: openSigner(stored, keeping), verificationKey: imported.value }
}

function openSigner(stored: StoredKey, { sealing, providers }: KeyKeeping): Signer {
  const { kid, owner, algorithm, sealedPrivateJwk, privateKeyUri: uri } = stored
  if (sealedPrivateJwk !== undefined) {
    const text = sealing.open(SEAL_LABEL, `${owner} ${kid}`, sealedPrivateJwk)
    return createSigner(JSON.parse(text) as Readonly<Record<string, unknown>>, kid, algorithm)
  }
  if (uri === undefined) throw new Error(`stored key ${kid} has no private part`)
  return createRemoteSigner(findProvider(uri, providers), { uri, kid, algorithm })
}

/** If the configuration does not name the provider, the server still starts and can rotate keys; only signing fails. */
function findProvider(uri: string, providers: KeyProviders | undefined): Pick<KeyProvider, 'sign'> {
  const found = providers?.all.find(({ uriPrefix }) => uri.startsWith(uriPrefix))
  return (
    found ?? {
      async sign() {
        throw new KeyProviderFault('keys', `${uri} is kept by a provider that is not in the configuration`)
      },
    }
  )
}
