// The contract of the ledger: atomic, gap-free, chained, and unharmed by a bad entry.
import fc from 'fast-check'
import { expect, test } from 'vitest'

import type { TestDatabaseKind } from '../../../../tools/test-databases.ts'
import { useStorage } from './fixture.ts'
import { verifyLog } from './verify-log.ts'
import { sampleAccount, sampleEntry, sampleEvent, sampleReplayKey, sampleToken, START_MS } from './samples.ts'

export function describeLedger(kind: TestDatabaseKind): void {
  const fixture = useStorage(kind)
  let logs = 0
  const freshLog = (): string => `as:log-${(logs += 1)}`

  test('numbers the events of each log from 1 without gaps, and chains them', async () => {
    const { ledger, events } = fixture.storage
    const [a, b] = [freshLog(), freshLog()]
    const outcomes = await Promise.all([
      ledger.commit(sampleEntry(1, { log: a })),
      ledger.commit(sampleEntry(2, { log: b })),
      ledger.commit(sampleEntry(3, { log: a })),
    ])
    expect(outcomes).toEqual([
      { committed: true, chain: a, seq: 1 },
      { committed: true, chain: b, seq: 1 },
      { committed: true, chain: a, seq: 2 },
    ])
    expect(await ledger.commit(sampleEntry(4, { log: a }))).toEqual({ committed: true, chain: a, seq: 3 })
    expect(await events.verify(a)).toMatchObject({ ok: true, events: 3 })
    expect(await events.verify(b)).toMatchObject({ ok: true, events: 1 })
  })

  test('writes what a token request of the sign-in provider changes with its event, or nothing of it', async () => {
    const { ledger, signIn } = fixture.storage
    const log = freshLog()
    await signIn.upsert('RefreshToken', `${log} old`, { grantId: log }, 60)
    const key = sampleReplayKey(log, { kind: 'refresh-token' })
    const rotate = (next: string, at: number) =>
      ledger.commit(
        sampleEntry(at, {
          log,
          replayKeys: [key],
          signInRecords: {
            consumed: [{ model: 'RefreshToken', id: `${log} old`, at }],
            saved: [
              {
                model: 'RefreshToken',
                id: `${log} ${next}`,
                payload: { grantId: log },
                expiresAt: undefined,
              },
              { model: 'AccessToken', id: `${log} ${next}`, payload: { uid: 'u' }, expiresAt: undefined },
            ],
          },
        }),
      )
    const find = (id: string) => signIn.find('RefreshToken', `${log} ${id}`)
    const outcomes = await Promise.all([rotate('a', 1), rotate('b', 2)])
    expect(outcomes).toEqual([
      { committed: true, chain: log, seq: 1 },
      { committed: false, used: key },
    ])
    expect(await find('old')).toEqual({ grantId: log, consumed: 1 })
    expect(await find('a')).toEqual({ grantId: log })
    expect(await find('b')).toBeUndefined()
    expect(await signIn.find('AccessToken', `${log} a`)).toEqual({ uid: 'u' })
    expect(await rotate('c', 3)).toEqual({ committed: false, used: key })
    await signIn.revokeByGrantId('RefreshToken', log)
    expect(await find('a')).toBeUndefined()
  })

  test('writes nothing of an entry with outdated definitions, but the rest of its batch', async () => {
    const { ledger, events, objects } = fixture.storage
    const log = freshLog()
    const change = () =>
      objects.put({ collection: 'outdated', id: log, at: START_MS, by: 'adm_ann', body: {} })
    await change()
    const before = await objects.revision()
    expect(await ledger.commit(sampleEntry(1, { log, definedAt: before }))).toMatchObject({ committed: true })
    await change()
    const now = await objects.revision()
    const replayKey = sampleReplayKey(`${log}-free`)
    const outcomes = await Promise.all([
      ledger.commit(sampleEntry(2, { log, replayKeys: [replayKey], definedAt: before })),
      ledger.commit(sampleEntry(3, { log })),
      ledger.commit(sampleEntry(4, { log, definedAt: now })),
    ])
    expect(outcomes).toEqual([
      { committed: false, changedAt: now },
      { committed: true, chain: log, seq: 2 },
      { committed: true, chain: log, seq: 3 },
    ])
    // Its replay key is still unused, and the log has no gap.
    expect(
      await ledger.commit(sampleEntry(5, { log, replayKeys: [replayKey], definedAt: now })),
    ).toMatchObject({
      seq: 4,
    })
    expect(await ledger.commit(sampleEntry(6, { log, definedAt: before }))).toEqual({
      committed: false,
      changedAt: now,
    })
    expect(await events.verify(log)).toMatchObject({ ok: true, events: 4 })
  })

  test('two processes write one log without a gap', async () => {
    const other = await fixture.openAgain()
    const log = freshLog()
    const outcomes = await Promise.all(
      Array.from({ length: 100 }, (_, number) =>
        (number % 2 === 0 ? other : fixture.storage).ledger.commit(sampleEntry(number, { log })),
      ),
    )
    const places = outcomes.flatMap((outcome) => (outcome.committed ? [outcome] : []))
    for (const ofChain of Map.groupBy(places, ({ chain }) => chain).values()) {
      const numbers = ofChain.map(({ seq }) => seq).sort((a, b) => a - b)
      expect(numbers).toEqual(Array.from({ length: ofChain.length }, (_, index) => index + 1))
    }
    expect(await verifyLog(other.events, log)).toMatchObject({ ok: true, events: 100 })
  })

  test('property: outcomes equal those of writing the entries one by one', async () => {
    const key = fc.constantFrom('a', 'b', 'c', 'd', 'e')
    const entries = fc.array(fc.uniqueArray(key, { maxLength: 3 }), { minLength: 1, maxLength: 12 })
    await fc.assert(
      fc.asyncProperty(entries, async (keysOfEntries) => {
        const log = freshLog()
        const taken = new Set<string>()
        const expected = keysOfEntries.map((keys) => {
          const used = keys.find((each) => taken.has(each))
          if (used !== undefined) return `used ${log}-${used}`
          for (const each of keys) taken.add(each)
          return 'committed'
        })
        const outcomes = await Promise.all(
          keysOfEntries.map((keys, number) =>
            fixture.storage.ledger.commit(
              sampleEntry(number, { log, replayKeys: keys.map((each) => sampleReplayKey(`${log}-${each}`)) }),
            ),
          ),
        )
        expect(outcomes.map((each) => (each.committed ? 'committed' : `used ${each.used?.key}`))).toEqual(
          expected,
        )
        expect(await fixture.storage.events.verify(log)).toMatchObject({ ok: true })
      }),
      { numRuns: 30 },
    )
  })

  test('only a bad entry is rejected; the rest of its batch is written', async () => {
    const { ledger, events, liveAccess } = fixture.storage
    const log = freshLog()
    const token = (number: number) => sampleToken(number, { id: `${log}-${number}`, clientId: log })
    await ledger.commit(sampleEntry(1, { log, accessToken: token(1) }))
    const replayKey = sampleReplayKey(`${log}-bad`)
    const results = await Promise.allSettled([
      ledger.commit(sampleEntry(2, { log, accessToken: token(2) })),
      ledger.commit(sampleEntry(3, { log, accessToken: token(1), replayKeys: [replayKey] })),
      ledger.commit(sampleEntry(4, { log, accessToken: token(4) })),
    ])
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(await events.verify(log)).toMatchObject({ ok: true, events: 3 })
    const page = await liveAccess.list({ selectors: [{ clientId: log }], nowMs: START_MS, limit: 9 })
    expect(page.items.map(({ id }) => id)).toEqual([`${log}-4`, `${log}-2`, `${log}-1`])
    // Nothing of the bad entry was written: its replay key is unused.
    expect(await ledger.commit(sampleEntry(5, { log, replayKeys: [replayKey] }))).toEqual({
      committed: true,
      chain: log,
      seq: 4,
    })
  })

  test('an event with an invalid time is rejected before anything is written', async () => {
    const log = freshLog()
    const bad = sampleEntry(1, { log, event: sampleEvent(1, { time: 'yesterday' }) })
    await expect(fixture.storage.ledger.commit(bad)).rejects.toThrow('not a valid time')
    expect(await fixture.storage.ledger.commit(sampleEntry(2, { log }))).toEqual({
      committed: true,
      chain: log,
      seq: 1,
    })
  })

  test('stores any body byte for byte', async () => {
    const log = freshLog()
    const event = sampleEvent(1, {
      reason: '“smart” \u0000 \ud800 😀 \\u0041 \n\t"',
      decision_id: `dec_${log}`,
    })
    await fixture.storage.ledger.commit({ log, event })
    const [recorded] = await fixture.storage.events.findByDecision(`dec_${log}`)
    expect(recorded?.body).toBe(JSON.stringify(event))
    expect(recorded?.event).toEqual(event)
    expect(await fixture.storage.events.verify(log)).toMatchObject({ ok: true })
  })

  test('creates an account once; a second one with the same id changes nothing', async () => {
    const { ledger, accounts } = fixture.storage
    const log = freshLog()
    const first = sampleAccount(`acc-${log}`, { subject: log, name: 'First' })
    const outcomes = await Promise.all([
      ledger.commit(sampleEntry(1, { log, account: first })),
      ledger.commit(sampleEntry(2, { log, account: { ...first, name: 'Second' } })),
    ])
    expect(outcomes).toMatchObject([{ committed: true }, { committed: true }])
    expect(await accounts.findByIssuerSubject('todo0', 'https://idp.test', undefined, log)).toEqual({
      ...first,
      status: 'active',
    })
  })
}
