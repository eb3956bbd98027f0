// Whether an open database still has what it had at its start. A server that lost a table fails only those requests that
// need it, so a load balancer has to learn about it from readiness. Types, constraints and indexes are not compared: a
// newer version may have changed them while this one still runs.
import { StorageFault } from '@crosswalk/as-core'
import { sql } from 'kysely'

import { listMissingColumns, type Shape } from './shape.ts'
import type { Database } from './tables.ts'

const NEEDED = ['select', 'insert', 'update', 'delete']

interface CheckedDatabase extends Database {
  /** What the code expects */
  readonly schema: Shape
}

/** Reading the catalogue takes milliseconds, and any number of callers may ask for readiness. */
const READ_EVERY_MS = 1_000

/** @returns a check that throws StorageFault if something is missing, or the database does not respond */
export function createSchemaCheck(database: CheckedDatabase): () => Promise<void> {
  let completeAt = Number.NEGATIVE_INFINITY
  return async () => {
    const now = performance.now()
    if (now - completeAt < READ_EVERY_MS) {
      await sql`select 1`.execute(database.db)
      return
    }
    await checkSchema(database)
    completeAt = now
  }
}

async function checkSchema({ db, traits, schema }: CheckedDatabase): Promise<void> {
  const missing = await listMissingColumns(schema, db, traits)
  if (missing.length > 0) throw new StorageFault('altered', new Error(`${missing.join(', ')} missing`))
  if (traits.name === 'sqlite') return
  const { rows } = await sql<{ table: string; privilege: string }>`
    select t.relname as "table", p.privilege from pg_class as t cross join unnest(${NEEDED}::text[]) as p (privilege)
    where t.relnamespace = current_schema()::regnamespace and t.relname = any(${[...schema.keys()]}::text[])
      and not has_table_privilege(t.oid, p.privilege)`.execute(db)
  const [denied] = rows
  if (denied !== undefined)
    throw new StorageFault('altered', new Error(`may not ${denied.privilege} in table ${denied.table}`))
}
