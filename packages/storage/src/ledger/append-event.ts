// Appends one event to its chain inside a transaction of other changes. Token answers are recorded by the ledger instead.
import { type AuditEvent, renderEventText } from '@crosswalk/as-core'
import { sql, type Transaction } from 'kysely'

import type { DialectTraits } from '../dialects/dialect.ts'
import type { Tables } from '../schema/tables.ts'
import { buildEventColumns, chainHash, FIRST_PREV_HASH } from './event-columns.ts'

export async function appendEvent(
  transaction: Transaction<Tables>,
  traits: DialectTraits,
  { log, event }: { readonly log: string; readonly event: AuditEvent },
): Promise<void> {
  const head = await lockHead(transaction, traits, log)
  const body = renderEventText(event)
  const seq = head.seq + 1
  const hash = chainHash(head.hash, log, seq, body)
  await transaction
    .insertInto('audit_events')
    .values({ log, seq, ...buildEventColumns(event), prev_hash: head.hash, hash, body })
    .execute()
  await transaction.updateTable('audit_heads').set({ seq, hash }).where('log', '=', log).execute()
}

async function lockHead(transaction: Transaction<Tables>, traits: DialectTraits, log: string) {
  await transaction
    .insertInto('audit_heads')
    .values({ log, seq: 0, hash: FIRST_PREV_HASH })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  return transaction
    .selectFrom('audit_heads')
    .select(['seq', 'hash'])
    .where('log', '=', log)
    .$if(traits.name === 'postgres', (query) => query.modifyEnd(sql`for update`))
    .executeTakeFirstOrThrow()
}
