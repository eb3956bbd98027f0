// Attaches and detaches partitions of the audit events, within the caller's transaction.
import { sql, type Transaction } from 'kysely'

import type { Tables } from '../../schema/tables.ts'
import type { EventPeriod } from '../dialect.ts'

/** Every statement locks the table before its partitions, so this lock is sufficient. */
export async function lockEvents(transaction: Transaction<Tables>): Promise<void> {
  await sql`lock table only audit_events in access exclusive mode`.execute(transaction)
}

export async function detach(
  transaction: Transaction<Tables>,
  { name }: Pick<EventPeriod, 'name'>,
): Promise<void> {
  await sql`alter table audit_events detach partition ${sql.table(name)}`.execute(transaction)
}

export async function attach(
  transaction: Transaction<Tables>,
  { name, from, to }: EventPeriod,
): Promise<void> {
  await sql`alter table audit_events attach partition ${sql.table(name)}
    for values from (${renderBound(from)}) to (${renderBound(to)})`.execute(transaction)
}

function renderBound(bound: number) {
  if (bound === -Infinity) return sql.raw('minvalue')
  return bound === Infinity ? sql.raw('maxvalue') : sql.lit(bound)
}
