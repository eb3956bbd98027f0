// What rules about habits judge: when and where apps ask, and what becomes of ID-JAGs. Hours and days that are over are
// counted once.
import type {
  Activity,
  HoursUsed,
  RefusalCount,
  TargetCount,
  UsagePatterns,
  Period,
} from '@crosswalk/storage'

import { DAY_MS, HOUR_MS } from './spans.ts'

export const NORM_DAYS = 28
/** Of the clock: windows begin at multiples of it. */
export const WINDOW_MS = 300_000

/** ID-JAGs of one app in one hour of the clock */
export interface HourVolume {
  readonly app: string
  /** When the hour began */
  readonly at: number
  readonly count: number
}

/** In how many days of the norm an app was granted something, and in which hours of them: bit n is hour n in UTC. */
export interface HourNorm {
  readonly days: number
  readonly hours: number
}

export interface Habits {
  /** Of each hour since the last 24 that are over */
  readonly hours: readonly HourVolume[]
  /** By app, of the 28 days that were over before the last 24 hours began */
  readonly hourNorms: ReadonlyMap<string, HourNorm>
  /** Of the last hour */
  readonly targets: readonly TargetCount[]
  /** By connection, of the last 24 hours of the clock that are over */
  readonly issued: ReadonlyMap<string, number>
  /** By log and client, of the same hours and until now */
  readonly redeemed: ReadonlyMap<string, number>
  /** Of the last 24 hours, with the codes that were asked for */
  readonly coded: readonly RefusalCount[]
}

export interface HabitReader {
  /** @returns how things are now; one reading at a time */
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
      // The newest day that was over before the last 24 hours began.
      const day = Math.floor(nowMs / DAY_MS) - 2
      const until = nowMs + 1
      const rest = { since: (last + 1) * HOUR_MS, until }
      const hours = (await granted.read(first, last)).flat()
      const now: HourVolume[] = []
      for (let since = rest.since; since < until; since += HOUR_MS)
        now.push(...(await countHour(activity, since, Math.min(until, since + HOUR_MS))))
      return {
        hours: [...hours, ...now],
        // An app that was granted nothing has no hours to be compared.
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

/**
 * Counts of spans of time that are over. They do not change any more: each is counted once in the life of
 * the process.
 */
interface SpanCounts<Counted> {
  /** @returns what was counted in each span from `first` to `last`, both by their number since 1970; one reading at a time */
  read(first: number, last: number): Promise<readonly Counted[]>
}

function createSpanCounts<Counted>(
  spanMs: number,
  count: (period: Period) => Promise<Counted>,
): SpanCounts<Counted> {
  const known = new Map<number, Counted>()
  return {
    async read(first, last) {
      for (const number of known.keys()) if (number < first || number > last) known.delete(number)
      const counts: Counted[] = []
      for (let number = first; number <= last; number += 1) {
        const counted =
          known.get(number) ?? (await count({ since: number * spanMs, until: (number + 1) * spanMs }))
        known.set(number, counted)
        counts.push(counted)
      }
      return counts
    },
  }
}

/** What became durable a moment late still counts. */
const SETTLED_MS = 60_000

/** @returns the number of the last span that is over, and whose events are all there */
function lastOver(nowMs: number, spanMs: number): number {
  return Math.floor((nowMs - SETTLED_MS) / spanMs) - 1
}
