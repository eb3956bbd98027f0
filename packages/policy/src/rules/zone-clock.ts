// Wall-clock time of a time zone, from the runtime's time zone database. The current time is an argument.
import type { EpochSeconds } from '@crosswalk/protocol'

export interface LocalTime {
  /** 0 is Monday */
  readonly weekday: number
  readonly minuteOfDay: number
}

/** Reads the wall clock at a given time. */
export type ZoneClock = (now: EpochSeconds) => LocalTime

export const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const

// Creating a formatter costs a hundred times its use. Only valid zone names are keys, so the map stays small.
const clocks = new Map<string, ZoneClock>()

/** @returns the clock of an IANA time zone such as `Europe/Berlin` or `UTC`; undefined if there is no such zone */
export function findZoneClock(zone: string): ZoneClock | undefined {
  const known = clocks.get(zone)
  if (known !== undefined) return known
  const formatter = buildFormatter(zone)
  if (formatter === undefined) return undefined
  const clock = buildClock(formatter)
  clocks.set(zone, clock)
  return clock
}

let zones: readonly string[] | undefined

/** @returns the names of all zones that the runtime knows */
export function listZones(): readonly string[] {
  zones ??= ['UTC', ...Intl.supportedValuesOf('timeZone')]
  return zones
}

function buildFormatter(zone: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    })
  } catch {
    return undefined
  }
}

function buildClock(formatter: Intl.DateTimeFormat): ZoneClock {
  // All rules of one request need the same minute. Zones differ from UTC by whole minutes, so one cached result
  // suffices.
  let minute = Number.NaN
  let local: LocalTime = { weekday: 0, minuteOfDay: 0 }
  return (now) => {
    const asked = Math.floor(now / 60)
    if (asked !== minute) {
      local = readLocalTime(formatter, asked * 60_000)
      minute = asked
    }
    return local
  }
}

function readLocalTime(formatter: Intl.DateTimeFormat, atMs: number): LocalTime {
  const parts = new Map(formatter.formatToParts(atMs).map(({ type, value }) => [type, value]))
  return {
    weekday: WEEKDAYS.findIndex((name) => name === parts.get('weekday')),
    minuteOfDay: Number(parts.get('hour')) * 60 + Number(parts.get('minute')),
  }
}
