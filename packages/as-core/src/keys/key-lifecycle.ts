// The states of a signing key: next (published, does not sign), current (signs), retired (published until all tokens it
// signed have expired). Works only on lists of keys; creating, storing and using keys happens elsewhere.
import { DAY_SECONDS, type EpochMs, type SignatureAlgorithm } from '@crosswalk/protocol'

import type { StoredKey } from '../ports.ts'

export type KeyPurpose = StoredKey['purpose']

export interface RotationPolicy {
  /** How long a key is published before it signs; longer than verifiers cache a JWKS */
  readonly publishAheadSeconds: number
  /** Age at which a key is replaced; 0 disables rotation by age */
  readonly rotateEverySeconds: number
  /** How long a replaced key stays published; longer than the lifetime of any token */
  readonly keepRetiredSeconds: number
}

export const DEFAULT_ROTATION: RotationPolicy = {
  publishAheadSeconds: 3600,
  rotateEverySeconds: 90 * DAY_SECONDS,
  keepRetiredSeconds: 25 * 3600,
}

export type Keys = readonly StoredKey[]

/** A purpose and its signing algorithms, each with its own key; the first is the default. */
export interface KeyPlan {
  readonly purpose: KeyPurpose
  readonly algorithms: readonly SignatureAlgorithm[]
  /** URI prefix of keys made by the current provider; undefined if keys are made locally */
  readonly uriPrefix?: string | undefined
}

/** @returns the algorithms of the plan without a key in this state */
export function listMissingAlgorithms(
  keys: Keys,
  { purpose, algorithms }: KeyPlan,
  state: StoredKey['state'],
): readonly SignatureAlgorithm[] {
  return algorithms.filter((algorithm) => !keys.some((key) => isOf(key, purpose, algorithm, state)))
}

function isOf(key: StoredKey, purpose: KeyPurpose, algorithm: string, state: StoredKey['state']): boolean {
  return key.purpose === purpose && key.algorithm === algorithm && key.state === state
}

/** Drops expired retired keys. @returns the same list if there are none */
export function dropExpired(keys: Keys, now: EpochMs): Keys {
  const isExpired = ({ state, retireAt }: StoredKey): boolean =>
    state === 'retired' && retireAt !== undefined && retireAt <= now
  return keys.some(isExpired) ? keys.filter((key) => !isExpired(key)) : keys
}

/**
 * Promotes next keys that were published long enough. The current key of the same algorithm retires. A key of an
 * algorithm that is no longer planned retires once every planned algorithm has a signing key.
 */
export function promoteDue(keys: Keys, plan: KeyPlan, now: EpochMs, policy: RotationPolicy): Keys {
  const publishedSince = now - policy.publishAheadSeconds * 1000
  const due = keys.filter(
    (key) => key.purpose === plan.purpose && key.state === 'next' && key.createdAt <= publishedSince,
  )
  const promoted = keys.map((key) => (due.includes(key) ? { ...key, state: 'current' as const } : key))
  const complete = listMissingAlgorithms(promoted, plan, 'current').length === 0
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

/** @returns the algorithms that need their next key now, early enough to publish it before it signs */
export function listDueNext(
  keys: Keys,
  plan: KeyPlan,
  now: EpochMs,
  policy: RotationPolicy,
): readonly SignatureAlgorithm[] {
  const { rotateEverySeconds, publishAheadSeconds } = policy
  const oldSince = now - (rotateEverySeconds - publishAheadSeconds) * 1000
  return listMissingAlgorithms(keys, plan, 'next').filter((algorithm) => {
    const current = keys.find((key) => isOf(key, plan.purpose, algorithm, 'current'))
    if (current === undefined || !isInPlace(current, plan)) return true
    return rotateEverySeconds > 0 && current.createdAt <= oldSince
  })
}

function isInPlace({ privateKeyUri }: StoredKey, { uriPrefix }: KeyPlan): boolean {
  return uriPrefix === undefined ? privateKeyUri === undefined : privateKeyUri?.startsWith(uriPrefix) === true
}

/**
 * Emergency rotation: the new keys sign immediately, and everything the other keys of this purpose signed becomes
 * invalid.
 */
export function replaceImmediately(keys: Keys, purpose: KeyPurpose, created: Keys): Keys {
  return [...keys.filter((key) => key.purpose !== purpose), ...created]
}
