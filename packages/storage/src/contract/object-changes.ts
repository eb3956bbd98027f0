// The contract of changes of objects: atomic, durable, reported to every process, and never overwriting unseen ones.
import { expect, test, vi } from 'vitest'

import type { TestDatabaseKind } from '../../../../tools/test-databases.ts'
import { useStorage } from './fixture.ts'
import { sampleEvent, START_MS } from './samples.ts'

export function describeObjectChanges(kind: TestDatabaseKind): void {
  const fixture = useStorage(kind)
  const by = { by: 'adm_carol', at: START_MS }

  test('an update of an object that another caller changed is a conflict and changes nothing', async () => {
    const { objects } = fixture.storage
    const key = { collection: 'conflicts', id: 'c1', ...by }
    expect(await objects.put({ ...key, body: 1, ifRevision: 7 })).toEqual({ ok: false, conflict: 0 })
    expect(await objects.remove(key)).toEqual({ ok: false, conflict: 0 })
    const made = await objects.put({ ...key, body: 1, ifRevision: 0 })
    const revision = await objects.revision()
    expect(made).toEqual({ ok: true, revision })
    for (const stale of [0, revision - 1, revision + 1]) {
      expect(await objects.put({ ...key, body: 2, ifRevision: stale })).toEqual({
        ok: false,
        conflict: revision,
      })
      expect(await objects.remove({ ...key, ifRevision: stale })).toEqual({ ok: false, conflict: revision })
    }
    expect(await objects.revision()).toBe(revision)
    expect(await objects.find('conflicts', 'c1')).toMatchObject({ body: 1 })
    expect(await objects.put({ ...key, body: 2, ifRevision: revision })).toMatchObject({ ok: true })
  })

  test('applies several changes in order, all or none', async () => {
    const { objects } = fixture.storage
    const step = (id: string) => ({ collection: 'batches', id, ...by })
    await objects.put({ ...step('b1'), body: 1 })
    const start = await objects.revision()
    const steps = [
      { ...step('b2'), body: 2, ifRevision: 0 },
      { ...step('b1'), ifRevision: start },
    ]
    const stale = { ...step('b1'), body: 9, ifRevision: start }
    expect(await objects.changeAll([...steps, stale])).toEqual({ ok: false, conflict: 0 })
    expect(await objects.revision()).toBe(start)
    expect(await objects.changeAll(steps)).toEqual({ ok: true, revision: start + 2 })
    expect(await objects.list('batches')).toMatchObject([{ id: 'b2', body: 2, revision: start + 1 }])
    expect((await objects.history('batches', 'b1'))[0]).toMatchObject({
      revision: start + 2,
      body: undefined,
    })
    expect(await objects.changeAll([])).toEqual({ ok: true, revision: start + 2 })
  })

  test('of several hundred changes in one transaction, the last of each object counts', async () => {
    const { objects } = fixture.storage
    const ids = Array.from({ length: 450 }, (_, at) => `s${String(at).padStart(3, '0')}`)
    const step = (id: string) => ({ collection: 'several', id, ...by })
    await objects.put({ ...step('s449'), owner: 'file', body: 'before' })
    const start = await objects.revision()
    const outcome = await objects.changeAll([
      ...ids.map((id) => ({ ...step(id), body: 'first' })),
      ...ids.slice(0, 400).map((id) => ({ ...step(id), ifRevision: start + 1 + ids.indexOf(id) })),
      { ...step('s000'), ifRevision: 0, body: 'again' },
      { ...step('s401'), body: 'second' },
    ])
    expect(outcome).toEqual({ ok: true, revision: start + 852 })
    const [again, ...others] = await objects.list('several')
    expect(again).toMatchObject({ id: 's000', body: 'again', revision: start + 851 })
    expect(others.map(({ id }) => id)).toEqual(ids.slice(400))
    expect(others[1]).toMatchObject({ body: 'second', revision: start + 852 })
    expect(others.at(-1)).toMatchObject({ body: 'first', owner: 'file', revision: start + 450 })
    expect((await objects.history('several', 's000')).map(({ body }) => body)).toEqual([
      ...['again', undefined, 'first'],
    ])
  })

  test('exactly one of two processes that change the same revision succeeds', async () => {
    const other = await fixture.openAgain()
    const key = { collection: 'races', id: 'r1', ...by }
    await fixture.storage.objects.put({ ...key, body: 0 })
    const ifRevision = await other.objects.revision()
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        (index % 2 === 0 ? other : fixture.storage).objects.put({ ...key, body: index, ifRevision }),
      ),
    )
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1)
  })

  test('changes nothing if the data that a change was based on has changed', async () => {
    const { objects } = fixture.storage
    const key = { collection: 'rests', id: 'r', ...by }
    const seen = await objects.revision()
    const basis = (revision: number, keys: readonly string[] = []) => ({
      revision,
      lookedUp: { collection: 'many', keys },
    })
    await objects.put({ ...key, id: 'another', body: 1 })
    const conflict = (by: number) => ({ ok: false, conflict: seen + by })
    expect(await objects.put({ ...key, body: 1 }, basis(seen))).toEqual(conflict(1))
    expect(await objects.find('rests', 'r')).toBeUndefined()
    expect(await objects.put({ ...key, body: 1 }, basis(seen + 1))).toMatchObject({ ok: true })
    expect(await objects.remove(key, basis(seen + 1))).toEqual(conflict(2))
    const steps = [
      { ...key, body: 2 },
      { ...key, id: 'other', body: 1 },
    ]
    expect(await objects.changeAll(steps, basis(seen + 1))).toEqual(conflict(2))
    expect(await objects.changeAll(steps, basis(seen + 2))).toMatchObject({ ok: true })
    expect(await objects.remove(key, basis(seen + 4))).toMatchObject({ ok: true })
  })

  test('of the collection looked up, only removed objects and those that share a key count', async () => {
    const { objects } = fixture.storage
    const put = (id: string, keys: readonly string[]) =>
      objects.put({ collection: 'many', id, ...by, body: 1, keys })
    const revision = await objects.revision()
    const change = (keys: readonly string[], id = 'm-new') =>
      objects.put(
        { collection: 'many', id, ...by, body: 1, keys },
        { revision, lookedUp: { collection: 'many', keys } },
      )
    await put('m-one', ['name:one', 'group:all'])
    expect(await change(['name:one'])).toEqual({ ok: false, conflict: revision + 1 })
    expect(await change(['name:two'])).toMatchObject({ ok: true })
    const others = Array.from({ length: 1000 }, (_, at) => `name:other-${at}`)
    for (const keys of [
      ['name:one', ...others],
      [...others, 'name:one'],
      [...others, 'name:one', 'name:last'],
    ])
      expect(await change(keys, 'm-late')).toEqual({ ok: false, conflict: revision + 2 })
    await put('m-far', ['name:far'])
    const now = { revision: revision + 2, lookedUp: { collection: 'many', keys: ['name:two'] } }
    expect(await objects.put({ collection: 'rests', id: 'm-now', ...by, body: 1 }, now)).toMatchObject({
      ok: true,
    })
    await objects.remove({ collection: 'many', id: 'm-one', ...by })
    const changeSince = (seen: number) => {
      const lookedUp = { collection: 'many', keys: ['name:three'] }
      return objects.put({ collection: 'many', id: 'm-free', ...by, body: 1 }, { revision: seen, lookedUp })
    }
    expect(await changeSince(revision + 4)).toEqual({ ok: false, conflict: revision + 5 })
    expect(await changeSince(revision + 5)).toMatchObject({ ok: true })
  })

  test('a change of an object looked up is a conflict if that object has changed since its basis', async () => {
    const { objects } = fixture.storage
    const step = { collection: 'many', id: 'm-same', ...by, body: 1 }
    const revision = await objects.revision()
    const basis = { revision, lookedUp: { collection: 'many', keys: [] } }
    await objects.put({ ...step, id: 'm-other' })
    // Within one change, the second step may follow from the first.
    expect(await objects.changeAll([step, step], basis)).toMatchObject({ ok: true })
    const conflict = { ok: false, conflict: revision + 3 }
    expect(await objects.put(step, basis)).toEqual(conflict)
    expect(await objects.remove(step, basis)).toEqual(conflict)
    expect(await objects.changeAll([{ ...step, id: 'm-more' }, step], basis)).toEqual(conflict)
    expect(await objects.find('many', 'm-more')).toBeUndefined()
  })

  test('replaces and removes the password of a user together with the change, or not at all', async () => {
    const { objects, passwordHashes } = fixture.storage
    const key = { collection: 'users', id: 'usr_pw', ...by }
    const find = () => passwordHashes.find('usr_pw')
    expect(await objects.put({ ...key, body: 1, passwordHash: 'first' })).toMatchObject({ ok: true })
    expect([await find(), await passwordHashes.fingerprint('usr_pw')]).toEqual(['first', 'database'])
    await objects.put({ ...key, body: 2, ifRevision: 0, passwordHash: 'of a conflict' })
    const bad = { log: 'objects', event: sampleEvent(7, { time: 'never' }) }
    await expect(objects.put({ ...key, body: 2, passwordHash: 'of a fault', event: bad })).rejects.toThrow()
    await objects.put({ ...key, body: 2, passwordHash: undefined })
    expect(await find()).toBe('first')
    await objects.changeAll([
      { ...key, body: 3, passwordHash: 'second' },
      { ...key, id: 'other', body: 1 },
    ])
    expect(await find()).toBe('second')
    await objects.put({ ...key, body: 4, passwordHash: null })
    expect(await find()).toBeUndefined()
  })

  test('links a new user together with the change, or creates none', async () => {
    const { objects, upstreamLinks } = fixture.storage
    const key = { collection: 'users', id: 'usr_new', ...by, body: 1 }
    const upstreamLink = { upstream: 'corp', subject: 'sub-new', created: true, at: START_MS }
    const bad = { log: 'objects', event: sampleEvent(7, { time: 'never' }) }
    await expect(objects.put({ ...key, upstreamLink, event: bad })).rejects.toThrow()
    expect(await upstreamLinks.find('corp', 'sub-new')).toBeUndefined()
    expect(await objects.put({ ...key, upstreamLink })).toMatchObject({ ok: true })
    expect(await upstreamLinks.find('corp', 'sub-new')).toEqual({ userId: 'usr_new', created: true })
    const taken = await objects.put({ ...key, id: 'usr_late', upstreamLink })
    expect(taken).toEqual({ ok: false, conflict: 0 })
    expect(await objects.find('users', 'usr_late')).toBeUndefined()
  })

  test('writes a change and its chained event together, or neither', async () => {
    const { objects, events, ledger } = fixture.storage
    const key = { collection: 'audited', id: 'a1', ...by }
    const log = 'objects'
    const event = (number: number) => ({ log, event: sampleEvent(number, { type: 'block.created' }) })
    await Promise.all([
      objects.put({ ...key, body: 1, event: event(1) }),
      ledger.commit({ log, event: sampleEvent(2) }),
      objects.put({ ...key, id: 'a2', body: 1, event: () => event(3) }),
      ledger.commit({ log, event: sampleEvent(4) }),
    ])
    expect(await objects.put({ ...key, body: 2, ifRevision: 0, event: event(5) })).toMatchObject({
      ok: false,
    })
    const bad = { log, event: sampleEvent(6, { time: 'never' }) }
    await expect(objects.put({ ...key, body: 3, event: bad })).rejects.toThrow('not a valid time')
    expect(await objects.find('audited', 'a1')).toMatchObject({ body: 1 })
    expect(await events.verify(log)).toMatchObject({ ok: true, events: 4 })
    const { items } = await events.list({ log, types: ['block.created'], limit: 9 })
    expect(items.map((item) => item.event.id)).toEqual(['evt_00000003', 'evt_00000001'])
  })

  test('passes the new revision to the event of a change', async () => {
    const { objects, events } = fixture.storage
    const event = (revision: number) => ({
      log: 'revisions',
      event: sampleEvent(1, { change: { revision } }),
    })
    await objects.put({ collection: 'revised', id: 'r1', ...by, body: 1, event })
    const { items } = await events.list({ log: 'revisions', limit: 9 })
    expect(items.map((item) => item.event.change)).toEqual([{ revision: await objects.revision() }])
  })

  test('appends the events of many changes in order, each to its log', async () => {
    const { objects, events } = fixture.storage
    const start = await objects.revision()
    const logOf = (number: number) => (number % 3 === 0 ? 'thirds' : 'others')
    const numbers = Array.from({ length: 450 }, (_, number) => number)
    const steps = numbers.map((number) => ({
      ...{ collection: 'many', id: `m${number}`, ...by, body: number },
      event: (revision: number) => [
        { log: logOf(number), event: sampleEvent(number, { change: { revision } }) },
        { log: 'each', event: sampleEvent(number, { change: { revision } }) },
      ],
    }))
    expect(await objects.changeAll(steps)).toEqual({ ok: true, revision: start + 450 })
    for (const [log, count] of [
      ['thirds', 150],
      ['others', 300],
      ['each', 450],
    ] as const) {
      expect(await events.verify(log)).toMatchObject({ ok: true, events: count })
      const revisions = []
      for await (const { event } of events.stream({ chain: log }))
        revisions.push((event.change as { readonly revision: number }).revision)
      const own = log === 'each' ? numbers : numbers.filter((number) => logOf(number) === log)
      expect(revisions).toEqual(own.map((number) => start + 1 + number))
    }
    expect(await objects.history('many', 'm449')).toMatchObject([{ revision: start + 450, body: 449 }])
    expect(await objects.find('many', 'm200')).toMatchObject({ revision: start + 201, body: 200 })
  })

  test('leaves the keys of the last change of each object in a transaction', async () => {
    const { objects } = fixture.storage
    const put = (id: string, keys?: readonly string[]) => ({
      ...{ collection: 'rekeyed-at-once', id, ...by, body: id },
      ...(keys === undefined ? {} : { keys }),
    })
    const find = (key: string) => objects.findByKey('rekeyed-at-once', key)
    await objects.changeAll([put('changed', ['old']), put('kept', ['old']), put('removed', ['old'])])
    await objects.changeAll([
      ...[put('changed', ['first']), put('changed', ['last']), put('changed')],
      ...[put('kept'), put('again', ['lost'])],
      ...['removed', 'again'].map((id) => ({ collection: 'rekeyed-at-once', id, ...by })),
      put('again', ['last']),
    ])
    expect(await find('old')).toEqual(['kept'])
    expect(await find('last')).toEqual(['again', 'changed'])
    expect([...(await find('first')), ...(await find('lost'))]).toEqual([])
  })

  test('refuses a body that is not a JSON value', async () => {
    const put = { collection: 'bad', id: 'b', ...by, body: undefined }
    expect(() => fixture.storage.objects.put(put)).toThrow(TypeError)
  })

  test('reports own changes immediately and others soon, each revision once, until unsubscribed', async () => {
    const other = await fixture.openAgain()
    const { objects } = fixture.storage
    const heard: number[] = []
    const end = await objects.onChange((revision) => heard.push(revision))
    await objects.put({ collection: 'heard', id: 'h1', ...by, body: 1 })
    const own = await objects.revision()
    expect(heard).toEqual([own])
    await other.objects.put({ collection: 'heard', id: 'h2', ...by, body: 1 })
    await vi.waitFor(() => expect(heard).toEqual([own, own + 1]), { timeout: 10_000 })
    end()
    await objects.put({ collection: 'heard', id: 'h3', ...by, body: 1 })
    expect(heard).toEqual([own, own + 1])
  })
}
