// Signs the state of a chain, and recognises our own statements. The key is derived from the master key and not stored
// in the database, so write access to the database is not enough to sign. Others can verify with its public key.
import { createPrivateKey, createPublicKey } from 'node:crypto'

import {
  type Clock,
  computeThumbprint,
  createSigner,
  decodeCompactJws,
  importVerificationKey,
  type Sealing,
  verifySignature,
} from '@crosswalk/as-core'
import { type PackManifest, zPackManifest } from '@crosswalk/admin-api'
import type { PublicJwk } from '@crosswalk/protocol'
import type { Checkpoint, LogHead } from '@crosswalk/storage'
import { z } from 'zod'

const zSealed = z.strictObject({
  log: z.string(),
  chain: z.string(),
  seq: z.int(),
  hash: z.string(),
  /** `cut`: all events up to and including this one were removed */
  kind: z.enum(['head', 'cut']),
  /** RFC 3339 */
  time: z.string(),
})
export type Sealed = Readonly<z.output<typeof zSealed>>

export interface CheckpointSeal {
  /** @returns a compact JWS */
  sign(sealed: Sealed): Promise<string>
  /** @returns a compact JWS */
  signManifest(manifest: PackManifest): Promise<string>
  /** @returns the content of a statement, undefined if it is not ours */
  read(statement: string): Sealed | undefined
  readonly publicJwk: PublicJwk & { readonly kid: string }
}

const TYP = 'crosswalk-audit-checkpoint+jwt'
const MANIFEST_TYP = 'crosswalk-audit-pack+jwt'
const ALGORITHM = 'EdDSA'
/** The DER prefix of an Ed25519 private key in PKCS #8 (RFC 8410 section 7). */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex')

export function createCheckpointSeal(sealing: Pick<Sealing, 'keyedDigest'>): CheckpointSeal {
  const seed = Buffer.from(sealing.keyedDigest('audit-checkpoint-key', 'Ed25519'), 'base64url')
  const privateKey = createPrivateKey({
    key: Buffer.concat([PKCS8_PREFIX, seed]),
    format: 'der',
    type: 'pkcs8',
  })
  const jwk = createPublicKey(privateKey).export({ format: 'jwk' }) as unknown as PublicJwk
  const kid = computeThumbprint(jwk)
  const publicJwk = { ...jwk, kid, alg: ALGORITHM }
  const signer = createSigner(privateKey, kid, ALGORITHM)
  return {
    publicJwk,
    sign: (sealed) => signer.signJws({ typ: TYP }, { ...sealed }),
    signManifest: (manifest) => signer.signJws({ typ: MANIFEST_TYP }, { ...manifest }),
    read: createStatementReader(publicJwk),
  }
}

/** @returns the checkpoint of this event as of now */
export async function signCheckpoint(
  kind: Checkpoint['kind'],
  { log, chain, seq, hash }: LogHead,
  { seal, clock }: { readonly seal: CheckpointSeal; readonly clock: Clock },
): Promise<Checkpoint> {
  const time = clock.nowMs()
  const place = { log, chain, seq, hash, kind }
  const statement = await seal.sign({ ...place, time: new Date(time).toISOString() })
  return { ...place, time, statement }
}

/** Throws if the key cannot be used. */
export function createStatementReader(publicJwk: PublicJwk): CheckpointSeal['read'] {
  return createReader(publicJwk, TYP, zSealed)
}

/** Throws if the key cannot be used. */
export function createManifestReader(publicJwk: PublicJwk): (statement: string) => PackManifest | undefined {
  return createReader(publicJwk, MANIFEST_TYP, zPackManifest)
}

function createReader<T>(
  publicJwk: PublicJwk,
  typ: string,
  schema: z.ZodType<T>,
): (statement: string) => T | undefined {
  const key = importVerificationKey(publicJwk)
  if (!key.accepted) throw new Error(`the checkpoint key cannot be used: ${key.refusal}`)
  return (statement) => {
    const decoded = decodeCompactJws(statement)
    if (!decoded.accepted || decoded.value.header.typ !== typ) return undefined
    const verified = verifySignature({ decoded: decoded.value, key: key.value, algorithms: [ALGORITHM] })
    return verified.accepted ? schema.safeParse(decoded.value.claims).data : undefined
  }
}
