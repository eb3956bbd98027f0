// The contract of last use: the time of the newest grant and, separately, of the newest denied attempt.
import { expect, test } from 'vitest'

import type { TestDatabaseKind } from '../../../../tools/test-databases.ts'
import { useStorage } from './fixture.ts'
import { sampleEvent, START_MS } from './samples.ts'

export function describeLastUse(kind: TestDatabaseKind): void {
  const fixture = useStorage(kind)

  test('a denied attempt does not count as a use of the connection or the app', async () => {
    const { ledger, lastUses } = fixture.storage
    const write = (number: number, type: string, [connection, app]: readonly [string, string]) =>
      ledger.commit({
        log: 'idp',
        event: sampleEvent(number, { type, actor: { kind: 'agent', id: app }, delegation: { connection } }),
      })
    await write(1, 'idjag.issued', ['con-a', 'app-a'])
    await write(5, 'idjag.issued', ['con-a', 'app-a'])
    await write(3, 'idjag.stepup', ['con-a', 'app-a'])
    await write(7, 'idjag.denied', ['con-b', 'app-a'])
    await write(9, 'connection.changed', ['con-b', 'app-b'])
    const connections = await lastUses.read('connection', ['con-b', 'con-a', 'none'])
    expect(Object.fromEntries(connections)).toEqual({
      'con-a': { lastUsedAt: START_MS + 5, lastDeniedAt: START_MS + 3 },
      'con-b': { lastUsedAt: undefined, lastDeniedAt: START_MS + 7 },
      none: { lastUsedAt: undefined, lastDeniedAt: undefined },
    })
    const granted = await lastUses.readGranted('connection', ['con-b', 'con-a', 'none'])
    expect(Object.fromEntries(granted)).toEqual({
      'con-a': START_MS + 5,
      'con-b': undefined,
      none: undefined,
    })
    const apps = await lastUses.read('app', ['app-a', 'app-b'])
    expect(Object.fromEntries(apps)).toEqual({
      'app-a': { lastUsedAt: START_MS + 5, lastDeniedAt: START_MS + 7 },
      'app-b': { lastUsedAt: undefined, lastDeniedAt: undefined },
    })
    expect([...(await lastUses.read('app', []))]).toEqual([])
  })

  test('the use of a user is that of any app for them', async () => {
    const { ledger, lastUses } = fixture.storage
    for (const [number, type, id, user] of [
      [2, 'idjag.issued', 'app-a', 'usr_ann'],
      [4, 'idjag.issued', 'app-b', 'usr_ann'],
      [6, 'idjag.denied', 'app-a', 'usr_ann'],
      [8, 'idjag.issued', 'app-a', 'usr_ben'],
    ] as const) {
      const about = { actor: { kind: 'agent', id }, on_behalf_of: { user_ref: user } } as const
      await ledger.commit({ log: 'idp', event: sampleEvent(number, { type, ...about }) })
    }
    expect(Object.fromEntries(await lastUses.read('user_ref', ['usr_ann', 'usr_eve']))).toEqual({
      usr_ann: { lastUsedAt: START_MS + 4, lastDeniedAt: START_MS + 6 },
      usr_eve: { lastUsedAt: undefined, lastDeniedAt: undefined },
    })
  })
}
