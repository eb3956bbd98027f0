// Reads objects and their history on both databases.
import { type Kysely, type Selectable, sql } from 'kysely'

import type { Engine } from '../dialects/dialect.ts'
import type { ObjectRevisionTable, ObjectTable, Tables } from '../schema/tables.ts'
import { addKeys, countByKey, countByKeys, findByKey, findsNothing, listKeys } from './object-keys.ts'
import type { ObjectStore, StoredObject } from './object-store.ts'

export function createObjectReader({
  db,
  traits,
}: Engine): Omit<ObjectStore, 'revision' | 'put' | 'remove' | 'changeAll' | 'onChange'> {
  const inOrder = traits.byCodeUnits('id')
  const read = async (query: ReturnType<typeof selectObjects>) =>
    (await query.orderBy(inOrder).execute()).map(parseObject)
  return {
    list: (collection) => read(selectObjects(db, collection)),
    page: (collection, { after, limit }) =>
      read(selectObjects(db, collection).where(inOrder, '>', after).limit(limit)),
    async changesBetween(after, until, of) {
      let query = db
        .selectFrom('object_revisions')
        .selectAll()
        .where('revision', '>', after)
        .where('revision', '<=', until)
      if (of !== undefined)
        query = query.where('collection', '=', of.collection).where('id', 'in', of.ids).limit(of.limit)
      const rows = await query.orderBy('revision').execute()
      return rows.map(({ collection, id, revision, owner, body, at, by }) => ({
        ...{ collection, id, revision, owner, updatedAt: at, updatedBy: by },
        body: body === null ? undefined : (JSON.parse(body) as unknown),
      }))
    },
    async changedBetween(collection, after, until) {
      const rows = await db
        .selectFrom('object_revisions')
        .select('id')
        .distinct()
        .where('revision', '>', after)
        .where('revision', '<=', until)
        .where('collection', '=', collection)
        .execute()
      return rows.map(({ id }) => id)
    },
    async pageAt(collection, revision, { after, limit }) {
      const query = selectAt(db, collection, revision).where('id', '>', after).limit(limit)
      return (await query.execute()).map(parseRevision)
    },
    async findManyAt(collection, revision, ids) {
      if (ids.length === 0) return []
      return (await selectAt(db, collection, revision).where('id', 'in', ids).execute()).map(parseRevision)
    },
    async revisionAt(atMs) {
      // Newest first, so that a recent time is found without reading older revisions.
      const newest = db.selectFrom('object_revisions').select('revision').orderBy('revision', 'desc').limit(1)
      const row = await newest.where('at', '<=', atMs).executeTakeFirst()
      return row?.revision ?? 0
    },
    async find(collection, id) {
      const row = await findRow(db, collection, id)
      return row && parseObject(row)
    },
    findMany: async (collection, ids) =>
      ids.length === 0 ? [] : read(selectObjects(db, collection).where('id', 'in', ids)),
    findByKey: (collection, key, limit) => findByKey(db, collection, key, limit),
    countByKey: (collection, key) => countByKey(db, collection, key),
    countByKeys: (collection, prefix) => countByKeys(db, collection, prefix),
    listKeys: (collection, prefix) => listKeys(db, collection, prefix),
    async filterIds(collection, ids) {
      if (ids.length === 0) return []
      const query = db.selectFrom('objects').select('id').where('collection', '=', collection)
      return (await query.where('id', 'in', ids).orderBy(inOrder).execute()).map(({ id }) => id)
    },
    async filterRemoved(collection, ids) {
      if (ids.length === 0) return []
      const rows = await db
        .selectFrom('object_revisions as removal')
        .select('id')
        .distinct()
        .where('collection', '=', collection)
        .where('id', 'in', ids)
        .where('body', 'is', null)
        .where(({ selectFrom }) =>
          findsNothing(
            selectFrom('objects as object')
              .select('object.id')
              .whereRef('object.collection', '=', 'removal.collection')
              .whereRef('object.id', '=', 'removal.id'),
          ),
        )
        .execute()
      return rows.map(({ id }) => id).sort()
    },
    async count(collection) {
      const query = db.selectFrom('objects').select(({ fn }) => fn.countAll<number>().as('count'))
      return Number((await query.where('collection', '=', collection).executeTakeFirstOrThrow()).count)
    },
    addKeys: (collection, keysOf, ids) => addKeys(db, collection, (row) => keysOf(parseObject(row)), ids),
    async createdAt(collection, ids) {
      if (ids.length === 0) return new Map()
      const rows = await db
        .selectFrom('object_revisions as one')
        .select(({ fn }) => ['id', fn.min('at').as('at')])
        .where('collection', '=', collection)
        .where('id', 'in', ids)
        .where(({ selectFrom }) =>
          findsNothing(
            selectFrom('object_revisions as removal')
              .select('removal.revision')
              .whereRef('removal.collection', '=', 'one.collection')
              .whereRef('removal.id', '=', 'one.id')
              .whereRef('removal.revision', '>=', 'one.revision')
              .where('removal.body', 'is', null),
          ),
        )
        .groupBy('id')
        .execute()
      return new Map(rows.map(({ id, at }) => [id, Number(at)]))
    },
    async listRevisions(collection, ids, after) {
      if (ids.length === 0) return []
      const rows = await db
        .selectFrom('object_revisions')
        .select(['id', 'revision', 'at', 'by', 'reason', sql<boolean>`body is null`.as('removed')])
        .where('collection', '=', collection)
        .where('id', 'in', ids)
        .where('revision', '>', after)
        .orderBy('revision', 'desc')
        .execute()
      return rows.map(({ reason, removed, ...row }) => ({
        ...row,
        reason: reason ?? undefined,
        removed: Boolean(removed),
      }))
    },
    async history(collection, id) {
      const rows = await db
        .selectFrom('object_revisions')
        .selectAll()
        .where('collection', '=', collection)
        .where('id', '=', id)
        .orderBy('revision', 'desc')
        .execute()
      return rows.map(({ revision, body, owner, at, by, reason }) => ({
        revision,
        body: body === null ? undefined : JSON.parse(body),
        owner,
        at,
        by,
        reason: reason ?? undefined,
      }))
    },
  }
}

/** The last state of each object of a collection up to a revision, unless it was removed. */
function selectAt(db: Kysely<Tables>, collection: string, revision: number) {
  return (
    db
      .selectFrom('object_revisions as then')
      .selectAll()
      .where('collection', '=', collection)
      .where('revision', '<=', revision)
      .where('body', 'is not', null)
      .$narrowType<{ body: string }>()
      .where(({ selectFrom }) =>
        findsNothing(
          selectFrom('object_revisions as later')
            .select('later.revision')
            .whereRef('later.collection', '=', 'then.collection')
            .whereRef('later.id', '=', 'then.id')
            .whereRef('later.revision', '>', 'then.revision')
            .where('later.revision', '<=', revision),
        ),
      )
      // Not by code units, because only this order is that of the primary key on both databases.
      .orderBy('id')
  )
}

function parseRevision({
  at,
  by,
  ...row
}: Selectable<ObjectRevisionTable> & { readonly body: string }): StoredObject {
  return parseObject({ ...row, updated_at: at, updated_by: by })
}

function selectObjects(db: Kysely<Tables>, collection: string) {
  return db.selectFrom('objects').selectAll().where('collection', '=', collection)
}

export function findRow(db: Kysely<Tables>, collection: string, id: string) {
  return selectObjects(db, collection).where('id', '=', id).executeTakeFirst()
}

function parseObject(row: Selectable<ObjectTable>): StoredObject {
  return {
    collection: row.collection,
    id: row.id,
    revision: row.revision,
    owner: row.owner,
    body: JSON.parse(row.body),
    updatedAt: row.updated_at,
    updatedBy: row.updated_by,
  }
}
