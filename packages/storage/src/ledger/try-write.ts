// After a failed write, tests whether entries can be written again: takes the same locks, inserts a row and deletes it.
import { randomBytes } from 'node:crypto'

import { sql } from 'kysely'

import type { Database } from '../schema/tables.ts'

/** Larger than the free space of a page, so that a full disk is noticed. */
const BYTES = 48 * 1024

/** How long to wait while an entry holds the head of its chain. */
const LOCK_MS = 800

/** @throws StorageFault that entries would encounter as well */
export async function tryWrite({ db, traits }: Database): Promise<void> {
  const probe = {
    chain: `probe/${randomBytes(8).toString('hex')}`,
    log: 'probe',
    seq: 0,
    hash: randomBytes(BYTES).toString('hex'),
    written_at: 0,
  }
  await db.transaction().execute(async (transaction) => {
    if (traits.name === 'postgres') {
      await sql`select set_config('lock_timeout', ${String(LOCK_MS)}, true)`.execute(transaction)
      await sql`select 1 from audit_heads order by chain for update`.execute(transaction)
    }
    await transaction.insertInto('audit_heads').values(probe).execute()
    await transaction.deleteFrom('audit_heads').where('chain', '=', probe.chain).execute()
  })
}
