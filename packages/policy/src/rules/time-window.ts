// Weekly windows of wall-clock time: "Mon-Fri 07:00-20:00 Europe/Berlin". A window past midnight belongs to the day on
// which it opens. Daylight saving follows the wall clock: an hour that occurs twice is inside twice.
import { accept, refuse, type EpochSeconds, type Result } from '@crosswalk/protocol'

import type { ValueProblem } from './network.ts'
import { findNearest } from './nearest.ts'
import { findZoneClock, listZones, type LocalTime, WEEKDAYS, type ZoneClock } from './zone-clock.ts'

export interface TimeWindow {
  /** Open on this weekday, Monday first */
  readonly days: readonly boolean[]
  readonly fromMinute: number
  /** Exclusive; not after `fromMinute` if the window passes midnight */
  readonly toMinute: number
  readonly zone: string
  readonly clock: ZoneClock
}

const WINDOW = /^(?:(?<days>[a-z,-]+)\s+)?(?<from>\d\d:\d\d)-(?<to>\d\d:\d\d)\s+(?<zone>\S+)$/i
const DAY_MINUTES = 24 * 60
const FORM = 'write days, hours and a time zone: "Mon-Fri 07:00-20:00 Europe/Berlin"'

/** Parses a window. Days may be a list (`Mon,Wed`), a range (`Fri-Mon`) or absent (every day); the zone is required. */
export function parseTimeWindow(text: string): Result<TimeWindow, ValueProblem> {
  const written = WINDOW.exec(text.trim())?.groups
  if (written === undefined) return refuseWindow(text, FORM)
  const days = written['days'] === undefined ? WEEKDAYS.map(() => true) : parseDays(written['days'])
  if (days === undefined)
    return refuseWindow(text, 'write days as Mon, Tue, Wed, Thu, Fri, Sat, Sun or ranges of them')
  const fromMinute = parseMinute(written['from'], 23 * 60 + 59)
  const toMinute = parseMinute(written['to'], 24 * 60)
  if (fromMinute === undefined || toMinute === undefined) {
    return refuseWindow(text, 'write hours from 00:00 to 24:00')
  }
  if (fromMinute === toMinute) return refuseWindow(text, 'for the whole day write 00:00-24:00')
  const zone = written['zone'] ?? ''
  const clock = findZoneClock(zone)
  if (clock === undefined) return refuseWindow(text, describeZoneFix(zone))
  return accept({ days, fromMinute, toMinute, zone, clock })
}

/** @returns whether the window is open; its first minute is inside, its end is not */
export function isWindowOpen({ days, fromMinute, toMinute, clock }: TimeWindow, now: EpochSeconds): boolean {
  const { weekday, minuteOfDay } = clock(now)
  const opensToday = days[weekday] === true
  if (fromMinute < toMinute) return opensToday && minuteOfDay >= fromMinute && minuteOfDay < toMinute
  const openedYesterday = days[(weekday + 6) % 7] === true
  return (opensToday && minuteOfDay >= fromMinute) || (openedYesterday && minuteOfDay < toMinute)
}

/**
 * @param withinSeconds - how far ahead to look
 * @returns when an open window closes, or a closed one opens; undefined if not within that time
 */
export function findWindowChange(
  window: TimeWindow,
  now: EpochSeconds,
  withinSeconds: number,
): EpochSeconds | undefined {
  const isOpen = isWindowOpen(window, now)
  const last = Math.floor((now + withinSeconds) / 60)
  for (let minute = Math.floor(now / 60); minute < last;) {
    const ahead = Math.min(countMinutesToEdge(window, window.clock(minute * 60), isOpen), last - minute)
    // Clock changes happen only at quarter hours, so steps that cross one stop at quarter hours.
    minute += isClockPut(window, minute, ahead) ? Math.min(ahead, 15 - (minute % 15)) : ahead
    if (isWindowOpen(window, minute * 60) !== isOpen) return minute * 60
  }
  return undefined
}

/** @returns minutes by the wall clock until an open window ends, or a closed one begins; at least one */
function countMinutesToEdge(
  { days, fromMinute, toMinute }: TimeWindow,
  { weekday, minuteOfDay }: LocalTime,
  isOpen: boolean,
): number {
  if (isOpen) return ((toMinute - minuteOfDay + DAY_MINUTES - 1) % DAY_MINUTES) + 1
  const begins = Array.from({ length: 8 }, (_, day) => day * DAY_MINUTES + fromMinute - minuteOfDay)
  return begins.find((ahead, day) => ahead > 0 && days[(weekday + day) % 7] === true) ?? 7 * DAY_MINUTES
}

function isClockPut({ clock }: TimeWindow, minute: number, ahead: number): boolean {
  const [before, after] = [clock(minute * 60), clock((minute + ahead) * 60)]
  const days = after.weekday - before.weekday
  return (days * DAY_MINUTES + after.minuteOfDay - before.minuteOfDay - ahead) % (7 * DAY_MINUTES) !== 0
}

/** @returns the wall clock as text: `Mon 09:14 Europe/Berlin` */
export function renderLocalTime({ zone, clock }: TimeWindow, now: EpochSeconds): string {
  const { weekday, minuteOfDay } = clock(now)
  const two = (value: number): string => String(value).padStart(2, '0')
  return `${WEEKDAYS[weekday]} ${two(Math.floor(minuteOfDay / 60))}:${two(minuteOfDay % 60)} ${zone}`
}

function parseDays(text: string): readonly boolean[] | undefined {
  const days = WEEKDAYS.map(() => false)
  for (const part of text.split(',')) {
    const [first, last, ...more] = part.split('-').map(findWeekday)
    if (first === undefined || first < 0 || more.length > 0 || (last !== undefined && last < 0))
      return undefined
    const count = (((last ?? first) - first + 7) % 7) + 1
    for (let step = 0; step < count; step += 1) days[(first + step) % 7] = true
  }
  return days
}

function findWeekday(name: string): number {
  return WEEKDAYS.findIndex((weekday) => weekday.toLowerCase() === name.toLowerCase())
}

function parseMinute(text: string | undefined, latestMinute: number): number | undefined {
  const [hour, minute] = (text ?? '').split(':').map(Number)
  if (hour === undefined || minute === undefined || minute > 59) return undefined
  const value = hour * 60 + minute
  return value <= latestMinute ? value : undefined
}

function refuseWindow(text: string, fix: string): Result<TimeWindow, ValueProblem> {
  return refuse({ problem: `${JSON.stringify(text)} is not a time window`, fix })
}

function describeZoneFix(zone: string): string {
  const nearest = findNearest(zone, listZones())
  return nearest === undefined
    ? 'name an IANA time zone, such as Europe/Berlin or UTC'
    : `did you mean the time zone ${nearest}?`
}
