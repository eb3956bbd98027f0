// The initial schema as SQL, identical on both databases except for row numbering. It is frozen: a change is a separate
// migration, listed after this one in `migrations.ts`.
import type { DialectTraits } from './traits.ts'

/** @returns one statement each */
export function listBaseline(traits: DialectTraits): readonly string[] {
  return [
    ...auditTables(traits),
    ...eventIndexes(),
    ...replayTables(),
    ...tokenTables(traits),
    ...signInTables(),
    ...objectTables(),
    ...securityEventTables(traits),
    ...auditStreamTables(),
  ]
}

function auditTables({ arrivalKey }: DialectTraits): readonly string[] {
  return [
    // The body is the last column, so that filtering a row does not read beyond its small columns.
    `create table audit_events (
      position ${arrivalKey},
      log text not null,
      chain text not null,
      seq bigint not null,
      id text not null,
      time_ms bigint not null,
      type text not null,
      outcome text not null,
      code text,
      app text,
      resource_app text,
      connection text,
      user_ref text,
      decision_id text,
      trace_id text,
      grant_id text,
      prev_hash text not null,
      hash text not null,
      body text not null,
      unique (chain, seq)
    )`,
    `create table audit_heads (
      chain text not null primary key,
      log text not null,
      seq bigint not null,
      hash text not null,
      written_at double precision not null
    )`,
    'create index audit_heads_log on audit_heads (log)',
  ]
}

/** The order of lists and their additional filters, so that a selective filter reads no other rows. */
const LISTED = 'time_ms, position, type, outcome, code, log'
/** What reports count, so that they only read the index. */
const COUNTED = 'time_ms, position, log, outcome, code, app, resource_app, connection, user_ref'

/** Few indexes, because each event is written to all of them before its response leaves. */
function eventIndexes(): readonly string[] {
  const index = (name: string, columns: string, where = '') =>
    `create index audit_events_${name} on audit_events (${columns})${where}`
  const whereGiven = (column: string) => ` where ${column} is not null`
  return [
    index('time', LISTED),
    index('type', `type, ${COUNTED}`),
    ...['app', 'resource_app'].map((column) =>
      index(column, `${column}, time_ms, position`, whereGiven(column)),
    ),
    // Reports count the users of a connection, and the connections of a user.
    index('connection', 'connection, time_ms, position, user_ref', whereGiven('connection')),
    index('user_ref', 'user_ref, time_ms, position, connection', whereGiven('user_ref')),
    ...['decision_id', 'trace_id', 'grant_id'].map((column) => index(column, column, whereGiven(column))),
  ]
}

/**
 * The primary key enforces single use. Keys that expired before the horizon may be removed, so they are never accepted.
 */
function replayTables(): readonly string[] {
  return [
    `create table replay_keys (
      kind text not null,
      key text not null,
      expires_at double precision not null,
      primary key (kind, key)
    )`,
    'create index replay_keys_expires_at on replay_keys (expires_at)',
    `create table replay_horizon (
      id integer not null primary key,
      forgotten_before double precision not null
    )`,
    'insert into replay_horizon (id, forgotten_before) values (1, 0)',
  ]
}

function tokenTables({ arrivalKey }: DialectTraits): readonly string[] {
  return [
    `create table access_tokens (
      position ${arrivalKey},
      id text not null,
      authorization_server text not null,
      client_id text not null,
      account_id text not null,
      issuer text not null,
      issuer_subject text not null,
      tenant text,
      grant_id text not null,
      grant_issued_at double precision not null,
      resource text not null,
      issued_at double precision not null,
      expires_at double precision not null,
      revoked_at bigint,
      details text not null,
      unique (id, authorization_server)
    )`,
    // Expired tokens are removed, so the table contains live ones; revoking by anything but the user scans it.
    'create index access_tokens_issuer_subject on access_tokens (issuer_subject)',
    'create index access_tokens_expires_at on access_tokens (expires_at)',
    `create table accounts (
      id text not null primary key,
      authorization_server text not null,
      issuer text not null,
      tenant text not null,
      subject text not null,
      aud_sub text,
      sub_id_key text,
      email text,
      email_lower text,
      email_verified integer not null,
      name text,
      status text not null,
      created_at bigint not null,
      status_changed_at bigint,
      unique (authorization_server, issuer, tenant, subject)
    )`,
    ...['aud_sub', 'sub_id_key', 'email_lower'].map(
      (column) => `create index accounts_${column} on accounts (authorization_server, ${column})
        where ${column} is not null`,
    ),
  ]
}

function signInTables(): readonly string[] {
  return [
    `create table signing_keys (
      owner text not null,
      kid text not null,
      purpose text not null,
      algorithm text not null,
      public_jwk text not null,
      sealed_private_jwk text not null,
      state text not null,
      created_at bigint not null,
      retire_at bigint,
      primary key (owner, kid)
    )`,
    `create table key_owners (
      owner text not null primary key,
      revision bigint not null
    )`,
    `create table sign_in_records (
      model text not null,
      id text not null,
      payload text not null,
      uid text,
      user_code text,
      grant_id text,
      expires_at double precision,
      consumed_at double precision,
      primary key (model, id)
    )`,
    ...['uid', 'user_code', 'grant_id', 'expires_at'].map(
      (column) =>
        `create index sign_in_records_${column} on sign_in_records (${column}) where ${column} is not null`,
    ),
    `create table password_hashes (
      user_id text not null primary key,
      hash text not null,
      fingerprint text not null
    )`,
    `create table totp_factors (
      user_id text not null primary key,
      sealed_secret text not null,
      fingerprint text,
      last_step bigint not null,
      enrolled_at bigint not null
    )`,
    `create table passkeys (
      id text not null primary key,
      user_id text not null,
      public_key text not null,
      counter bigint not null,
      transports text not null,
      synced integer not null,
      rp_id text not null,
      name text not null,
      created_at bigint not null,
      last_used_at bigint
    )`,
    'create index passkeys_by_user on passkeys (user_id)',
    `create table upstream_links (
      upstream text not null,
      subject text not null,
      user_id text not null,
      created integer not null,
      linked_at bigint not null,
      primary key (upstream, subject),
      unique (upstream, user_id)
    )`,
  ]
}

function objectTables(): readonly string[] {
  return [
    `create table objects (
      collection text not null,
      id text not null,
      revision bigint not null,
      owner text not null,
      body text not null,
      updated_at bigint not null,
      updated_by text not null,
      primary key (collection, id)
    )`,
    `create table object_revisions (
      collection text not null,
      id text not null,
      revision bigint not null,
      body text,
      owner text not null,
      at bigint not null,
      by text not null,
      reason text,
      primary key (collection, id, revision)
    )`,
    // Other processes read the changes since their last look.
    'create index object_revisions_revision on object_revisions (revision)',
    `create table object_counter (
      id integer not null primary key,
      revision bigint not null
    )`,
    'insert into object_counter (id, revision) values (1, 0)',
  ]
}

function securityEventTables({ lastingKey }: DialectTraits): readonly string[] {
  return [
    `create table security_events (
      position ${lastingKey},
      id text not null,
      stream text not null,
      claims text not null,
      created_at bigint not null,
      attempts integer not null,
      due_at bigint not null,
      unique (stream, id)
    )`,
    `create table security_event_streams (
      stream text not null primary key,
      delivered bigint not null,
      abandoned bigint not null,
      last_delivered_at bigint,
      last_lag_ms bigint,
      last_error text,
      last_error_at bigint
    )`,
    // Readers request everything after the last event they saw.
    `create table received_withdrawals (
      position ${lastingKey},
      id text not null,
      authorization_server text not null,
      body text not null,
      expires_at double precision not null
    )`,
    'create index received_withdrawals_event on received_withdrawals (authorization_server, id)',
  ]
}

function auditStreamTables(): readonly string[] {
  return [
    `create table audit_streams (
      stream text not null primary key,
      holder text,
      held_until bigint not null,
      due_at bigint not null,
      failures bigint not null,
      last_error text,
      last_error_at bigint,
      delivered bigint not null,
      last_delivered_at bigint
    )`,
    `create table audit_stream_cursors (
      stream text not null,
      chain text not null,
      seq bigint not null,
      primary key (stream, chain)
    )`,
    `create table audit_checkpoints (
      log text not null,
      chain text not null,
      seq bigint not null,
      hash text not null,
      kind text not null,
      time_ms bigint not null,
      statement text not null,
      primary key (chain, seq, kind)
    )`,
  ]
}
