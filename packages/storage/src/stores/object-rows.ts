// The rows of changed objects, read and written for many objects at once: a transaction with ten thousand changes keeps
// every other writer waiting.
import { chunk } from '@crosswalk/protocol'
import type { Insertable, Transaction } from 'kysely'

import type { ObjectTable, Tables } from '../schema/tables.ts'

/** On SQLite, more in one statement would keep other work waiting. */
export const ROWS_AT_ONCE = 200

interface ObjectName {
  readonly collection: string
  readonly id: string
}

/** An object as the changes of the transaction so far leave it; a null body removes it. */
export type ObjectRow = Omit<Insertable<ObjectTable>, 'body'> & { readonly body: string | null }

export type ObjectHead = Pick<ObjectRow, 'revision' | 'owner'>

export function nameObject({ collection, id }: ObjectName): string {
  return `${collection}/${id}`
}

/** @returns the existing ones of these objects, by `nameObject` */
export async function findHeads(
  transaction: Transaction<Tables>,
  names: readonly ObjectName[],
): Promise<Map<string, ObjectHead>> {
  const heads = new Map<string, ObjectHead>()
  for (const [collection, ids] of groupIds(names))
    for (const some of chunk(ids, ROWS_AT_ONCE)) {
      const query = transaction.selectFrom('objects').select(['id', 'revision', 'owner'])
      const rows = await query.where('collection', '=', collection).where('id', 'in', some).execute()
      for (const { id, ...head } of rows) heads.set(nameObject({ collection, id }), head)
    }
  return heads
}

/** @param rows - one for each object */
export async function writeRows(transaction: Transaction<Tables>, rows: readonly ObjectRow[]): Promise<void> {
  for (const [collection, ids] of groupIds(rows.filter(({ body }) => body === null)))
    for (const some of chunk(ids, ROWS_AT_ONCE))
      await transaction
        .deleteFrom('objects')
        .where('collection', '=', collection)
        .where('id', 'in', some)
        .execute()
  const kept = rows.flatMap(({ body, ...row }) => (body === null ? [] : [{ ...row, body }]))
  for (const some of chunk(kept, ROWS_AT_ONCE))
    await transaction
      .insertInto('objects')
      .values(some)
      .onConflict((conflict) =>
        conflict.columns(['collection', 'id']).doUpdateSet(({ ref }) => ({
          revision: ref('excluded.revision'),
          owner: ref('excluded.owner'),
          body: ref('excluded.body'),
          updated_at: ref('excluded.updated_at'),
          updated_by: ref('excluded.updated_by'),
        })),
      )
      .execute()
}

/** @returns the ids of each collection, each once */
export function groupIds(names: readonly ObjectName[]): ReadonlyMap<string, readonly string[]> {
  const groups = Map.groupBy(names, ({ collection }) => collection)
  return new Map([...groups].map(([collection, all]) => [collection, [...new Set(all.map(({ id }) => id))]]))
}
