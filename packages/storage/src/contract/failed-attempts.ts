// The contract of shared failure counts: no failure is lost, and only one of several processes gets the next attempt.
import { FORGET_AFTER_MS } from '@crosswalk/as-core'
import { expect, test } from 'vitest'

import type { TestDatabaseKind } from '../../../../tools/test-databases.ts'
import { useStorage } from './fixture.ts'
import { START_MS } from './samples.ts'

export function describeFailedAttempts(kind: TestDatabaseKind): void {
  const fixture = useStorage(kind)

  test('failures are counted by key, with the time of the last failure', async () => {
    const { failedSignIns: store } = fixture.storage
    expect(await store.find('count')).toBeUndefined()
    expect(await store.add('count', START_MS)).toEqual({ count: 1, lastMs: START_MS })
    expect(await store.add('count', START_MS + 5)).toEqual({ count: 2, lastMs: START_MS + 5 })
    expect(await store.find('count')).toEqual({ count: 2, lastMs: START_MS + 5 })
    expect(await store.find('other')).toBeUndefined()
    await store.takeBack('count')
    expect(await store.find('count')).toMatchObject({ count: 1 })
    await store.forget('count')
    await store.takeBack('count')
    expect(await store.find('count')).toBeUndefined()
  })

  test.each([
    [FORGET_AFTER_MS - 1, 2],
    [FORGET_AFTER_MS, 1],
  ])('%i ms after the last, a failure is number %i', async (laterMs, count) => {
    const { failedSignIns: store } = fixture.storage
    const key = `pause of ${laterMs}`
    await store.add(key, START_MS)
    expect(await store.add(key, START_MS + laterMs)).toMatchObject({ count })
  })

  test('concurrent failures in two processes are all counted, and one process gets the next attempt', async () => {
    const stores = [fixture.storage.failedSignIns, (await fixture.openAgain()).failedSignIns] as const
    const both = Array.from({ length: 5 }, () => stores).flat()
    await Promise.all(both.map((store) => store.add('shared', START_MS)))
    const known = await stores[0].find('shared')
    expect(known).toEqual({ count: 10, lastMs: START_MS })
    if (known === undefined) return
    const claims = await Promise.all(both.map((store) => store.claim('shared', known, START_MS + 1)))
    expect(claims.filter((won) => won)).toHaveLength(1)
    expect(await stores[1].find('shared')).toEqual({ count: 11, lastMs: START_MS + 1 })
    expect(await stores[0].claim('never seen', known, START_MS)).toBe(false)
  })

  test('different keys are counted separately under concurrency', async () => {
    const { failedSignIns: store } = fixture.storage
    const keys = ['b', 'a', 'c', 'a']
    expect(await Promise.all(keys.map((key) => store.add(key, START_MS)))).toEqual(
      [1, 2, 1, 2].map((count) => ({ count, lastMs: START_MS })),
    )
  })

  test.each([1000, 1001])('%i concurrent keys are all counted', async (count) => {
    const { failedSignIns: store } = fixture.storage
    const adds = Array.from({ length: count }, (_, at) => store.add(`many ${count} ${at}`, START_MS))
    expect(new Set((await Promise.all(adds)).map((found) => found.count))).toEqual(new Set([1]))
    expect(await store.find(`many ${count} ${count - 1}`)).toMatchObject({ count: 1 })
  })

  test('clean-up removes expired counts', async () => {
    const { failedSignIns: store, expiry } = fixture.storage
    await store.add('old', START_MS)
    const expiresAt = (START_MS + FORGET_AFTER_MS) / 1000
    await expiry.forgetExpired(expiresAt)
    expect(await store.find('old')).toBeDefined()
    await expiry.forgetExpired(expiresAt + 0.001)
    expect(await store.find('old')).toBeUndefined()
  })
}
