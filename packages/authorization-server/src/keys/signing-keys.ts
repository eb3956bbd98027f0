// The signing keys of one owner: one set per purpose (IDP-40), kept in a store that several processes share.
// When keys change is decided by `key-lifecycle.ts`; this applies it and holds what signs.
import type { SignatureAlgorithm } from '@crosswalk/protocol'

import type { Signer } from '../jws/signer.ts'
import type { VerificationKey } from '../jws/verification-key.ts'
import type { Clock, KeyStore, StoredKey } from '../ports.ts'
import type { Sealing } from '../sealing/sealing.ts'
import { HeldKeys } from './held-keys.ts'
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
import { makeKey } from './key-material.ts'

/** One for every purpose, or each its own. */
export type AlgorithmChoice = SignatureAlgorithm | ((purpose: KeyPurpose) => SignatureAlgorithm)

export interface SigningKeysOptions {
  readonly store: KeyStore
  readonly owner: string
  readonly purposes: readonly KeyPurpose[]
  /** Of the keys made from now on; asked again whenever a key may have to change */
  readonly algorithm: AlgorithmChoice
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

/**
 * Loads the keys of an owner, making what is missing and taking every step that is due by time.
 *
 * @throws Error when stored keys cannot be opened with this master key, or the store never settles
 */
export async function createSigningKeys(options: SigningKeysOptions): Promise<SigningKeys> {
  const held = new HeldKeys(options.store, options.owner, options.sealing)
  const addMissing = (keys: Keys): Promise<Keys> => addMissingKeys(keys, options)
  // A key of another algorithm than is now wanted goes on signing while its successor is published.
  await held.update(async (keys) => takeDueSteps(await addMissing(keys), options))

  return {
    current: (purpose) => held.current(purpose).signer,
    findVerificationKey(purpose, kid) {
      const key = kid === undefined ? undefined : held.find(kid)
      return key?.stored.purpose === purpose ? key.verificationKey : undefined
    },
    publicJwks: () => held.publicJwks,
    privateJwks: (purpose) => held.ofPurpose(purpose).map(({ privateJwk }) => privateJwk),
    list: () => held.keys,
    async rotate(purpose, { emergency = false } = {}) {
      held.current(purpose)
      await held.update(async (keys) => {
        if (emergency) return replaceAtOnce(keys, await make(purpose, 'current', options))
        const next = findKey(keys, purpose, 'next')
        return next === undefined ? [...keys, await make(purpose, 'next', options)] : keys
      })
    },
    rotateIfDue: () => held.update((keys) => takeDueSteps(keys, options)),
    async reload() {
      await held.update(addMissing)
    },
  }
}

function chooseAlgorithm({ algorithm }: SigningKeysOptions, purpose: KeyPurpose): SignatureAlgorithm {
  return typeof algorithm === 'string' ? algorithm : algorithm(purpose)
}

function make(
  purpose: KeyPurpose,
  state: StoredKey['state'],
  options: SigningKeysOptions,
): Promise<StoredKey> {
  const { owner, sealing, clock } = options
  const algorithm = chooseAlgorithm(options, purpose)
  return makeKey({ owner, purpose, algorithm, state, now: clock.nowMs() }, sealing)
}

async function addMissingKeys(keys: Keys, options: SigningKeysOptions): Promise<Keys> {
  const missing = options.purposes.filter((purpose) => findKey(keys, purpose, 'current') === undefined)
  if (missing.length === 0) return keys
  return [...keys, ...(await Promise.all(missing.map((purpose) => make(purpose, 'current', options))))]
}

async function takeDueSteps(seen: Keys, options: SigningKeysOptions): Promise<Keys> {
  const policy = { ...DEFAULT_ROTATION, ...options.rotation }
  const now = options.clock.nowMs()
  let keys = dropExpired(seen, now)
  for (const purpose of options.purposes) {
    keys = promoteDue(keys, purpose, now, policy)
    if (needsNext(keys, { purpose, algorithm: chooseAlgorithm(options, purpose), now }, policy))
      keys = [...keys, await make(purpose, 'next', options)]
  }
  return keys
}
