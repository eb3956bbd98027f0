// Which clock decides how old events are, and a legal hold that begins while a month is read.
import { expect, it, vi } from 'vitest'

import { retain } from './retain.ts'

const DAY_MS = 86_400_000
const NOW = Date.parse('2026-11-27T12:00:00Z')

it.each([
  ['ahead', 400 * DAY_MS],
  ['behind', -400 * DAY_MS],
])('a node whose clock is %s changes nothing: the clock of the database decides', async (_, skewMs) => {
  const findOld = vi.fn(async () => undefined)
  await retain({
    storage: {
      events: { heads: async () => [{ log: 'idp', chain: 'idp', seq: 7 }] },
      expiry: { readTimeMs: async () => NOW },
      auditCheckpoints: { findOld },
      auditPeriods: {
        asLeader: (work: () => Promise<unknown>) => work(),
        findOldest: async () => undefined,
      },
      objects: { find: async () => undefined },
      ledger: {},
    },
    streams: { passed: async () => undefined },
    seal: {},
    clock: { nowMs: () => NOW + skewMs },
    retentionDays: 30,
    isClosing: () => false,
  } as never)
  expect(findOld).toHaveBeenCalledWith({ chain: 'idp', before: NOW - 30 * DAY_MS, upTo: 7, limit: 500 })
})

interface Month {
  readonly findOld: (query: { before: number; upTo: number }) => Promise<object | undefined>
  readonly findOldest: () => Promise<object | undefined>
  readonly cut: (period: unknown, cuts: unknown, hold: unknown) => Promise<boolean>
  readonly isHeld: () => boolean
  /** Last event that a stream has delivered */
  readonly passed?: number
  readonly commit: () => Promise<unknown>
}

/** Of a log with one chain that ends at event 9 */
function retainMonth({ findOld, findOldest, cut, isHeld, passed, commit }: Month) {
  return retain({
    storage: {
      events: { heads: async () => [{ log: 'idp', chain: 'idp', seq: 9, hash: 'h' }] },
      expiry: { readTimeMs: async () => NOW },
      auditCheckpoints: { findOld },
      auditPeriods: {
        asLeader: (work: () => Promise<unknown>) => work(),
        findOldest,
        listEnds: async () => [{ chain: 'idp', seq: 9 }],
        cut,
      },
      objects: { find: async () => (isHeld() ? {} : undefined) },
      ledger: { commit },
    },
    streams: { passed: async () => passed },
    seal: { sign: async () => 'signed' },
    clock: { nowMs: () => NOW },
    retentionDays: 30,
    inTurn: (work: () => Promise<unknown>) => work(),
    isClosing: () => false,
  } as never)
}

it('ends, and records nothing, if a legal hold begins while it reads a month', async () => {
  let held = false
  const steps: string[] = []
  const removed = await retainMonth({
    async findOld({ before }) {
      if (before < NOW - 100 * DAY_MS) return undefined
      held = true
      return { seq: 9, hash: 'h', count: 9, sound: true }
    },
    findOldest: async () => ({ name: 'month', from: NOW - 120 * DAY_MS, to: NOW - 90 * DAY_MS }),
    async cut(_period, _cuts, hold) {
      steps.push(`refused during ${JSON.stringify(hold)}`)
      return false
    },
    isHeld: () => held,
    commit: async () => steps.push('recorded'),
  })
  expect(removed.size).toBe(0)
  expect(steps).toEqual(['refused during {"collection":"audit-holds","id":"hold"}'])
})

it.each([
  ['a day after its end is old', 0, 9, true],
  ['less than a day after its end is old', 1, 9, false],
  ['that a stream has not delivered', 0, 8, false],
])('a month %s: a margin shorter by %i ms, delivered up to event %i of 9, removed: %s', async (...row) => {
  const [, ms, passed, isRemoved] = row
  const before = NOW - 30 * DAY_MS
  let months = [{ name: 'month', from: NOW - 120 * DAY_MS, to: before - DAY_MS + ms }]
  const asked: { before: number; upTo: number }[] = []
  const removed = await retainMonth({
    async findOld(query) {
      asked.push(query)
      return query.before === before ? { seq: 9, hash: 'h', count: 9, sound: true } : undefined
    },
    findOldest: async () => months[0],
    async cut() {
      months = []
      return true
    },
    isHeld: () => months.length === 0,
    passed,
    commit: async () => undefined,
  })
  expect([...removed]).toEqual(isRemoved ? [['idp', 9]] : [])
  expect(asked[0]).toMatchObject({ before: NOW - 120 * DAY_MS, upTo: passed })
})
