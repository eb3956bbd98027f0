// Counts events by outcome and code. Reads only the newest of a period, so that a busy day stays cheap.
import { type Kysely, sql } from 'kysely'

import type { Tables } from '../schema/tables.ts'

export interface CountQuery {
  readonly types: readonly string[]
  /** Start, inclusive, in epoch milliseconds. */
  readonly since: number
  /** End, exclusive, in epoch milliseconds. */
  readonly until?: number
  /** Maximum number of events to count, newest first. */
  readonly most: number
}

export interface EventCount {
  readonly outcome: string
  readonly code: string | null
  readonly count: number
}

/** @returns one row for each outcome and code found; if their sum is `most`, there may be more */
export async function countEvents(db: Kysely<Tables>, query: CountQuery): Promise<readonly EventCount[]> {
  const newest = db
    .selectFrom('audit_events')
    .select(['outcome', 'code'])
    .where('time_ms', '>=', query.since)
    .where((builder) => builder.and(query.until === undefined ? [] : [builder('time_ms', '<', query.until)]))
    .where('type', 'in', [...query.types])
    .orderBy('time_ms', 'desc')
    .limit(query.most)
    .as('newest')
  const rows = await db
    .selectFrom(newest)
    .select(['outcome', 'code', sql<number>`count(*)`.as('count')])
    .groupBy(['outcome', 'code'])
    .execute()
  return rows.map(({ outcome, code, count }) => ({ outcome, code, count: Number(count) }))
}
