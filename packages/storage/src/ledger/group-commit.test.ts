import { setImmediate as nextTurn } from 'node:timers/promises'

import { ADMIN_LOG, type LedgerEntry, type LedgerOutcome, type ReplayKey } from '@crosswalk/as-core'
import { expect, onTestFinished, test, vi } from 'vitest'

import { sampleEntry } from '../contract/samples.ts'
import type { BatchWriter } from './batch-writer.ts'
import { createLedger } from './group-commit.ts'

const KEY: ReplayKey = { kind: 'dpop', key: 'k', expiresAt: 1 }
const USED: LedgerOutcome = { committed: false, used: KEY }

/** A writer of replay keys whose first transactions fail as specified. */
function createWriter(...failures: readonly ('database' | 'entry' | undefined)[]) {
  const batches: number[] = []
  const writer: BatchWriter = {
    async write(batch) {
      const failure = failures[batches.length]
      batches.push(batch.length)
      if (failure !== undefined) throw new Error(failure)
      return batch.map(() => ({ committed: true, chain: 'idp', seq: 1 }))
    },
    isEntryFault: (error) => error instanceof Error && error.message === 'entry',
  }
  return { writer, batches }
}

test('is troubled after a database failure until a transaction succeeds', async () => {
  const ledger = createLedger(createWriter('database').writer)
  expect(ledger.isTroubled()).toBe(false)
  await expect(ledger.consume([KEY])).rejects.toThrow('database')
  expect(ledger.isTroubled()).toBe(true)
  expect(await ledger.consume([KEY])).toBeUndefined()
  expect(ledger.isTroubled()).toBe(false)
})

test('is not troubled by an unwritable entry, and writes the others one by one', async () => {
  const { writer, batches } = createWriter('entry', undefined, 'entry')
  const ledger = createLedger(writer)
  const outcomes = await Promise.allSettled([1, 2, 3].map(() => ledger.consume([KEY])))
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(batches).toEqual([3, 1, 1, 1])
  expect(ledger.isTroubled()).toBe(false)
})

test('is not troubled even if the last transaction had an unwritable entry', async () => {
  const ledger = createLedger(createWriter('entry').writer)
  await expect(ledger.consume([KEY])).rejects.toThrow('entry')
  expect(ledger.isTroubled()).toBe(false)
})

test('rejects all entries of a transaction that failed in the database, without retrying', async () => {
  const { writer, batches } = createWriter('database')
  const ledger = createLedger(writer)
  const outcomes = await Promise.allSettled([1, 2].map(() => ledger.consume([KEY])))
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(batches).toEqual([2])
})

test('reports which key was already used', async () => {
  const ledger = createLedger({ write: async () => [USED], isEntryFault: () => false })
  expect(await ledger.consume([KEY])).toBe(KEY)
})

test('queues 10,000 entries, and rejects the next one immediately', async () => {
  const { promise: written, resolve: finish } = Promise.withResolvers<void>()
  const ledger = createLedger({
    async write(batch) {
      await written
      return batch.map(() => ({ committed: true, chain: 'idp', seq: 1 }))
    },
    isEntryFault: () => false,
  })
  const taken = Array.from({ length: 10_000 }, () => ledger.consume([KEY]))
  await expect(ledger.consume([KEY])).rejects.toMatchObject({ name: 'StorageFault', trouble: 'busy' })
  finish()
  expect(await Promise.all(taken)).toEqual(taken.map(() => undefined))
  expect(await ledger.consume([KEY])).toBeUndefined()
})

test('writes what administrators do first, even if 10,000 other entries wait', async () => {
  const { promise: written, resolve: finish } = Promise.withResolvers<void>()
  const logs: (string | undefined)[] = []
  const ledger = createLedger({
    async write(batch) {
      await written
      logs.push(...batch.map(({ entry }) => ('log' in entry ? entry.log : undefined)))
      return batch.map(() => ({ committed: true, chain: 'idp', seq: 1 }))
    },
    isEntryFault: () => false,
  })
  const running = ledger.consume([KEY])
  await nextTurn()
  await nextTurn()
  const waiting = Array.from({ length: 10_000 }, () => ledger.consume([KEY]))
  const acts = [1, 2].map((number) => ledger.commit(sampleEntry(number, { log: ADMIN_LOG })))
  await expect(ledger.commit(sampleEntry(3, { log: 'idp' }))).rejects.toMatchObject({ trouble: 'busy' })
  finish()
  await Promise.all([running, ...waiting, ...acts])
  expect(logs.slice(0, 4)).toEqual([undefined, ADMIN_LOG, ADMIN_LOG, undefined])
})

test.each([256, 257])('writes %i entries in transactions of at most 256', async (count) => {
  const { writer, batches } = createWriter()
  const ledger = createLedger(writer)
  await Promise.all(Array.from({ length: count }, () => ledger.consume([KEY])))
  await ledger.idle()
  expect(batches).toEqual(count === 256 ? [256] : [256, 1])
})

test('writes at most 256 entries together with what administrators do', async () => {
  const { writer, batches } = createWriter()
  const ledger = createLedger(writer)
  const others = Array.from({ length: 256 }, () => ledger.consume([KEY]))
  await Promise.all([ledger.commit(sampleEntry(1, { log: ADMIN_LOG })), ...others])
  expect(batches).toEqual([256, 1])
})

/** A ledger whose first transaction waits for `finish`, and a clock that only the test moves. */
async function createSlowLedger() {
  vi.useFakeTimers({ toFake: ['performance'] })
  onTestFinished(() => void vi.useRealTimers())
  const { promise: written, resolve: finish } = Promise.withResolvers<void>()
  const ledger = createLedger({
    async write(batch) {
      await written
      return batch.map(() => ({ committed: true, chain: 'idp', seq: 1 }))
    },
    isEntryFault: () => false,
  })
  const running = ledger.consume([KEY])
  await nextTurn()
  await nextTurn()
  return { ledger, running, finish }
}

test.each([
  [ADMIN_LOG, 5000, 'fulfilled'],
  [ADMIN_LOG, 5001, 'rejected'],
  ['idp', 5000, 'fulfilled'],
  ['idp', 5001, 'rejected'],
])('an entry of %s that has waited for %i ms is %s', async (log, ms, status) => {
  const { ledger, running, finish } = await createSlowLedger()
  const early = ledger.commit(sampleEntry(1, { log }))
  vi.advanceTimersByTime(ms)
  const late = ledger.commit(sampleEntry(2, { log }))
  finish()
  const settled = await Promise.allSettled([early, late, running])
  expect(settled.map((one) => one.status)).toEqual([status, 'fulfilled', 'fulfilled'])
  if (status === 'rejected') await expect(early).rejects.toMatchObject({ trouble: 'busy' })
})

test('is troubled while a transaction takes over a second', async () => {
  const { ledger, running, finish } = await createSlowLedger()
  vi.advanceTimersByTime(1000)
  expect(ledger.isTroubled()).toBe(false)
  vi.advanceTimersByTime(1)
  expect(ledger.isTroubled()).toBe(true)
  finish()
  await running
  expect(ledger.isTroubled()).toBe(false)
})

test('reports events that were committed, and no others', async () => {
  const outcomes: LedgerOutcome[] = [
    { committed: true, chain: 'idp', seq: 1 },
    { committed: false, changedAt: 2 },
    { committed: true, chain: '', seq: 0 },
  ]
  const reported: LedgerEntry[] = []
  const ledger = createLedger(
    { write: async () => outcomes, isEntryFault: () => false },
    { onCommitted: (entry) => void reported.push(entry) },
  )
  const entries = [sampleEntry(1), sampleEntry(2)]
  await Promise.all([...entries.map((entry) => ledger.commit(entry)), ledger.consume([KEY])])
  expect(reported).toEqual(entries.slice(0, 1))
})
