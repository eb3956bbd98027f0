// The keys a database is sealed with once its master key was replaced. What must stay the same for good (pairwise subjects,
// hashes of client secrets, the key of audit checkpoints) is digested with the first master key; what can be read again is
// sealed with the newest. The ring is kept sealed, once for each master key that a node may start with.
import { accept, refuse, type Result } from '@crosswalk/protocol'

import type { StoredKey } from '../ports.ts'
import { createSealing, type Sealing } from './sealing.ts'

export interface KeyRing {
  /** Seals from now on */
  readonly current: Uint8Array
  /** Digests, for the whole life of a database */
  readonly digests: Uint8Array
  /** Still open what was sealed before */
  readonly older: readonly Uint8Array[]
}

/** Owner of the rings in the key store. */
export const KEY_RING_OWNER = 'master-key'

const LABEL = 'key-ring'

/** @returns the name of a master key, which tells nothing about it */
export function nameMasterKey(masterKey: Uint8Array): string {
  return createSealing(masterKey).keyId
}

/** @returns the ring as it is kept, for nodes that start with this master key */
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

/** @returns the ring of a node that starts with this master key; refused, with the keys that would do, where it was replaced */
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
  /** Takes over another ring of the same database. */
  use(ring: KeyRing): void
  /** @returns the same text under the current key; the very text where it is under that already */
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
      // What was sealed while this node runs stays open to it, also where the database is done with a key.
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
