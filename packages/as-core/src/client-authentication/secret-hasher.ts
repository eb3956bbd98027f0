// Hashes client secrets for storage. The hash is keyed and fast, because every token request computes it; our secrets
// are long and random. User passwords need a slow hash; do not use this for them.
import { timingSafeEqual } from 'node:crypto'

import { memoizeBounded } from '@crosswalk/protocol'

import type { Sealing } from '../sealing/sealing.ts'

export interface SecretHasher {
  hash(secret: string): string
  /**
   * Takes constant time in the secret, and does the same work if the client has no hash (SEC-31).
   *
   * @param previous - hash of a secret that is being replaced; still accepted
   * @returns false also for a hash made with another master key
   */
  verify(secret: string, hash: string | undefined, previous?: string): boolean
}

/** Compares the hash with itself if the lengths differ, so that timing reveals nothing. */
function equals(computed: Buffer, stored: Buffer): boolean {
  const comparable = stored.length === computed.length
  return timingSafeEqual(computed, comparable ? stored : computed) && comparable
}

const LABEL = 'client-secret'

export function createSecretHasher(sealing: Sealing): SecretHasher {
  const prefix = `sha3-256.${sealing.keyId}.`
  const hash = (secret: string): string => prefix + sealing.keyedDigest(LABEL, secret)
  const readStored = memoizeBounded((stored: string) => Buffer.from(stored))
  return {
    hash,
    verify(secret, expected, previous) {
      const computed = Buffer.from(hash(secret))
      const isFirst = equals(computed, readStored(expected ?? ''))
      return (previous !== undefined && equals(computed, readStored(previous))) || isFirst
    },
  }
}
