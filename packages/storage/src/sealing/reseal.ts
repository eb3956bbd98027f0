// Replaces the master key of a database while nodes use it: publishes a ring that both keys open, reseals everything
// with the new key, then drops the old key. Each step can be repeated after an interruption.
import {
  KEY_RING_OWNER,
  type KeyRing,
  nameMasterKey,
  resealCredential,
  resealKey,
  sealKeyRing,
  type StoredKey,
} from '@crosswalk/as-core'
import { type EventStream, resealStream, resealTotpSecret } from '@crosswalk/idp'

import type { Storage } from '../storage.ts'
import { openSealing, requireKeyRing } from './open-sealing.ts'

type Store = Pick<Storage, 'keys' | 'secondFactors' | 'objects' | 'credentials'>

export interface Resealed {
  readonly signingKeys: number
  readonly totpSecrets: number
  readonly streams: number
  /** Credentials for other services, in the vault */
  readonly credentials: number
}

const STREAMS = 'event-streams'

/**
 * From now on nodes seal with the new key, and can start with either key.
 *
 * @throws Error if another replacement is still in progress
 */
export async function publishMasterKey(
  { keys }: Pick<Store, 'keys'>,
  change: { readonly masterKey: Uint8Array; readonly newKey: Uint8Array; readonly now: number },
): Promise<void> {
  const { masterKey, newKey, now } = change
  const seen = await keys.list(KEY_RING_OWNER)
  const ring = requireKeyRing(seen, masterKey)
  if (sameKey(ring.current, newKey)) return
  if (ring.older.length > 0)
    throw new Error(`the change to master key ${nameMasterKey(ring.current)} is not finished yet`)
  const next: KeyRing = { current: newKey, digests: ring.digests, older: [ring.current] }
  await replaceRings(keys, seen, [sealKeyRing(next, masterKey, now), sealKeyRing(next, newKey, now)])
}

/** Reseals everything with the current key. */
export async function resealAll(store: Store, masterKey: Uint8Array, now: number): Promise<Resealed> {
  const sealing = await openSealing(store.keys, masterKey)
  return {
    signingKeys: await resealKeys(store, sealing),
    totpSecrets: await resealTotp(store, sealing),
    streams: await resealStreams(store, sealing, now),
    credentials: await resealCredentials(store, sealing),
  }
}

/**
 * Drops the older keys, so that nodes only start with the current one.
 *
 * @param masterKey - must be the current key
 * @throws Error for an older key
 */
export async function finishReseal(store: Store, masterKey: Uint8Array, now: number): Promise<Resealed> {
  const seen = await store.keys.list(KEY_RING_OWNER)
  const ring = requireKeyRing(seen, masterKey)
  if (!sameKey(ring.current, masterKey))
    throw new Error(
      `master key ${nameMasterKey(masterKey)} is the old one; finish with ${nameMasterKey(ring.current)}`,
    )
  const resealed = await resealAll(store, masterKey, now)
  const last: KeyRing = { ...ring, older: [] }
  await replaceRings(store.keys, seen, [sealKeyRing(last, masterKey, now)])
  return resealed
}

/** Compares with the state the new rings were made from, so that a key activated by another process is not lost. */
async function replaceRings(
  keys: Store['keys'],
  seen: readonly StoredKey[],
  rings: readonly StoredKey[],
): Promise<void> {
  if (!(await keys.replace(KEY_RING_OWNER, seen, rings)))
    throw new Error('another process is changing the master key; wait until it has finished')
}

type Sealing = Awaited<ReturnType<typeof openSealing>>

/** Replaces each owner's keys as one set, like a rotation; retries if a rotation came first. */
async function resealKeys({ keys }: Store, sealing: Sealing): Promise<number> {
  let count = 0
  for (const owner of await keys.owners()) {
    if (owner === KEY_RING_OWNER) continue
    for (;;) {
      const seen = await keys.list(owner)
      const resealed = seen.map((key) => resealKey(key, sealing))
      const changed = resealed.filter((key, index) => key !== seen[index]).length
      if (changed > 0 && !(await keys.replace(owner, seen, resealed))) continue
      count += changed
      break
    }
  }
  return count
}

async function resealTotp({ secondFactors }: Store, sealing: Sealing): Promise<number> {
  let count = 0
  let after = ''
  for (;;) {
    const page = await secondFactors.listTotp(after)
    for (const { userId, sealedSecret } of page) {
      const resealed = resealTotpSecret(sealing, userId, sealedSecret)
      if (resealed !== sealedSecret && (await secondFactors.resealTotp(userId, sealedSecret, resealed)))
        count += 1
    }
    const last = page.at(-1)
    if (last === undefined) return count
    after = last.userId
  }
}

async function resealCredentials({ credentials }: Store, sealing: Sealing): Promise<number> {
  let count = 0
  let after = ''
  for (;;) {
    const page = await credentials.listSealed(after)
    for (const { id, sealed } of page) {
      const resealed = resealCredential(sealing, id, sealed)
      // A credential refreshed at the same time was sealed with the current key.
      if (resealed !== sealed && (await credentials.reseal(id, sealed, resealed))) count += 1
    }
    const last = page.at(-1)
    if (last === undefined) return count
    after = last.id
  }
}

async function resealStreams({ objects }: Store, sealing: Sealing, now: number): Promise<number> {
  let count = 0
  for (const { id, body, owner, revision } of await objects.list(STREAMS)) {
    const resealed = resealStream(body as EventStream, sealing)
    if (resealed === body) continue
    const by = 'crosswalk keys reseal'
    const change = { collection: STREAMS, id, body: resealed, owner, ifRevision: revision, by, at: now }
    // If a node changed it at the same time, it sealed it with the current key.
    if ((await objects.put(change)).ok) count += 1
  }
  return count
}

function sameKey(one: Uint8Array, other: Uint8Array): boolean {
  return nameMasterKey(one) === nameMasterKey(other)
}
