// Clean-up on PostgreSQL: its clock, one process at a time, and the moment up to which replay keys were deleted.
import { type Kysely, sql } from 'kysely'

import type { Tables } from '../../schema/tables.ts'
import type { Upkeep, UpkeepTask } from '../dialect.ts'

/** Any numbers that nothing else in the database locks by. */
const LOCKS: Readonly<Record<UpkeepTask, number>> = { 'clean-up': 7_229_611_524, retention: 7_229_611_525 }

export function createPostgresUpkeep(db: Kysely<Tables>): Upkeep {
  return {
    async readTimeMs() {
      const { rows } = await sql<{ seconds: number }>`
        select extract(epoch from clock_timestamp())::float8 as seconds`.execute(db)
      return Number(rows[0]?.seconds) * 1000
    },
    asLeader: (task, work) =>
      db.connection().execute(async (connection) => {
        const { rows } = await sql<{ leads: boolean }>`
          select pg_try_advisory_lock(${sql.lit(LOCKS[task])}) as leads`.execute(connection)
        if (rows[0]?.leads !== true) return undefined
        try {
          return await work()
        } finally {
          // A lost connection has given the lock back itself.
          await sql`select pg_advisory_unlock(${sql.lit(LOCKS[task])})`
            .execute(connection)
            .catch(() => undefined)
        }
      }),
    advanceReplayHorizon: (cut) =>
      db.transaction().execute(async (transaction) => {
        // Waits for those who are taking keys, so that none of them reads the horizon as it was and writes later.
        await sql`lock table replay_keys in share row exclusive mode`.execute(transaction)
        await sql`update replay_horizon set forgotten_before = ${cut} where forgotten_before < ${cut}`.execute(
          transaction,
        )
      }),
  }
}
