// Migration: requests counted across all processes. Frozen, like every migration.

export interface RequestCountTable {
  readonly key: string
  readonly started_ms: number
  readonly count: number
  readonly expires_at: number
}

export const REQUEST_COUNTS: readonly string[] = [
  `create table request_counts (
    key text not null primary key,
    started_ms bigint not null,
    count bigint not null,
    expires_at double precision not null
  )`,
  'create index request_counts_expires_at on request_counts (expires_at)',
]
