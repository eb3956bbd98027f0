// The contract of sealed heads and cuts: what only they detect, and that removing old events does not break the chain.
import { sql } from 'kysely'
import { expect, test } from 'vitest'

import type { TestDatabaseKind } from '../../../../tools/test-databases.ts'
import { chainHash, FIRST_PREV_HASH, linkHash } from '../ledger/chain-hash.ts'
import type { Storage } from '../storage.ts'
import type { Checkpoint } from '../stores/audit-checkpoints.ts'
import { useStorage } from './fixture.ts'
import { runStatement } from './run-statement.ts'
import { sampleEvent, START_MS } from './samples.ts'

async function fill({ ledger, events }: Storage, log: string) {
  for (let number = 1; number <= 6; number += 1) await ledger.commit({ log, event: sampleEvent(number) })
  return events.readAfter({ chain: log, afterSeq: 0 }, 10)
}

const checkpoint = (log: string, seq: number, more: Partial<Checkpoint> = {}): Checkpoint => ({
  log,
  chain: log,
  seq,
  hash: `hash-${seq}`,
  kind: 'head',
  time: START_MS + seq,
  statement: `statement ${seq}`,
  ...more,
})

export function describeCheckpoints(kind: TestDatabaseKind): void {
  const fixture = useStorage(kind)

  /** Rewrites the chain from one event on, including its head, as an attacker with database access could. */
  async function rewrite(log: string, from: number): Promise<void> {
    const all = await fixture.storage.events.readAfter({ chain: log, afterSeq: 0 }, 10)
    let before = all[from - 2]?.hash ?? ''
    for (const { seq, body } of all.slice(from - 1)) {
      const changed = body.replace('"category":"decision"', '"category":"decisioN"')
      const hash = chainHash(before, log, seq, changed)
      await runStatement(
        fixture.url,
        sql`update audit_events set body = ${changed}, hash = ${hash}, prev_hash = ${before} where log = ${log} and seq = ${seq}`,
      )
      before = hash
    }
    await runStatement(fixture.url, sql`update audit_heads set hash = ${before} where log = ${log}`)
  }

  test('only a sealed head detects a chain rewritten with its head', async () => {
    const [, , , fourth] = await fill(fixture.storage, 'rewritten')
    await rewrite('rewritten', 3)
    const { events } = fixture.storage
    expect(await events.verify('rewritten')).toMatchObject({ ok: true })
    const sealed = new Map([[4, fourth?.hash ?? '']])
    expect(await events.verify('rewritten', { sealed })).toMatchObject({
      ok: false,
      firstBad: { seq: 4, why: expect.stringMatching(/sealed checkpoint has another hash/) },
    })
  })

  test('a chain of a development version, which linked the texts themselves, verifies', async () => {
    const log = 'development'
    let before = FIRST_PREV_HASH
    for (const { seq, body } of await fill(fixture.storage, log)) {
      const hash = linkHash(before, log, seq, body)
      await runStatement(
        fixture.url,
        sql`update audit_events set hash = ${hash}, prev_hash = ${before} where log = ${log} and seq = ${seq}`,
      )
      before = hash
    }
    await runStatement(fixture.url, sql`update audit_heads set hash = ${before} where log = ${log}`)
    const { events, ledger } = fixture.storage
    expect(await events.verify(log)).toMatchObject({ ok: true, events: 6 })
    await ledger.commit({ log, event: sampleEvent(7) })
    expect(await events.verify(log)).toMatchObject({ ok: true, events: 7 })
  })

  test('only a sealed head detects a tail cut together with the head', async () => {
    const all = await fill(fixture.storage, 'tail')
    await runStatement(fixture.url, sql`delete from audit_events where log = 'tail' and seq > 4`)
    await runStatement(
      fixture.url,
      sql`update audit_heads set seq = 4, hash = ${all[3]?.hash} where log = 'tail'`,
    )
    const { events } = fixture.storage
    expect(await events.verify('tail')).toMatchObject({ ok: true, events: 4 })
    const sealed = (seq: number) => ({ sealed: new Map([[seq, all[seq - 1]?.hash ?? '']]) })
    expect(await events.verify('tail', sealed(4))).toMatchObject({ ok: true })
    expect(await events.verify('tail', sealed(5))).toMatchObject({
      ok: false,
      firstBad: { seq: 5, why: 'missing: a sealed checkpoint counts 5 events' },
    })
  })

  test('finds events before a given time, exact at both edges, up to the limit', async () => {
    await fill(fixture.storage, 'old')
    const find = (before: number, more = {}) =>
      fixture.storage.auditCheckpoints.findOld({ chain: 'old', before, upTo: 99, limit: 99, ...more })
    expect(await find(START_MS + 1)).toBeUndefined()
    expect(await find(START_MS + 2)).toMatchObject({ seq: 1, count: 1 })
    expect(await find(START_MS + 7)).toMatchObject({ seq: 6 })
    expect(await find(START_MS + 7, { limit: 2 })).toMatchObject({ seq: 2 })
    expect(await find(START_MS + 7, { upTo: 3 })).toMatchObject({ seq: 3 })
    expect(await find(START_MS + 7, { chain: 'none' })).toBeUndefined()
    // Backdated to look old enough for removal.
    expect(await find(START_MS + 7)).toMatchObject({ sound: true })
    await runStatement(fixture.url, sql`update audit_events set time_ms = 0 where log = 'old' and seq = 4`)
    expect(await find(START_MS + 5)).toMatchObject({ seq: 4, sound: false })
  })

  test('finds no events to remove where the first ones are missing, so that no cut hides that', async () => {
    const { auditCheckpoints } = fixture.storage
    const remove = (log: string, seq: number) =>
      runStatement(fixture.url, sql`delete from audit_events where log = ${log} and seq = ${seq}`)
    const find = (chain: string) =>
      auditCheckpoints.findOld({ chain, before: START_MS + 9, upTo: 99, limit: 99 })
    await fill(fixture.storage, 'uncut start')
    await remove('uncut start', 1)
    expect(await find('uncut start')).toMatchObject({ seq: 6, sound: false })
    const all = await fill(fixture.storage, 'cut start')
    await auditCheckpoints.cut(checkpoint('cut start', 2, { kind: 'cut', hash: all[1]?.hash ?? '' }))
    await auditCheckpoints.add(checkpoint('cut start', 5, { hash: all[4]?.hash ?? '' }))
    expect(await find('cut start')).toMatchObject({ seq: 6, count: 4, sound: true })
    await remove('cut start', 3)
    expect(await find('cut start')).toMatchObject({ seq: 6, count: 3, sound: false })
  })

  test('after a cut, the rest of the log verifies, lists and grows', async () => {
    const log = 'cut'
    const all = await fill(fixture.storage, log)
    await fill(fixture.storage, 'uncut')
    const { events, auditCheckpoints, ledger } = fixture.storage
    await events.list({ log, limit: 1 })
    await auditCheckpoints.add(checkpoint('uncut', 2))
    await auditCheckpoints.add(checkpoint(log, 2))
    await auditCheckpoints.add(checkpoint(log, 3))
    await auditCheckpoints.add(checkpoint(log, 5))
    const cut = { seq: 3, hash: all[2]?.hash ?? '' }
    await auditCheckpoints.cut(checkpoint(log, 3, { kind: 'cut', hash: cut.hash }))
    expect((await events.list({ log, limit: 9 })).items.map(({ seq }) => seq)).toEqual([6, 5, 4])
    expect((await auditCheckpoints.list(log)).map(({ seq, kind: of }) => [seq, of])).toEqual([
      [3, 'cut'],
      [3, 'head'],
      [5, 'head'],
    ])
    expect(await events.verify('uncut')).toMatchObject({ ok: true, events: 6 })
    expect(await auditCheckpoints.list('uncut')).toHaveLength(1)
    await ledger.commit({ log, event: sampleEvent(7) })
    expect(await events.verify(log, { cut })).toMatchObject({ ok: true, events: 4, head: { seq: 7 } })
    // Without the cut, or with a wrong one, events are missing.
    expect(await events.verify(log)).toMatchObject({ ok: false, firstBad: { seq: 1 } })
    const other = { seq: 2, hash: all[1]?.hash ?? '' }
    expect(await events.verify(log, { cut: other })).toMatchObject({ ok: false, firstBad: { seq: 3 } })
    const wrong = { seq: 3, hash: 'x' }
    expect(await events.verify(log, { cut: wrong })).toMatchObject({ ok: false, firstBad: { seq: 4 } })
    const late = { seq: 4, hash: all[3]?.hash ?? '' }
    expect(await events.verify(log, { cut: late })).toMatchObject({
      ok: false,
      firstBad: { seq: 4, why: expect.stringMatching(/below the cut/) },
    })
  })

  test('cuts nothing while an object that forbids it exists', async () => {
    const all = await fill(fixture.storage, 'held')
    const { events, auditCheckpoints, objects } = fixture.storage
    const hold = { collection: 'audit-holds', id: 'held', by: 'adm_carol', at: START_MS }
    await objects.put({ ...hold, body: {} })
    const cut = checkpoint('held', 3, { kind: 'cut', hash: all[2]?.hash ?? '' })
    expect(await auditCheckpoints.cut(cut, hold)).toBe(false)
    expect(await auditCheckpoints.list('held')).toEqual([])
    expect(await events.verify('held')).toMatchObject({ ok: true, events: 6 })
    expect(await auditCheckpoints.cut(cut, { ...hold, id: 'another' })).toBe(true)
    expect(await events.verify('held', { cut })).toMatchObject({ ok: true, events: 3 })
  })

  test('a completely cut log continues its numbers', async () => {
    const all = await fill(fixture.storage, 'whole')
    const { events, auditCheckpoints, ledger } = fixture.storage
    const cut = { seq: 6, hash: all[5]?.hash ?? '' }
    await auditCheckpoints.cut(checkpoint('whole', 6, { kind: 'cut', hash: cut.hash }))
    expect(await events.verify('whole', { cut })).toMatchObject({ ok: true, events: 0 })
    expect(await ledger.commit({ log: 'whole', event: sampleEvent(8) })).toMatchObject({ seq: 7 })
    expect(await events.verify('whole', { cut })).toMatchObject({ ok: true, events: 1 })
  })

  test('a checkpoint is added once, and old ones are reduced to the last of each hour', async () => {
    const { auditCheckpoints } = fixture.storage
    const HOUR = 3_600_000
    const base = Math.floor(START_MS / HOUR) * HOUR
    for (const [seq, time] of [
      [1, base],
      [2, base + HOUR - 1],
      [3, base + HOUR],
      [4, base + HOUR + 5],
    ] as const)
      expect(await auditCheckpoints.add(checkpoint('thin', seq, { time }))).toBe(true)
    expect(await auditCheckpoints.add(checkpoint('thin', 4))).toBe(false)
    for (const seq of [11, 12]) await auditCheckpoints.add(checkpoint('whole heads', seq, { time: base }))
    await auditCheckpoints.add(checkpoint('thin', 1, { kind: 'cut', time: base }))
    await auditCheckpoints.thin('thin', base + HOUR)
    expect((await auditCheckpoints.list('thin')).map(({ seq }) => seq)).toEqual([1, 2, 3, 4])
    await auditCheckpoints.thin('thin', base + HOUR + 1)
    expect((await auditCheckpoints.list('thin')).map(({ seq, kind: of }) => [seq, of])).toEqual([
      [1, 'cut'],
      [2, 'head'],
      [4, 'head'],
    ])
    expect(await auditCheckpoints.list('whole heads')).toHaveLength(2)
    expect((await auditCheckpoints.list()).length).toBeGreaterThan(5)
  })
}
