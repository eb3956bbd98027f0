// The contract of app activity: counts by app within a period, exact at both edges, and grants with their scopes.
import { expect, test } from 'vitest'

import type { TestDatabaseKind } from '../../../../tools/test-databases.ts'
import { useStorage } from './fixture.ts'
import { sampleEvent, START_MS } from './samples.ts'

export function describeActivity(kind: TestDatabaseKind): void {
  const fixture = useStorage(kind)

  test('events are counted from the start of a period until just before its end', async () => {
    const { ledger, activity } = fixture.storage
    expect(await activity.firstEventAt()).toBeUndefined()
    const write = (number: number, [app, user]: readonly [string, string], type = 'idjag.issued') =>
      ledger.commit({
        log: 'idp',
        event: sampleEvent(number, {
          type,
          actor: { kind: 'agent', id: app },
          on_behalf_of: { user_ref: user },
          delegation: { connection: `${app}-con` },
          action: { verb: 'x', scopes_granted: [`s${number}`] },
        }),
      })
    await write(4, ['a', 'alice'])
    await write(5, ['a', 'alice'])
    await write(6, ['a', 'bob'])
    await write(7, ['b', 'alice'])
    await write(8, ['a', 'carol'], 'idjag.denied')
    await write(9, ['a', 'alice'])
    const period = { since: START_MS + 5, until: START_MS + 9 }
    const granted = [...(await activity.countByApp('idjag.issued', period))]
    expect(granted.sort((one, other) => (one.app < other.app ? -1 : 1))).toEqual([
      { app: 'a', count: 2, people: 2, firstAt: START_MS + 5, lastAt: START_MS + 6 },
      { app: 'b', count: 1, people: 1, firstAt: START_MS + 7, lastAt: START_MS + 7 },
    ])
    expect(await activity.countByApp('idjag.denied', period)).toMatchObject([{ app: 'a', count: 1 }])
    expect(await activity.firstEventAt()).toBe(START_MS + 4)
    const scopes = async (more: object) =>
      (await activity.listGranted({ ...period, most: 10, ...more })).map((one) => one.scopes)
    expect(await scopes({})).toEqual([['s7'], ['s6'], ['s5']])
    expect(await scopes({ most: 1 })).toEqual([['s7']])
    expect(await scopes({ connection: 'a-con' })).toEqual([['s6'], ['s5']])
    expect((await activity.listGranted({ ...period, most: 1 }))[0]).toMatchObject({
      connection: 'b-con',
      app: 'b',
      at: START_MS + 7,
      decisionId: 'dec_7',
    })
  })
}
