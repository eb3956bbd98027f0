import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { findWindowChange, isWindowOpen, parseTimeWindow, renderLocalTime } from './time-window.ts'

function at(moment: string): number {
  return Date.parse(moment) / 1000
}

function isOpen(text: string, moment: string): boolean | undefined {
  const window = parseTimeWindow(text)
  return window.accepted ? isWindowOpen(window.value, at(moment)) : undefined
}

describe('isWindowOpen', () => {
  const office = 'Mon-Fri 07:00-20:00 Europe/Berlin'
  it.each([
    [office, '2026-03-02T05:59:59Z', false],
    [office, '2026-03-02T06:00:00Z', true],
    [office, '2026-03-02T18:59:59.999Z', true],
    [office, '2026-03-02T19:00:00Z', false],
    [office, '2026-03-06T12:00:00Z', true],
    [office, '2026-03-07T12:00:00Z', false],
    ['07:00-20:00 UTC', '2026-03-07T07:00:00Z', true],
    ['Sat,Sun 00:00-24:00 UTC', '2026-03-06T23:59:59Z', false],
    ['Sat,Sun 00:00-24:00 UTC', '2026-03-07T00:00:00Z', true],
    ['Sat,Sun 00:00-24:00 UTC', '2026-03-08T23:59:59Z', true],
    ['Sat,Sun 00:00-24:00 UTC', '2026-03-09T00:00:00Z', false],
    ['Sat-Mon 10:00-11:00 UTC', '2026-03-09T10:30:00Z', true],
    ['Sat-Mon 10:00-11:00 UTC', '2026-03-10T10:30:00Z', false],
    ['mon,wed-fri 10:00-11:00 UTC', '2026-03-03T10:30:00Z', false],
    ['mon,wed-fri 10:00-11:00 UTC', '2026-03-04T10:30:00Z', true],
    ['10:00-11:00 Asia/Kolkata', '2026-03-02T04:30:00Z', true],
    ['10:00-11:00 Asia/Kolkata', '2026-03-02T04:29:59Z', false],
  ])('%s at %s: %s', (window, moment, expected) => {
    expect(isOpen(window, moment)).toBe(expected)
  })

  const night = 'Fri 22:00-06:00 Europe/Berlin'
  it.each([
    ['2026-03-06T20:59:59Z', false],
    ['2026-03-06T21:00:00Z', true],
    ['2026-03-06T23:30:00Z', true],
    ['2026-03-07T04:59:59Z', true],
    ['2026-03-07T05:00:00Z', false],
    ['2026-03-07T21:30:00Z', false],
    ['2026-03-06T04:30:00Z', false],
  ])('passes midnight from the day on which it opens: at %s: %s', (moment, expected) => {
    expect(isOpen(night, moment)).toBe(expected)
  })

  it('passes the end of the week', () => {
    expect(isOpen('Sun 22:00-06:00 UTC', '2026-03-09T05:59:00Z')).toBe(true)
    expect(isOpen('Sun 22:00-06:00 UTC', '2026-03-10T05:59:00Z')).toBe(false)
    expect(isOpen('Sun 22:00-00:00 UTC', '2026-03-08T23:59:00Z')).toBe(true)
    expect(isOpen('Sun 22:00-00:00 UTC', '2026-03-09T00:00:00Z')).toBe(false)
  })

  it.each([
    // Clocks go forward from 02:00 to 03:00 at 01:00Z on 2026-03-29.
    ['07:00-08:00 Europe/Berlin', '2026-03-28T06:00:00Z', true],
    ['07:00-08:00 Europe/Berlin', '2026-03-29T05:00:00Z', true],
    ['07:00-08:00 Europe/Berlin', '2026-03-29T06:00:00Z', false],
    ['02:30-03:30 Europe/Berlin', '2026-03-29T00:59:59Z', false],
    ['02:30-03:30 Europe/Berlin', '2026-03-29T01:00:00Z', true],
    ['02:30-03:30 Europe/Berlin', '2026-03-29T01:30:00Z', false],
    ['22:00-06:00 Europe/Berlin', '2026-03-29T03:59:59Z', true],
    ['22:00-06:00 Europe/Berlin', '2026-03-29T04:00:00Z', false],
    // Clocks go back from 03:00 to 02:00 at 01:00Z on 2026-10-25: half past two occurs twice.
    ['02:15-02:45 Europe/Berlin', '2026-10-25T00:30:00Z', true],
    ['02:15-02:45 Europe/Berlin', '2026-10-25T00:50:00Z', false],
    ['02:15-02:45 Europe/Berlin', '2026-10-25T01:30:00Z', true],
    ['07:00-08:00 Europe/Berlin', '2026-10-25T05:59:59Z', false],
    ['07:00-08:00 Europe/Berlin', '2026-10-25T06:00:00Z', true],
    // Lord Howe Island changes by half an hour: from 02:00 to 01:30 at 15:00Z on 2026-04-04.
    ['01:30-02:00 Australia/Lord_Howe', '2026-04-04T14:59:00Z', true],
    ['01:30-02:00 Australia/Lord_Howe', '2026-04-04T15:29:00Z', true],
    ['01:30-02:00 Australia/Lord_Howe', '2026-04-04T15:30:00Z', false],
  ])('follows the wall clock: %s at %s: %s', (window, moment, expected) => {
    expect(isOpen(window, moment)).toBe(expected)
  })

  it('returns the same regardless of other calls in between', () => {
    const window = '07:00-08:00 Europe/Berlin'
    const open = '2026-03-28T06:59:00Z'
    expect(isOpen(window, open)).toBe(true)
    expect(isOpen(window, '2026-03-28T07:00:00Z')).toBe(false)
    expect(isOpen(window, open)).toBe(true)
  })
})

describe('parseTimeWindow', () => {
  it.each([
    ['Mon-Fri 07:00-20:00', /write days, hours and a time zone/],
    ['07:00 Europe/Berlin', /write days, hours and a time zone/],
    ['', /write days, hours and a time zone/],
    ['Mo-Fr 07:00-20:00 Europe/Berlin', /write days as Mon/],
    ['Mon- 07:00-20:00 Europe/Berlin', /write days as Mon/],
    ['Mon-Wed-Fri 07:00-20:00 Europe/Berlin', /write days as Mon/],
    ['07:00-24:01 Europe/Berlin', /write hours from/],
    ['24:00-06:00 Europe/Berlin', /write hours from/],
    ['07:60-08:00 Europe/Berlin', /write hours from/],
    ['07:00-07:00 Europe/Berlin', /write 00:00-24:00/],
    ['07:00-20:00 Europe/Belin', /did you mean the time zone Europe\/Berlin/],
    ['07:00-20:00 Mars/Phobos_Stickney_Crater', /name an IANA time zone/],
  ])('refuses %j', (text, fix) => {
    const window = parseTimeWindow(text)
    expect(window.accepted ? 'accepted' : window.refusal.fix).toMatch(fix)
  })
})

describe('findWindowChange', () => {
  const DAYS = 15 * 86_400
  const find = (text: string, moment: string, withinSeconds = DAYS) => {
    const window = parseTimeWindow(text)
    if (!window.accepted) throw new TypeError(window.refusal.problem)
    const found = findWindowChange(window.value, at(moment), withinSeconds)
    return found === undefined ? undefined : new Date(found * 1000).toISOString().replace('.000Z', 'Z')
  }
  const office = 'Mon-Fri 07:00-20:00 Europe/Berlin'

  it.each([
    ['it opens the same day', office, '2026-03-02T05:59:59Z', '2026-03-02T06:00:00Z'],
    ['it closes the same day', office, '2026-03-02T06:00:00Z', '2026-03-02T19:00:00Z'],
    ['it closes in a second', office, '2026-03-02T18:59:59Z', '2026-03-02T19:00:00Z'],
    ['it opens the next day', office, '2026-03-02T19:00:00Z', '2026-03-03T06:00:00Z'],
    ['it opens after the weekend', office, '2026-03-06T19:00:00Z', '2026-03-09T06:00:00Z'],
    ['it opens a week later', 'Mon 10:00-11:00 UTC', '2026-03-02T11:00:00Z', '2026-03-09T10:00:00Z'],
    ['it closes past midnight', 'Fri 22:00-06:00 UTC', '2026-03-06T23:00:00Z', '2026-03-07T06:00:00Z'],
    ['one day runs into the next', 'Sat,Sun 00:00-24:00 UTC', '2026-03-07T12:00:00Z', '2026-03-09T00:00:00Z'],
    ['it never closes', '00:00-24:00 UTC', '2026-03-07T12:00:00Z', undefined],
    // Clocks go forward from 02:00 to 03:00 at 01:00Z on 2026-03-29, a Sunday.
    ['clocks go forward in between', office, '2026-03-27T19:00:00Z', '2026-03-30T05:00:00Z'],
    ['its beginning is skipped', '02:30-03:30 Europe/Berlin', '2026-03-28T12:00:00Z', '2026-03-29T01:00:00Z'],
    ['all of it is skipped', 'Sun 02:15-02:45 Europe/Berlin', '2026-03-28T12:00:00Z', '2026-04-05T00:15:00Z'],
    [
      'the end comes an hour sooner',
      '22:00-02:30 Europe/Berlin',
      '2026-03-28T23:00:00Z',
      '2026-03-29T01:00:00Z',
    ],
    // Clocks go back from 03:00 to 02:00 at 01:00Z on 2026-10-25, a Sunday.
    ['clocks go back in between', office, '2026-10-23T18:00:00Z', '2026-10-26T06:00:00Z'],
    ['it occurs twice', '02:15-02:45 Europe/Berlin', '2026-10-25T00:50:00Z', '2026-10-25T01:15:00Z'],
    ['its end occurs twice', '01:00-03:00 Europe/Berlin', '2026-10-24T23:30:00Z', '2026-10-25T02:00:00Z'],
    [
      'clocks change by half an hour',
      '01:45-02:00 Australia/Lord_Howe',
      '2026-04-04T14:50:00Z',
      '2026-04-04T15:00:00Z',
    ],
  ])('if %s: %s at %s', (_, window, moment, expected) => {
    expect(find(window, moment)).toBe(expected)
  })

  it('looks no further than requested, to the second', () => {
    expect(find(office, '2026-03-02T18:58:00Z', 119)).toBeUndefined()
    expect(find(office, '2026-03-02T18:58:00Z', 120)).toBe('2026-03-02T19:00:00Z')
  })

  it('matches a search minute by minute', () => {
    const window = fc
      .tuple(
        fc.constantFrom('', 'Mon ', 'Sat,Sun ', 'Mon-Fri ', 'Sun-Tue '),
        fc.integer({ min: 0, max: 95 }),
        fc.integer({ min: 0, max: 95 }),
        fc.constantFrom('Europe/Berlin', 'Australia/Lord_Howe', 'America/New_York', 'Asia/Kolkata'),
      )
      .filter(([, from, to]) => from !== to)
      .map(([days, from, to, zone]) => `${days}${clockOf(from)}-${clockOf(to)} ${zone}`)
    // From days around the clock changes of the zones.
    const start = fc
      .tuple(
        fc.constantFrom('2026-03-07', '2026-03-28', '2026-04-04', '2026-10-24', '2026-10-31'),
        fc.nat(2879),
      )
      .map(([day, minute]) => at(`${day}T00:00:00Z`) + minute * 60)
    fc.assert(
      fc.property(window, start, (text, now) => {
        const parsed = parseTimeWindow(text)
        if (!parsed.accepted) throw new TypeError(parsed.refusal.problem)
        const within = 12 * 3600
        const isOpen = isWindowOpen(parsed.value, now)
        let minute = now + 60
        while (minute <= now + within && isWindowOpen(parsed.value, minute) === isOpen) minute += 60
        const expected = minute <= now + within ? minute : undefined
        expect(findWindowChange(parsed.value, now, within)).toBe(expected)
      }),
      { numRuns: 60 },
    )
  })
})

function clockOf(quarter: number): string {
  const two = (value: number) => String(value).padStart(2, '0')
  return `${two(Math.floor(quarter / 4))}:${two((quarter % 4) * 15)}`
}

it('writes the wall clock with day and zone', () => {
  const window = parseTimeWindow('07:00-20:00 Europe/Berlin')
  expect(window.accepted && renderLocalTime(window.value, at('2026-03-02T06:05:00Z'))).toBe(
    'Mon 07:05 Europe/Berlin',
  )
})
