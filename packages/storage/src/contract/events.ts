// The contract of reading audit logs: lookups, lists with cursors, export, and verification that detects tampering.
import fc from 'fast-check'
import { expect, test } from 'vitest'

import type { AuditEvent } from '@crosswalk/as-core'
import { dropUndefined } from '@crosswalk/protocol'

import type { TestDatabaseKind } from '../../../../tools/test-databases.ts'
import type { EventQuery } from '../events/list-events.ts'
import type { Storage } from '../storage.ts'
import { useStorage } from './fixture.ts'
import { sampleEvent, START_MS } from './samples.ts'

type Filter = Omit<EventQuery, 'limit' | 'cursor'>

export function describeEvents(kind: TestDatabaseKind): void {
  const fixture = useStorage(kind)
  const ids = (items: readonly { event: AuditEvent }[]): string[] => items.map(({ event }) => event.id)
  const written: { log: string; event: AuditEvent }[] = []

  test('every reader sees all events that were durable before its request, under concurrency', async () => {
    const { ledger, events } = fixture.storage
    const seen = await Promise.all(
      Array.from({ length: 60 }, async (_, n) => {
        const decisionId = `dec_fresh_${n}`
        await ledger.commit({
          log: 'fresh',
          event: sampleEvent(n, { id: `evt_fresh_${n}`, decision_id: decisionId }),
        })
        return ids(await events.findByDecision(decisionId))
      }),
    )
    expect(seen).toEqual(seen.map((_, n) => [`evt_fresh_${n}`]))
  })

  test('finds events by decision, grant and trace, oldest first, across logs', async () => {
    const { ledger, events } = fixture.storage
    const shared = { decision_id: 'dec_x', trace_id: 'trace-x', delegation: { grant_id: 'grant-x' } }
    await ledger.commit({ log: 'find-b', event: sampleEvent(2, { ...shared, id: 'evt_b' }) })
    await ledger.commit({ log: 'find-a', event: sampleEvent(1, { ...shared, id: 'evt_a' }) })
    await ledger.commit({ log: 'find-a', event: sampleEvent(3) })
    for (const found of [
      await events.findByDecision('dec_x'),
      await events.findByGrant('grant-x'),
      await events.findByTrace('trace-x'),
    ]) {
      expect(ids(found)).toEqual(['evt_a', 'evt_b'])
    }
    expect(await events.findByDecision('dec_none')).toEqual([])
    expect(await events.findByGrant('dec_x')).toEqual([])
  })

  test('finds the event that issued an ID-JAG, however many events of its grant followed', async () => {
    const { ledger, events } = fixture.storage
    const delegation = { grant_id: 'grant-issued' }
    const refused = { ...sampleEvent(2), type: 'token.refused', delegation }
    await ledger.commit({ log: 'issued-as', event: refused })
    expect(await events.findIssued('grant-issued')).toBeUndefined()
    const event = { ...sampleEvent(1), id: 'evt_issued' as const, type: 'idjag.issued', delegation }
    await ledger.commit({ log: 'issued-idp', event })
    expect((await events.findIssued('grant-issued'))?.event.id).toBe('evt_issued')
    expect(await events.findIssued('grant-none')).toBeUndefined()
  })

  test('finds ids among many rows', async () => {
    const { ledger, events } = fixture.storage
    const numbers = Array.from({ length: 1_030 }, (_, index) => index + 1)
    await Promise.all(
      numbers.map((number) =>
        ledger.commit({ log: 'many', event: sampleEvent(number, { trace_id: `many-${number}` }) }),
      ),
    )
    for (const number of [1, 512, 1_030]) {
      const found = await events.findByTrace(`many-${number}`)
      expect(found.map(({ seq }) => seq)).toEqual([number])
    }
    expect(await events.findByTrace('many-1031')).toEqual([])
  })

  test('takes columns from the decision if the event lacks them', async () => {
    const { ledger, events } = fixture.storage
    const decision = {
      decision_id: 'dec_d',
      trace_id: 'trace-d',
      request: { requesting_app: { id: 'app-d' } },
      resolution: { resource_app: 'resource-d', connection: 'connection-d' },
    } as unknown as NonNullable<AuditEvent['decision']>
    const actor = { kind: 'user', id: 'usr_d' } as const
    const {
      code: _code,
      delegation: _delegation,
      on_behalf_of: _user,
      decision_id: _id,
      ...plain
    } = sampleEvent(1)
    await ledger.commit({ log: 'columns', event: { ...plain, actor, decision } })
    const filters: Filter[] = [
      { app: 'app-d' },
      { resourceApp: 'resource-d' },
      { connection: 'connection-d' },
      { user: 'usr_d' },
    ]
    for (const filter of filters) {
      expect(
        await events.list({ ...filter, log: 'columns', limit: 9 }),
        JSON.stringify(filter),
      ).toMatchObject({
        items: [{ seq: 1 }],
      })
    }
    expect(await events.findByDecision('dec_d')).toHaveLength(1)
  })

  test('property: pages of any size show every matching row once, newest first', async () => {
    await writeMixture(fixture.storage, written)
    const maybe = <T>(...values: T[]) => fc.option(fc.constantFrom(...values), { nil: undefined })
    const filters = fc.record({
      log: maybe('list-a', 'list-b', 'list-none'),
      types: maybe(['t1'], ['t1', 't2'], ['t2', 't2'], []),
      outcome: maybe('allow', 'deny', 'error'),
      codes: maybe(['XAA1'], ['XAA1', 'XAA2'], ['XAA3', 'XAA3'], ['XAA9', 'XAA2'], []),
      app: maybe('app-1', 'app-2'),
      connection: maybe('con-1', 'con-2'),
      user: maybe('usr-1', 'usr-2', 'usr-3'),
      anyOf: maybe(
        { apps: ['app-1', 'app-1'], connections: ['con-2', 'con-3'] },
        { apps: ['app-1', 'app-2'], connections: [] },
        { apps: [], connections: ['con-1'] },
        { apps: [], connections: [] },
      ),
      since: maybe(START_MS + 10_003, START_MS + 10_007),
      until: maybe(START_MS + 10_007, START_MS + 10_012),
    })
    await fc.assert(
      fc.asyncProperty(filters, fc.integer({ min: 1, max: 70 }), async (filter, limit) => {
        const query = dropUndefined({ ...filter, since: filter.since ?? START_MS + 10_000 })
        const pages = await readPages(fixture.storage, { ...query, limit })
        expect(pages.every((page, index) => page.length === limit || index === pages.length - 1)).toBe(true)
        const shown = pages.flat()
        const expected = written.filter((each) => matches(each, query)).map(({ event }) => event.id)
        expect(ids(shown).sort()).toEqual(expected.sort())
        const times = shown.map(({ event }) => Date.parse(event.time))
        expect(times).toEqual([...times].sort((a, b) => b - a))
      }),
      { numRuns: 60 },
    )
  })

  test.each([1, 2, 9])(
    'lists events by time, then by arrival, the last first, in pages of %i',
    async (limit) => {
      const { ledger } = fixture.storage
      const log = `times-${limit}`
      for (const [index, time] of [5, 1, 3, 3, 2, 3, 3].entries())
        await ledger.commit({ log, event: { ...sampleEvent(time), id: `evt_${log}-${index}` } })
      const shown = (await readPages(fixture.storage, { log, limit })).flat()
      expect(shown.map(({ seq }) => seq)).toEqual([1, 7, 6, 4, 3, 5, 2])
    },
  )

  test('new events do not disturb paging', async () => {
    const { ledger, events } = fixture.storage
    const write = (number: number) => ledger.commit({ log: 'turning', event: sampleEvent(number) })
    for (const number of [1, 2, 3]) await write(number)
    const first = await events.list({ log: 'turning', limit: 2 })
    await write(4)
    const second = await events.list({ log: 'turning', limit: 2, cursor: first.next ?? '' })
    expect([...first.items, ...second.items].map(({ seq }) => seq)).toEqual([3, 2, 1])
    expect(second.next).toBeUndefined()
  })

  test('a page with the last row has no next page', async () => {
    const { ledger, events } = fixture.storage
    for (const number of [1, 2]) await ledger.commit({ log: 'pages', event: sampleEvent(number) })
    const nextOf = async (limit: number) => (await events.list({ log: 'pages', limit })).next
    expect([await nextOf(3), await nextOf(2)]).toEqual([undefined, undefined])
    expect(await nextOf(1)).toBeDefined()
  })

  test('refuses a foreign cursor, and a limit of zero', async () => {
    const { events } = fixture.storage
    for (const cursor of ['', 'x', '!!', Buffer.from('1.2; drop').toString('base64url')]) {
      await expect(events.list({ limit: 1, cursor })).rejects.toThrow('`cursor` is not one')
    }
    for (const limit of [0, -1, 1.5]) await expect(events.list({ limit })).rejects.toThrow(RangeError)
  })

  test('streams a log in order from any position, and returns the heads', async () => {
    const { ledger, events } = fixture.storage
    await Promise.all(
      Array.from({ length: 1_203 }, (_, number) =>
        ledger.commit({ log: 'stream', event: sampleEvent(number) }),
      ),
    )
    const read = async (afterSeq?: number): Promise<number[]> => {
      const numbers: number[] = []
      const query = { chain: 'stream', ...(afterSeq !== undefined && { afterSeq }) }
      for await (const { seq } of events.stream(query)) numbers.push(seq)
      return numbers
    }
    expect(await read()).toEqual(Array.from({ length: 1_203 }, (_, index) => index + 1))
    expect(await read(1_200)).toEqual([1_201, 1_202, 1_203])
    expect(await read(1_203)).toEqual([])
    const head = (await events.heads()).find(({ log }) => log === 'stream')
    expect(head).toMatchObject({
      seq: 1_203,
      hash: (await events.list({ log: 'stream', limit: 1 })).items[0]?.hash,
    })
  })

  test('an empty log verifies', async () => {
    expect(await fixture.storage.events.verify('nothing')).toMatchObject({
      ok: true,
      events: 0,
      head: { seq: 0 },
    })
  })
}

async function readPages(storage: Storage, query: EventQuery) {
  const pages = []
  let cursor: string | undefined
  do {
    const page = await storage.events.list({ ...query, ...(cursor !== undefined && { cursor }) })
    pages.push(page.items)
    cursor = page.next
  } while (cursor !== undefined)
  return pages
}

/** Writes events with equal times, so that the order depends on more than the time. */
async function writeMixture(storage: Storage, written: { log: string; event: AuditEvent }[]): Promise<void> {
  const pick = <T>(values: readonly T[], number: number): T => values[number % values.length] as T
  for (let number = 0; number < 120; number += 1) {
    const event = sampleEvent(10_000 + (number % 15), {
      id: `evt_mix_${number}`,
      type: pick(['t1', 't2', 't3'], number),
      outcome: pick(['allow', 'allow', 'deny', 'error'] as const, number),
      code: pick(['XAA1', 'XAA2', 'XAA3'], number >> 1),
      actor: { kind: pick(['app', 'agent'] as const, number), id: pick(['app-1', 'app-2'], number >> 2) },
      delegation: { connection: pick(['con-1', 'con-2', 'con-3'], number >> 3) },
      on_behalf_of: { user_ref: pick(['usr-1', 'usr-2', 'usr-3'], number >> 1) },
    })
    written.push({ log: pick(['list-a', 'list-b'], number >> 4), event })
  }
  await Promise.all(written.map((entry) => storage.ledger.commit(entry)))
}

function matches({ log, event }: { log: string; event: AuditEvent }, query: Filter): boolean {
  const time = Date.parse(event.time)
  return (
    (query.log === undefined || query.log === log) &&
    (query.types === undefined || query.types.includes(event.type)) &&
    (query.outcome === undefined || query.outcome === event.outcome) &&
    (query.codes === undefined || query.codes.includes(event.code ?? '')) &&
    (query.app === undefined || query.app === event.actor.id) &&
    (query.connection === undefined || query.connection === event.delegation?.connection) &&
    (query.anyOf === undefined ||
      query.anyOf.apps.includes(event.actor.id) ||
      query.anyOf.connections.includes(event.delegation?.connection ?? '')) &&
    (query.user === undefined || query.user === event.on_behalf_of?.user_ref) &&
    (query.since === undefined || time >= query.since) &&
    (query.until === undefined || time < query.until)
  )
}
