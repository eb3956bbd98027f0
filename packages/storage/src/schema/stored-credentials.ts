// Migration: credentials for other services, sealed. Revoked ones stay until the service is notified. Frozen, like
// every migration.
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
