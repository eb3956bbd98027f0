// Deletes what expired, a bounded slice at a time so that no request waits long behind it.
import type { EpochSeconds } from '@crosswalk/protocol'
import { sql, type Kysely, type RawBuilder } from 'kysely'

import type { Tables } from './tables.ts'

/** A table whose rows have `expires_at`. */
export interface ExpiringTable {
  readonly table: string
  readonly key: RawBuilder<unknown>
  /** In which rows expire, more or less, so that a slice is found without reading the rest */
  readonly order: RawBuilder<unknown>
  /** How many things a row holds; one where it is left out */
  readonly count?: RawBuilder<number>
}

const SLICE_ROWS = 1_000
const ONE = sql<number>`1`

/** @returns how many things were in the rows that expired before `now` */
export async function forgetExpired(
  db: Kysely<Tables>,
  { table, key, order, count = ONE }: ExpiringTable,
  now: EpochSeconds,
): Promise<number> {
  let forgotten = 0
  for (;;) {
    const { rows } = await sql<{ count: number }>`delete from ${sql.table(table)} where (${key}) in (
      select ${key} from ${sql.table(table)} where expires_at < ${now} order by ${order} limit ${sql.lit(SLICE_ROWS)}
    ) returning ${count} as count`.execute(db)
    forgotten += rows.reduce((sum, row) => sum + row.count, 0)
    if (rows.length < SLICE_ROWS) return forgotten
    await new Promise((resolve) => setImmediate(resolve))
  }
}
