// Appends events to their chains within a transaction of other changes. The ledger records token responses instead.
import { type AuditEvent, renderEventText } from '@crosswalk/as-core'
import { chunk } from '@crosswalk/protocol'
import { sql, type Transaction } from 'kysely'

import type { DialectTraits } from '../schema/traits.ts'
import type { Tables } from '../schema/tables.ts'
import { chainHash, FIRST_PREV_HASH } from './chain-hash.ts'
import { buildEventColumns } from './event-columns.ts'

interface Appended {
  readonly log: string
  readonly event: AuditEvent
}

/** On SQLite, more in one statement would keep other work waiting. */
const EVENTS_AT_ONCE = 100

export async function appendEvent(
  transaction: Transaction<Tables>,
  traits: DialectTraits,
  appended: Appended,
): Promise<void> {
  await appendEvents(transaction, traits, [appended])
}

/** In this order, in few statements: each is a round trip to PostgreSQL. */
export async function appendEvents(
  transaction: Transaction<Tables>,
  traits: DialectTraits,
  all: readonly Appended[],
): Promise<void> {
  // Every process uses the first chain of the log: changes by administrators are serialized anyway.
  for (const [chain, appended] of Map.groupBy(all, ({ log }) => log)) {
    let { seq, hash } = await lockHead(transaction, traits, chain)
    for (const some of chunk(appended, EVENTS_AT_ONCE)) {
      const rows = some.map(({ log, event }) => {
        const [body, prevHash] = [renderEventText(event), hash]
        seq += 1
        hash = chainHash(prevHash, chain, seq, body)
        return { log, chain, seq, ...buildEventColumns(event), prev_hash: prevHash, hash, body }
      })
      await transaction.insertInto('audit_events').values(rows).execute()
    }
    await transaction.updateTable('audit_heads').set({ seq, hash }).where('chain', '=', chain).execute()
  }
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
