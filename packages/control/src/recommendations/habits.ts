// The habits that rules judge: when and where apps make requests, and what becomes of their ID-JAGs. Complete hours and
// days are counted once.
import type { Activity, HoursUsed, RefusalCount, TargetCount, UsagePatterns } from '@crosswalk/storage'
import { DAY_MS, HOUR_MS } from '@crosswalk/protocol'

import { createSpanCounts } from './span-counts.ts'

export const NORM_DAYS = 28
/** Windows start at clock times that are multiples of this. */
export const WINDOW_MS = 300_000

/** ID-JAGs of one app in one clock hour */
export interface HourVolume {
  readonly app: string
  /** Start of the hour */
  readonly at: number
  readonly count: number
}

/** On how many days an app got ID-JAGs, and in which hours of them: bit n is hour n in UTC. */
export interface HourNorm {
  readonly days: number
  readonly hours: number
}

export interface Habits {
  /** For the last 24 complete hours, and each hour since */
  readonly hours: readonly HourVolume[]
  /** By app, over the 28 days that ended before the last 24 hours */
  readonly hourNorms: ReadonlyMap<string, HourNorm>
  /** Of the last hour */
  readonly targets: readonly TargetCount[]
  /** By connection, in the last 24 complete clock hours */
  readonly issued: ReadonlyMap<string, number>
  /** By log and client, in the same hours and until now */
  readonly redeemed: ReadonlyMap<string, number>
  /** In the last 24 hours, for the requested codes */
  readonly coded: readonly RefusalCount[]
}

export interface HabitReader {
  /** @returns the current habits; no concurrent calls */
  read(nowMs: number, codes: readonly string[]): Promise<Habits>
}

export function createHabitReader(
  patterns: UsagePatterns,
  activity: Pick<Activity, 'countByApp'>,
): HabitReader {
  const granted = createSpanCounts(HOUR_MS, (hour) => countHour(activity, hour.since, hour.until))
  const issued = createSpanCounts(HOUR_MS, (hour) => patterns.countIssued(hour))
  const redeemed = createSpanCounts(HOUR_MS, (hour) => patterns.countRedeemed(hour))
  const days = createSpanCounts(DAY_MS, (day) => patterns.listHoursUsed(day))
  return {
    async read(nowMs, codes) {
      const last = lastOver(nowMs, HOUR_MS)
      const first = last - 23
      // The newest day that ended before the last 24 hours began.
      const day = Math.floor(nowMs / DAY_MS) - 2
      const until = nowMs + 1
      const rest = { since: (last + 1) * HOUR_MS, until }
      const hours = (await granted.read(first, last)).flat()
      const now: HourVolume[] = []
      for (let since = rest.since; since < until; since += HOUR_MS)
        now.push(...(await countHour(activity, since, Math.min(until, since + HOUR_MS))))
      return {
        hours: [...hours, ...now],
        // Apps without recent grants have no hours to compare.
        hourNorms:
          hours.length + now.length === 0 ? new Map() : joinDays(await days.read(day - NORM_DAYS + 1, day)),
        targets: await patterns.countTargets({ since: nowMs - HOUR_MS, until }, WINDOW_MS),
        issued: add(await issued.read(first, last)),
        redeemed: add([...(await redeemed.read(first, last)), await patterns.countRedeemed(rest)]),
        coded: await patterns.countRefusals(codes, { since: nowMs - DAY_MS + 1, until }),
      }
    },
  }
}

async function countHour(
  activity: Pick<Activity, 'countByApp'>,
  since: number,
  until: number,
): Promise<readonly HourVolume[]> {
  const counts = await activity.countByApp('idjag.issued', { since, until })
  return counts.map(({ app, count }) => ({ app, at: since, count }))
}

function joinDays(days: readonly (readonly HoursUsed[])[]): ReadonlyMap<string, HourNorm> {
  const norms = new Map<string, HourNorm>()
  for (const day of days)
    for (const { app, hours } of day) {
      const norm = norms.get(app)
      norms.set(app, { days: (norm?.days ?? 0) + 1, hours: (norm?.hours ?? 0) | hours })
    }
  return norms
}

function add(counts: readonly ReadonlyMap<string, number>[]): ReadonlyMap<string, number> {
  const sum = new Map<string, number>()
  for (const one of counts) for (const [key, count] of one) sum.set(key, (sum.get(key) ?? 0) + count)
  return sum
}

/** Leaves time for events that are stored late. */
const SETTLED_MS = 60_000

/** @returns the number of the last complete span with all its events */
function lastOver(nowMs: number, spanMs: number): number {
  return Math.floor((nowMs - SETTLED_MS) / spanMs) - 1
}
