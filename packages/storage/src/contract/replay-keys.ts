// The contract of replay keys in the ledger: each is used once, whatever the number of processes.
import { expect, test } from 'vitest'

import type { LedgerOutcome } from '@crosswalk/as-core'

import type { TestDatabaseKind } from '../../../../tools/test-databases.ts'
import { useStorage } from './fixture.ts'
import { sampleEntry, sampleReplayKey, sampleToken } from './samples.ts'

export function describeReplayKeys(kind: TestDatabaseKind): void {
  const fixture = useStorage(kind)
  let logs = 0
  const freshLog = (): string => `as:log-${(logs += 1)}`

  test('RAS-19: writes nothing of an entry whose replay key was used, not even its other replay keys', async () => {
    const { ledger, events, accessTokens } = fixture.storage
    const log = freshLog()
    const used = sampleReplayKey(`${log}-used`)
    expect(await ledger.commit(sampleEntry(1, { log, replayKeys: [used] }))).toEqual({
      committed: true,
      chain: log,
      seq: 1,
    })
    const other = sampleReplayKey(`${log}-other`, { kind: 'dpop' })
    const refused = sampleEntry(2, {
      log,
      replayKeys: [other, used],
      accessToken: sampleToken(2, { id: log }),
    })
    expect(await ledger.commit(refused)).toEqual({ committed: false, used })
    expect(await accessTokens.find('todo0', log)).toBeUndefined()
    expect([await ledger.isUsed(used), await ledger.isUsed(other)]).toEqual([true, false])
    // The other replay key is still unused, and the sequence has no gap.
    expect(await ledger.commit(sampleEntry(3, { log, replayKeys: [other] }))).toEqual({
      committed: true,
      chain: log,
      seq: 2,
    })
    expect(await events.verify(log)).toMatchObject({ ok: true, events: 2 })
  })

  test('separates replay keys of different kinds with the same key', async () => {
    const log = freshLog()
    const replayKeys = (['id-jag', 'dpop', 'client-assertion', 'saml'] as const).map((each) =>
      sampleReplayKey(log, { kind: each }),
    )
    expect(await fixture.storage.ledger.commit(sampleEntry(1, { log, replayKeys }))).toMatchObject({
      committed: true,
    })
  })

  // A process that knows the head of a chain writes a batch to it in one statement.
  test.each([
    ['a new log', 0],
    ['a log that this process has written', 1],
  ])('RAS-19: one of several entries with the same replay key wins in one batch of %s', async (_, before) => {
    const log = freshLog()
    const replayKey = sampleReplayKey(`${log}-once`)
    for (let number = 0; number < before; number += 1)
      await fixture.storage.ledger.commit(sampleEntry(number, { log }))
    const outcomes = await Promise.all(
      Array.from({ length: 40 }, (_, number) =>
        fixture.storage.ledger.commit(sampleEntry(number, { log, replayKeys: [replayKey] })),
      ),
    )
    expect(outcomes.filter(({ committed }) => committed)).toEqual([
      { committed: true, chain: log, seq: before + 1 },
    ])
    expect(
      outcomes.filter((outcome) => !outcome.committed && outcome.used?.key === replayKey.key),
    ).toHaveLength(39)
  })

  test('RAS-19: one of several entries with the same replay key wins across two processes and any logs', async () => {
    const other = await fixture.openAgain()
    const batch = freshLog()
    const replayKeys = Array.from({ length: 60 }, (_, number) => sampleReplayKey(`${batch}-${number}`))
    const commitAll = (storage: typeof other, log: string): Promise<readonly LedgerOutcome[]> =>
      Promise.all(
        replayKeys.map((replayKey, number) =>
          storage.ledger.commit(sampleEntry(number, { log, replayKeys: [replayKey] })),
        ),
      )
    const [first, second] = await Promise.all([
      commitAll(fixture.storage, `${batch}-a`),
      commitAll(other, `${batch}-b`),
    ])
    const winners = replayKeys.map(
      (_, index) => [first[index], second[index]].filter((each) => each?.committed).length,
    )
    expect(winners).toEqual(replayKeys.map(() => 1))
  })

  test('keys consumed without an event share the store of entries: single-use, all or none (RAS-19)', async () => {
    const { ledger, events } = fixture.storage
    const log = freshLog()
    const [first, second, third] = ['first', 'second', 'third'].map((name) =>
      sampleReplayKey(`${log}-${name}`),
    )
    if (first === undefined || second === undefined || third === undefined)
      throw new Error('three replayKeys')
    expect(await ledger.consume([first])).toBeUndefined()
    expect(await ledger.commit(sampleEntry(1, { log, replayKeys: [first] }))).toEqual({
      committed: false,
      used: first,
    })
    expect(await ledger.commit(sampleEntry(2, { log, replayKeys: [second] }))).toEqual({
      committed: true,
      chain: log,
      seq: 1,
    })
    expect([await ledger.isUsed(first), await ledger.isUsed(second)]).toEqual([true, true])
    // `isUsed` consumes nothing, and another kind is another key.
    expect(await ledger.isUsed(third)).toBe(false)
    expect(await ledger.isUsed({ ...first, kind: 'dpop' })).toBe(false)
    expect(await ledger.consume([third, second])).toEqual(second)
    expect(await ledger.consume([third])).toBeUndefined()
    expect(await events.verify(log)).toMatchObject({ ok: true, events: 1 })
  })

  test('exactly one wins if two processes concurrently consume a key with and without an entry (RAS-19)', async () => {
    const other = await fixture.openAgain()
    const log = freshLog()
    const replayKey = sampleReplayKey(`${log}-once`)
    const used = await Promise.all(
      Array.from({ length: 20 }, async (_, number) => {
        const { ledger } = number % 2 === 0 ? fixture.storage : other
        if (number % 3 === 0) return ledger.consume([replayKey])
        const outcome = await ledger.commit(sampleEntry(number, { log, replayKeys: [replayKey] }))
        return outcome.committed ? undefined : outcome.used
      }),
    )
    expect(used.filter((it) => it === undefined)).toHaveLength(1)
  })
}
