// The ledger's statements on SQLite, prepared once. Their parameters are in the order of these columns, which matches
// `ledger/event-columns.ts` and `ledger/rows.ts`.
import type { DatabaseSync, StatementSync } from 'node:sqlite'

export interface LedgerStatements {
  readonly begin: StatementSync
  readonly commit: StatementSync
  readonly rollback: StatementSync
  readonly findRevision: StatementSync
  readonly findHead: StatementSync
  readonly putHead: StatementSync
  readonly insertEvent: StatementSync
  readonly insertAccessToken: StatementSync
  readonly insertAccount: StatementSync
  readonly findAccount: StatementSync
  readonly saveSignInRecord: StatementSync
  readonly consumeSignInRecord: StatementSync
}

const EVENT_COLUMNS =
  'log, chain, seq, id, time_ms, type, outcome, code, app, resource_app, connection, user_ref, decision_id, trace_id, ' +
  'grant_id, prev_hash, hash, body'

const ACCESS_TOKEN_COLUMNS =
  'id, authorization_server, client_id, account_id, issuer, issuer_subject, tenant, grant_id, ' +
  'grant_issued_at, resource, issued_at, expires_at, revoked_at, details'

const SIGN_IN_COLUMNS = 'model, id, payload, uid, user_code, grant_id, expires_at, consumed_at'

const ACCOUNT_COLUMNS =
  'id, authorization_server, issuer, tenant, subject, aud_sub, sub_id_key, email, email_lower, email_verified, ' +
  'name, status, created_at, status_changed_at'

export function prepareLedgerStatements(database: DatabaseSync): LedgerStatements {
  const prepare = (text: string): StatementSync => database.prepare(text)
  return {
    begin: prepare('begin immediate'),
    commit: prepare('commit'),
    rollback: prepare('rollback'),
    findRevision: prepare('select revision from object_counter'),
    findHead: prepare('select seq, hash from audit_heads where chain = ?'),
    putHead: prepare(
      `insert into audit_heads (chain, log, seq, hash, written_at) values (?, ?, ?, ?, 0)
       on conflict (chain) do update set seq = excluded.seq, hash = excluded.hash`,
    ),
    insertEvent: prepare(insertInto('audit_events', EVENT_COLUMNS)),
    insertAccessToken: prepare(insertInto('access_tokens', ACCESS_TOKEN_COLUMNS)),
    insertAccount: prepare(`${insertInto('accounts', ACCOUNT_COLUMNS)} on conflict do nothing`),
    findAccount: prepare('select 1 from accounts where id = ?'),
    saveSignInRecord: prepare(insertInto('sign_in_records', SIGN_IN_COLUMNS)),
    consumeSignInRecord: prepare(
      'update sign_in_records set consumed_at = ? where model = ? and id = ? and consumed_at is null',
    ),
  }
}

function insertInto(table: string, columns: string): string {
  const parameters = columns.split(', ').map(() => '?')
  return `insert into ${table} (${columns}) values (${parameters.join(', ')})`
}
