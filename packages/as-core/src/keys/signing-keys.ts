// The signing keys of one owner: one set per purpose (IDP-40), in a store shared by several processes. A purpose may
// have several algorithms, each with its own key; all of them rotate together. `key-lifecycle.ts` decides when keys
// change; this file applies the changes and holds the signers.
import type { SignatureAlgorithm } from '@crosswalk/protocol'

import type { Signer } from '../jws/signer.ts'
import type { VerificationKey } from '../jws/verification-key.ts'
import type { KeyProviders, KeyStore, LoggedEvent, StoredKey } from '../ports.ts'
import type { Sealing } from '../sealing/sealing.ts'
import { HeldKeys, type MakeKey } from './held-keys.ts'
import {
  DEFAULT_ROTATION,
  dropExpired,
  type KeyPlan,
  type KeyPurpose,
  type Keys,
  listDueNext,
  listMissingAlgorithms,
  promoteDue,
  replaceImmediately,
  type RotationPolicy,
} from './key-lifecycle.ts'
import type { UsableKey } from './key-material.ts'
import { findKeyProviderFault } from './key-provider-fault.ts'

type Algorithms = SignatureAlgorithm | readonly [SignatureAlgorithm, ...SignatureAlgorithm[]]

/** One algorithm for all purposes, or a choice per purpose; the first of several is the default. */
export type AlgorithmChoice = SignatureAlgorithm | ((purpose: KeyPurpose) => Algorithms)

export type SigningKey = Pick<UsableKey, 'signer' | 'verificationKey'>

export interface SigningKeysOptions {
  readonly store: KeyStore
  readonly owner: string
  readonly purposes: readonly KeyPurpose[]
  /** For new keys; evaluated whenever a key may have to change */
  readonly algorithm: AlgorithmChoice
  readonly sealing: Sealing
  /** Hold private keys outside; without providers, every key is sealed into the store */
  readonly providers?: KeyProviders | undefined
  readonly rotation?: Partial<RotationPolicy>
}

export interface RotationOptions {
  readonly emergency?: boolean
  /** Becomes durable together with the new keys */
  readonly recorded?: LoggedEvent
}

export interface SigningKeys {
  /** @throws Error for an unconfigured purpose */
  current(purpose: KeyPurpose): Signer
  /** @returns a key of this purpose whose signatures may still be valid */
  findVerificationKey(purpose: KeyPurpose, kid: string | undefined): VerificationKey | undefined
  /** The JWKS document: all published keys of all purposes, public members only. */
  publicJwks(): { readonly keys: readonly Readonly<Record<string, unknown>>[] }
  /** All keys of a purpose: current keys first, the default algorithm before others. */
  ofPurpose(purpose: KeyPurpose): readonly SigningKey[]
  /** The keys as stored, for administrators; private parts sealed. */
  list(): readonly StoredKey[]
  /**
   * Publishes the next key, which signs after `publishAheadSeconds` (see `rotateIfDue`). In an emergency it signs
   * immediately and the older keys of the purpose are dropped, which invalidates everything they signed.
   *
   * @returns whether anything changed; an existing next key stays
   */
  rotate(purpose: KeyPurpose, options?: RotationOptions): Promise<boolean>
  /** Adopts changes by other processes, then performs every step that is due. @returns whether anything changed */
  rotateIfDue(): Promise<boolean>
  /** Adopts changes made by another process. */
  reload(): Promise<void>
}

/**
 * Loads the keys of an owner, creates missing ones and performs every step that is due by time.
 *
 * @throws Error if the master key cannot open the stored keys, or other processes keep changing them
 */
export async function createSigningKeys(options: SigningKeysOptions): Promise<SigningKeys> {
  const held = new HeldKeys(options.store, options.owner, options)
  const addMissing = (keys: Keys, make: MakeKey): Promise<Keys> => addMissingKeys(keys, { ...options, make })
  // A key of a former algorithm keeps signing while its successor is published.
  await held.update(async (keys, make) =>
    takeStepsIfPossible(await addMissing(keys, make), { ...options, make }),
  )

  return {
    current: (purpose) => held.current(purpose, planOf(purpose, options).algorithms[0]).signer,
    findVerificationKey(purpose, kid) {
      const key = kid === undefined ? undefined : held.find(kid)
      return key?.stored.purpose === purpose ? key.verificationKey : undefined
    },
    publicJwks: () => held.publicJwks,
    ofPurpose(purpose) {
      const first = held.current(purpose, planOf(purpose, options).algorithms[0])
      const others = held.ofPurpose(purpose).filter(({ stored }) => stored.kid !== first.stored.kid)
      return [first, ...others]
    },
    list: () => held.keys,
    async rotate(purpose, { emergency = false, recorded } = {}) {
      const plan = planOf(purpose, options)
      held.current(purpose, plan.algorithms[0])
      return held.update(async (keys, make) => {
        const making = { ...options, make }
        if (emergency) return replaceImmediately(keys, purpose, await makeAll(plan, 'current', making))
        return addNext(keys, { ...plan, algorithms: listMissingAlgorithms(keys, plan, 'next') }, making)
      }, recorded)
    },
    rotateIfDue: () => held.update((keys, make) => takeDueSteps(keys, { ...options, make })),
    async reload() {
      await held.update(addMissing)
    },
  }
}

function planOf(purpose: KeyPurpose, { algorithm, providers }: SigningKeysOptions) {
  const chosen = typeof algorithm === 'string' ? algorithm : algorithm(purpose)
  return {
    purpose,
    algorithms: typeof chosen === 'string' ? ([chosen] as const) : chosen,
    uriPrefix: providers?.forNewKeys?.uriPrefix,
  }
}

interface Making extends SigningKeysOptions {
  readonly make: MakeKey
}

async function makeAll(
  { purpose, algorithms }: KeyPlan,
  state: StoredKey['state'],
  { owner, store, make }: Making,
): Promise<Keys> {
  const now = await store.readTimeMs()
  return Promise.all(algorithms.map((algorithm) => make({ owner, purpose, algorithm, state, now })))
}

/** @returns the same list if the plan has no algorithms */
async function addNext(keys: Keys, plan: KeyPlan, options: Making): Promise<Keys> {
  return plan.algorithms.length === 0 ? keys : [...keys, ...(await makeAll(plan, 'next', options))]
}

/** A purpose without a signing key immediately gets one per algorithm, because no verifier has cached an older one. */
async function addMissingKeys(keys: Keys, options: Making): Promise<Keys> {
  const missing = options.purposes
    .filter((purpose) => !keys.some((key) => key.purpose === purpose && key.state === 'current'))
    .map((purpose) => planOf(purpose, options))
  if (missing.length === 0) return keys
  const made = await Promise.all(missing.map((plan) => makeAll(plan, 'current', options)))
  return [...keys, ...made.flat()]
}

/** While a key provider is unreachable, a server starts with its existing keys; due steps wait for the next round. */
async function takeStepsIfPossible(keys: Keys, options: Making): Promise<Keys> {
  try {
    return await takeDueSteps(keys, options)
  } catch (fault) {
    if (findKeyProviderFault(fault) === undefined) throw fault
    return keys
  }
}

async function takeDueSteps(seen: Keys, options: Making): Promise<Keys> {
  const policy = { ...DEFAULT_ROTATION, ...options.rotation }
  const now = await options.store.readTimeMs()
  let keys = dropExpired(seen, now)
  for (const purpose of options.purposes) {
    const plan = planOf(purpose, options)
    keys = promoteDue(keys, plan, now, policy)
    keys = await addNext(keys, { ...plan, algorithms: listDueNext(keys, plan, now, policy) }, options)
  }
  return keys
}
