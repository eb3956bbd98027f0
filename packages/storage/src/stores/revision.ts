// The one counter of everything that processes hold in memory: definitions, acts and signing keys. Every change
// of it raises the counter first in the same transaction, so that writers follow each other and a revision is never seen
// before everything it stands for. The ledger compares it with the one that a grant rests on.
import { sql, type Kysely, type Transaction } from 'kysely'

import { OBJECTS_CHANNEL } from '../dialects/dialect.ts'
import type { DialectTraits } from '../schema/database.ts'
import type { Tables } from '../schema/tables.ts'

/** Raises it, and has other processes told once the transaction is committed. @returns the new revision */
export async function raiseRevision(
  transaction: Transaction<Tables>,
  { name }: Pick<DialectTraits, 'name'>,
): Promise<number> {
  const { revision } = await transaction
    .updateTable('object_counter')
    .set((builder) => ({ revision: builder('revision', '+', 1) }))
    .returning('revision')
    .executeTakeFirstOrThrow()
  // Heard by processes on PostgreSQL; on SQLite they look at the counter.
  if (name === 'postgres') await sql`select pg_notify(${OBJECTS_CHANNEL}, '')`.execute(transaction)
  return revision
}

export async function findRevision(db: Kysely<Tables>): Promise<number> {
  return (await db.selectFrom('object_counter').select('revision').executeTakeFirstOrThrow()).revision
}
