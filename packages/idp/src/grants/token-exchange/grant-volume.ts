// Counts the ID-JAGs that an app got for a user in the last hour, for policies that limit them. Kept in memory: read
// from the log at first, then followed, so that grants of other processes count once they are in the log. Pending
// grants of this process count as well. Decides nothing.
import type { ChainPlace, Reservation } from '@crosswalk/as-core'
import { DAY_MS, type EpochMs, HOUR_MS } from '@crosswalk/protocol'

import type { GrantLog, LogCursor } from '../../ports.ts'

/** Allowed difference between the clocks of processes; times are still compared exactly. */
const MARGIN_MS = 60_000
/** After a pause this long, starting over is cheaper. */
const LONGEST_PAUSE_MS = 600_000
/**
 * How far back the log is read. Older grants are over an hour old by any clock, and their partitions need no search.
 */
const READ_BACK_MS = 7 * DAY_MS
/** Counted grants between two removals of expired ones. */
const SWEEP_EVERY = 10_000

export interface GrantVolume {
  /** Afterwards, every grant counts that was in the log before the call. */
  catchUp(nowMs: EpochMs): Promise<void>
  /** The number in the hour before `nowMs`, including pending grants */
  count(appId: string, userId: string, nowMs: EpochMs): number
  /** @returns seconds until fewer than `limit` of them count, at least 1; an hour if that never happens */
  waitSeconds(appId: string, userId: string, at: { readonly nowMs: EpochMs; readonly limit: number }): number
  reserve(appId: string, userId: string, nowMs: EpochMs): Reservation
}

/** @param log - if absent, only the grants of this process count */
export function createGrantVolume(log: GrantLog | undefined): GrantVolume {
  const counts = createCounts()
  const follower = log === undefined ? undefined : createFollower(log, counts)
  return {
    catchUp: (nowMs) => follower?.catchUp(nowMs) ?? Promise.resolve(),
    count: counts.count,
    waitSeconds: counts.waitSeconds,
    reserve(appId, userId, nowMs) {
      const key = keyOf(appId, userId)
      counts.pend(key, 1)
      return {
        release: () => counts.pend(key, -1),
        settle(place) {
          if (follower === undefined) {
            counts.pend(key, -1)
            counts.add(key, nowMs)
          } else if (follower.hasReached(place)) counts.pend(key, -1)
          else follower.expect(place, () => counts.pend(key, -1))
        },
      }
    },
  }
}

function keyOf(appId: string, userId: string): string {
  return `${appId}\n${userId}`
}

interface Counts extends Pick<GrantVolume, 'count' | 'waitSeconds'> {
  add(key: string, timeMs: EpochMs): void
  pend(key: string, change: 1 | -1): void
  clear(): void
}

function createCounts(): Counts {
  /** Ascending */
  const times = new Map<string, number[]>()
  const pending = new Map<string, number>()
  let added = 0

  function forgetOld(nowMs: EpochMs): void {
    for (const [key, list] of times) if ((list.at(-1) ?? 0) <= nowMs - HOUR_MS) times.delete(key)
  }

  /** Logged grants with ascending times; pending grants count as of now. */
  function findWithinHour(key: string, nowMs: EpochMs): { logged: readonly EpochMs[]; total: number } {
    const logged = times.get(key) ?? []
    const first = logged.findIndex((time) => time > nowMs - HOUR_MS)
    logged.splice(0, first === -1 ? logged.length : first)
    return { logged, total: logged.length + (pending.get(key) ?? 0) }
  }

  return {
    add(key, timeMs) {
      const list = times.get(key) ?? []
      times.set(key, list)
      let at = list.length
      while (at > 0 && (list[at - 1] ?? 0) > timeMs) at -= 1
      list.splice(at, 0, timeMs)
      added += 1
      if (added % SWEEP_EVERY === 0) forgetOld(timeMs)
    },
    pend(key, change) {
      const next = (pending.get(key) ?? 0) + change
      if (next === 0) pending.delete(key)
      else pending.set(key, next)
    },
    count: (appId, userId, nowMs) => findWithinHour(keyOf(appId, userId), nowMs).total,
    waitSeconds(appId, userId, { nowMs, limit }) {
      const { logged, total } = findWithinHour(keyOf(appId, userId), nowMs)
      const place = total - limit
      const last = place < logged.length ? (logged[place] ?? nowMs - HOUR_MS) : nowMs
      return Math.max(1, Math.ceil((last + HOUR_MS - nowMs) / 1000))
    },
    clear: () => times.clear(),
  }
}

/** Reads the log after the last position, one read at a time; callers that arrive during a read share the next. */
function createFollower(log: GrantLog, counts: Counts) {
  const expected = new Map<ChainPlace, () => void>()
  let reached: LogCursor | undefined
  let lastMs = 0
  let running: Promise<void> | undefined
  let next: Promise<void> | undefined

  async function read(nowMs: EpochMs): Promise<void> {
    if (reached === undefined || nowMs - lastMs > LONGEST_PAUSE_MS) {
      counts.clear()
      reached = await log.findStart(nowMs - HOUR_MS - MARGIN_MS)
    }
    for (let more = true; more;) {
      const page = await log.readAfter(reached, nowMs - READ_BACK_MS)
      for (const { app, user, time } of page.grants) counts.add(keyOf(app, user), time)
      reached = page.reached
      more = page.more
      for (const [place, found] of expected)
        if (hasReached(place)) {
          expected.delete(place)
          found()
        }
    }
    lastMs = nowMs
  }

  function hasReached({ chain, seq }: ChainPlace): boolean {
    return seq <= (reached?.get(chain) ?? 0)
  }

  function run(nowMs: EpochMs): Promise<void> {
    running = read(nowMs).finally(() => {
      running = undefined
    })
    return running
  }

  return {
    hasReached,
    expect: (place: ChainPlace, found: () => void) => void expected.set(place, found),
    catchUp(nowMs: EpochMs): Promise<void> {
      if (running === undefined) return run(nowMs)
      next ??= running
        .catch(() => undefined)
        .then(() => {
          next = undefined
          return run(nowMs)
        })
      return next
    },
  }
}
