// Keys for finding objects by something other than their id, such as user names; written together with the object.
import { chunk } from '@crosswalk/protocol'
import { type Expression, type Kysely, type Selectable, sql, type SqlBool } from 'kysely'

import type { ObjectTable, Tables } from '../schema/tables.ts'
import { groupIds, ROWS_AT_ONCE } from './object-rows.ts'

/** For statements with a list of values; SQLite allows 32,766 parameters. */
const PAGE = 1_000

/** Ids read at once: more would keep other work waiting, and there may be a hundred thousand with one key. */
const IDS_AT_ONCE = 5_000

interface KeyedObject {
  readonly collection: string
  readonly id: string
  readonly revision: number
}

/** An object with the keys that replace its earlier ones */
export interface ObjectKeys extends KeyedObject {
  readonly keys: readonly string[]
}

/** @param changed - each object once */
export async function replaceKeys(
  transaction: Kysely<Tables>,
  changed: readonly ObjectKeys[],
): Promise<void> {
  for (const [collection, ids] of groupIds(changed))
    for (const some of chunk(ids, ROWS_AT_ONCE))
      await transaction
        .deleteFrom('object_keys')
        .where('collection', '=', collection)
        .where('id', 'in', some)
        .execute()
  await insertKeys(
    transaction,
    changed.flatMap((object) => listRows(object, object.keys)),
  )
}

export async function findByKey(
  db: Kysely<Tables>,
  collection: string,
  key: string,
  limit?: number,
): Promise<readonly string[]> {
  const ids: string[] = []
  const query = selectByKey(db, collection, key).select('id').orderBy('id')
  for (let more = limit ?? Infinity; ; more -= IDS_AT_ONCE) {
    const page = query.where('id', '>', ids.at(-1) ?? '').limit(Math.min(more, IDS_AT_ONCE))
    const rows = await page.execute()
    for (const { id } of rows) ids.push(id)
    if (rows.length < IDS_AT_ONCE) return ids
  }
}

export async function countByKey(db: Kysely<Tables>, collection: string, key: string): Promise<number> {
  const query = selectByKey(db, collection, key).select(({ fn }) => fn.countAll<number>().as('count'))
  return Number((await query.executeTakeFirstOrThrow()).count)
}

/** Reads one index entry per object with such a key. */
export async function countByKeys(
  db: Kysely<Tables>,
  collection: string,
  prefix: string,
): Promise<ReadonlyMap<string, number>> {
  const rows = await db
    .selectFrom('object_keys')
    .select(({ fn }) => ['key', fn.countAll<number>().as('count')])
    .where('collection', '=', collection)
    .where('key', '>=', prefix)
    .where('key', '<', endOfPrefix(prefix))
    .groupBy('key')
    .orderBy('key')
    .execute()
  return new Map(rows.map(({ key, count }) => [key, Number(count)]))
}

/** @returns whether an object stored after a revision has one of the keys */
export async function hasNewer(
  db: Kysely<Tables>,
  { collection, keys }: { readonly collection: string; readonly keys: readonly string[] },
  revision: number,
): Promise<boolean> {
  for (const some of chunk(keys, PAGE)) {
    const query = db.selectFrom('object_keys').select('id').where('collection', '=', collection)
    const named = query.where('key', 'in', some).where('revision', '>', revision)
    if ((await named.limit(1).executeTakeFirst()) !== undefined) return true
  }
  return false
}

function selectByKey(db: Kysely<Tables>, collection: string, key: string) {
  return db.selectFrom('object_keys').where('collection', '=', collection).where('key', '=', key)
}

/** Reads one index entry per key, however many objects have it. */
export async function listKeys(
  db: Kysely<Tables>,
  collection: string,
  prefix: string,
): Promise<readonly string[]> {
  const end = endOfPrefix(prefix)
  const { rows } = await sql<{ key: string }>`with recursive found (key) as (
      select min(key) from object_keys where collection = ${collection} and key >= ${prefix} and key < ${end}
      union all
      select (select min(key) from object_keys
        where collection = ${collection} and key > found.key and key < ${end})
      from found where found.key is not null
    ) select key from found where key is not null`.execute(db)
  return rows.map(({ key }) => key)
}

/** @returns the first text after all that start with the prefix */
function endOfPrefix(prefix: string): string {
  return prefix.slice(0, -1) + String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1)
}

/** Adds keys to objects that have none for their revision, and removes outdated keys. */
export async function addKeys(
  db: Kysely<Tables>,
  collection: string,
  keysOf: (row: Selectable<ObjectTable>) => readonly string[],
  ids?: readonly string[],
): Promise<void> {
  const query = db
    .selectFrom('objects as object')
    .selectAll()
    .where('collection', '=', collection)
    .where(({ selectFrom }) =>
      findsNothing(
        selectFrom('object_keys as keyed')
          .select('keyed.id')
          .whereRef('keyed.collection', '=', 'object.collection')
          .whereRef('keyed.id', '=', 'object.id')
          .whereRef('keyed.revision', '=', 'object.revision'),
      ),
    )
    .$if(ids !== undefined, (all) => all.where('id', 'in', ids ?? []))
    .orderBy('id')
    .limit(PAGE)
  for (let last = ''; ;) {
    const rows = await query.where('id', '>', last).execute()
    await insertKeys(
      db,
      rows.flatMap((row) => listRows(row, keysOf(row))),
    )
    if (rows.length < PAGE) break
    last = rows.at(-1)?.id ?? last
  }
  if (ids !== undefined) await dropOutdated(db, collection, ids)
}

/** Removes keys of objects that were changed or removed without updating their keys. */
async function dropOutdated(db: Kysely<Tables>, collection: string, ids: readonly string[]): Promise<void> {
  await db
    .deleteFrom('object_keys')
    .where('collection', '=', collection)
    .where('id', 'in', ids)
    .where(({ selectFrom }) =>
      findsNothing(
        selectFrom('objects as object')
          .select('object.id')
          .whereRef('object.collection', '=', 'object_keys.collection')
          .whereRef('object.id', '=', 'object_keys.id')
          .whereRef('object.revision', '=', 'object_keys.revision'),
      ),
    )
    .execute()
}

/** @returns the condition that the query finds no row */
export function findsNothing(query: Expression<unknown>): Expression<SqlBool> {
  return sql<SqlBool>`not exists ${query}`
}

function listRows({ collection, id, revision }: KeyedObject, keys: readonly string[]) {
  return [...new Set(keys)].map((key) => ({ collection, key, id, revision }))
}

/** Keeps keys that another process has written for a later revision. */
async function insertKeys(db: Kysely<Tables>, rows: ReturnType<typeof listRows>): Promise<void> {
  for (const some of chunk(rows, PAGE))
    await db
      .insertInto('object_keys')
      .values(some)
      .onConflict((conflict) =>
        conflict
          .columns(['collection', 'key', 'id'])
          .doUpdateSet(({ ref }) => ({ revision: ref('excluded.revision') }))
          .whereRef('excluded.revision', '>', 'object_keys.revision'),
      )
      .execute()
}
