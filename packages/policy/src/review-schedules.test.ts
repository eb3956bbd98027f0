// When a schedule opens reviews, at both edges of each time, and its sentence.
import { DAY_MS, zReviewSchedule } from '@crosswalk/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { findNextOpeningTime, findOpeningTime, renderReviewSchedule } from './review-schedules.ts'

const FIRST = Date.parse('2026-01-05T08:00:00Z')
const TIMES = { firstAt: '2026-01-05T09:00:00+01:00', everyDays: 90 }
const at = (days: number, ms = 0) => FIRST + days * DAY_MS + ms

describe('the time of an opening', () => {
  it.each<[string, number, number | undefined, number]>([
    ['long before the first', at(-400), undefined, at(0)],
    ['a millisecond before the first', at(0, -1), undefined, at(0)],
    ['at the first', at(0), at(0), at(90)],
    ['a millisecond before the second', at(90, -1), at(0), at(90)],
    ['at the second', at(90), at(90), at(180)],
    ['after several were missed', at(500), at(450), at(540)],
  ])('%s', (_, now, newest, next) => {
    expect(findOpeningTime(TIMES, now)).toBe(newest)
    expect(findNextOpeningTime(TIMES, now)).toBe(next)
  })

  it('is always a whole number of periods after the first, and the next is one period later', () =>
    fc.assert(
      fc.property(
        fc.integer({ min: 7, max: 1098 }),
        fc.integer({ min: 0, max: 1e13 }),
        (everyDays, later) => {
          const times = { firstAt: TIMES.firstAt, everyDays }
          const now = FIRST + later
          const newest = findOpeningTime(times, now) ?? NaN
          expect((newest - FIRST) % (everyDays * DAY_MS)).toBe(0)
          expect(newest).toBeLessThanOrEqual(now)
          expect(findNextOpeningTime(times, now)).toBe(newest + everyDays * DAY_MS)
          expect(findNextOpeningTime(times, now)).toBeGreaterThan(now)
        },
      ),
    ))
})

const DRAFT = { id: 'all', name: 'All', firstAt: TIMES.firstAt, everyDays: 365, daysToDecide: 30 }
const NAMES = { app: (id: string) => id.toUpperCase(), resourceApp: (id: string) => id.toUpperCase() }

describe('the sentence', () => {
  it.each<[object, string]>([
    [
      { whenDue: 'wait' },
      'Review connections every 365 days; after 30 days the review stays open until an administrator closes it.',
    ],
    [
      { kind: 'agent', minRisk: 2, whenDue: 'suspend' },
      'Review connections of agents with risk 2 or higher every 365 days; after 30 days the review closes, and undecided connections are suspended.',
    ],
    [
      { minRisk: 1, unusedForDays: 45, everyDays: 7, daysToDecide: 6, whenDue: 'suspend' },
      'Review connections with risk 1 or higher unused for 45 days every 7 days; after 6 days the review closes, and undecided connections are suspended if still unused.',
    ],
    [
      { unusedForDays: 1, whenDue: 'wait' },
      'Review connections unused for 1 day every 365 days; after 30 days the review stays open until an administrator closes it.',
    ],
    [
      { apps: ['a', 'b'], resourceApps: ['c'], daysToDecide: 1, whenDue: 'close' },
      'Review connections through A or B at C every 365 days; after 1 day the review closes, and undecided connections stay as they are.',
    ],
  ])('%#', (change, sentence) =>
    expect(renderReviewSchedule(zReviewSchedule.parse({ ...DRAFT, ...change }), NAMES)).toBe(sentence),
  )
})

describe('a schedule', () => {
  it.each<[string, object, boolean]>([
    ['the shortest period', { everyDays: 7, daysToDecide: 6 }, true],
    ['a shorter one', { everyDays: 6, daysToDecide: 5 }, false],
    ['three years', { everyDays: 1098 }, true],
    ['more than three years', { everyDays: 1099 }, false],
    ['a due date one day before the next review', { everyDays: 90, daysToDecide: 89 }, true],
    ['a due date with the next review', { everyDays: 90, daysToDecide: 90 }, false],
    ['no time to decide', { daysToDecide: 0 }, false],
    ['a date without a time', { firstAt: '2026-01-05' }, false],
    ['no apps', { apps: [] }, false],
    ['a risk above the highest', { minRisk: 4 }, false],
    ['connections unused for a day', { unusedForDays: 1 }, true],
    ['connections unused for no time', { unusedForDays: 0 }, false],
    ['connections unused for ten years', { unusedForDays: 3650 }, true],
    ['connections unused for longer', { unusedForDays: 3651 }, false],
  ])('with %s', (_, change, isValid) =>
    expect(zReviewSchedule.safeParse({ ...DRAFT, whenDue: 'wait', ...change }).success).toBe(isValid),
  )
})
