// The life of a signing key: next (published, does not sign), current (signs), retired (published until no token of
// its remains). Decides on the list of keys alone; making, storing and using keys is done elsewhere.
import type { EpochMs } from '@crosswalk/protocol'

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

export function findKey(keys: Keys, purpose: KeyPurpose, state: StoredKey['state']): StoredKey | undefined {
  return keys.find((key) => key.purpose === purpose && key.state === state)
}

/** Drops retired keys whose time is over. @returns the same list where there are none */
export function dropExpired(keys: Keys, now: EpochMs): Keys {
  const isExpired = ({ state, retireAt }: StoredKey): boolean =>
    state === 'retired' && retireAt !== undefined && retireAt <= now
  return keys.some(isExpired) ? keys.filter((key) => !isExpired(key)) : keys
}

/** Lets a next key sign that was published long enough; its predecessor retires. */
export function promoteDue(keys: Keys, purpose: KeyPurpose, now: EpochMs, policy: RotationPolicy): Keys {
  const next = findKey(keys, purpose, 'next')
  if (next === undefined || next.createdAt + policy.publishAheadSeconds * 1000 > now) return keys
  const retireAt = now + policy.keepRetiredSeconds * 1000
  return keys.map((key) => {
    if (key.purpose !== purpose) return key
    if (key.state === 'next') return { ...key, state: 'current' }
    return key.state === 'current' ? { ...key, state: 'retired', retireAt } : key
  })
}

/** Whether a purpose needs its next key now: early enough that it is published ahead of its turn. */
export function needsNext(
  keys: Keys,
  {
    purpose,
    algorithm,
    now,
  }: { readonly purpose: KeyPurpose; readonly algorithm: string; readonly now: EpochMs },
  policy: RotationPolicy,
): boolean {
  const current = findKey(keys, purpose, 'current')
  if (current === undefined || findKey(keys, purpose, 'next') !== undefined) return false
  if (current.algorithm !== algorithm) return true
  const { rotateEverySeconds, publishAheadSeconds } = policy
  return (
    rotateEverySeconds > 0 && now >= current.createdAt + (rotateEverySeconds - publishAheadSeconds) * 1000
  )
}

/** An emergency: the new key signs at once, and nothing signed by the others of this purpose is valid any more. */
export function replaceAtOnce(keys: Keys, created: StoredKey): Keys {
  return [...keys.filter(({ purpose }) => purpose !== created.purpose), { ...created, state: 'current' }]
}
