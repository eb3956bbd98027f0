// Habits over counts in memory: which hours and days are read, each only once, and how they are combined.
import type { Period } from '@crosswalk/storage'
import { expect, it } from 'vitest'
import { DAY_MS, HOUR_MS } from '@crosswalk/protocol'

import { createHabitReader } from './habits.ts'

/** Half past noon */
const NOW = Date.parse('2026-06-15T12:30:00.000Z')
const NOON = NOW - HOUR_MS / 2

interface Count extends Period {
  readonly of: string
}

function readerOf(has: (count: Count) => boolean = () => true) {
  const counts: Count[] = []
  const note = (of: string, { since, until }: Period): boolean => {
    const count = { of, since, until }
    counts.push(count)
    return has(count)
  }
  const each = (of: string) => async (period: Period) => new Map(note(of, period) ? [['key', 1]] : [])
  const patterns = {
    countIssued: each('issued'),
    countRedeemed: each('redeemed'),
    listHoursUsed: async (period: Period) =>
      note('days', period) ? [{ app: 'agent', hours: 1 << ((period.since / DAY_MS) % 2) }] : [],
    countTargets: async (period: Period) => (note('targets', period) ? [] : []),
    countRefusals: async (_: readonly string[], period: Period) => (note('coded', period) ? [] : []),
  }
  const activity = {
    countByApp: async (_: string, period: Period) =>
      note('hours', period) ? [{ app: 'agent', count: 1, people: 1, firstAt: 0, lastAt: 0 }] : [],
  }
  const reader = createHabitReader(patterns as never, activity)
  return { counts, read: (nowMs: number) => reader.read(nowMs, ['XAA2209']) }
}

const of = (counts: readonly Count[], what: string) => counts.filter((one) => one.of === what)

it('reads the last 24 complete clock hours and the time since, without a gap', async () => {
  const { counts, read } = readerOf()
  const { hours, issued, redeemed } = await read(NOW)
  const spans = of(counts, 'hours')
  expect([spans[0]?.since, spans.at(-1)?.until]).toEqual([NOON - 24 * HOUR_MS, NOW + 1])
  expect(spans.slice(1).map(({ since }) => since)).toEqual(spans.slice(0, -1).map(({ until }) => until))
  expect([hours.length, issued.get('key'), redeemed.get('key')]).toEqual([25, 24, 25])
  expect(hours.at(-1)).toEqual({ app: 'agent', at: NOON, count: 1 })
  expect(of(counts, 'coded')).toEqual([{ of: 'coded', since: NOW - DAY_MS + 1, until: NOW + 1 }])
  expect(of(counts, 'targets')).toEqual([{ of: 'targets', since: NOW - HOUR_MS, until: NOW + 1 }])
})

it('considers an hour complete a minute after its end', async () => {
  const last = async (nowMs: number) => {
    const { counts, read } = readerOf()
    await read(nowMs)
    return of(counts, 'issued').at(-1)?.until
  }
  expect(await last(NOON + 59_999)).toBe(NOON - HOUR_MS)
  expect(await last(NOON + 60_000)).toBe(NOON)
  const { read } = readerOf()
  expect((await read(NOON + 59_999)).hours.slice(-2)).toEqual([
    { app: 'agent', at: NOON - HOUR_MS, count: 1 },
    { app: 'agent', at: NOON, count: 1 },
  ])
})

it('combines the 28 days that ended before the last 24 hours', async () => {
  const { counts, read } = readerOf()
  expect((await read(NOW)).hourNorms).toEqual(new Map([['agent', { days: 28, hours: 0b11 }]]))
  const days = of(counts, 'days')
  const today = NOON - 12 * HOUR_MS
  expect([days.length, days[0]?.since, days.at(-1)?.until]).toEqual([28, today - 29 * DAY_MS, today - DAY_MS])
})

it('reads no days without recent grants', async () => {
  const { counts, read } = readerOf(({ of: what }) => what !== 'hours')
  expect((await read(NOW)).hourNorms.size).toBe(0)
  expect(of(counts, 'days')).toEqual([])
})

it('later reads count only new spans', async () => {
  const { counts, read } = readerOf()
  await read(NOW)
  counts.length = 0
  await read(NOW + 5_000)
  expect(counts.map((one) => one.of).sort()).toEqual(['coded', 'hours', 'redeemed', 'targets'])
  counts.length = 0
  await read(NOW + HOUR_MS)
  expect([of(counts, 'issued').length, of(counts, 'days').length]).toEqual([1, 0])
})
