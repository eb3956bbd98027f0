// The contract of the object store: what it lists, and finds by id, key, revision and time.
import { sql } from 'kysely'
import { expect, test } from 'vitest'

import type { TestDatabaseKind } from '../../../../tools/test-databases.ts'
import { useStorage } from './fixture.ts'
import { runStatement } from './run-statement.ts'
import { START_MS } from './samples.ts'

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
    const ofBoth = ['b0', 'b1', 'unknown']
    expect(await objects.listRevisions('blocks', ofBoth, start + 1)).toEqual([
      { id: 'b1', revision: start + 5, removed: true, reason: 'found', by: 'adm_carol', at: START_MS },
      { id: 'b0', revision: start + 3, removed: false, reason: undefined, by: 'adm_carol', at: START_MS },
      { id: 'b1', revision: start + 2, removed: false, reason: undefined, by: 'adm_carol', at: START_MS },
    ])
    expect(await objects.listRevisions('blocks', ['b0', 'b1'], start + 5)).toEqual([])
    expect(await objects.listRevisions('blocks', [], 0)).toEqual([])
  })

  test('knows when objects were created, and forgets what was before a removal', async () => {
    const { objects } = fixture.storage
    const at = (afterMs: number) => ({ by: 'adm_carol', at: START_MS + afterMs })
    const key = (id: string) => ({ collection: 'dated', id })
    for (const id of ['changed', 'restored', 'removed']) {
      await objects.put({ ...key(id), ...at(1), body: 1 })
      await objects.put({ ...key(id), ...at(2), body: 2 })
    }
    await objects.put({ collection: 'others', id: 'changed', ...at(0), body: 1 })
    for (const id of ['restored', 'removed']) await objects.remove({ ...key(id), ...at(3) })
    await objects.put({ ...key('restored'), ...at(4), body: 2 })
    await objects.put({ ...key('restored'), ...at(5), body: 3 })
    const found = await objects.createdAt('dated', ['changed', 'restored', 'removed', 'unknown'])
    expect([...found].sort()).toEqual([
      ['changed', START_MS + 1],
      ['restored', START_MS + 4],
    ])
    expect(await objects.createdAt('dated', [])).toEqual(new Map())
  })

  test('lists the objects at a revision, and finds the revision at a given time', async () => {
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
    const page = (revision: number, after = '', limit = 10) =>
      objects.pageAt('past', revision, { after, limit })
    const at = async (revision: number) => (await page(revision)).map(({ id, body }) => [id, body])
    expect(await at(before)).toEqual([])
    expect(await at(before + 1)).toEqual([['p2', 'first']])
    expect(await at(before + 3)).toEqual([
      ['p1', 'other'],
      ['p2', 'second'],
    ])
    expect(await page(before + 3, '', 1)).toMatchObject([{ id: 'p1', body: 'other' }])
    expect(await page(before + 3, 'p1', 1)).toMatchObject([{ id: 'p2', body: 'second' }])
    expect(await page(before + 3, 'p2', 1)).toEqual([])
    // A removed object takes no place on a page.
    expect(await page(before + 4, '', 1)).toEqual(await objects.list('past'))
    expect(await objects.revisionAt(START_MS + 999_999)).toBe(before)
    expect(await objects.revisionAt(START_MS + 1_000_000)).toBe(before + 1)
    expect(await objects.revisionAt(START_MS + 2_999_999)).toBe(before + 3)
    expect(await objects.revisionAt(0)).toBe(0)

    expect(await objects.findManyAt('past', before + 3, ['p2', 'p0'])).toMatchObject([
      { id: 'p2', body: 'second' },
    ])
    expect(await objects.findManyAt('past', before + 3, [])).toEqual([])

    expect(await objects.changedBetween('past', before, before + 1)).toEqual(['p2'])
    expect((await objects.changedBetween('past', before, before + 3)).toSorted()).toEqual(['p1', 'p2'])
    expect(await objects.changedBetween('past', before + 3, before + 4)).toEqual(['p1'])
    expect(await objects.changedBetween('past', before + 4, before + 5)).toEqual([])
    expect(await objects.changedBetween('others', before, before + 4)).toEqual([])

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
    const of = { collection: 'past', ids: ['p1', 'p9'], limit: 3 }
    expect(await objects.changesBetween(before, before + 4, of)).toMatchObject([
      { id: 'p1', body: 'other' },
      { id: 'p1', body: undefined },
    ])
    const limited = await objects.changesBetween(before, before + 4, { ...of, limit: 1 })
    expect(limited).toMatchObject([{ id: 'p1', body: 'other' }])
    const others = { ...of, collection: 'others' }
    expect(await objects.changesBetween(before, before + 4, others)).toEqual([])
    const [first] = await objects.changesBetween(before, before + 1)
    expect(first).toMatchObject({ ...{ collection: 'past', owner: 'database' }, updatedBy: 'adm_alice' })
  })

  test('reads a collection page by page, ordered by code units', async () => {
    const { objects } = fixture.storage
    const ids = ['B', '_', 'a', 'a-1', 'a.1', 'aa', 'b'].toSorted()
    await objects.changeAll(ids.toReversed().map((id) => ({ collection: 'paged', id, ...by, body: id })))
    await objects.put({ collection: 'other-paged', id: 'a0', ...by, body: 1 })
    const read = async (after: string, limit: number) =>
      (await objects.page('paged', { after, limit })).map(({ body }) => body)
    expect(await read('', 100)).toEqual(ids)
    expect(await read('', ids.length)).toEqual(ids)
    expect(await read('', 2)).toEqual(ids.slice(0, 2))
    expect(await read(ids[1] ?? '', 2)).toEqual(ids.slice(2, 4))
    expect(await read('a0', 1)).toEqual(['aa'])
    expect(await read(ids.at(-1) ?? '', 2)).toEqual([])
    expect((await objects.list('paged')).map(({ id }) => id)).toEqual(ids)
    expect(await objects.count('paged')).toBe(ids.length)
    expect(await objects.count('none')).toBe(0)
  })

  test('finds several objects together, skipping missing ones', async () => {
    const { objects } = fixture.storage
    await objects.changeAll(['m1', 'm2', 'm3'].map((id) => ({ collection: 'many', id, ...by, body: id })))
    await objects.put({ collection: 'other-many', id: 'm4', ...by, body: 1 })
    expect(await objects.findMany('many', ['m3', 'm4', 'm1'])).toMatchObject([{ body: 'm1' }, { body: 'm3' }])
    expect(await objects.findMany('many', [])).toEqual([])
    expect(await objects.filterIds('many', ['m3', 'm4', 'm1'])).toEqual(['m1', 'm3'])
    expect(await objects.filterIds('many', [])).toEqual([])
  })

  test('tells removed objects from existing ones and from unknown ones', async () => {
    const { objects } = fixture.storage
    const put = (id: string, collection = 'former') => objects.put({ collection, id, ...by, body: id })
    const remove = (id: string, collection = 'former') => objects.remove({ collection, id, ...by })
    for (const id of ['gone', 'kept', 'again']) await put(id)
    await put('kept', 'other-former')
    await remove('kept', 'other-former')
    await remove('gone')
    await remove('again')
    // An object of another collection with this id is still there.
    await put('gone', 'other-former')
    const ids = ['kept', 'gone', 'again', 'unknown']
    expect(await objects.filterRemoved('former', ids)).toEqual(['again', 'gone'])
    await put('again')
    expect(await objects.filterRemoved('former', ids)).toEqual(['gone'])
    expect(await objects.filterRemoved('former', [])).toEqual([])
  })

  test('finds objects by the keys of their last change', async () => {
    const { objects } = fixture.storage
    const put = (id: string, keys: readonly string[] | undefined, collection = 'keyed') =>
      objects.put({ collection, id, ...by, body: id, ...(keys === undefined ? {} : { keys }) })
    const find = (key: string) => objects.findByKey('keyed', key)
    await put('k2', ['name:bob', 'group:a', 'group:a'])
    await put('k1', ['name:alice', 'group:a', 'group:b'])
    await put('k3', ['name:alice', 'group:a'], 'other-keyed')
    expect(await find('group:a')).toEqual(['k1', 'k2'])
    expect(await objects.findByKey('keyed', 'group:a', 1)).toEqual(['k1'])
    expect(await objects.countByKey('keyed', 'group:a')).toBe(2)
    expect(await objects.countByKey('keyed', 'group:c')).toBe(0)
    expect(await find('name:alice')).toEqual(['k1'])
    expect(await find('group')).toEqual([])
    expect(await objects.listKeys('keyed', 'group:')).toEqual(['group:a', 'group:b'])
    expect(await objects.listKeys('keyed', 'none:')).toEqual([])
    const counts = [
      ['group:a', 2],
      ['group:b', 1],
    ]
    expect([...(await objects.countByKeys('keyed', 'group:'))]).toEqual(counts)
    expect([...(await objects.countByKeys('keyed', 'none:'))]).toEqual([])

    await put('k1', ['name:alice2'])
    expect(await find('name:alice')).toEqual([])
    expect(await find('name:alice2')).toEqual(['k1'])
    expect(await find('group:a')).toEqual(['k2'])
    expect(await objects.listKeys('keyed', 'group:')).toEqual(['group:a'])
    await put('k1', ['name:same-id'], 'other-keyed')
    await objects.remove({ collection: 'keyed', id: 'k1', ...by })
    expect(await find('name:alice2')).toEqual([])
    expect(await objects.findByKey('other-keyed', 'name:same-id')).toEqual(['k1'])
    expect(await objects.find('other-keyed', 'k1')).toBeDefined()

    // An index entry in PostgreSQL can have 2,700 bytes.
    const longest = `long:${'€'.repeat(507)}`
    await put('k4', [longest])
    expect(await find(longest)).toEqual(['k4'])
  })

  test('finds all objects with one key, however many, in portions', async () => {
    const { objects } = fixture.storage
    const rows = sql`insert into object_keys (collection, key, id, revision)
      with recursive numbers (n) as (select 10001 union all select n + 1 from numbers where n < 20001)
      select 'portions', 'group:all', 'k' || n, 1 from numbers`
    await runStatement(fixture.url, rows)
    const ids = Array.from({ length: 10_001 }, (_, n) => `k${n + 10_001}`)
    expect(await objects.findByKey('portions', 'group:all')).toEqual(ids)
    for (const limit of [4_999, 5_000, 5_001, 10_000, 10_002])
      expect(await objects.findByKey('portions', 'group:all', limit)).toEqual(ids.slice(0, limit))
  })

  test('adds keys to objects stored without them', async () => {
    const { objects } = fixture.storage
    const put = (id: string, body: string, keys?: readonly string[]) =>
      objects.put({ collection: 'rekeyed', id, ...by, body, ...(keys === undefined ? {} : { keys }) })
    const find = (key: string) => objects.findByKey('rekeyed', key)
    await put('r1', 'one', ['is:one'])
    await put('r2', 'two', ['is:two'])
    await put('r3', 'gone', ['is:gone'])
    // A process of an older release changes and removes objects without keys.
    await put('r1', 'other')
    await runStatement(fixture.url, sql`delete from objects where collection = 'rekeyed' and id = 'r3'`)
    expect([await find('is:one'), await find('is:other'), await find('is:gone')]).toEqual([
      ['r1'],
      [],
      ['r3'],
    ])
    const asked: string[] = []
    const add = (ids?: readonly string[]) =>
      objects.addKeys(
        'rekeyed',
        ({ id, body }) => {
          asked.push(id)
          return [`is:${String(body)}`]
        },
        ids,
      )
    await add(['r2'])
    expect(asked).toEqual([])
    await add(['r1', 'r3'])
    expect(asked).toEqual(['r1'])
    expect([await find('is:other'), await find('is:one'), await find('is:two')]).toEqual([['r1'], [], ['r2']])
    expect(await find('is:gone')).toEqual([])
    const ids = Array.from({ length: 1_001 }, (_, index) => `s${10_000 + index}`)
    await objects.changeAll(ids.map((id) => ({ collection: 'rekeyed', id, ...by, body: 'many' })))
    await Promise.all([add(), add()])
    expect(await find('is:many')).toEqual(ids)
  })
}
