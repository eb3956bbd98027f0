import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { MINUTE_MS } from '@crosswalk/protocol'

import { createRateLimit } from './rate-limit.ts'
import type { CountedMinute, RequestCounts } from './request-counts.ts'

beforeEach(() => vi.useFakeTimers({ now: 1_000_000 }))
afterEach(() => vi.useRealTimers())

const clock = { nowMs: () => Date.now() }
const create = (perMinute: number, shared?: RequestCounts, scope = 'idp') =>
  createRateLimit(perMinute, { clock, shared, scope })

/** @returns the result of each of several requests */
const send = (limit: ReturnType<typeof create>, times: number, client = 'agent') =>
  Array.from({ length: times }, () => limit?.count(client))

describe('one process', () => {
  it('accepts requests up to the limit, and returns how long the minute lasts', () => {
    const limit = create(3)
    expect(send(limit, 4)).toEqual([undefined, undefined, undefined, 60])
    vi.advanceTimersByTime(MINUTE_MS - 1)
    expect(send(limit, 1)).toEqual([1])
    vi.advanceTimersByTime(1)
    expect(send(limit, 4)).toEqual([undefined, undefined, undefined, 60])
  })

  it.each([
    [MINUTE_MS - 1, [120]],
    [MINUTE_MS, [undefined]],
  ])('lets a client wait at most another minute after the clock was set back by %i ms', (ms, waits) => {
    const limit = create(1)
    send(limit, 1)
    vi.setSystemTime(Date.now() - ms)
    expect(send(limit, 1)).toEqual(waits)
  })

  it('counts each client separately', () => {
    const limit = create(1)
    expect([...send(limit, 2), ...send(limit, 2, 'other')]).toEqual([undefined, 60, undefined, 60])
  })

  it('counts a new client as fast among many, and keeps the count of a limited one', () => {
    vi.useRealTimers()
    const limit = create(1)
    send(limit, 1, 'limited')
    const startedAt = performance.now()
    for (let index = 0; index < 14_000; index++) limit?.count(`new ${index}`)
    // Looking at all of them for each one above 10,000 would take two seconds.
    expect(performance.now() - startedAt).toBeLessThan(500)
    expect(send(limit, 1, 'limited')).toEqual([60])
  })

  it('has no limit with 0', () => expect(create(0)).toBeUndefined())
})

describe('several processes', () => {
  function createStore() {
    const rows = new Map<string, CountedMinute>()
    const calls: string[][] = []
    const store: RequestCounts = {
      async add(counted) {
        calls.push([...counted.keys()])
        for (const [key, { startedMs, count }] of counted) {
          const found = rows.get(key) ?? { startedMs, count: 0 }
          rows.set(key, { ...found, count: found.count + count })
        }
        return new Map([...counted.keys()].map((key) => [key, rows.get(key) as CountedMinute]))
      },
    }
    return { store, calls }
  }
  const share = () => vi.advanceTimersByTimeAsync(1000)

  it('learn from each other within a second', async () => {
    const { store } = createStore()
    const [one, other] = [create(5, store), create(5, store)]
    send(one, 4)
    await share()
    // Its first request is counted before it learns of the five.
    expect(send(other, 1)).toEqual([undefined])
    await share()
    expect(send(other, 1)).toEqual([58])
    // It counted four itself, and learns of the fifth with its next request.
    expect(send(one, 1)).toEqual([undefined])
    await share()
    expect(send(one, 1)).toEqual([57])
  })

  it('write once a second for all clients, and not without requests', async () => {
    const { store, calls } = createStore()
    const limit = create(100, store)
    send(limit, 20)
    send(limit, 20, 'other')
    await share()
    await share()
    expect(calls).toEqual([['["idp","agent"]', '["idp","other"]']])
  })

  it('count requests that arrive while the count is being written', async () => {
    const { store } = createStore()
    let finish = () => undefined as void
    const written = new Promise<void>((resolve) => (finish = resolve))
    const limit = create(5, { add: (counted) => written.then(() => store.add(counted)) })
    send(limit, 2)
    await share()
    send(limit, 2)
    finish()
    await vi.advanceTimersByTimeAsync(0)
    expect(send(limit, 2)).toEqual([undefined, 59])
  })

  it('keep servers separate', async () => {
    const { store } = createStore()
    const [idp, vendor] = [create(1, store), create(1, store, 'as:vendor')]
    send(idp, 1)
    await share()
    send(vendor, 1)
    await share()
    expect([...send(idp, 1), ...send(vendor, 1)]).toEqual([58, 59])
  })

  it('keep counting separately while the database is unreachable', async () => {
    const limit = create(2, { add: () => Promise.reject(new Error('away')) })
    send(limit, 1)
    await share()
    expect(send(limit, 2)).toEqual([undefined, 59])
  })
})
