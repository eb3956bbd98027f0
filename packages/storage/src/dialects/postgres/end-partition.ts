// Ends the last partition of the audit events at a moment, from which on a new one is the last.
import type { EpochMs } from '@crosswalk/protocol'
import { type Kysely, sql, type Transaction } from 'kysely'

import type { Tables } from '../../schema/tables.ts'
import type { EventPeriod } from '../dialect.ts'
import { attach, detach, lockEvents } from './attach-partition.ts'
import { changeBriefly } from './change-briefly.ts'

const END = sql.ref('audit_events_end')

/** No grant waits for more than the moment of the change, however large the partition is. */
export async function endPartition(db: Kysely<Tables>, last: EventPeriod, at: EpochMs): Promise<void> {
  const table = sql.table(last.name)
  const next = `audit_events_${new Date(at).toISOString().slice(0, 7).replace('-', '_')}`
  const proves = await needsProof(db, last, at)
  try {
    if (proves) await proveEnd(db, last, at)
    await changeBriefly(db, async (transaction) => {
      await sql`create table ${sql.table(next)} (like ${table} including all excluding identity excluding constraints)`.execute(
        transaction,
      )
      await lockEvents(transaction)
      await detach(transaction, last)
      // Of clocks that are far ahead
      await sql`with beyond as (delete from ${table} where time_ms >= ${at} returning *)
        insert into ${sql.table(next)} select * from beyond`.execute(transaction)
      await attach(transaction, { ...last, to: at })
      await attach(transaction, { name: next, from: at, to: Infinity })
    })
  } finally {
    if (proves) await withdrawProof(db, last)
  }
}

async function needsProof(db: Kysely<Tables>, { name }: EventPeriod, at: EpochMs): Promise<boolean> {
  const table = sql.table(name)
  const { rows } = await sql<{ needed: boolean }>`select exists (select from ${table})
    and not exists (select from ${table} where time_ms >= ${at}) as needed`.execute(db)
  return rows[0]?.needed === true
}

/**
 * Reads a partition that has events for its new end while grants are written to it: attached with a valid constraint, it is
 * not read again. The constraint would refuse events behind the end, so it goes at once.
 */
async function proveEnd(db: Kysely<Tables>, { name }: EventPeriod, at: EpochMs): Promise<void> {
  await changeBriefly(db, async (transaction) => {
    await dropProof(transaction, name)
    await sql`alter table ${sql.table(name)} add constraint ${END} check (time_ms < ${sql.lit(at)}) not valid`.execute(
      transaction,
    )
  })
  await sql`alter table ${sql.table(name)} validate constraint ${END}`.execute(db)
}

function withdrawProof(db: Kysely<Tables>, { name }: EventPeriod): Promise<void> {
  return changeBriefly(db, (transaction) => dropProof(transaction, name))
}

async function dropProof(transaction: Transaction<Tables>, name: string): Promise<void> {
  await sql`alter table ${sql.table(name)} drop constraint if exists ${END}`.execute(transaction)
}
