// How often a sign-in may be tried. Counts failures per user in bounded memory of this process and decides how
// long the next attempt must wait; knows no passwords. Counting starts before the password is checked, so that
// attempts sent at once are not all free.
import type { EpochMs } from '@crosswalk/protocol'

const LONGEST_DELAY_SECONDS = 900
const REMEMBERED_USERS = 10_000
/** A user without failures for this long starts anew. */
const FORGET_AFTER_MS = 3_600_000

interface Failures {
  readonly count: number
  readonly lastMs: EpochMs
}

export interface Attempts {
  /** @returns the seconds to wait, 0 when the attempt may go on, which is then counted as failed */
  start(key: string, now: EpochMs): number
  /** Forgets the failures of `key`. */
  succeed(key: string): void
}

/** @param failuresBeforeDelay - free failures of one user; 0 switches the delay off */
export function createAttempts(failuresBeforeDelay: number): Attempts {
  const failures = new Map<string, Failures>()
  return {
    start(key, now) {
      if (failuresBeforeDelay === 0) return 0
      const found = failures.get(key)
      const known = found !== undefined && now - found.lastMs < FORGET_AFTER_MS ? found : undefined
      const waitSeconds = known === undefined ? 0 : remainingSeconds(known, now, failuresBeforeDelay)
      if (waitSeconds > 0) return waitSeconds
      // Put at the end: the first of the map is then the one longest without an attempt.
      failures.delete(key)
      failures.set(key, { count: (known?.count ?? 0) + 1, lastMs: now })
      if (failures.size > REMEMBERED_USERS) failures.delete(failures.keys().next().value as string)
      return 0
    },
    succeed: (key) => void failures.delete(key),
  }
}

/** One second after the last free failure, doubling with each further one. */
function remainingSeconds({ count, lastMs }: Failures, now: EpochMs, failuresBeforeDelay: number): number {
  if (count < failuresBeforeDelay) return 0
  const delaySeconds = Math.min(2 ** Math.min(count - failuresBeforeDelay, 30), LONGEST_DELAY_SECONDS)
  return Math.max(0, Math.ceil((lastMs + delaySeconds * 1000 - now) / 1000))
}
