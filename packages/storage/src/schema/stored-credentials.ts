// Migration: credentials for other services, sealed. Revoked ones stay until the service is notified. Frozen, like
// every migration.

/** Belongs to a user at a resource app; `user_id` is empty if it belongs to the resource app itself. */
export interface StoredCredentialTable {
  readonly id: string
  readonly resource_app: string
  readonly user_id: string
  readonly kind: string
  readonly sealed: string
  readonly stored_at: number
  readonly stored_by: string
  readonly used_at: number | null
  /** Set until the service has been notified */
  readonly revoked_at: number | null
  /** Reserved by a process until this time */
  readonly busy_until: number
  /** Number of failed notifications of the service */
  readonly failures: number
}

export const STORED_CREDENTIALS: readonly string[] = [
  `create table stored_credentials (
    id text not null primary key,
    resource_app text not null,
    user_id text not null,
    kind text not null,
    sealed text not null,
    stored_at bigint not null,
    stored_by text not null,
    used_at bigint,
    revoked_at bigint,
    busy_until bigint not null,
    failures bigint not null
  )`,
  `create unique index stored_credentials_held on stored_credentials (resource_app, user_id, kind)
    where revoked_at is null`,
  'create index stored_credentials_user on stored_credentials (user_id)',
]
