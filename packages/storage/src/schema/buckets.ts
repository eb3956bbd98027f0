// Indexes for ids that are random. An entry in a plain index on such an id lands on a page of its own, and writing
// that page costs more than the rest of the row. Here the index starts with the number of a bucket of neighbouring
// rows, so that a batch writes few pages; a look-up asks each bucket in turn, some microseconds each.
import { sql, type RawBuilder } from 'kysely'

/** Rows per bucket: larger is dearer to write, smaller is dearer to look up. */
const BUCKET_ROWS = 512

/** A column that counts rows up in order of arrival, and where its counting stands. */
interface Counter {
  readonly table: 'event_catalogue' | 'access_tokens'
  readonly column: 'position'
  readonly lowest: RawBuilder<unknown>
  readonly highest: RawBuilder<unknown>
}

export const EVENT_BUCKETS: Counter = {
  table: 'event_catalogue',
  column: 'position',
  lowest: sql`(select min(position) from event_catalogue)`,
  highest: sql`(select max(position) from event_catalogue)`,
}

export const TOKEN_BUCKETS: Counter = {
  table: 'access_tokens',
  column: 'position',
  lowest: sql`(select min(position) from access_tokens)`,
  highest: sql`(select max(position) from access_tokens)`,
}

/** The index behind {@link selectByBuckets}. */
export function createBucketIndex({ table, column }: Counter, key: string): RawBuilder<unknown> {
  return sql`create index ${sql.ref(`${table}_${key}`)} on ${sql.table(table)}
    ((${sql.ref(column)} / ${sql.lit(BUCKET_ROWS)}), ${sql.ref(key)}) where ${sql.ref(key)} is not null`
}

/** A subquery for the `position` of every row whose `key` is `value`. */
export function selectByBuckets(counter: Counter, key: string, value: string): RawBuilder<number> {
  const size = sql.lit(BUCKET_ROWS)
  return sql<number>`(
    with recursive buckets (n) as (
      select ${counter.lowest} / ${size} union all
      select n + 1 from buckets where n < ${counter.highest} / ${size}
    )
    select entry.position from buckets cross join ${sql.table(counter.table)} as entry
    where entry.${sql.ref(counter.column)} / ${size} = buckets.n and entry.${sql.ref(key)} = ${value}
  )`
}
