// Forgets what expired, a bounded slice at a time so that no request waits long behind it. Audit events stay.
import type { EpochSeconds } from '@crosswalk/protocol'
import { sql, type Kysely } from 'kysely'

import type { Engine } from '../dialects/dialect.ts'
import type { Tables } from '../schema/tables.ts'

export interface Expiry {
  /**
   * Forgets single-use marks after their `expiresAt`, never before.
   * @param now - in epoch seconds
   * @returns how many were forgotten
   */
  forgetExpiredMarks(now: EpochSeconds): Promise<number>
  /** Forgets access tokens that expired before `now`. */
  forgetExpiredAccessTokens(now: EpochSeconds): Promise<number>
  /** Forgets records of the sign-in provider that expired before `now`. */
  forgetExpiredSignInRecords(now: EpochSeconds): Promise<number>
}

const SLICE_ROWS = 1_000

const MARKS = { table: 'used_marks', key: sql`position`, order: sql`position` }
/** In order of arrival, like the marks, which is nearly the order in which they expire, and needs no index of its own. */
const ACCESS_TOKENS = { table: 'access_tokens', key: sql`position`, order: sql`position` }
const SIGN_IN_RECORDS = { table: 'sign_in_records', key: sql`model, id`, order: sql`expires_at` }

export function createExpiry({ db, ledgerWriter }: Pick<Engine, 'db' | 'ledgerWriter'>): Expiry {
  return {
    async forgetExpiredMarks(now) {
      const forgotten = await forget(db, MARKS, now)
      ledgerWriter.forgetMarks?.(now)
      return forgotten
    },
    forgetExpiredAccessTokens: (now) => forget(db, ACCESS_TOKENS, now),
    forgetExpiredSignInRecords: (now) => forget(db, SIGN_IN_RECORDS, now),
  }
}

async function forget(
  db: Kysely<Tables>,
  { table, key, order }: typeof MARKS,
  now: EpochSeconds,
): Promise<number> {
  let forgotten = 0
  for (;;) {
    const { numAffectedRows = 0n } = await sql`delete from ${sql.table(table)} where (${key}) in (
      select ${key} from ${sql.table(table)} where expires_at < ${now} order by ${order} limit ${sql.lit(SLICE_ROWS)}
    )`.execute(db)
    forgotten += Number(numAffectedRows)
    if (numAffectedRows < SLICE_ROWS) return forgotten
    await new Promise((resolve) => setImmediate(resolve))
  }
}
