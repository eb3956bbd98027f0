// The contract of the log of grants: what policies that limit grants per hour count, exact at both edges.
import { expect, test } from 'vitest'

import type { AuditEvent } from '@crosswalk/as-core'

import type { TestDatabaseKind } from '../../../../tools/test-databases.ts'
import { useStorage } from './fixture.ts'
import { sampleEvent, START_MS } from './samples.ts'

const PAGE_EVENTS = 5_000

export function describeGrantLog(kind: TestDatabaseKind): void {
  const fixture = useStorage(kind)

  const write = (
    number: number,
    [app, user]: readonly [string, string],
    {
      type = 'idjag.issued',
      log = 'idp',
    }: { readonly type?: AuditEvent['type']; readonly log?: string } = {},
  ) =>
    fixture.storage.ledger.commit({
      log,
      event: sampleEvent(number, {
        type,
        actor: { kind: 'agent', id: app },
        on_behalf_of: { user_ref: user },
      }),
    })

  test('counts the grants of an app for a user after one time, until another', async () => {
    const { grantLog } = fixture.storage
    await write(1, ['a', 'alice'])
    await write(5, ['a', 'alice'])
    await write(6, ['a', 'alice'])
    await write(6, ['a', 'alice'], { type: 'idjag.denied' })
    await write(6, ['a', 'bob'])
    await write(6, ['b', 'alice'])
    const period = (since: number, until: number) => ({ since: START_MS + since, until: START_MS + until })
    const count = (since: number, until: number) =>
      grantLog.count({ app: 'a', user: 'alice', ...period(since, until) })
    expect([await count(0, 9), await count(1, 9), await count(0, 5), await count(0, 4)]).toEqual([3, 2, 2, 1])
    const countEach = async (about: { readonly app?: string; readonly user?: string }) =>
      (await grantLog.countEach({ app: undefined, user: undefined, ...about, ...period(1, 6) }))
        .map(({ app, user, count: counted }) => `${app} ${user} ${counted}`)
        .sort()
    expect(await countEach({})).toEqual(['a alice 2', 'a bob 1', 'b alice 1'])
    expect(await countEach({ app: 'a' })).toEqual(['a alice 2', 'a bob 1'])
    expect(await countEach({ user: 'alice' })).toEqual(['a alice 2', 'b alice 1'])
    expect(await grantLog.countEach({ app: 'a', user: 'bob', ...period(1, 5) })).toEqual([])
  })

  test('is read from the first grant since a given time, and then from where the last read ended', async () => {
    const { grantLog } = fixture.storage
    await write(7, ['c', 'alice'], { log: 'as:todo0' })
    await write(8, ['c', 'alice'])
    await write(9, ['c', 'alice'])
    const starts = async (since: number) => [...(await grantLog.findStart(START_MS + since))]
    const [[, before] = ['', 0]] = await starts(8)
    expect(await starts(8)).toEqual([['idp', before]])
    expect(await starts(9)).toEqual([['idp', before + 1]])
    expect(await starts(10)).toEqual([['idp', before + 2]])
    // Events of other logs have numbers of their own.
    const { grants } = await grantLog.readAfter(new Map(), START_MS + 7)
    expect(grants.map(({ time }) => time - START_MS)).toEqual([8, 9])
    const first = await grantLog.readAfter(new Map([['idp', before]]), START_MS + 9)
    expect(first).toEqual({
      grants: [{ app: 'c', user: 'alice', time: START_MS + 9 }],
      reached: new Map([['idp', before + 2]]),
      more: false,
    })
    await write(9, ['d', 'bob'])
    await write(9, ['d', 'bob'], { type: 'idjag.denied' })
    expect(await grantLog.readAfter(first.reached, 0)).toEqual({
      grants: [{ app: 'd', user: 'bob', time: START_MS + 9 }],
      reached: new Map([['idp', before + 4]]),
      more: false,
    })
  })

  test('a read that is longer than a page continues with the next event', async () => {
    const { grantLog } = fixture.storage
    const [[, before] = ['', 0]] = await grantLog.findStart(START_MS + 20)
    const numbers = Array.from({ length: PAGE_EVENTS + 1 }, (_, index) => 20 + index)
    await Promise.all(numbers.map((number) => write(number, ['many', 'alice'])))
    const first = await grantLog.readAfter(new Map([['idp', before]]), 0)
    expect([first.grants.length, first.more]).toEqual([PAGE_EVENTS, true])
    const second = await grantLog.readAfter(first.reached, 0)
    expect([second.grants.length, second.more]).toEqual([1, false])
    const times = [...first.grants, ...second.grants].map(({ time }) => time - START_MS)
    expect(times.sort((one, other) => one - other)).toEqual(numbers)
  })

  test('is read from the first number of a grant since a given time, even if the clock was set back later', async () => {
    const { grantLog } = fixture.storage
    const since = START_MS + 2 * PAGE_EVENTS
    const [[, before] = ['', 0]] = await grantLog.findStart(since)
    await write(2 * PAGE_EVENTS + 90, ['late', 'alice'])
    await write(2 * PAGE_EVENTS + 30, ['late', 'alice'])
    expect([...(await grantLog.findStart(since))]).toEqual([['idp', before]])
    // Even if the last event has a time before the period
    await write(2 * PAGE_EVENTS - 30, ['late', 'alice'])
    expect([...(await grantLog.findStart(since))]).toEqual([['idp', before]])
  })
}
