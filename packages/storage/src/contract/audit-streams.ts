// The contract of streams: one process delivers at a time, a cursor only moves from its current position, failures are
// kept.
import { expect, test } from 'vitest'

import type { TestDatabaseKind } from '../../../../tools/test-databases.ts'
import { useStorage } from './fixture.ts'
import { sampleEvent } from './samples.ts'

export function describeAuditStreams(kind: TestDatabaseKind): void {
  const fixture = useStorage(kind)
  const hold = (stream: string, holder: string, now: number) => ({ stream, holder, now, leaseMs: 100 })

  test('a stream is held by one process until it is released or its lease expires', async () => {
    const { auditStreams: streams } = fixture.storage
    const others = (await fixture.openAgain()).auditStreams
    expect(await streams.hold(hold('s', 'a', 1000))).toEqual({ failures: 0, dueAt: 0, delivered: 0 })
    expect(await others.hold(hold('s', 'b', 1099))).toBeUndefined()
    expect(await streams.hold(hold('s', 'a', 1099))).toBeDefined()
    expect(await others.hold(hold('s', 'b', 1198))).toBeUndefined()
    expect(await others.hold(hold('s', 'b', 1199))).toBeDefined()
    expect(await streams.hold(hold('s', 'a', 1200))).toBeUndefined()
    await streams.release('s', 'a')
    expect(await streams.hold(hold('s', 'a', 1200))).toBeUndefined()
    await others.release('s', 'b')
    expect(await streams.hold(hold('s', 'a', 1200))).toBeDefined()
  })

  test('only one of many concurrent processes gets a stream', async () => {
    const { auditStreams: streams } = fixture.storage
    const got = await Promise.all(
      Array.from({ length: 8 }, (_, index) => streams.hold(hold('many', `p${index}`, 1000))),
    )
    expect(got.filter((state) => state !== undefined)).toHaveLength(1)
  })

  test('a cursor only moves from its current position', async () => {
    const { auditStreams: streams } = fixture.storage
    await streams.hold(hold('c', 'a', 1))
    const move = (from: number, to: number) =>
      streams.advance({ stream: 'c', chain: 'idp', from, to, sent: to - from, at: 5 })
    expect(await streams.cursors('c')).toEqual(new Map())
    expect(await move(0, 3)).toBe(true)
    expect(await move(0, 4)).toBe(false)
    expect(await streams.cursors('c')).toEqual(new Map([['idp', 3]]))
    await streams.place(
      'c',
      new Map([
        ['idp', 1],
        ['admin', 1],
      ]),
    )
    expect(await move(3, 5)).toBe(false)
    expect(await move(1, 5)).toBe(true)
    expect(await streams.cursors('c')).toEqual(
      new Map([
        ['idp', 5],
        ['admin', 1],
      ]),
    )
    // Past events that the stream does not send
    await streams.advance({ stream: 'c', chain: 'idp', from: 5, to: 8, sent: 0, at: 9 })
    expect(await streams.find('c')).toMatchObject({ delivered: 7, lastDeliveredAt: 5 })
  })

  test('failures are counted and kept until it recovers; a replay is due immediately', async () => {
    const { auditStreams: streams } = fixture.storage
    await streams.hold(hold('f', 'a', 1))
    await streams.fail({ stream: 'f', error: 'status 500', at: 10, dueAt: 1010 })
    await streams.fail({ stream: 'f', error: 'status 503', at: 20, dueAt: 2020 })
    const failed = { failures: 2, dueAt: 2020, delivered: 0, lastError: 'status 503', lastErrorAt: 20 }
    expect(await streams.find('f')).toEqual(failed)
    await streams.place('f', new Map([['idp', 0]]))
    expect(await streams.find('f')).toEqual({ ...failed, dueAt: 0 })
    // Another chain may still be refused.
    await streams.advance({ stream: 'f', chain: 'idp', from: 0, to: 2, sent: 1, at: 30 })
    expect(await streams.find('f')).toMatchObject({ failures: 2, delivered: 1 })
    await streams.recover('f')
    expect(await streams.find('f')).toMatchObject({ failures: 0, lastError: 'status 503', delivered: 1 })
    expect(await streams.find('never')).toBeUndefined()
  })

  test('a change of one stream leaves every other unchanged', async () => {
    const { auditStreams: streams } = fixture.storage
    const advance = (stream: string) =>
      streams.advance({ stream, chain: 'idp', from: 0, to: 2, sent: 2, at: 5 })
    for (const stream of ['kept', 'changed']) {
      await streams.hold(hold(stream, 'a', 1000))
      await advance(stream)
      await streams.fail({ stream, error: 'status 500', at: 10, dueAt: 1010 })
    }
    const read = async () => [await streams.find('kept'), await streams.cursors('kept')]
    const before = await read()
    expect(before).toEqual([
      {
        failures: 1,
        dueAt: 1010,
        delivered: 2,
        lastDeliveredAt: 5,
        lastError: 'status 500',
        lastErrorAt: 10,
      },
      new Map([['idp', 2]]),
    ])
    await streams.advance({ stream: 'changed', chain: 'idp', from: 2, to: 9, sent: 7, at: 20 })
    await streams.fail({ stream: 'changed', error: 'status 503', at: 20, dueAt: 2020 })
    await streams.place('changed', new Map([['idp', 0]]))
    await streams.recover('changed')
    await streams.release('changed', 'a')
    expect(await read()).toEqual(before)
    expect(await streams.hold(hold('kept', 'b', 1099))).toBeUndefined()
    expect(await streams.hold(hold('changed', 'b', 1099))).toBeDefined()
  })

  test('reads up to the limit of events after a given one', async () => {
    const { ledger, events } = fixture.storage
    for (const number of [1, 2, 3, 4]) await ledger.commit({ log: 'after', event: sampleEvent(number) })
    const read = async (afterSeq: number, limit: number) =>
      (await events.readAfter({ chain: 'after', afterSeq }, limit)).map(({ seq }) => seq)
    expect(await read(0, 2)).toEqual([1, 2])
    expect(await read(3, 2)).toEqual([4])
    expect(await read(4, 2)).toEqual([])
  })
}
