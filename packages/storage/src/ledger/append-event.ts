// Appends an event to its chain within a transaction of other changes. The ledger records token responses instead.
import { type AuditEvent, renderEventText } from '@crosswalk/as-core'
import { sql, type Transaction } from 'kysely'

import type { DialectTraits } from '../schema/traits.ts'
import type { Tables } from '../schema/tables.ts'
import { chainHash, FIRST_PREV_HASH } from './chain-hash.ts'
import { buildEventColumns } from './event-columns.ts'

export async function appendEvent(
  transaction: Transaction<Tables>,
  traits: DialectTraits,
  { log, event }: { readonly log: string; readonly event: AuditEvent },
): Promise<void> {
  // Every process uses the first chain of the log: changes by administrators are serialized anyway.
  const chain = log
  const head = await lockHead(transaction, traits, chain)
  const body = renderEventText(event)
  const seq = head.seq + 1
  const hash = chainHash(head.hash, chain, seq, body)
  await transaction
    .insertInto('audit_events')
    .values({ log, chain, seq, ...buildEventColumns(event), prev_hash: head.hash, hash, body })
    .execute()
  await transaction.updateTable('audit_heads').set({ seq, hash }).where('chain', '=', chain).execute()
}

async function lockHead(transaction: Transaction<Tables>, traits: DialectTraits, chain: string) {
  await transaction
    .insertInto('audit_heads')
    .values({ chain, log: chain, seq: 0, hash: FIRST_PREV_HASH, written_at: 0 })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  return transaction
    .selectFrom('audit_heads')
    .select(['seq', 'hash'])
    .where('chain', '=', chain)
    .$if(traits.name === 'postgres', (query) => query.modifyEnd(sql`for update`))
    .executeTakeFirstOrThrow()
}
