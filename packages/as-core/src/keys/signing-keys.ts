// The signing keys of one owner: one set per purpose (IDP-40), kept in a store that several processes share. A purpose
// may sign with several algorithms, each with a key of its own; all of them rotate together.
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
  type KeyPlan,
  type KeyPurpose,
  type Keys,
  listDueNext,
  listWithout,
  promoteDue,
  replaceAtOnce,
  type RotationPolicy,
} from './key-lifecycle.ts'
import { makeKey } from './key-material.ts'

type Algorithms = SignatureAlgorithm | readonly [SignatureAlgorithm, ...SignatureAlgorithm[]]

/** One for every purpose, or each its own; of several, the first is the default. */
export type AlgorithmChoice = SignatureAlgorithm | ((purpose: KeyPurpose) => Algorithms)

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
  /** For the sign-in provider, which signs ID tokens itself: current keys first, the default algorithm before others. Secret. */
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
    current: (purpose) => held.current(purpose, planOf(purpose, options).algorithms[0]).signer,
    findVerificationKey(purpose, kid) {
      const key = kid === undefined ? undefined : held.find(kid)
      return key?.stored.purpose === purpose ? key.verificationKey : undefined
    },
    publicJwks: () => held.publicJwks,
    privateJwks(purpose) {
      const first = held.current(purpose, planOf(purpose, options).algorithms[0])
      const others = held.ofPurpose(purpose).filter(({ stored }) => stored.kid !== first.stored.kid)
      return [first, ...others].map(({ privateJwk }) => privateJwk)
    },
    list: () => held.keys,
    async rotate(purpose, { emergency = false } = {}) {
      const plan = planOf(purpose, options)
      held.current(purpose, plan.algorithms[0])
      await held.update(async (keys) => {
        if (emergency) return replaceAtOnce(keys, purpose, await make(plan, 'current', options))
        return addNext(keys, { purpose, algorithms: listWithout(keys, plan, 'next') }, options)
      })
    },
    rotateIfDue: () => held.update((keys) => takeDueSteps(keys, options)),
    async reload() {
      await held.update(addMissing)
    },
  }
}

function planOf(purpose: KeyPurpose, { algorithm }: SigningKeysOptions) {
  const chosen = typeof algorithm === 'string' ? algorithm : algorithm(purpose)
  return { purpose, algorithms: typeof chosen === 'string' ? ([chosen] as const) : chosen }
}

/** Makes a key for each algorithm of the plan. */
function make(
  { purpose, algorithms }: KeyPlan,
  state: StoredKey['state'],
  { owner, sealing, clock }: SigningKeysOptions,
): Promise<Keys> {
  const now = clock.nowMs()
  return Promise.all(
    algorithms.map((algorithm) => makeKey({ owner, purpose, algorithm, state, now }, sealing)),
  )
}

/** @returns the same list where the plan names no algorithm */
async function addNext(keys: Keys, plan: KeyPlan, options: SigningKeysOptions): Promise<Keys> {
  return plan.algorithms.length === 0 ? keys : [...keys, ...(await make(plan, 'next', options))]
}

/** A purpose without any key that signs gets one for each algorithm at once: no one knows an older one. */
async function addMissingKeys(keys: Keys, options: SigningKeysOptions): Promise<Keys> {
  const missing = options.purposes
    .filter((purpose) => !keys.some((key) => key.purpose === purpose && key.state === 'current'))
    .map((purpose) => planOf(purpose, options))
  if (missing.length === 0) return keys
  const made = await Promise.all(missing.map((plan) => make(plan, 'current', options)))
  return [...keys, ...made.flat()]
}

async function takeDueSteps(seen: Keys, options: SigningKeysOptions): Promise<Keys> {
  const policy = { ...DEFAULT_ROTATION, ...options.rotation }
  const now = options.clock.nowMs()
  let keys = dropExpired(seen, now)
  for (const purpose of options.purposes) {
    const plan = planOf(purpose, options)
    keys = promoteDue(keys, plan, now, policy)
    keys = await addNext(keys, { purpose, algorithms: listDueNext(keys, plan, now, policy) }, options)
  }
  return keys
}
