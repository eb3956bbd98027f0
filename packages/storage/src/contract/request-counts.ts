// The contract of shared request counts: no request is lost, and a past minute no longer counts.
import { expect, test } from 'vitest'
import { MINUTE_MS } from '@crosswalk/protocol'

import type { TestDatabaseKind } from '../../../../tools/test-databases.ts'
import { useStorage } from './fixture.ts'
import { START_MS } from './samples.ts'

export function describeRequestCounts(kind: TestDatabaseKind): void {
  const fixture = useStorage(kind)
  const minute = (startedMs: number, count: number) => ({ startedMs, count })

  test('requests of one minute add up, by key', async () => {
    const { requestCounts } = fixture.storage
    await requestCounts.add(new Map([['one', minute(START_MS, 3)]]))
    const counted = new Map([
      ['one', minute(START_MS + 10, 2)],
      ['other', minute(START_MS + 10, 7)],
    ])
    expect(await requestCounts.add(counted)).toEqual(
      new Map([
        ['one', minute(START_MS, 5)],
        ['other', minute(START_MS + 10, 7)],
      ]),
    )
    expect(await requestCounts.add(new Map())).toEqual(new Map())
  })

  test.each([
    [MINUTE_MS - 1, minute(START_MS, 2)],
    [MINUTE_MS, minute(START_MS + MINUTE_MS, 1)],
    [1 - MINUTE_MS, minute(START_MS, 2)],
    // The first was counted by a process whose clock is ahead.
    [-MINUTE_MS, minute(START_MS - MINUTE_MS, 1)],
  ])('a request %i ms after the first is counted in %j', async (laterMs, expected) => {
    const { requestCounts } = fixture.storage
    const key = `edge ${laterMs}`
    await requestCounts.add(new Map([[key, minute(START_MS, 1)]]))
    const all = await requestCounts.add(new Map([[key, minute(START_MS + laterMs, 1)]]))
    expect(all.get(key)).toEqual(expected)
  })

  test.each([1000, 1001, 2001])('%i keys are all counted', async (count) => {
    const { requestCounts } = fixture.storage
    const counted = Array.from({ length: count }, (_, at) => [`many ${at}`, minute(START_MS, 1)] as const)
    expect((await requestCounts.add(new Map(counted))).size).toBe(count)
  })

  test('concurrent counts of two processes add up', async () => {
    const both = [fixture.storage.requestCounts, (await fixture.openAgain()).requestCounts]
    const keys = ['b', 'a', 'c']
    const counted = new Map(keys.map((key) => [key, minute(START_MS, 1)]))
    await Promise.all(Array.from({ length: 10 }, () => both.map((store) => store.add(counted))).flat())
    const all = await both[0]?.add(counted)
    expect(keys.map((key) => all?.get(key)?.count)).toEqual([21, 21, 21])
  })
}
