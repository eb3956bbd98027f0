// Deletes expired rows, a bounded slice at a time, so that no request waits long.
import type { EpochSeconds } from '@crosswalk/protocol'
import { sql, type Kysely, type RawBuilder } from 'kysely'

import type { Tables } from './tables.ts'

/** A table whose rows have `expires_at`. */
export interface ExpiringTable {
  readonly table: string
  readonly key: RawBuilder<unknown>
  /** By which a slice is found without reading the rest */
  readonly order: RawBuilder<unknown>
}

const SLICE_ROWS = 1_000

/** @returns how many rows expired before `now` */
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
    await new Promise((resolve) => setImmediate(resolve))
  }
}
