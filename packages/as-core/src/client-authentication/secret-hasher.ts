// Client secrets at rest: recognised, never read back. Keyed and fast, since every token request pays for it; a
// secret of ours is long and random. Passwords of users need a slow hash and are not for here.
import { timingSafeEqual } from 'node:crypto'

import { memoizeBounded } from '@crosswalk/protocol'

import type { Sealing } from '../sealing/sealing.ts'

export interface SecretHasher {
  hash(secret: string): string
  /**
   * Constant-time in the secret; without a hash, for a client that has none, it does the same work (SEC-31).
   *
   * @param previous - hash of a secret that is being replaced, and counts meanwhile
   * @returns false also for a hash of another master key
   */
  verify(secret: string, hash: string | undefined, previous?: string): boolean
}

/** Compared with itself where there is nothing to compare with, so that time tells nothing. */
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
