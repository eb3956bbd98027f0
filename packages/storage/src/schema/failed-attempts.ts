// Migration: failures counted across all processes. Frozen, like every migration.
export const FAILED_ATTEMPTS: readonly string[] = [
  `create table failed_attempts (
    key text not null primary key,
    count bigint not null,
    last_ms bigint not null,
    expires_at double precision not null
  )`,
  'create index failed_attempts_expires_at on failed_attempts (expires_at)',
]
