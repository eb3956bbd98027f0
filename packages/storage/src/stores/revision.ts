// A single counter for everything that grants are decided by: definitions, acts and signing keys, which processes cache,
// and the status of accounts. Every change of what is cached first raises it in the same transaction, so that writers are
// serialized and a revision is never visible before all changes up to it. The ledger compares it with the revision that a
// grant is based on.
import { sql, type Kysely, type Transaction } from 'kysely'

import { OBJECTS_CHANNEL } from '../dialects/dialect.ts'
import type { DialectTraits } from '../schema/traits.ts'
import type { Tables } from '../schema/tables.ts'

/** Raises the counter, and notifies other processes once the transaction commits. @returns the last new revision */
export async function raiseRevision(
  transaction: Transaction<Tables>,
  { name }: Pick<DialectTraits, 'name'>,
  by = 1,
): Promise<number> {
  const { revision } = await transaction
    .updateTable('object_counter')
    .set((builder) => ({ revision: builder('revision', '+', by) }))
    .returning('revision')
    .executeTakeFirstOrThrow()
  // PostgreSQL notifies other processes; on SQLite they poll the counter.
  if (name === 'postgres') await sql`select pg_notify(${OBJECTS_CHANNEL}, '')`.execute(transaction)
  return revision
}

/** Waits for changes in progress; later ones wait until the transaction ends. @returns the revision */
export async function lockRevision(transaction: Transaction<Tables>): Promise<number> {
  const { revision } = await transaction
    .updateTable('object_counter')
    .set(({ ref }) => ({ revision: ref('revision') }))
    .returning('revision')
    .executeTakeFirstOrThrow()
  return revision
}

export async function findRevision(db: Kysely<Tables>): Promise<number> {
  return (await db.selectFrom('object_counter').select('revision').executeTakeFirstOrThrow()).revision
}
