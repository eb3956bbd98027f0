// The contract of security events: queued with the change they report, claimed by one process at a time, kept until the
// receiver has them; and of revocations received from others.
import { expect, test } from 'vitest'

import type { OutgoingSecurityEvent } from '@crosswalk/as-core'

import type { TestDatabaseKind } from '../../../../tools/test-databases.ts'
import { useStorage } from './fixture.ts'
import { sampleEvent, sampleSecurityEvent, START_MS } from './samples.ts'

const LEASE_MS = 10_000

export function describeSecurityEvents(kind: TestDatabaseKind): void {
  const fixture = useStorage(kind)
  const isServer = kind.name === 'postgres'
  /** A server notes its own time. */
  const createdAt = (time: number) => (isServer ? expect.any(Number) : time)
  const claimAt = (stream: string, now: number, limit = 10) =>
    fixture.storage.securityEvents.claim({ stream, now, leaseMs: LEASE_MS, limit })
  const idsAt = async (stream: string, now: number, limit = 10) =>
    (await claimAt(stream, now, limit)).map(({ id }) => id)

  test('due events are claimed by one process at a time, oldest first, and again after the lease', async () => {
    const { securityEvents: outbox } = fixture.storage
    const events = [1, 2, 3].map((number) => sampleSecurityEvent('lease', number))
    await outbox.add(events)
    await outbox.add([sampleSecurityEvent('other', 1)])
    const now = START_MS + 3
    expect(await claimAt('lease', now, 2)).toEqual(
      events.slice(0, 2).map((event) => ({ ...event, createdAt: createdAt(event.createdAt), attempts: 0 })),
    )
    expect(await idsAt('lease', now)).toEqual(['jti-3'])
    expect(await idsAt('lease', now + LEASE_MS - 1)).toEqual([])
    expect(await idsAt('lease', now + LEASE_MS)).toEqual(['jti-1', 'jti-2', 'jti-3'])
    expect((await outbox.peek('lease', 2)).map(({ id }) => id)).toEqual(['jti-1', 'jti-2'])
  })

  test('an event is due at every node at once, whatever the clock of the node that added it', async () => {
    await fixture.storage.securityEvents.add([sampleSecurityEvent('ahead', 1)])
    const other = await fixture.openAgain()
    const now = START_MS - 3_600_000
    const claim = { stream: 'ahead', now, leaseMs: LEASE_MS, limit: 1 }
    expect((await other.securityEvents.claim(claim)).map(({ id }) => id)).toEqual(['jti-1'])
  })

  // SQLite has no second clock.
  if (isServer)
    test('the age of an event does not depend on the clock of the node that added it', async () => {
      const { securityEvents: outbox } = fixture.storage
      const before = await outbox.readTimeMs()
      await outbox.add([{ ...sampleSecurityEvent('behind', 1), createdAt: before - 8 * 86_400_000 }])
      const [event] = await outbox.peek('behind', 1)
      expect(event?.createdAt).toBeGreaterThanOrEqual(before)
      expect(event?.createdAt).toBeLessThanOrEqual(await outbox.readTimeMs())
    })

  test('each event goes to exactly one of many concurrent claims in two processes', async () => {
    const other = await fixture.openAgain()
    // A race, which one round may miss.
    for (let round = 0; round < 10; round += 1) {
      const stream = `many-${round}`
      await fixture.storage.securityEvents.add(
        Array.from({ length: 20 }, (_, number) => sampleSecurityEvent(stream, number)),
      )
      const claims = await Promise.all(
        Array.from({ length: 10 }, (_, index) =>
          (index % 2 === 0 ? other : fixture.storage).securityEvents.claim({
            ...{ stream, now: START_MS + 100, leaseMs: LEASE_MS, limit: 5 },
          }),
        ),
      )
      const taken = claims.flat().map(({ id }) => id)
      expect(new Set(taken).size).toBe(taken.length)
      expect(taken.length).toBeGreaterThanOrEqual(5)
    }
  })

  test('counts deliveries, their lag, and failures since', async () => {
    const { securityEvents: outbox } = fixture.storage
    const state = async () => (await outbox.describe()).find(({ stream }) => stream === 'state')
    const [first, second, third] = [1, 2, 3].map((number) => sampleSecurityEvent('state', number)) as [
      OutgoingSecurityEvent,
      OutgoingSecurityEvent,
      OutgoingSecurityEvent,
    ]
    await outbox.add([first, second, third])
    expect(await state()).toEqual({
      stream: 'state',
      pending: 3,
      oldestCreatedAt: createdAt(START_MS + 1),
      delivered: 0,
      abandoned: 0,
    })
    const at = START_MS + 50
    await outbox.add([1, 2].map((number) => sampleSecurityEvent('state of another', number)))
    await outbox.postpone({ event: first, error: 'status 503\0', at, dueAt: at + 1000 })
    expect(await state()).toMatchObject({ pending: 3, lastError: 'status 503\ufffd', lastErrorAt: at })
    expect(await idsAt('state', at)).toEqual(['jti-2', 'jti-3'])
    expect(await claimAt('state', at + 1000)).toEqual([
      { ...first, createdAt: createdAt(first.createdAt), attempts: 1 },
    ])
    expect(await outbox.settle('state', ['jti-1', 'unknown'], at + 1001)).toBe(1)
    expect(await state()).toEqual({
      stream: 'state',
      pending: 2,
      oldestCreatedAt: createdAt(START_MS + 2),
      delivered: 1,
      abandoned: 0,
      lastDeliveredAt: at + 1001,
      lastLagMs: createdAt(1050),
    })
    // Two processes may give up on the same event.
    const recorded = (number: number) => ({ log: 'abandoned', event: sampleEvent(number) })
    const bad = { log: 'abandoned', event: { ...sampleEvent(1), time: 'never' } }
    await expect(outbox.abandon({ event: second, error: 'too old', at }, bad)).rejects.toThrow(TypeError)
    expect(await state()).toMatchObject({ pending: 2, abandoned: 0 })
    for (const number of [1, 2])
      await outbox.abandon({ event: second, error: 'too old', at }, recorded(number))
    const { items } = await fixture.storage.events.list({ log: 'abandoned', limit: 10 })
    expect(items.map(({ event }) => event)).toEqual([recorded(1).event])
    expect(await outbox.settle('state', [], at)).toBe(0)
    await outbox.settle('state', ['jti-3'], at + 2000)
    expect(await state()).toMatchObject({ pending: 0, delivered: 2, abandoned: 1 })
    await outbox.add([sampleSecurityEvent('forgotten', 1)])
    await outbox.abandon({ event: sampleSecurityEvent('forgotten', 1), error: 'too old', at }, recorded(3))
    const key = { collection: 'streams', id: 'state', by: 'adm', at }
    await fixture.storage.objects.put({ ...key, body: 1, droppedStream: 'state' })
    expect(await state()).toBeUndefined()
    expect((await outbox.describe()).map(({ stream }) => stream)).toContain('forgotten')
    expect(await idsAt('state of another', at)).toEqual(['jti-1', 'jti-2'])
  })

  test('notes no failure of an event that another process has delivered', async () => {
    const { securityEvents: outbox, events } = fixture.storage
    await outbox.add([sampleSecurityEvent('slow', 1)])
    const [event] = await claimAt('slow', START_MS)
    if (event === undefined) throw new Error('nothing was claimed')
    const at = START_MS + LEASE_MS
    expect(await idsAt('slow', at)).toEqual(['jti-1'])
    await outbox.settle('slow', ['jti-1'], at)
    // The first process stood still for longer than its lease.
    await outbox.postpone({ event, error: 'timeout', at: at + 1, dueAt: at + 1000 })
    await outbox.abandon({ event, error: 'timeout', at: at + 1 }, { log: 'slow', event: sampleEvent(1) })
    const state = (await outbox.describe()).find(({ stream }) => stream === 'slow')
    expect(state).toMatchObject({ pending: 0, delivered: 1, abandoned: 0 })
    expect(state).not.toHaveProperty('lastError')
    expect((await events.list({ log: 'slow', limit: 1 })).items).toEqual([])
  })

  test('moves the pending events of a stream to another, where they are due', async () => {
    const { securityEvents: outbox } = fixture.storage
    const events = [1, 2].map((number) => sampleSecurityEvent('before', number))
    await outbox.add(events)
    await outbox.add([{ ...sampleSecurityEvent('after', 3), id: 'jti-3' }])
    const [first] = events as [OutgoingSecurityEvent]
    const at = START_MS + 50
    await outbox.postpone({ event: first, error: 'status 404', at, dueAt: at + 300_000 })
    await outbox.move('before', 'after')
    expect((await claimAt('after', at)).map(({ id, attempts }) => [id, attempts])).toEqual([
      ['jti-1', 0],
      ['jti-2', 0],
      ['jti-3', 0],
    ])
    expect((await outbox.describe()).map(({ stream }) => stream)).not.toContain('before')
  })

  test('queues events only together with a change of an object; notifies local listeners', async () => {
    const { objects, securityEvents: outbox } = fixture.storage
    let told = 0
    const end = outbox.onAdded(() => (told += 1))
    const key = { collection: 'told', id: 't1', by: 'adm', at: START_MS }
    await objects.put({ ...key, body: 1, securityEvents: [sampleSecurityEvent('objects', 1)] })
    expect(told).toBe(1)
    const stale = { ...key, body: 2, ifRevision: 0, securityEvents: [sampleSecurityEvent('objects', 2)] }
    expect(await objects.put(stale)).toMatchObject({ ok: false })
    const bad = {
      ...key,
      body: 3,
      securityEvents: [sampleSecurityEvent('objects', 3), sampleSecurityEvent('objects', 1)],
    }
    await expect(objects.put(bad)).rejects.toThrow()
    expect(await objects.find('told', 't1')).toMatchObject({ body: 1 })
    expect(await idsAt('objects', START_MS + 100)).toEqual(['jti-1'])
    end()
    await objects.put({ ...key, body: 4, securityEvents: [sampleSecurityEvent('objects', 4)] })
    expect(told).toBe(1)
  })

  test('drops the events of a stream only together with a change of an object', async () => {
    const { objects, securityEvents: outbox } = fixture.storage
    const other = await fixture.openAgain()
    const key = { collection: 'streams', id: 'created twice', by: 'adm', at: START_MS }
    const creation = { ...key, body: 1, ifRevision: 0, droppedStream: 'created twice' }
    await outbox.add([sampleSecurityEvent('created twice', 1)])
    await objects.put({ ...creation, securityEvents: [sampleSecurityEvent('created twice', 2)] })
    await outbox.add([sampleSecurityEvent('created twice', 3)])
    expect(await other.objects.put(creation)).toMatchObject({ ok: false })
    expect(await idsAt('created twice', START_MS + 100)).toEqual(['jti-2', 'jti-3'])
    await other.objects.remove({ ...key, droppedStream: 'created twice' })
    expect(await outbox.peek('created twice', 10)).toEqual([])
  })

  test('queues events with the end of a session', async () => {
    const { signIn } = fixture.storage
    await signIn.upsert('Session', 's1', { uid: 'u1' })
    await signIn.destroy('Session', 's1', [sampleSecurityEvent('sessions', 1)])
    expect(await signIn.find('Session', 's1')).toBeUndefined()
    expect(await idsAt('sessions', START_MS + 100)).toEqual(['jti-1'])
  })

  test('stores as many revocations at once as an agent can have ID-JAGs', async () => {
    const { receivedRevocations: store } = fixture.storage
    const many = Array.from({ length: 16_400 }, (_, index) => ({
      ...{
        id: 'set-many',
        authorizationServer: 'many',
        issuer: 'https://idp.test',
        grantId: `grant-${index}`,
      },
      ...{ issuedUntil: 1000, expiresAt: 1400, rememberedUntil: 1400 },
    }))
    await store.add(many)
    expect(await store.listOf('many', 'set-many')).toHaveLength(many.length)
    await store.forgetExpired(1401)
    expect(await store.listAfter(0)).toEqual([])
  })

  test('revocations are visible in the order of their positions, however many another process stores', async () => {
    const { receivedRevocations: store } = fixture.storage
    const [other, reader] = [await fixture.openAgain(), await fixture.openAgain()]
    const build = (length: number) =>
      Array.from({ length }, (_, index) => ({
        ...{
          id: 'set-order',
          authorizationServer: 'order',
          issuer: 'https://idp.test',
          grantId: `g-${index}`,
        },
        ...{ issuedUntil: 1000, expiresAt: 1400, rememberedUntil: 1400 },
      }))
    let seen = 0
    let last = 0
    const read = async () => {
      const found = await reader.receivedRevocations.listAfter(last)
      seen += found.length
      last = found.at(-1)?.position ?? last
    }
    let adding = true
    const added = Promise.all([
      store.add(build(2000)),
      (async () => {
        for (let time = 0; time < 20; time += 1) await other.receivedRevocations.add(build(1))
      })(),
    ]).finally(() => (adding = false))
    while (adding) await read()
    await added
    await read()
    expect(seen).toBe(2020)
    await store.forgetExpired(1401)
  })

  test('keeps received revocations in order until they expire', async () => {
    const { receivedRevocations: store } = fixture.storage
    const other = await fixture.openAgain()
    const whole = {
      id: 'set-1',
      authorizationServer: 'todo0',
      issuer: 'https://idp.test',
      tenant: 'acme',
      subject: 'usr_alice',
      clientId: 'agent0',
      grantId: 'grant',
      resources: ['https://todo.test/mcp'],
      issuedUntil: 1000.5,
      expiresAt: 1400,
      // A short-lived request is forgotten before the ID-JAGs it revoked expire.
      rememberedUntil: 1200,
    }
    const bare = {
      id: 'set-2',
      authorizationServer: 'notes0',
      issuer: 'https://idp.test',
      issuedUntil: 1,
      expiresAt: 1250,
      rememberedUntil: 1300,
    }
    await store.add([])
    await store.add([whole, bare])
    const [first, second, ...more] = await other.receivedRevocations.listAfter(0)
    expect([first, second, more]).toMatchObject([whole, bare, []])
    expect(await store.listAfter(first?.position ?? 0)).toEqual([second])
    expect(await other.receivedRevocations.listOf('todo0', 'set-1')).toEqual([first])
    expect(await other.receivedRevocations.listOf('notes0', 'set-1')).toEqual([])
    await store.forgetExpired(1300)
    expect(await store.listAfter(0)).toHaveLength(2)
    await store.forgetExpired(1300.5)
    expect(await store.listAfter(0)).toEqual([first])
  })
}
