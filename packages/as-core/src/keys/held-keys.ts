// The keys of one owner in the memory of this process: opened once, replaced as a whole, in sync with the store.
import type { SignatureAlgorithm } from '@crosswalk/protocol'

import type { KeyStore, LoggedEvent, StoredKey } from '../ports.ts'
import type { KeyPurpose, Keys } from './key-lifecycle.ts'
import { type KeyKeeping, type KeyOrder, makeKey, openKey, type UsableKey } from './key-material.ts'

const ORDER = { current: 0, next: 1, retired: 2 } as const
const MAX_ATTEMPTS = 50

export type MakeKey = (order: KeyOrder) => Promise<StoredKey>

interface Snapshot {
  readonly keys: Keys
  readonly byKid: ReadonlyMap<string, UsableKey>
  /** By purpose and algorithm, and by purpose alone */
  readonly signing: ReadonlyMap<string, UsableKey>
  readonly publicJwks: { readonly keys: readonly Readonly<Record<string, unknown>>[] }
}

export class HeldKeys {
  readonly #store: KeyStore
  readonly #owner: string
  readonly #keeping: KeyKeeping
  #snapshot: Snapshot

  constructor(store: KeyStore, owner: string, keeping: KeyKeeping) {
    this.#store = store
    this.#owner = owner
    this.#keeping = keeping
    this.#snapshot = this.#open([], new Map())
  }

  get keys(): Keys {
    return this.#snapshot.keys
  }

  get publicJwks(): Snapshot['publicJwks'] {
    return this.#snapshot.publicJwks
  }

  /**
   * @param algorithm - the wanted algorithm; until it has a key, the key of another algorithm signs
   * @throws Error for a purpose without a key, which is misuse
   */
  current(purpose: KeyPurpose, algorithm: SignatureAlgorithm): UsableKey {
    const { signing } = this.#snapshot
    const key = signing.get(`${purpose} ${algorithm}`) ?? signing.get(purpose)
    if (key === undefined) throw new Error(`no signing key for ${purpose}`)
    return key
  }

  find(kid: string): UsableKey | undefined {
    return this.#snapshot.byKid.get(kid)
  }

  /** Current keys first. */
  ofPurpose(purpose: KeyPurpose): readonly UsableKey[] {
    return [...this.#snapshot.byKid.values()].filter(({ stored }) => stored.purpose === purpose)
  }

  /**
   * Lists, changes and replaces the keys, retrying if another process changed them; then holds the result. Keys that were
   * made for nothing are discarded: an HSM has room for few, a KMS charges for each, and a rotation that fails is tried
   * again every minute.
   *
   * @param change - returns the same list if nothing needs to change
   * @param recorded - becomes durable together with the change
   * @returns whether anything changed
   * @throws Error if other processes keep changing the keys
   */
  async update(
    change: (keys: Keys, make: MakeKey) => Promise<Keys>,
    recorded?: LoggedEvent,
  ): Promise<boolean> {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      const seen = await this.#store.list(this.#owner)
      const made: Promise<StoredKey>[] = []
      let kept: Keys = []
      try {
        const wanted = await change(seen, (order) => {
          const key = makeKey(order, this.#keeping)
          made.push(key)
          return key
        })
        const changed = wanted !== seen
        // A fault of the store does not tell whether it has them.
        kept = wanted
        if (changed && !(await this.#store.replace(this.#owner, seen, wanted, recorded))) {
          kept = []
          continue
        }
        this.#snapshot = this.#open(wanted, this.#snapshot.byKid)
        return changed
      } finally {
        await this.#discardAllBut(kept, made)
      }
    }
    throw new Error(`other processes changed the keys of ${this.#owner} ${MAX_ATTEMPTS} times in a row`)
  }

  /** A leftover, because the provider cannot discard it now, does no harm. */
  async #discardAllBut(kept: Keys, made: readonly Promise<StoredKey>[]): Promise<void> {
    const { forNewKeys } = this.#keeping.providers ?? {}
    for (const key of await Promise.allSettled(made)) {
      if (key.status === 'rejected' || kept.some(({ kid }) => kid === key.value.kid)) continue
      const { privateKeyUri: uri } = key.value
      if (uri !== undefined) await forNewKeys?.discardKey(uri).catch(() => undefined)
    }
  }

  /** Opens new keys and reuses already opened ones. */
  #open(keys: Keys, known: Snapshot['byKid']): Snapshot {
    const usable = keys
      .map((stored) => ({ ...(known.get(stored.kid) ?? openKey(stored, this.#keeping)), stored }))
      .sort((a, b) => ORDER[a.stored.state] - ORDER[b.stored.state])
    const signing = usable.filter(({ stored }) => stored.state === 'current')
    return {
      keys,
      byKid: new Map(usable.map((key) => [key.stored.kid, key])),
      signing: new Map(
        signing.flatMap((key) => [
          [`${key.stored.purpose} ${key.stored.algorithm}`, key],
          [key.stored.purpose, key],
        ]),
      ),
      publicJwks: { keys: usable.map(({ stored }) => stored.publicJwk) },
    }
  }
}
