// Requests by client and minute, counted across all processes; other code interprets the counts.
import type { CountedMinute, RequestCounts } from '@crosswalk/as-core'
import { sql, type Kysely } from 'kysely'
import { chunk, MINUTE_MS } from '@crosswalk/protocol'

import type { Tables } from '../schema/tables.ts'

/** Limits the parameters of one statement. */
const LARGEST_BATCH = 1_000

export function createRequestCounts(db: Kysely<Tables>): RequestCounts {
  return {
    async add(counted) {
      // Sorted, so that two processes do not deadlock.
      const sorted = [...counted].toSorted(([one], [other]) => (one < other ? -1 : 1))
      const all = new Map<string, CountedMinute>()
      for (const some of chunk(sorted, LARGEST_BATCH))
        for (const [key, minute] of await addAll(db, some)) all.set(key, minute)
      return all
    },
  }
}

async function addAll(
  db: Kysely<Tables>,
  counted: readonly (readonly [string, CountedMinute])[],
): Promise<readonly (readonly [string, CountedMinute])[]> {
  // Also if a process whose clock is ahead began the minute.
  const isOver = sql`abs(excluded.started_ms - request_counts.started_ms) >= ${sql.lit(MINUTE_MS)}`
  const rows = await db
    .insertInto('request_counts')
    .values(
      counted.map(([key, { startedMs, count }]) => ({
        key,
        started_ms: startedMs,
        count,
        expires_at: (startedMs + MINUTE_MS) / 1000,
      })),
    )
    .onConflict((conflict) =>
      conflict.column('key').doUpdateSet({
        started_ms: sql<number>`case when ${isOver} then excluded.started_ms else request_counts.started_ms end`,
        count: sql<number>`case when ${isOver} then excluded.count else request_counts.count + excluded.count end`,
        expires_at: sql<number>`case when ${isOver} then excluded.expires_at else request_counts.expires_at end`,
      }),
    )
    .returning(['key', 'started_ms', 'count'])
    .execute()
  return rows.map(({ key, started_ms: startedMs, count }) => [key, { startedMs, count }])
}
