// The ledger's statements on PostgreSQL: each takes all rows of a batch at once, so that a batch is five
// round trips whatever its size. Named, so that a connection plans each once.

export const LOCK_HEADS = {
  name: 'crosswalk-lock-heads',
  // The revision of definitions comes along, so that comparing it costs no round trip.
  text: `select log, seq, hash, (select revision from object_counter) as revision
    from audit_heads where log = any($1::text[]) order by log for update of audit_heads`,
}

export const MAKE_HEADS = {
  name: 'crosswalk-make-heads',
  text: `insert into audit_heads (log, seq, hash) select log, 0, '' from unnest($1::text[]) as new (log)
    on conflict do nothing`,
}

/** Takes those that are unused: what may have been used and is forgotten is not. */
export const INSERT_REPLAY_KEYS = {
  name: 'crosswalk-insert-replay-keys',
  text: `insert into replay_keys (kind, key, expires_at)
    select kind, key, expires_at from unnest($1::text[], $2::text[], $3::float8[]) as new (kind, key, expires_at)
    where expires_at >= (select forgotten_before from replay_horizon)
    on conflict do nothing returning kind, key`,
}

export const DELETE_REPLAY_KEYS = {
  name: 'crosswalk-delete-replay-keys',
  text: 'delete from replay_keys where (kind, key) in (select * from unnest($1::text[], $2::text[]))',
}

const EVENT_FIELDS = `log text, seq bigint, id text, time_ms bigint, type text, outcome text, code text, app text,
  resource_app text, connection text, user_ref text, decision_id text, trace_id text, grant_id text,
  prev_hash text, hash text, body text`

const ACCESS_TOKEN_FIELDS = `id text, authorization_server text, client_id text, account_id text, issuer text,
  issuer_subject text, tenant text, grant_id text, grant_issued_at float8, resource text, issued_at float8,
  expires_at float8, revoked_at bigint, details text`

const ACCOUNT_FIELDS = `id text, authorization_server text, issuer text, tenant text, subject text, aud_sub text,
  sub_id_key text, email text, email_lower text, email_verified integer, name text, status text, created_at bigint,
  status_changed_at bigint`

const HEAD_FIELDS = 'log text, seq bigint, hash text'

/** Events, access tokens, accounts and heads, each a JSON array of rows. */
export const WRITE_ALL = {
  name: 'crosswalk-write-all',
  text: `with
    events as (${insertRows('audit_events', EVENT_FIELDS, 1)}),
    tokens as (${insertRows('access_tokens', ACCESS_TOKEN_FIELDS, 2)}),
    new_accounts as (${insertRows('accounts', ACCOUNT_FIELDS, 3)}
      on conflict (authorization_server, issuer, tenant, subject) do nothing)
    update audit_heads set seq = head.seq, hash = head.hash
      from json_to_recordset($4::json) as head (${HEAD_FIELDS}) where audit_heads.log = head.log`,
}

function insertRows(table: string, fields: string, parameter: number): string {
  const names = fields.split(',').map((field) => field.trim().split(' ')[0])
  return `insert into ${table} (${names.join(', ')}) select * from json_to_recordset($${parameter}::json) as row (${fields})`
}
