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

it('ends, and records nothing, if a legal hold begins while it reads a month', async () => {
  let held = false
  const steps: string[] = []
  const removed = await retain({
    storage: {
      events: { heads: async () => [{ log: 'idp', chain: 'idp', seq: 9, hash: 'h' }] },
      expiry: { readTimeMs: async () => NOW },
      auditCheckpoints: {
        findOld: async ({ before }: { before: number }) => {
          if (before < NOW - 100 * DAY_MS) return undefined
          held = true
          return { seq: 9, hash: 'h', count: 9, sound: true }
        },
      },
      auditPeriods: {
        asLeader: (work: () => Promise<unknown>) => work(),
        findOldest: async () => ({ name: 'month', from: NOW - 120 * DAY_MS, to: NOW - 90 * DAY_MS }),
        listEnds: async () => [{ chain: 'idp', seq: 9 }],
        cut: async (_period: unknown, _cuts: unknown, hold: unknown) => {
          steps.push(`refused during ${JSON.stringify(hold)}`)
          return false
        },
      },
      objects: { find: async () => (held ? {} : undefined) },
      ledger: { commit: async () => steps.push('recorded') },
    },
    streams: { passed: async () => undefined },
    seal: { sign: async () => 'signed' },
    clock: { nowMs: () => NOW },
    retentionDays: 30,
    inTurn: (work: () => Promise<unknown>) => work(),
    isClosing: () => false,
  } as never)
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
  const removed = await retain({
    storage: {
      events: { heads: async () => [{ log: 'idp', chain: 'idp', seq: 9, hash: 'h' }] },
      expiry: { readTimeMs: async () => NOW },
      auditCheckpoints: {
        findOld: async (query: { before: number; upTo: number }) => {
          asked.push(query)
          return query.before === before ? { seq: 9, hash: 'h', count: 9, sound: true } : undefined
        },
      },
      auditPeriods: {
        asLeader: (work: () => Promise<unknown>) => work(),
        findOldest: async () => months[0],
        listEnds: async () => [{ chain: 'idp', seq: 9 }],
        cut: async () => {
          months = []
          return true
        },
      },
      objects: { find: async () => (months.length === 0 ? {} : undefined) },
      ledger: { commit: async () => undefined },
    },
    streams: { passed: async () => passed },
    seal: { sign: async () => 'signed' },
    clock: { nowMs: () => NOW },
    retentionDays: 30,
    inTurn: (work: () => Promise<unknown>) => work(),
    isClosing: () => false,
  } as never)
  expect([...removed]).toEqual(isRemoved ? [['idp', 9]] : [])
  expect(asked[0]).toMatchObject({ before: NOW - 120 * DAY_MS, upTo: passed })
})
