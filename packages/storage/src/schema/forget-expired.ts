// Deletes expired rows in limited slices, so that no request waits long.
import { setImmediate as nextTurn } from 'node:timers/promises'

import type { EpochSeconds } from '@crosswalk/protocol'
import { sql, type Kysely, type RawBuilder } from 'kysely'

import type { Tables } from './tables.ts'

export interface ExpiringTable {
  readonly table: string
  readonly key: RawBuilder<unknown>
  /** The order in which an index finds a slice */
  readonly order: RawBuilder<unknown>
}

const SLICE_ROWS = 1_000

/** @returns the number of rows that expired before `now` */
export async function forgetExpired(
  db: Kysely<Tables>,
  { table, key, order }: ExpiringTable,
  now: EpochSeconds,
): Promise<number> {
  let forgotten = 0
  for (;;) {
    const { numAffectedRows = 0n } = await sql`delete from ${sql.table(table)} where (${key}) in (
      select ${key} from ${sql.table(table)} where expires_at < ${now} order by ${order} limit ${sql.lit(SLICE_ROWS)}
    )`.execute(db)
    forgotten += Number(numAffectedRows)
    if (numAffectedRows < SLICE_ROWS) return forgotten
    await nextTurn()
  }
}
