// The signing keys of one owner: one set per purpose (IDP-40), kept in a store that several processes share.
// When keys change is decided by `key-lifecycle.ts`; this applies it and holds what signs.
import type { SignatureAlgorithm } from '@crosswalk/protocol'

import type { Signer } from '../jws/signer.ts'
import type { VerificationKey } from '../jws/verification-key.ts'
import type { Clock, KeyStore, StoredKey } from '../ports.ts'
import type { Sealing } from '../sealing/sealing.ts'
import {
  DEFAULT_ROTATION,
  dropExpired,
  findKey,
  type KeyPurpose,
  type Keys,
  needsNext,
  promoteDue,
  replaceAtOnce,
  type RotationPolicy,
} from './key-lifecycle.ts'
import { makeKey, openKey, type UsableKey } from './key-material.ts'

export interface SigningKeysOptions {
  readonly store: KeyStore
  readonly owner: string
  readonly purposes: readonly KeyPurpose[]
  readonly algorithm: SignatureAlgorithm
  readonly sealing: Sealing
  readonly clock: Clock
  readonly rotation?: Partial<RotationPolicy>
}

export interface SigningKeys {
  /** @throws Error for a purpose that was not configured */
  current(purpose: KeyPurpose): Signer
  /** @returns a key of this purpose that may still have signed valid tokens */
  findVerificationKey(purpose: KeyPurpose, kid: string | undefined): VerificationKey | undefined
  /** The JWKS document: every published key of every purpose, public members only. */
  publicJwks(): { readonly keys: readonly Readonly<Record<string, unknown>>[] }
  /** For the sign-in provider, which signs ID tokens itself: the current key first. Secret. */
  privateJwks(purpose: KeyPurpose): readonly Readonly<Record<string, unknown>>[]
  /** The keys as stored, for administrators; private parts sealed. */
  list(): readonly StoredKey[]
  /**
   * Publishes the next key, which signs after `publishAheadSeconds` (see `rotateIfDue`). As an emergency it signs at
   * once and the older keys of the purpose are dropped, which invalidates what they signed.
   */
  rotate(purpose: KeyPurpose, options?: { readonly emergency?: boolean }): Promise<void>
  /** Takes every step that is due by time. @returns whether anything changed */
  rotateIfDue(): Promise<boolean>
  /** Takes over what another process changed. */
  reload(): Promise<void>
}

const MAX_ATTEMPTS = 50

/**
 * Loads the keys of an owner, making what is missing.
 *
 * @throws Error when stored keys cannot be opened with this master key, or the store never settles
 */
export async function createSigningKeys(options: SigningKeysOptions): Promise<SigningKeys> {
  const { store, owner, purposes, algorithm, sealing, clock } = options
  const policy = { ...DEFAULT_ROTATION, ...options.rotation }
  let held = hold([], new Map(), sealing)

  const make = (purpose: KeyPurpose, state: StoredKey['state']): Promise<StoredKey> =>
    makeKey({ owner, purpose, algorithm, state, now: clock.nowMs() }, sealing)

  /** Lists, changes and replaces until nobody interfered; then uses the outcome. */
  async function update(change: (keys: Keys) => Promise<Keys>): Promise<boolean> {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      const seen = await store.list(owner)
      const wanted = await change(seen)
      const changed = wanted !== seen
      if (changed && !(await store.replace(owner, seen, wanted))) continue
      held = hold(wanted, held.byKid, sealing)
      return changed
    }
    throw new Error(`keys of ${owner} were changed by others ${MAX_ATTEMPTS} times in a row`)
  }

  async function addMissing(keys: Keys): Promise<Keys> {
    const missing = purposes.filter((purpose) => findKey(keys, purpose, 'current') === undefined)
    if (missing.length === 0) return keys
    return [...keys, ...(await Promise.all(missing.map((purpose) => make(purpose, 'current'))))]
  }

  async function takeDueSteps(seen: Keys): Promise<Keys> {
    const now = clock.nowMs()
    const kept = dropExpired(seen, now)
    let keys = kept.length === seen.length ? seen : kept
    for (const purpose of purposes) {
      keys = promoteDue(keys, purpose, now, policy)
      if (needsNext(keys, { purpose, algorithm, now }, policy)) keys = [...keys, await make(purpose, 'next')]
    }
    return keys
  }

  await update(addMissing)

  return {
    current: (purpose) => held.current(purpose).signer,
    findVerificationKey(purpose, kid) {
      const key = kid === undefined ? undefined : held.byKid.get(kid)
      return key?.stored.purpose === purpose ? key.verificationKey : undefined
    },
    publicJwks: () => held.publicJwks,
    privateJwks: (purpose) => held.ofPurpose(purpose).map(({ privateJwk }) => privateJwk),
    list: () => held.keys,
    async rotate(purpose, { emergency = false } = {}) {
      held.current(purpose)
      await update(async (keys) => {
        if (emergency) return replaceAtOnce(keys, await make(purpose, 'current'))
        return findKey(keys, purpose, 'next') === undefined ? [...keys, await make(purpose, 'next')] : keys
      })
    },
    rotateIfDue: () => update(takeDueSteps),
    async reload() {
      await update(addMissing)
    },
  }
}

interface HeldKeys {
  readonly keys: Keys
  readonly byKid: ReadonlyMap<string, UsableKey>
  readonly publicJwks: { readonly keys: readonly Readonly<Record<string, unknown>>[] }
  current(purpose: KeyPurpose): UsableKey
  ofPurpose(purpose: KeyPurpose): readonly UsableKey[]
}

const ORDER = { current: 0, next: 1, retired: 2 } as const

/** Opens what is new and keeps what was open. */
function hold(keys: Keys, open: ReadonlyMap<string, UsableKey>, sealing: Sealing): HeldKeys {
  const usable = keys
    .map((stored) => ({ ...(open.get(stored.kid) ?? openKey(stored, sealing)), stored }))
    .sort((a, b) => ORDER[a.stored.state] - ORDER[b.stored.state])
  const signing = new Map(
    usable.filter(({ stored }) => stored.state === 'current').map((key) => [key.stored.purpose, key]),
  )
  return {
    keys,
    byKid: new Map(usable.map((key) => [key.stored.kid, key])),
    publicJwks: { keys: usable.map(({ stored }) => stored.publicJwk) },
    current(purpose) {
      const key = signing.get(purpose)
      if (key === undefined) throw new Error(`no signing key for ${purpose}`)
      return key
    },
    ofPurpose: (purpose) => usable.filter(({ stored }) => stored.purpose === purpose),
  }
}
