// A parsed JWKS, and the choice of the key that a token refers to (RFC 7517 section 5, RAS-10).
import { accept, JWT_SVID_USE, refuse, type Result } from '@crosswalk/protocol'

import { importVerificationKey, type VerificationKey } from '../jws/verification-key.ts'

export type KeySet = readonly VerificationKey[]

export interface KeyRequirements {
  /** `kid` of the token header; if absent, exactly one key must fit */
  readonly kid: string | undefined
  /** `alg` of the token header, allowed by the caller */
  readonly algorithm: string
  /** Whether the token is a JWT-SVID; only then do keys for JWT-SVIDs count */
  readonly isSvid?: boolean | undefined
}

const MAX_KEYS = 100

/** @returns the usable keys, skipping others as RFC 7517 section 5 requires; or why this is not a JWKS */
export function parseKeySet(document: {
  readonly keys?: unknown
}): Result<KeySet, 'no-key-set' | 'too-many-keys'> {
  const { keys } = document
  if (!Array.isArray(keys)) return refuse('no-key-set')
  if (keys.length > MAX_KEYS) return refuse('too-many-keys')
  const imported = keys.map(importVerificationKey)
  return accept(imported.flatMap((key) => (key.accepted ? [key.value] : [])))
}

/** `unfit-key`: a key with this `kid` exists, but for another algorithm or use */
export type KeyMismatch = 'unknown-kid' | 'unfit-key' | 'kid-needed'

/** Chooses by `kid` and algorithm. Without a `kid`, exactly one key must fit, because trying keys invites confusion. */
export function chooseKey(
  keys: KeySet,
  { kid, algorithm, isSvid = false }: KeyRequirements,
): Result<VerificationKey, KeyMismatch> {
  const named = keys.filter((key) => kid === undefined || key.kid === kid)
  const fitting = named.filter(
    ({ algorithms, jwk }) =>
      algorithms.some((one) => one === algorithm) && (isSvid || jwk.use !== JWT_SVID_USE),
  )
  const [key] = fitting
  if (key === undefined) return refuse(kid === undefined || named.length === 0 ? 'unknown-kid' : 'unfit-key')
  return kid === undefined && fitting.length > 1 ? refuse('kid-needed') : accept(key)
}
