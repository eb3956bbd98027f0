// Migration: failures counted across all processes. Frozen, like every migration.

/** Failure counts of rate-limited attempts. */
export interface FailedAttemptTable {
  /** A digest */
  readonly key: string
  readonly count: number
  readonly last_ms: number
  readonly expires_at: number
}

export const FAILED_ATTEMPTS: readonly string[] = [
  `create table failed_attempts (
    key text not null primary key,
    count bigint not null,
    last_ms bigint not null,
    expires_at double precision not null
  )`,
  'create index failed_attempts_expires_at on failed_attempts (expires_at)',
]
