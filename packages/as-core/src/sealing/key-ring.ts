// The keys of a database whose master key was replaced. Values that must never change (pairwise subjects, hashes of
// client secrets, the key of audit checkpoints) are digested with the first master key; values that are read again are
// sealed with the newest. The ring is stored sealed, once for each master key that a node may start with.
import { accept, refuse, type Result } from '@crosswalk/protocol'

import type { StoredKey } from '../ports.ts'
import { createSealing, type Sealing } from './sealing.ts'

export interface KeyRing {
  /** Seals new values */
  readonly current: Uint8Array
  /** Computes digests, for the whole life of a database */
  readonly digests: Uint8Array
  /** Open values sealed earlier */
  readonly older: readonly Uint8Array[]
}

/** Owner of the rings in the key store. */
export const KEY_RING_OWNER = 'master-key'

const LABEL = 'key-ring'

/** @returns the name of a master key, which reveals nothing about it */
export function nameMasterKey(masterKey: Uint8Array): string {
  return createSealing(masterKey).keyId
}

/** @returns the ring in stored form, for nodes that start with this master key */
export function sealKeyRing(ring: KeyRing, masterKey: Uint8Array, createdAt: number): StoredKey {
  const sealing = createSealing(masterKey)
  const text = JSON.stringify({
    current: encode(ring.current),
    digests: encode(ring.digests),
    older: ring.older.map(encode),
  })
  return {
    kid: sealing.keyId,
    owner: KEY_RING_OWNER,
    purpose: 'key-ring',
    algorithm: 'A256GCM',
    publicJwk: {},
    sealedPrivateJwk: sealing.seal(LABEL, sealing.keyId, text),
    state: 'current',
    createdAt,
  }
}

/**
 * @returns the ring for a node that starts with this master key; refused with the acceptable keys if it was replaced
 */
export function openKeyRing(
  stored: readonly StoredKey[],
  masterKey: Uint8Array,
): Result<KeyRing, { readonly replacedBy: readonly string[] }> {
  if (stored.length === 0) return accept({ current: masterKey, digests: masterKey, older: [] })
  const sealing = createSealing(masterKey)
  const own = stored.find(({ kid }) => kid === sealing.keyId)
  if (own === undefined) return refuse({ replacedBy: stored.map(({ kid }) => kid) })
  const { current, digests, older } = JSON.parse(
    sealing.open(LABEL, sealing.keyId, own.sealedPrivateJwk ?? ''),
  ) as { readonly current: string; readonly digests: string; readonly older: readonly string[] }
  return accept({ current: decode(current), digests: decode(digests), older: older.map(decode) })
}

export interface RingSealing extends Sealing {
  /** Adopts another ring of the same database. */
  use(ring: KeyRing): void
  /** @returns the text sealed with the current key; the same text if it already is */
  reseal(label: string, context: string, sealed: string): string
}

export function createRingSealing(first: KeyRing): RingSealing {
  const digests = createSealing(first.digests)
  let current = createSealing(first.current)
  let openers = listOpeners(first)
  const openerOf = (sealed: string) => openers.get(sealed.split('.', 2)[1] ?? '') ?? current
  return {
    keyId: digests.keyId,
    keyedDigest: digests.keyedDigest,
    seal: (label, context, plaintext) => current.seal(label, context, plaintext),
    open: (label, context, sealed) => openerOf(sealed).open(label, context, sealed),
    reseal(label, context, sealed) {
      const opener = openerOf(sealed)
      const plaintext = opener.open(label, context, sealed)
      return opener.keyId === current.keyId ? sealed : current.seal(label, context, plaintext)
    },
    use(ring) {
      current = createSealing(ring.current)
      // Values sealed while this node runs stay readable here, even after the database has dropped a key.
      openers = new Map([...openers, ...listOpeners(ring)])
    },
  }
}

function listOpeners({ current, older }: KeyRing): ReadonlyMap<string, Sealing> {
  return new Map([current, ...older].map(createSealing).map((sealing) => [sealing.keyId, sealing]))
}

function encode(key: Uint8Array): string {
  return Buffer.from(key).toString('base64url')
}

function decode(text: string): Uint8Array {
  return Buffer.from(text, 'base64url')
}
