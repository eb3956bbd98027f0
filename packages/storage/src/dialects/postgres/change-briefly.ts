// Changes tables that grants are written to. While such a change waits for its lock, grants queue behind it, so it
// waits briefly and retries.
import { setTimeout as wait } from 'node:timers/promises'

import { type Kysely, sql, type Transaction } from 'kysely'

import type { Tables } from '../../schema/tables.ts'
import { sqlState } from './classify-fault.ts'

const LOCK_LIMIT_MS = 200
/** For each statement, after it got its lock */
const STATEMENT_LIMIT_MS = 3_000
const TRIES = 5
const PAUSE_MS = 500

/** `lock_not_available` */
const LOCKED = '55P03'

/** Does `work` in one transaction; retries it if a lock was not available. */
export async function changeBriefly<T>(
  db: Kysely<Tables>,
  work: (transaction: Transaction<Tables>) => Promise<T>,
): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await db.transaction().execute(async (transaction) => {
        await sql`select set_config('lock_timeout', ${`${LOCK_LIMIT_MS}`}, true),
          set_config('statement_timeout', ${`${STATEMENT_LIMIT_MS}`}, true)`.execute(transaction)
        return work(transaction)
      })
    } catch (error) {
      if (!isLockTimeout(error) || tries === TRIES) throw error
    }
    await wait(PAUSE_MS)
  }
}

/** @returns whether a lock was not available in time */
export function isLockTimeout(error: unknown): boolean {
  return sqlState(error) === LOCKED
}
