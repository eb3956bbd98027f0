// The life of a signing key: next (published, does not sign), current (signs), retired (published until no token of
// its remains). Decides on the list of keys alone; making, storing and using keys is done elsewhere.
import type { EpochMs, SignatureAlgorithm } from '@crosswalk/protocol'

import type { StoredKey } from '../ports.ts'

export type KeyPurpose = StoredKey['purpose']

export interface RotationPolicy {
  /** How long a key is published before it signs: longer than verifiers cache a JWKS */
  readonly publishAheadSeconds: number
  /** Age at which a key is replaced; 0 never replaces one by age */
  readonly rotateEverySeconds: number
  /** How long a replaced key stays published: longer than any token lives */
  readonly keepRetiredSeconds: number
}

export const DEFAULT_ROTATION: RotationPolicy = {
  publishAheadSeconds: 3600,
  rotateEverySeconds: 90 * 86_400,
  keepRetiredSeconds: 25 * 3600,
}

export type Keys = readonly StoredKey[]

/** A purpose and the algorithms it signs with, each with a key of its own; the first is the default. */
export interface KeyPlan {
  readonly purpose: KeyPurpose
  readonly algorithms: readonly SignatureAlgorithm[]
  /** How the URIs of keys begin that are where new ones are made; undefined: keys are made here */
  readonly uriPrefix?: string | undefined
}

/** @returns the algorithms of the plan that have no key in this state */
export function listWithout(
  keys: Keys,
  { purpose, algorithms }: KeyPlan,
  state: StoredKey['state'],
): readonly SignatureAlgorithm[] {
  return algorithms.filter((algorithm) => !keys.some((key) => isOf(key, purpose, algorithm, state)))
}

function isOf(key: StoredKey, purpose: KeyPurpose, algorithm: string, state: StoredKey['state']): boolean {
  return key.purpose === purpose && key.algorithm === algorithm && key.state === state
}

/** Drops retired keys whose time is over. @returns the same list where there are none */
export function dropExpired(keys: Keys, now: EpochMs): Keys {
  const isExpired = ({ state, retireAt }: StoredKey): boolean =>
    state === 'retired' && retireAt !== undefined && retireAt <= now
  return keys.some(isExpired) ? keys.filter((key) => !isExpired(key)) : keys
}

/**
 * Lets next keys sign that were published long enough. The key of the same algorithm retires, and so does one of an
 * algorithm that is no longer planned once every planned one has a key that signs.
 */
export function promoteDue(keys: Keys, plan: KeyPlan, now: EpochMs, policy: RotationPolicy): Keys {
  const publishedSince = now - policy.publishAheadSeconds * 1000
  const due = keys.filter(
    (key) => key.purpose === plan.purpose && key.state === 'next' && key.createdAt <= publishedSince,
  )
  const promoted = keys.map((key) => (due.includes(key) ? { ...key, state: 'current' as const } : key))
  const complete = listWithout(promoted, plan, 'current').length === 0
  const replaced = ({ purpose, algorithm, state }: StoredKey): boolean =>
    purpose === plan.purpose &&
    state === 'current' &&
    (due.some((key) => key.algorithm === algorithm) ||
      (complete && !plan.algorithms.some((planned) => planned === algorithm)))
  if (due.length === 0 && !keys.some(replaced)) return keys
  const retireAt = now + policy.keepRetiredSeconds * 1000
  return promoted.map((key, at) =>
    keys[at] === key && replaced(key) ? { ...key, state: 'retired' as const, retireAt } : key,
  )
}

/** @returns the algorithms that need their next key now: early enough that it is published ahead of its turn */
export function listDueNext(
  keys: Keys,
  plan: KeyPlan,
  now: EpochMs,
  policy: RotationPolicy,
): readonly SignatureAlgorithm[] {
  const { rotateEverySeconds, publishAheadSeconds } = policy
  const oldSince = now - (rotateEverySeconds - publishAheadSeconds) * 1000
  return listWithout(keys, plan, 'next').filter((algorithm) => {
    const current = keys.find((key) => isOf(key, plan.purpose, algorithm, 'current'))
    if (current === undefined || !isInPlace(current, plan)) return true
    return rotateEverySeconds > 0 && current.createdAt <= oldSince
  })
}

function isInPlace({ privateKeyUri }: StoredKey, { uriPrefix }: KeyPlan): boolean {
  return uriPrefix === undefined ? privateKeyUri === undefined : privateKeyUri?.startsWith(uriPrefix) === true
}

/** An emergency: the new keys sign at once, and nothing signed by the others of the purpose is valid any more. */
export function replaceAtOnce(keys: Keys, purpose: KeyPurpose, created: Keys): Keys {
  return [...keys.filter((key) => key.purpose !== purpose), ...created]
}
