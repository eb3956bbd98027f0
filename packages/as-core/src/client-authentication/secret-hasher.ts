// Client secrets at rest: recognised, never read back. Keyed and fast, since every token request pays for it; a
// secret of ours is long and random. Passwords of people need a slow hash and are not for here.
import { timingSafeEqual } from 'node:crypto'

import { madeLately } from '@crosswalk/protocol'

import type { Sealing } from '../sealing/sealing.ts'

export interface SecretHasher {
  hash(secret: string): string
  /**
   * Constant-time in the secret; without a hash, for a client that has none, it does the same work (SEC-31).
   *
   * @returns false also for a hash of another master key
   */
  verify(secret: string, hash: string | undefined): boolean
}

const LABEL = 'client-secret'

export function createSecretHasher(sealing: Sealing): SecretHasher {
  const prefix = `sha3-256.${sealing.keyId}.`
  const hash = (secret: string): string => prefix + sealing.keyedDigest(LABEL, secret)
  const readStored = madeLately((stored: string) => Buffer.from(stored))
  return {
    hash,
    verify(secret, expected) {
      const computed = Buffer.from(hash(secret))
      const stored = readStored(expected ?? '')
      const comparable = stored.length === computed.length
      // Compared with itself where there is nothing to compare with, so that time tells nothing.
      return timingSafeEqual(computed, comparable ? stored : computed) && comparable
    },
  }
}
