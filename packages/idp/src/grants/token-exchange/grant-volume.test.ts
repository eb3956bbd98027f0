import { expect, test, vi } from 'vitest'

import type { GrantLog, LogCursor, LoggedGrant } from '../../ports.ts'
import { createGrantVolume } from './grant-volume.ts'

const HOUR_MS = 3_600_000
const NOW_MS = 10 * HOUR_MS

const cursorAt = (seq: number): LogCursor => new Map([['idp', seq]])

/** An in-memory log with one chain; numbers are positions in the list, from 1. */
function createLog(page = 100) {
  const events: (LoggedGrant | undefined)[] = []
  const asked: number[] = []
  const log: GrantLog = {
    async findStart(since) {
      const at = events.findIndex((event) => event !== undefined && event.time >= since)
      return cursorAt(at === -1 ? events.length : at)
    },
    async readAfter(cursor, since) {
      const seq = cursor.get('idp') ?? 0
      asked.push(seq)
      const reached = Math.min(events.length, seq + page)
      const grants = events
        .slice(seq, reached)
        .flatMap((event) => (event && event.time >= since ? [event] : []))
      return { grants, reached: cursorAt(reached), more: reached < events.length }
    },
    count: async () => 0,
    countEach: async () => [],
  }
  const grant = (time: number, app = 'a', user = 'u') => ({
    chain: 'idp',
    seq: events.push({ app, user, time }),
  })
  return { log, events, grant, asked }
}

test('counts grants less than an hour old, by app and user', async () => {
  const { log, grant } = createLog()
  for (const time of [NOW_MS - HOUR_MS - 1, NOW_MS - HOUR_MS, NOW_MS - HOUR_MS + 1, NOW_MS]) grant(time)
  grant(NOW_MS, 'b')
  grant(NOW_MS, 'a', 'v')
  const volume = createGrantVolume(log)
  await volume.catchUp(NOW_MS)
  expect(volume.count('a', 'u', NOW_MS)).toBe(2)
  expect(volume.count('a', 'v', NOW_MS)).toBe(1)
  expect(volume.count('b', 'u', NOW_MS)).toBe(1)
  expect(volume.count('b', 'v', NOW_MS)).toBe(0)
  expect(volume.count('a', 'u', NOW_MS + HOUR_MS - 1)).toBe(1)
  expect(volume.count('a', 'u', NOW_MS + HOUR_MS)).toBe(0)
})

test('grants of several nodes, read in another order than they were made, count as long as each is young', async () => {
  const { log, grant } = createLog()
  for (const minutesAgo of [0, 40, 20]) grant(NOW_MS - minutesAgo * 60_000)
  const volume = createGrantVolume(log)
  await volume.catchUp(NOW_MS)
  const countIn = (minutes: number) => volume.count('a', 'u', NOW_MS + minutes * 60_000)
  expect([19, 20, 39, 40, 59, 60].map(countIn)).toEqual([3, 2, 2, 1, 1, 0])
})

test('returns the time until one more fits, exact at both edges, including pending grants (IDP-39)', async () => {
  const { log, grant } = createLog()
  for (const time of [NOW_MS - HOUR_MS, NOW_MS - HOUR_MS + 1, NOW_MS - 60_000, NOW_MS]) grant(time)
  const volume = createGrantVolume(log)
  await volume.catchUp(NOW_MS)
  const wait = (limit: number) => volume.waitSeconds('a', 'u', { nowMs: NOW_MS, limit })
  expect([wait(3), wait(2), wait(1)]).toEqual([1, 3540, 3600])
  const reservation = volume.reserve('a', 'u', NOW_MS)
  expect([wait(4), wait(3), wait(1)]).toEqual([1, 3540, 3600])
  reservation.release()
  expect([wait(0), volume.waitSeconds('a', 'nobody', { nowMs: NOW_MS, limit: 1 })]).toEqual([3600, 1])
})

test('follows the log page by page, whatever the order of times, and reads each entry once', async () => {
  const { log, grant, events, asked } = createLog(2)
  for (const time of [NOW_MS - 5, NOW_MS - 9, NOW_MS - 1]) grant(time)
  events.push(undefined)
  const volume = createGrantVolume(log)
  await volume.catchUp(NOW_MS)
  grant(NOW_MS)
  await volume.catchUp(NOW_MS)
  expect(volume.count('a', 'u', NOW_MS)).toBe(4)
  expect(asked).toEqual([0, 2, 4])
  expect(volume.count('a', 'u', NOW_MS - 5 + HOUR_MS)).toBe(2)
})

test('a pending grant counts immediately, and only once after it is in the log, in either order', async () => {
  const { log, grant } = createLog()
  const volume = createGrantVolume(log)
  await volume.catchUp(NOW_MS)
  const count = () => volume.count('a', 'u', NOW_MS)
  const first = volume.reserve('a', 'u', NOW_MS)
  expect(count()).toBe(1)
  first.settle(grant(NOW_MS))
  expect(count()).toBe(1)
  await volume.catchUp(NOW_MS)
  expect(count()).toBe(1)
  const second = volume.reserve('a', 'u', NOW_MS)
  const place = grant(NOW_MS)
  await volume.catchUp(NOW_MS)
  second.settle(place)
  expect(count()).toBe(2)
  const third = volume.reserve('a', 'u', NOW_MS)
  expect(count()).toBe(3)
  third.release()
  expect(count()).toBe(2)
})

test('callers that arrive during a read see everything that was in the log by then', async () => {
  const { log, grant } = createLog()
  const gate = Promise.withResolvers<void>()
  let reads = 0
  const volume = createGrantVolume({
    ...log,
    async readAfter(cursor, since) {
      const page = log.readAfter(cursor, since)
      reads += 1
      if (reads === 1) await gate.promise
      return page
    },
  })
  const first = volume.catchUp(NOW_MS)
  await vi.waitFor(() => expect(reads).toBe(1))
  grant(NOW_MS)
  const others = [volume.catchUp(NOW_MS), volume.catchUp(NOW_MS)]
  gate.resolve()
  await Promise.all([first, ...others])
  expect([volume.count('a', 'u', NOW_MS), reads]).toEqual([1, 2])
})

test('restarts after a long pause, and counts each grant once', async () => {
  const { log, grant, asked } = createLog()
  grant(NOW_MS)
  const volume = createGrantVolume(log)
  await volume.catchUp(NOW_MS)
  await volume.catchUp(NOW_MS + 600_001)
  expect(volume.count('a', 'u', NOW_MS + 600_001)).toBe(1)
  expect(asked).toEqual([0, 0])
})

test('an unreadable log fails the caller, and the next read catches up', async () => {
  const { log, grant } = createLog()
  let broken = true
  const volume = createGrantVolume({
    ...log,
    readAfter: async (cursor, since) => {
      if (broken) throw new Error('the database is away')
      return log.readAfter(cursor, since)
    },
  })
  await expect(volume.catchUp(NOW_MS)).rejects.toThrow('away')
  broken = false
  grant(NOW_MS)
  await volume.catchUp(NOW_MS)
  expect(volume.count('a', 'u', NOW_MS)).toBe(1)
})

test('without a log, the grants of this process count', () => {
  const volume = createGrantVolume(undefined)
  volume.reserve('a', 'u', NOW_MS).settle({ chain: 'idp', seq: 1 })
  volume.reserve('a', 'u', NOW_MS).release()
  expect(volume.count('a', 'u', NOW_MS)).toBe(1)
  expect(volume.count('a', 'u', NOW_MS + HOUR_MS)).toBe(0)
})

test('forgets the grants of users whose last one is over an hour old, and no others', () => {
  const volume = createGrantVolume(undefined)
  const grant = (user: string, at: number) => volume.reserve('a', user, at).settle({ chain: 'idp', seq: 1 })
  grant('old and new', NOW_MS - HOUR_MS)
  for (let count = 1; count < 10_000; count += 1) grant(count === 1 ? 'old and new' : 'others', NOW_MS)
  expect(volume.count('a', 'old and new', NOW_MS)).toBe(1)
  expect(volume.count('a', 'others', NOW_MS)).toBe(9998)
})

test('follows every chain of the log from its own position, and distinguishes their numbers', async () => {
  const chains = new Map<string, LoggedGrant[]>([
    ['idp', []],
    ['idp/1', []],
  ])
  const readEnds = (): LogCursor => new Map([...chains].map(([chain, events]) => [chain, events.length]))
  const volume = createGrantVolume({
    findStart: async () => new Map(),
    readAfter: async (cursor) => ({
      grants: [...chains].flatMap(([chain, events]) => events.slice(cursor.get(chain) ?? 0)),
      reached: readEnds(),
      more: false,
    }),
    count: async () => 0,
    countEach: async () => [],
  })
  const grant = (chain: string) => {
    const seq = chains.get(chain)?.push({ app: 'a', user: 'u', time: NOW_MS }) ?? 0
    return { chain, seq }
  }
  grant('idp')
  grant('idp')
  await volume.catchUp(NOW_MS)
  const count = () => volume.count('a', 'u', NOW_MS)
  expect(count()).toBe(2)
  // Number 1 of the second chain has not been read, although number 1 of the first has.
  volume.reserve('a', 'u', NOW_MS).settle(grant('idp/1'))
  expect(count()).toBe(3)
  await volume.catchUp(NOW_MS)
  expect(count()).toBe(3)
})
