// After a failed write, tests whether entries can be written again: takes the same locks, writes a row and deletes it.
import { randomBytes } from 'node:crypto'

import { sql } from 'kysely'

import type { Engine } from '../dialects/dialect.ts'

/** More than the free space of a page, so that a full disk shows. */
const BYTES = 48 * 1024

/** How long an entry may hold the head of its log. */
const LOCK_MS = 800

/** @throws StorageFault for what entries would meet as well */
export async function tryWrite({ db, traits }: Pick<Engine, 'db' | 'traits'>): Promise<void> {
  const probe = {
    log: `probe/${randomBytes(8).toString('hex')}`,
    seq: 0,
    hash: randomBytes(BYTES).toString('hex'),
  }
  await db.transaction().execute(async (transaction) => {
    if (traits.name === 'postgres') {
      await sql`select set_config('lock_timeout', ${String(LOCK_MS)}, true)`.execute(transaction)
      await sql`select 1 from audit_heads order by log for update`.execute(transaction)
    }
    await transaction.insertInto('audit_heads').values(probe).execute()
    await transaction.deleteFrom('audit_heads').where('log', '=', probe.log).execute()
  })
}
