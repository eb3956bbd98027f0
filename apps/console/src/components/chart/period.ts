// Periods of a chart, in intervals that start on the hour or at midnight, so that responses can be cached.
import { DAY_MS, HOUR_MS } from '@crosswalk/protocol'

export const PERIODS = {
  hours: {
    buckets: 24,
    lengthMs: HOUR_MS,
    format: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
    ofList: '24h',
  },
  days: { buckets: 30, lengthMs: DAY_MS, format: { month: 'short', day: 'numeric' }, ofList: '30d' },
  weeks: {
    buckets: 12,
    lengthMs: 7 * DAY_MS,
    format: { month: 'short', day: 'numeric' },
    ofList: undefined,
  },
} as const satisfies Record<string, Period>
export type PeriodName = keyof typeof PERIODS

interface Period {
  readonly buckets: number
  readonly lengthMs: number
  readonly format: Intl.DateTimeFormatOptions
  /** The same period in the list of decisions */
  readonly ofList: string | undefined
}

/** @returns the query for the period that ends with the current hour or day */
export function queryOf(name: PeriodName, now: number) {
  const { buckets, lengthMs } = PERIODS[name]
  const end = new Date(now)
  if (lengthMs < DAY_MS) end.setHours(end.getHours() + 1, 0, 0, 0)
  else end.setHours(24, 0, 0, 0)
  const until = end.getTime()
  return {
    since: new Date(until - buckets * lengthMs).toISOString(),
    until: end.toISOString(),
    buckets,
  }
}

/** @returns the label below a bar, from the start of its interval */
export function formatTick(name: PeriodName, since: string): string {
  return new Intl.DateTimeFormat('en-GB', PERIODS[name].format).format(new Date(since))
}
