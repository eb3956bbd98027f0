// The contract of connection use: counts only grants, from a given time on, exact at both edges.
import { expect, test } from 'vitest'

import type { TestDatabaseKind } from '../../../../tools/test-databases.ts'
import { useStorage } from './fixture.ts'
import { sampleEvent, START_MS } from './samples.ts'

export function describeConnectionUse(kind: TestDatabaseKind): void {
  const fixture = useStorage(kind)

  test('counts grants from a given time on, but no refusals and no other connections', async () => {
    const { ledger, connectionUses } = fixture.storage
    const write = (
      number: number,
      user: string,
      scopes: string[],
      { type = 'idjag.issued', connection = 'con' } = {},
    ) =>
      ledger.commit({
        log: 'idp',
        event: sampleEvent(number, {
          type,
          on_behalf_of: { user_ref: user },
          delegation: { connection },
          action: { verb: 'x', scopes_granted: scopes },
        }),
      })
    await write(1, 'usr_a', ['old'])
    await write(5, 'usr_a', ['b', 'a'])
    await write(6, 'usr_b', ['a'])
    await write(6, 'usr_d', ['of another'], { connection: 'other' })
    await write(7, 'usr_c', ['refused'], { type: 'idjag.denied' })
    const read = async (since: number) =>
      (await connectionUses.read(['con', 'none'], START_MS + since)).get('con')
    expect(await read(5)).toEqual({ lastUsedAt: START_MS + 6, uses: 2, people: 2 })
    expect(await read(6)).toMatchObject({ uses: 1, people: 1 })
    expect(await read(7)).toEqual({ lastUsedAt: START_MS + 6, uses: 0, people: 0 })
    expect((await connectionUses.read(['none'], 0)).get('none')).toEqual({
      lastUsedAt: undefined,
      uses: 0,
      people: 0,
    })
    const personal = await connectionUses.readForUser('usr_a')
    expect([...personal]).toEqual([['con', { firstUsedAt: START_MS + 1, lastUsedAt: START_MS + 5, uses: 2 }]])
    expect([...(await connectionUses.readForUser('usr_c'))]).toEqual([])
    const scopes = (since: number, most: number) =>
      connectionUses.readScopes({ connection: 'con', since: START_MS + since, most })
    expect(await scopes(5, 9)).toEqual({ scopes: ['a', 'b'], examined: 2 })
    expect(await scopes(0, 9)).toEqual({ scopes: ['a', 'b', 'old'], examined: 3 })
    expect(await scopes(0, 1)).toEqual({ scopes: ['a'], examined: 1 })
  })
}
