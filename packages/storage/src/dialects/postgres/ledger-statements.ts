// The ledger's statements on PostgreSQL: each processes all rows of a batch together, so that the number of round trips
// does not grow with the batch. They are named, so that a connection plans each only once.

/** Maximum number of chains per log; additional processes share chains. */
const MAX_CHAINS = 32

/** A chain that no process has written for this long is free for another. */
const IDLE_SECONDS = 2

/** By name, since a newer version may add columns while this one runs. */
const HEAD_COLUMNS =
  'audit_heads.chain, audit_heads.log, audit_heads.seq, audit_heads.hash, audit_heads.written_at'

/** Locks the given chains, except those written by another process since the given time. */
export const LOCK_HEADS = {
  name: 'crosswalk-lock-heads',
  text: `select ${HEAD_COLUMNS} from audit_heads
    join unnest($1::text[], $2::float8[]) as mine (chain, written_at) on mine.chain = audit_heads.chain
    where mine.written_at is null or mine.written_at = audit_heads.written_at
    order by audit_heads.chain for update of audit_heads`,
}

export const FIND_REVISION = {
  name: 'crosswalk-find-revision',
  text: 'select revision from object_counter',
}

/** The first chain of each log */
export const MAKE_HEADS = {
  name: 'crosswalk-make-heads',
  text: `insert into audit_heads (chain, log, seq, hash, written_at)
    select log, log, 0, '', 0 from unnest($1::text[]) as new (log) on conflict do nothing`,
}

/** Locks a chain of a log that no process writes and that differs from the given one. */
export const TAKE_IDLE_HEAD = {
  name: 'crosswalk-take-idle-head',
  text: `select ${HEAD_COLUMNS} from audit_heads where log = $1 and chain <> $2
      and written_at < extract(epoch from clock_timestamp()) - ${IDLE_SECONDS}
    order by length(chain), chain limit 1 for update skip locked`,
}

/** Adds nothing if the maximum is reached, or if another process adds the same chain. */
export const ADD_HEAD = {
  name: 'crosswalk-add-head',
  text: `insert into audit_heads (chain, log, seq, hash, written_at)
    select name, $1, 0, '', 0
      from (select number, $1 || '/' || number as name from generate_series(1, ${MAX_CHAINS - 1}) as number) as new
      where not exists (select from audit_heads where chain = name)
      order by number limit 1
    on conflict do nothing returning ${HEAD_COLUMNS}`,
}

/** Inserts the unused keys; a key that may have been used and then removed does not count as unused. */
export const INSERT_REPLAY_KEYS = {
  name: 'crosswalk-insert-replay-keys',
  text: `${insertReplayKeys(1)} on conflict do nothing returning kind, key`,
}

export const DELETE_REPLAY_KEYS = {
  name: 'crosswalk-delete-replay-keys',
  text: 'delete from replay_keys where (kind, key) in (select * from unnest($1::text[], $2::text[]))',
}

const HEAD_FIELDS = 'chain text, from_seq bigint, from_hash text, seq bigint, hash text'

const EVENT_FIELDS = `log text, chain text, seq bigint, id text, time_ms bigint, type text, outcome text, code text,
  app text, resource_app text, connection text, user_ref text, decision_id text, trace_id text, grant_id text,
  prev_hash text, hash text, body text`

const ACCESS_TOKEN_FIELDS = `id text, authorization_server text, client_id text, account_id text, issuer text,
  issuer_subject text, tenant text, grant_id text, grant_issued_at float8, resource text, issued_at float8,
  expires_at float8, revoked_at bigint, details text`

const ACCOUNT_FIELDS = `id text, authorization_server text, issuer text, tenant text, subject text, aud_sub text,
  sub_id_key text, email text, email_lower text, email_verified integer, name text, status text, created_at bigint,
  status_changed_at bigint`

const SIGN_IN_FIELDS = `model text, id text, payload text, uid text, user_code text, grant_id text, expires_at float8,
  consumed_at float8`

/**
 * Writes a whole batch in one statement if nothing unexpected happens: the heads are unlocked and as this process left
 * them, no definitions are newer than `$5`, and every replay key is new. Otherwise it writes nothing: the result is
 * `complete: false` or, if another process inserts some of the keys at the same time, an error that undoes the
 * statement.
 *
 * Waits for no head. All writers take locks in the same order: heads, replay keys, accounts.
 * The rows of a sign-in belong to one request only.
 */
export const WRITE_BATCH = {
  name: 'crosswalk-write-batch',
  text: `with
    head as (select * from json_to_recordset($1::json) as head (${HEAD_FIELDS})),
    held as (
      select audit_heads.chain from audit_heads join head on head.chain = audit_heads.chain
      where audit_heads.seq = head.from_seq and audit_heads.hash = head.from_hash
      for update of audit_heads skip locked),
    expected as (
      select (select count(*) from held) = json_array_length($1::json)
        and coalesce((select revision from object_counter) <= $5::bigint, true)
        and not exists (select from replay_keys join unnest($2::text[], $3::text[]) as new (kind, key) using (kind, key))
        as met),
    taken as (${insertReplayKeys(2)} and (select met from expected) on conflict do nothing returning 1),
    found as (select (select count(*) from taken) as fresh, cardinality($2::text[]) as wanted),
    verdict as (
      select case when fresh in (0, wanted) then met and fresh = wanted
        else format('%s of %s replay keys were new', fresh, wanted)::boolean end as complete
      from expected, found),
    events as (${insertRows('audit_events', EVENT_FIELDS, 6)}),
    tokens as (${insertRows('access_tokens', ACCESS_TOKEN_FIELDS, 7)}),
    new_accounts as (${insertRows('accounts', ACCOUNT_FIELDS, 8)}
      on conflict (id) do nothing),
    signed_in as (${insertRows('sign_in_records', SIGN_IN_FIELDS, 9)}),
    consumed as (
      update sign_in_records set consumed_at = used.consumed_at
      from json_to_recordset($10::json) as used (model text, id text, consumed_at float8)
      where sign_in_records.model = used.model and sign_in_records.id = used.id
        and sign_in_records.consumed_at is null and (select complete from verdict)),
    moved as (
      update audit_heads set seq = head.seq, hash = head.hash, written_at = extract(epoch from statement_timestamp())
      from head where audit_heads.chain = head.chain and (select complete from verdict))
    select complete, extract(epoch from statement_timestamp())::float8 as written_at from verdict`,
}

/** Kinds, keys and expiry times: three arrays from `$first` on */
function insertReplayKeys(first: number): string {
  return `insert into replay_keys (kind, key, expires_at) select kind, key, expires_at
      from unnest($${first}::text[], $${first + 1}::text[], $${first + 2}::float8[]) as new (kind, key, expires_at)
      where expires_at >= (select forgotten_before from replay_horizon)`
}

/** A JSON array of rows */
function insertRows(table: string, fields: string, parameter: number): string {
  const names = fields.split(',').map((field) => field.trim().split(' ')[0])
  return `insert into ${table} (${names.join(', ')}) select * from json_to_recordset($${parameter}::json) as row (${fields})
      where (select complete from verdict)`
}
