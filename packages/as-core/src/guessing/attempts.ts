// How often something may be tried under one key. Counts failures in bounded memory of this process and decides how long
// the next attempt must wait; knows no passwords. Counting starts before a password is checked, so that attempts sent at
// once are not all free.
import type { EpochMs } from '@crosswalk/protocol'

const REMEMBERED_KEYS = 10_000
/** A key without failures for this long starts again. */
const FORGET_AFTER_MS = 3_600_000

interface Failures {
  readonly count: number
  readonly lastMs: EpochMs
  /** Whether a user was already told to wait since the last failure */
  readonly told: boolean
}

export interface AttemptLimit {
  /** Failures before the first delay; 0 switches the delay off */
  readonly free: number
  readonly longestDelaySeconds: number
}

export interface Attempts {
  /** @returns the seconds that an attempt must wait, 0 when it may go on */
  waitSeconds(key: string, now: EpochMs): number
  /** Counts an attempt as failed until it succeeds. */
  add(key: string, now: EpochMs): void
  /** Takes one counted attempt back. */
  takeBack(key: string): void
  forget(key: string): void
  /** Notes that an attempt was refused. @returns whether it is the first one in this delay */
  noteRefusal(key: string): boolean
}

export function createAttempts({ free, longestDelaySeconds }: AttemptLimit): Attempts {
  const failures = new Map<string, Failures>()
  const find = (key: string, now: EpochMs) => {
    const found = failures.get(key)
    return found !== undefined && now - found.lastMs < FORGET_AFTER_MS ? found : undefined
  }
  return {
    waitSeconds(key, now) {
      const { count, lastMs } = find(key, now) ?? { count: 0, lastMs: now }
      if (free === 0 || count < free) return 0
      // One second after the last free failure, doubling with each further one.
      const delaySeconds = Math.min(2 ** Math.min(count - free, 30), longestDelaySeconds)
      return Math.max(0, Math.ceil((lastMs + delaySeconds * 1000 - now) / 1000))
    },
    add(key, now) {
      const count = (find(key, now)?.count ?? 0) + 1
      // Put at the end: the first of the map is then the one longest without an attempt.
      failures.delete(key)
      failures.set(key, { count, lastMs: now, told: false })
      if (failures.size > REMEMBERED_KEYS) failures.delete(failures.keys().next().value as string)
    },
    takeBack(key) {
      const found = failures.get(key)
      if (found !== undefined) failures.set(key, { ...found, count: found.count - 1 })
    },
    forget: (key) => void failures.delete(key),
    noteRefusal(key) {
      const found = failures.get(key)
      if (found === undefined || found.told) return false
      failures.set(key, { ...found, told: true })
      return true
    },
  }
}
