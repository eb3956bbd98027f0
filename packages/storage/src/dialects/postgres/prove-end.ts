// Attaching a partition with a new end makes PostgreSQL scan all of it under a lock, unless a constraint guarantees the
// bound. Validating that constraint beforehand blocks no one.
import type { EpochMs } from '@crosswalk/protocol'
import { type Kysely, sql, type Transaction } from 'kysely'

import type { Tables } from '../../schema/tables.ts'
import type { EventPeriod } from '../dialect.ts'
import { changeBriefly } from './change-briefly.ts'

const END = sql.ref('audit_events_end')

/** Does `work` under the constraint, which refuses events after the end; no process writes any there. */
export async function withProvenEnd<T>(
  db: Kysely<Tables>,
  partition: EventPeriod,
  end: EpochMs,
  work: () => Promise<T>,
): Promise<T> {
  try {
    if (await canProve(db, partition, end)) await prove(db, partition, end)
    return await work()
  } finally {
    // Also drops a constraint left by a process that ended early.
    await changeBriefly(db, (transaction) => withdraw(transaction, partition))
  }
}

/** Without events there is nothing to scan; with events after the end, the constraint cannot hold. */
async function canProve(db: Kysely<Tables>, { name }: EventPeriod, end: EpochMs): Promise<boolean> {
  const table = sql.table(name)
  const { rows } = await sql<{ can: boolean }>`select exists (select from ${table})
    and not exists (select from ${table} where time_ms >= ${end}) as can`.execute(db)
  return rows[0]?.can === true
}

async function prove(db: Kysely<Tables>, partition: EventPeriod, end: EpochMs): Promise<void> {
  const table = sql.table(partition.name)
  await changeBriefly(db, async (transaction) => {
    await withdraw(transaction, partition)
    await sql`alter table ${table} add constraint ${END} check (time_ms < ${sql.lit(end)}) not valid`.execute(
      transaction,
    )
  })
  await sql`alter table ${table} validate constraint ${END}`.execute(db)
}

async function withdraw(transaction: Transaction<Tables>, { name }: EventPeriod): Promise<void> {
  await sql`alter table ${sql.table(name)} drop constraint if exists ${END}`.execute(transaction)
}
