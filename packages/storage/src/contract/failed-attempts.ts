// The contract of shared failure counts: no failure is lost, and only one of several processes gets the next attempt.
import { FORGET_AFTER_MS } from '@crosswalk/as-core'
import { sql } from 'kysely'
import { expect, test } from 'vitest'

import type { TestDatabaseKind } from '../../../../tools/test-databases.ts'
import { useStorage } from './fixture.ts'
import { readRows, runStatement } from './run-statement.ts'
import { START_MS } from './samples.ts'

export function describeFailedAttempts(kind: TestDatabaseKind): void {
  const fixture = useStorage(kind)
  const isServer = kind.name === 'postgres'
  /** A server has its own clock: it is later by the time that the test took. */
  const about = (time: number) => (isServer ? expect.closeTo(time, -4) : time)

  test('failures are counted by key, with the time of the last failure', async () => {
    const { failedSignIns: store } = fixture.storage
    expect(await store.find('count', START_MS)).toBeUndefined()
    expect(await store.add('count', START_MS)).toEqual({ count: 1, lastMs: START_MS })
    expect(await store.add('count', START_MS + 5)).toEqual({ count: 2, lastMs: START_MS + 5 })
    const found = { count: 2, lastMs: about(START_MS + 5), version: expect.any(Number) }
    expect(await store.find('count', START_MS + 9)).toEqual(found)
    expect(await store.find('other', START_MS)).toBeUndefined()
    await store.add('other', START_MS)
    await store.takeBack('count', undefined)
    expect(await store.find('count', START_MS)).toMatchObject({ count: 1 })
    await store.forget('count')
    await store.takeBack('count', undefined)
    expect(await store.find('count', START_MS)).toBeUndefined()
    expect(await store.find('other', START_MS)).toMatchObject({ count: 1 })
    await store.takeBack('other', undefined)
    await store.takeBack('other', undefined)
    expect(await store.find('other', START_MS)).toMatchObject({ count: 0 })
  })

  test('an attempt counts for its key only, even if others have as many failures at the same time', async () => {
    const { failedSignIns: store } = fixture.storage
    for (const key of ['same-a', 'same-b']) await store.add(key, START_MS)
    await runStatement(
      fixture.url,
      sql`update failed_attempts set last_ms = ${START_MS} where key like 'same-%'`,
    )
    const found = await store.find('same-a', START_MS)
    expect(found !== undefined && (await store.claim('same-a', found, START_MS))).toBe(true)
    expect(await store.find('same-a', START_MS)).toMatchObject({ count: 2 })
    expect(await store.find('same-b', START_MS)).toMatchObject({ count: 1 })
  })

  test('undoing a failure restores the time of the one before, unless another followed', async () => {
    const { failedSignIns: store } = fixture.storage
    const key = 'undone'
    const find = () => store.find(key, START_MS)
    await store.add(key, START_MS)
    const earlier = sql`update failed_attempts set last_ms = last_ms - 1000000, expires_at = expires_at - 1000 where key = ${key}`
    await runStatement(fixture.url, earlier)
    const before = await find()
    if (before === undefined) throw new Error('the failure is missing')
    expect(await store.claim(key, before, START_MS)).toBe(true)
    expect((await find())?.version).toBeGreaterThan(before.version)
    await store.takeBack(key, before)
    expect(await find()).toMatchObject({ count: 1, version: before.version })
    // As many failures as seen, but other ones
    expect(await store.claim(key, { ...before, version: before.version - 1 }, START_MS)).toBe(false)
    const { rows } = await readRows(
      fixture.url,
      sql`select expires_at from failed_attempts where key = ${key}`,
    )
    expect(rows).toEqual([{ expires_at: (before.version + FORGET_AFTER_MS) / 1000 }])
    expect(await store.claim(key, before, START_MS)).toBe(true)
    await store.add(key, START_MS)
    const later = await find()
    await store.takeBack(key, before)
    expect(await find()).toMatchObject({ count: 2, version: later?.version })
  })

  test.each([
    [FORGET_AFTER_MS - (isServer ? 60_000 : 1), 2],
    [FORGET_AFTER_MS, 1],
  ])('%i ms after the last, a failure is number %i', async (laterMs, count) => {
    const { failedSignIns: store } = fixture.storage
    const key = `pause of ${laterMs}`
    await store.add(key, START_MS)
    const earlier = sql`update failed_attempts set last_ms = last_ms - ${sql.lit(laterMs)} where key = ${key}`
    await runStatement(fixture.url, earlier)
    expect(await store.add(key, START_MS)).toMatchObject({ count })
  })

  // SQLite has no second clock.
  if (isServer)
    test('processes whose clocks are hours apart count together', async () => {
      const stores = [fixture.storage.failedSignIns, (await fixture.openAgain()).failedSignIns] as const
      const ahead = START_MS + 2 * FORGET_AFTER_MS
      await stores[0].add('apart', START_MS)
      expect(await stores[1].add('apart', ahead)).toEqual({ count: 2, lastMs: ahead })
      expect(await stores[0].add('apart', START_MS + 1)).toMatchObject({ count: 3 })
      const [known, there] = [await stores[0].find('apart', START_MS), await stores[1].find('apart', ahead)]
      expect([known?.lastMs, there?.lastMs]).toEqual([about(START_MS), about(ahead)])
      expect(known !== undefined && (await stores[1].claim('apart', known, ahead))).toBe(true)
    })

  test('concurrent failures in two processes are all counted, and one process gets the next attempt', async () => {
    const stores = [fixture.storage.failedSignIns, (await fixture.openAgain()).failedSignIns] as const
    const both = Array.from({ length: 5 }, () => stores).flat()
    await Promise.all(both.map((store) => store.add('shared', START_MS)))
    const known = await stores[0].find('shared', START_MS)
    expect(known).toMatchObject({ count: 10, lastMs: about(START_MS) })
    if (known === undefined) return
    const claims = await Promise.all(both.map((store) => store.claim('shared', known, START_MS + 1)))
    expect(claims.filter((won) => won)).toHaveLength(1)
    expect(await stores[1].find('shared', START_MS + 1)).toMatchObject({
      count: 11,
      lastMs: about(START_MS + 1),
    })
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
    expect(await store.find(`many ${count} ${count - 1}`, START_MS)).toMatchObject({ count: 1 })
  })

  test('clean-up removes expired counts', async () => {
    const { failedSignIns: store, expiry } = fixture.storage
    await store.add('old', START_MS)
    const expiresAt = ((isServer ? await expiry.readTimeMs() : START_MS) + FORGET_AFTER_MS) / 1000
    await expiry.forgetExpired(expiresAt - (isServer ? 60 : 0))
    expect(await store.find('old', START_MS)).toBeDefined()
    await expiry.forgetExpired(expiresAt + 0.001)
    expect(await store.find('old', START_MS)).toBeUndefined()
  })
}
