// The tables as Kysely types, the same on both databases. Those of the baseline are here; a table that a migration adds
// is described next to its statements. Times are integers and JSON is text: an audit body must be returned byte for
// byte, which no JSON type of a database guarantees.
import type { Generated, Kysely } from 'kysely'

import type { AccountLinkTable } from './account-links.ts'
import type { FailedAttemptTable } from './failed-attempts.ts'
import type { ObjectKeyTable } from './object-keys.ts'
import type { RequestCountTable } from './request-counts.ts'
import type { StoredCredentialTable } from './stored-credentials.ts'
import type { TokenDescentTable } from './token-descents.ts'
import type { DialectTraits } from './traits.ts'

/** The columns of an event next to its body, by which events are filtered. */
export interface EventColumns {
  readonly id: string
  readonly time_ms: number
  readonly type: string
  readonly outcome: string
  readonly code: string | null
  readonly app: string | null
  readonly resource_app: string | null
  readonly connection: string | null
  readonly user_ref: string | null
  readonly decision_id: string | null
  readonly trace_id: string | null
  readonly grant_id: string | null
}

export interface AuditEventTable extends EventColumns {
  readonly position: Generated<number>
  readonly log: string
  readonly chain: string
  readonly seq: number
  readonly prev_hash: string
  readonly hash: string
  readonly body: string
}

/** The last event of each hash chain. */
export interface AuditHeadTable {
  /** Named like its log, or LOG/NUMBER for chains of additional processes */
  readonly chain: string
  readonly log: string
  readonly seq: number
  readonly hash: string
  /** Last write by a ledger on PostgreSQL, in seconds by the database clock, to detect other writers; 0 for never */
  readonly written_at: number
}

/** The state of a stream, and which process delivers it. */
export interface AuditStreamTable {
  readonly stream: string
  readonly holder: string | null
  readonly held_until: number
  readonly due_at: number
  readonly failures: number
  readonly last_error: string | null
  readonly last_error_at: number | null
  readonly delivered: number
  readonly last_delivered_at: number | null
}

/** How far each stream has delivered each chain. */
export interface AuditStreamCursorTable {
  readonly stream: string
  readonly chain: string
  readonly seq: number
}

/** Signed heads, and where a chain was cut. */
export interface AuditCheckpointTable {
  readonly log: string
  readonly chain: string
  readonly seq: number
  readonly hash: string
  readonly kind: string
  readonly time_ms: number
  readonly statement: string
}

export interface AccessTokenTable {
  readonly id: string
  readonly authorization_server: string
  readonly client_id: string
  readonly account_id: string
  readonly issuer: string
  readonly issuer_subject: string
  readonly tenant: string | null
  readonly grant_id: string
  readonly grant_issued_at: number
  readonly resource: string
  readonly issued_at: number
  readonly expires_at: number
  readonly revoked_at: number | null
  readonly details: string
}

export interface AccountTable {
  readonly id: string
  readonly authorization_server: string
  readonly issuer: string
  /** Empty if there is none: a unique key would allow duplicates with null. */
  readonly tenant: string
  readonly subject: string
  readonly aud_sub: string | null
  readonly sub_id_key: string | null
  readonly email: string | null
  readonly email_lower: string | null
  readonly email_verified: number
  readonly name: string | null
  readonly status: string
  readonly created_at: number
  readonly status_changed_at: number | null
  /** 1 if another account had the same identifier before identifiers became unique */
  readonly shares_identifier: Generated<number>
}

export interface SigningKeyTable {
  readonly owner: string
  readonly kid: string
  readonly purpose: string
  readonly algorithm: string
  readonly public_jwk: string
  /** Empty if `private_key_uri` is set */
  readonly sealed_private_jwk: string
  readonly state: string
  readonly created_at: number
  readonly retire_at: number | null
  /** The private key's location if it is not in this table: a PKCS#11 URI (RFC 7512), or the ARN of a KMS key */
  readonly private_key_uri: string | null
}

/** One row per owner of keys; writers of the same key set lock it to wait for each other. */
export interface KeyOwnerTable {
  readonly owner: string
  readonly revision: number
}

export interface SignInRecordTable {
  readonly model: string
  readonly id: string
  readonly payload: string
  readonly uid: string | null
  readonly user_code: string | null
  readonly grant_id: string | null
  readonly expires_at: number | null
  readonly consumed_at: number | null
}

export interface PasswordHashTable {
  readonly user_id: string
  readonly hash: string
  readonly fingerprint: string
}

export interface TotpFactorTable {
  readonly user_id: string
  readonly sealed_secret: string
  /** Null if the user enrolled it. */
  readonly fingerprint: string | null
  readonly last_step: number
  readonly enrolled_at: number
}

export interface PasskeyTable {
  readonly id: string
  readonly user_id: string
  readonly public_key: string
  readonly counter: number
  /** JSON */
  readonly transports: string
  readonly synced: number
  readonly rp_id: string
  readonly name: string
  readonly created_at: number
  readonly last_used_at: number | null
}

export interface UpstreamLinkTable {
  readonly upstream: string
  readonly subject: string
  readonly user_id: string
  readonly created: number
  readonly linked_at: number
}

export interface ObjectTable {
  readonly collection: string
  readonly id: string
  readonly revision: number
  readonly owner: string
  readonly body: string
  readonly updated_at: number
  readonly updated_by: string
}

export interface ObjectRevisionTable {
  readonly collection: string
  readonly id: string
  readonly revision: number
  /** Null if this revision removed the object. */
  readonly body: string | null
  readonly owner: string
  readonly at: number
  readonly by: string
  readonly reason: string | null
}

/** A single row with the revision of all objects. */
export interface ObjectCounterTable {
  readonly id: number
  readonly revision: number
}

/** Pending events; deleted once the receiver has them. */
export interface SecurityEventTable {
  readonly position: Generated<number>
  readonly id: string
  readonly stream: string
  readonly claims: string
  readonly created_at: number
  readonly attempts: number
  readonly due_at: number
}

export interface SecurityEventStreamTable {
  readonly stream: string
  readonly delivered: number
  readonly abandoned: number
  readonly last_delivered_at: number | null
  readonly last_lag_ms: number | null
  readonly last_error: string | null
  readonly last_error_at: number | null
}

export interface ReceivedRevocationTable {
  readonly position: Generated<number>
  readonly id: string
  readonly authorization_server: string
  readonly body: string
  readonly expires_at: number
}

export interface Tables {
  readonly audit_events: AuditEventTable
  readonly audit_heads: AuditHeadTable
  readonly audit_streams: AuditStreamTable
  readonly audit_stream_cursors: AuditStreamCursorTable
  readonly audit_checkpoints: AuditCheckpointTable
  readonly access_tokens: AccessTokenTable
  readonly token_descents: TokenDescentTable
  readonly accounts: AccountTable
  readonly account_links: AccountLinkTable
  readonly signing_keys: SigningKeyTable
  readonly key_owners: KeyOwnerTable
  readonly sign_in_records: SignInRecordTable
  readonly password_hashes: PasswordHashTable
  readonly totp_factors: TotpFactorTable
  readonly passkeys: PasskeyTable
  readonly upstream_links: UpstreamLinkTable
  readonly failed_attempts: FailedAttemptTable
  readonly request_counts: RequestCountTable
  readonly stored_credentials: StoredCredentialTable
  readonly objects: ObjectTable
  readonly object_keys: ObjectKeyTable
  readonly object_revisions: ObjectRevisionTable
  readonly object_counter: ObjectCounterTable
  readonly security_events: SecurityEventTable
  readonly security_event_streams: SecurityEventStreamTable
  readonly received_withdrawals: ReceivedRevocationTable
}

export interface Database {
  readonly traits: DialectTraits
  readonly db: Kysely<Tables>
}
