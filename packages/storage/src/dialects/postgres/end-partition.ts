// Gives the last partition of the audit events an end, at which a new last one begins.
import type { EpochMs } from '@crosswalk/protocol'
import { type Kysely, sql } from 'kysely'

import type { Tables } from '../../schema/tables.ts'
import type { EventPeriod } from '../dialect.ts'
import { attach, detach, lockEvents } from './attach-partition.ts'
import { changeBriefly } from './change-briefly.ts'
import { withProvenEnd } from './prove-end.ts'

/** Grants wait only while the bounds change, however large the partition is. */
export async function endPartition(db: Kysely<Tables>, last: EventPeriod, end: EpochMs): Promise<void> {
  const next = `audit_events_${new Date(end).toISOString().slice(0, 7).replace('-', '_')}`
  const [table, nextTable] = [sql.table(last.name), sql.table(next)]
  await withProvenEnd(db, last, end, () =>
    changeBriefly(db, async (transaction) => {
      await sql`create table ${nextTable} (like ${table} including all excluding identity excluding constraints)`.execute(
        transaction,
      )
      await lockEvents(transaction)
      await detach(transaction, last)
      // Events of nodes whose clock is far ahead.
      await sql`with beyond as (delete from ${table} where time_ms >= ${end} returning *)
        insert into ${nextTable} select * from beyond`.execute(transaction)
      await attach(transaction, { ...last, to: end })
      await attach(transaction, { name: next, from: end, to: Infinity })
    }),
  )
}
