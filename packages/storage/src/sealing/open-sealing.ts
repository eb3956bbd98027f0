// Opens the sealing of a node on its database: with its master key alone, or with the ring that replaced it.
import {
  createRingSealing,
  KEY_RING_OWNER,
  type KeyRing,
  type KeyStore,
  nameMasterKey,
  openKeyRing,
  resealKey,
  type RingSealing,
  SealingError,
  type StoredKey,
} from '@crosswalk/as-core'

import type { StoredKeys } from '../stores/key-store.ts'

export interface DatabaseSealing extends RingSealing {
  /** For threads that only compute digests */
  readonly digestKey: Uint8Array
  /** Adopts a master key that another process activated. */
  refresh(): Promise<void>
}

/** @throws SealingError naming the keys that open the database, if this one was replaced */
export async function openSealing(
  keys: Pick<KeyStore, 'list'>,
  masterKey: Uint8Array,
): Promise<DatabaseSealing> {
  const ring = requireKeyRing(await keys.list(KEY_RING_OWNER), masterKey)
  const sealing = createRingSealing(ring)
  return {
    ...sealing,
    digestKey: ring.digests,
    async refresh() {
      const found = openKeyRing(await keys.list(KEY_RING_OWNER), masterKey)
      // A running node keeps its ring if its own key no longer opens a new one.
      if (found.accepted) sealing.use(found.value)
    },
  }
}

/** @throws Error naming the keys that open the database, if this one was replaced */
export function requireKeyRing(stored: readonly StoredKey[], masterKey: Uint8Array): KeyRing {
  const found = openKeyRing(stored, masterKey)
  if (found.accepted) return found.value
  const { replacedBy } = found.refusal
  throw new SealingError(
    `master key ${nameMasterKey(masterKey)} does not open this database; it is sealed under ${replacedBy.join(' and ')}`,
  )
}

/** @throws Error unless this master key opens every signing key of the database */
export async function verifySealing(
  keys: Pick<StoredKeys, 'list' | 'owners'>,
  masterKey: Uint8Array,
): Promise<void> {
  const sealing = await openSealing(keys, masterKey)
  for (const owner of await keys.owners()) {
    if (owner === KEY_RING_OWNER) continue
    for (const key of await keys.list(owner)) resealKey(key, sealing)
  }
}
