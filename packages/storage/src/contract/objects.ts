// The contract of the object store: changes are atomic, kept, reported to every process, and never overwrite unseen ones.
import { expect, test, vi } from 'vitest'

import type { TestDatabaseKind } from '../../../../tools/test-databases.ts'
import { useStorage } from './fixture.ts'
import { sampleEvent, START_MS } from './samples.ts'

export function describeObjects(kind: TestDatabaseKind): void {
  const fixture = useStorage(kind)
  const by = { by: 'adm_carol', at: START_MS }

  test('puts, changes, lists and removes, keeping every revision', async () => {
    const { objects } = fixture.storage
    const key = { collection: 'blocks', id: 'b1' }
    const body = { user: 'usr_bob', nested: [1, null, '“'] }
    const start = await objects.revision()
    expect(await objects.put({ ...key, ...by, body, reason: 'lost laptop' })).toEqual({
      ok: true,
      revision: start + 1,
    })
    expect(await objects.put({ ...key, ...by, body: { user: 'usr_eve' }, owner: 'file' })).toMatchObject({
      ok: true,
    })
    expect(await objects.find('blocks', 'b1')).toEqual({
      ...key,
      revision: start + 2,
      owner: 'file',
      body: { user: 'usr_eve' },
      updatedAt: START_MS,
      updatedBy: 'adm_carol',
    })
    await objects.put({ collection: 'blocks', id: 'b0', ...by, body: null })
    await objects.put({ collection: 'other', id: 'b1', ...by, body: 'text' })
    expect((await objects.list('blocks')).map(({ id }) => id)).toEqual(['b0', 'b1'])
    expect(await objects.remove({ ...key, ...by, reason: 'found' })).toEqual({
      ok: true,
      revision: start + 5,
    })
    expect(await objects.find('blocks', 'b1')).toBeUndefined()
    expect(await objects.revision()).toBe(start + 5)
    const history = await objects.history('blocks', 'b1')
    expect(history).toMatchObject([
      { revision: start + 5, owner: 'file', reason: 'found', by: 'adm_carol', at: START_MS },
      { revision: start + 2, body: { user: 'usr_eve' } },
      { revision: start + 1, body, owner: 'database', reason: 'lost laptop' },
    ])
    expect(history.map((revision) => revision.body === undefined)).toEqual([true, false, false])
  })

  test('a change of what another caller changed is a conflict and changes nothing', async () => {
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

  test('makes several changes in their order, all or none', async () => {
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

  test('lists what there was at a revision, and finds the revision of a moment', async () => {
    const { objects } = fixture.storage
    const key = (id: string, afterMs: number) => ({
      collection: 'past',
      id,
      by: 'adm_alice',
      at: START_MS + afterMs,
    })
    const before = await objects.revision()
    await objects.put({ ...key('p2', 1_000_000), body: 'first' })
    await objects.put({ ...key('p1', 2_000_000), body: 'other' })
    await objects.put({ ...key('p2', 2_000_000), body: 'second' })
    await objects.remove(key('p1', 3_000_000))
    const at = async (revision: number) =>
      (await objects.listAt('past', revision)).map(({ id, body }) => [id, body])
    expect(await at(before)).toEqual([])
    expect(await at(before + 1)).toEqual([['p2', 'first']])
    expect(await at(before + 3)).toEqual([
      ['p1', 'other'],
      ['p2', 'second'],
    ])
    expect(await objects.listAt('past', before + 4)).toEqual(await objects.list('past'))
    expect(await objects.revisionAt(START_MS + 999_999)).toBe(before)
    expect(await objects.revisionAt(START_MS + 1_000_000)).toBe(before + 1)
    expect(await objects.revisionAt(START_MS + 2_999_999)).toBe(before + 3)
    expect(await objects.revisionAt(0)).toBe(0)

    expect(await objects.removedBetween('past', before, before + 3)).toEqual([])
    expect(await objects.removedBetween('past', before + 3, before + 4)).toEqual(['p1'])
    expect(await objects.removedBetween('past', before + 4, before + 5)).toEqual([])
    expect(await objects.removedBetween('others', before, before + 4)).toEqual([])

    const between = async (after: number, until: number) =>
      (await objects.changesBetween(after, until)).map(({ revision, id, body }) => [revision, id, body])
    expect(await between(before, before + 2)).toEqual([
      [before + 1, 'p2', 'first'],
      [before + 2, 'p1', 'other'],
    ])
    expect(await between(before + 2, before + 4)).toEqual([
      [before + 3, 'p2', 'second'],
      [before + 4, 'p1', undefined],
    ])
    expect(await objects.changesBetween(before + 4, before + 4)).toEqual([])
    const [first] = await objects.changesBetween(before, before + 1)
    expect(first).toMatchObject({ ...{ collection: 'past', owner: 'database' }, updatedBy: 'adm_alice' })
  })

  test('reads the objects of a collection one by one, nothing twice and nothing missing', async () => {
    const { objects } = fixture.storage
    const read = async (collection: string) => {
      const found: string[] = []
      for await (const { id } of objects.each(collection)) found.push(id)
      return found
    }
    const ids = Array.from({ length: 1_001 }, (_, index) => `p${10_000 + index}`)
    await objects.put({ collection: 'other-each', id: 'p10000', ...by, body: 1 })
    expect(await read('each')).toEqual([])
    await objects.changeAll(ids.slice(1).map((id) => ({ collection: 'each', id, ...by, body: 1 })))
    expect(await read('each')).toEqual(ids.slice(1))
    await objects.put({ collection: 'each', id: 'p10000', ...by, body: 1 })
    expect(await read('each')).toEqual(ids)
    expect((await objects.list('each')).map(({ id }) => id)).toEqual(ids)
  })

  test('of two processes that change the same revision exactly one succeeds', async () => {
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

  test('changes nothing where any object was changed since the revision that the caller saw', async () => {
    const { objects } = fixture.storage
    const key = { collection: 'rests', id: 'r', ...by }
    const seen = await objects.revision()
    await objects.put({ ...key, id: 'another', body: 1 })
    const conflict = { ok: false, conflict: seen + 1 }
    expect(await objects.put({ ...key, body: 1, ifNothingSince: seen })).toEqual(conflict)
    expect(await objects.find('rests', 'r')).toBeUndefined()
    expect(await objects.put({ ...key, body: 1, ifNothingSince: seen + 1 })).toMatchObject({ ok: true })
    expect(await objects.remove({ ...key, ifNothingSince: seen + 1 })).toEqual({
      ok: false,
      conflict: seen + 2,
    })
    expect(await objects.remove({ ...key, ifNothingSince: seen + 2 })).toMatchObject({ ok: true })
  })

  test('replaces and removes the password of a user with the change, or neither', async () => {
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

  test('writes the event of a change with it, in the chain, or neither', async () => {
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
    await expect(objects.put({ ...key, body: 3, event: bad })).rejects.toThrow('not a moment')
    expect(await objects.find('audited', 'a1')).toMatchObject({ body: 1 })
    expect(await events.verify(log)).toMatchObject({ ok: true, events: 4 })
    const { items } = await events.list({ log, types: ['block.created'], limit: 9 })
    expect(items.map((item) => item.event.id)).toEqual(['evt_00000003', 'evt_00000001'])
  })

  test('builds the event of a change with the revision it makes', async () => {
    const { objects, events } = fixture.storage
    const event = (revision: number) => ({
      log: 'revisions',
      event: sampleEvent(1, { change: { revision } }),
    })
    await objects.put({ collection: 'revised', id: 'r1', ...by, body: 1, event })
    const { items } = await events.list({ log: 'revisions', limit: 9 })
    expect(items.map((item) => item.event.change)).toEqual([{ revision: await objects.revision() }])
  })

  test('refuses a body that is no JSON value', async () => {
    const put = { collection: 'bad', id: 'b', ...by, body: undefined }
    expect(() => fixture.storage.objects.put(put)).toThrow(TypeError)
  })

  test('tells own changes at once, those of others soon, each revision once, until ended', async () => {
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
