import { expect, it } from 'vitest'

import { formatTick, PERIODS, queryOf } from './period.ts'

const NOW = new Date(2026, 10, 27, 14, 20, 5).getTime()

it.each(['hours', 'days', 'weeks'] as const)('covers now and the %s before', (name) => {
  const { since, until, buckets } = queryOf(name, NOW)
  expect(Date.parse(until)).toBeGreaterThan(NOW)
  expect(Date.parse(until) - Date.parse(since)).toBe(buckets * PERIODS[name].lengthMs)
  expect(new Date(until).getMinutes()).toBe(0)
})

it('has the same query within an hour', () => {
  expect(queryOf('hours', NOW + 60_000)).toEqual(queryOf('hours', NOW))
  expect(queryOf('hours', NOW + 3_600_000)).not.toEqual(queryOf('hours', NOW))
})

it('labels hours with the time and days with the date', () => {
  const moment = new Date(2026, 10, 27, 9).toISOString()
  expect([formatTick('hours', moment), formatTick('days', moment)]).toEqual(['09:00', '27 Nov'])
})
