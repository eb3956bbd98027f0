// Limits attempts per key. Counts failures in bounded memory of this process and decides how long the next attempt must
// wait; it knows no passwords. An attempt counts before its password is checked, so that parallel attempts do not all
// count as free.
import { type EpochMs, evictOldest, HOUR_MS } from '@crosswalk/protocol'

import { findRestMs } from '../find-rest-ms.ts'
import type { Failures } from './shared-attempts.ts'

const REMEMBERED_KEYS = 10_000
/** A key without failures for this long starts from zero. */
export const FORGET_AFTER_MS = HOUR_MS

interface Remembered extends Failures {
  /** Whether a refusal was already reported since the last failure */
  readonly reported: boolean
}

export interface AttemptLimit {
  /** Failures before the first delay; 0 disables the delay */
  readonly free: number
  readonly longestDelaySeconds: number
}

export interface Attempts {
  /** @returns the seconds that an attempt must wait; 0 if it may continue */
  waitSeconds(key: string, now: EpochMs): number
  /** Counts an attempt as failed. @returns a function that undoes it, including the delay that it caused */
  add(key: string, now: EpochMs): () => void
  forget(key: string): void
  /** Whether there are so many failures that each further attempt must wait. */
  isDelaying(key: string, now: EpochMs): boolean
  /** Whether any failures are counted. */
  hasFailed(key: string, now: EpochMs): boolean
  /** Adopts the count of other processes if it is higher. */
  learn(key: string, failures: Failures): void
  /** Records that an attempt was refused. @returns whether it is the first refusal during this delay */
  noteRefusal(key: string): boolean
}

/** @returns the seconds that an attempt must wait after these failures; 0 if it may continue */
export function findWaitSeconds(
  { count, lastMs }: Failures,
  { free, longestDelaySeconds }: AttemptLimit,
  now: EpochMs,
): number {
  if (free === 0 || count < free) return 0
  // One second after the last free failure; doubles with each further failure.
  const delaySeconds = Math.min(2 ** Math.min(count - free, 30), longestDelaySeconds)
  return Math.ceil(findRestMs(lastMs, delaySeconds * 1000, now) / 1000)
}

export function createAttempts(limit: AttemptLimit): Attempts {
  const failures = new Map<string, Remembered>()
  const find = (key: string, now: EpochMs) => {
    const found = failures.get(key)
    return found !== undefined && now - found.lastMs < FORGET_AFTER_MS ? found : undefined
  }
  function remember(key: string, found: Remembered): void {
    // Moves the key to the end, so that the first key of the map is the one with the oldest attempt.
    failures.delete(key)
    failures.set(key, found)
    evictOldest(failures, REMEMBERED_KEYS)
  }
  return {
    waitSeconds(key, now) {
      const found = find(key, now)
      return found === undefined ? 0 : findWaitSeconds(found, limit, now)
    },
    isDelaying: (key, now) => limit.free > 0 && (find(key, now)?.count ?? 0) >= limit.free,
    hasFailed: (key, now) => (find(key, now)?.count ?? 0) > 0,
    add(key, now) {
      const before = find(key, now)
      const count = (before?.count ?? 0) + 1
      remember(key, { count, lastMs: now, reported: false })
      return () => {
        const found = failures.get(key)
        if (found === undefined) return
        // The delay after a later failure stays.
        const isLast = found.count === count && found.lastMs === now
        failures.set(key, isLast && before !== undefined ? before : { ...found, count: found.count - 1 })
      }
    },
    learn(key, { count, lastMs }) {
      const found = find(key, lastMs) ?? { count: 0, lastMs: 0, reported: false }
      const isNews = count > found.count || lastMs > found.lastMs
      if (!isNews) return
      remember(key, {
        count: Math.max(count, found.count),
        lastMs: Math.max(lastMs, found.lastMs),
        reported: found.reported && lastMs <= found.lastMs,
      })
    },
    forget: (key) => void failures.delete(key),
    noteRefusal(key) {
      const found = failures.get(key)
      if (found === undefined || found.reported) return false
      failures.set(key, { ...found, reported: true })
      return true
    },
  }
}
