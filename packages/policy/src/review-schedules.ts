// When a review schedule opens reviews, and what it does as a sentence.
import { DAY_MS, type EpochMs, type ReviewSchedule } from '@crosswalk/protocol'

import { type AppNames, renderCount, renderEnds, renderKind, renderRisk } from './access-conditions.ts'

type Times = Pick<ReviewSchedule, 'firstAt' | 'everyDays'>

/** @returns the newest time, until now, at which a review should have opened; undefined before the first */
export function findOpeningTime(schedule: Times, now: EpochMs): EpochMs | undefined {
  const next = findNextOpeningTime(schedule, now)
  return next === Date.parse(schedule.firstAt) ? undefined : next - schedule.everyDays * DAY_MS
}

/** @returns the first time after now at which a review should open */
export function findNextOpeningTime({ firstAt, everyDays }: Times, now: EpochMs): EpochMs {
  const first = Date.parse(firstAt)
  const period = everyDays * DAY_MS
  const passed = now < first ? 0 : Math.floor((now - first) / period) + 1
  return first + passed * period
}

const WHEN_DUE = {
  wait: 'stays open until an administrator closes it',
  close: 'closes, and undecided connections stay as they are',
  suspend: 'closes, and undecided connections are suspended',
} as const

/** The schedule as a sentence */
export function renderReviewSchedule(schedule: ReviewSchedule, names: AppNames): string {
  const { kind, minRisk, unusedForDays, everyDays, daysToDecide, whenDue } = schedule
  const unused = unusedForDays === undefined ? '' : ` unused for ${renderCount(unusedForDays, 'day')}`
  const about = `connections${renderKind(kind)}${renderEnds(schedule, names)}${renderRisk(minRisk)}${unused}`
  const exception = whenDue === 'suspend' && unused !== '' ? ' if still unused' : ''
  const due = `after ${renderCount(daysToDecide, 'day')} the review ${WHEN_DUE[whenDue]}${exception}`
  return `Review ${about} every ${renderCount(everyDays, 'day')}; ${due}.`
}
