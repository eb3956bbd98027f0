export { copySqlite } from './backup/copy-sqlite.ts'
export { findDatabaseKey, keyFileOf } from './database-key.ts'
export { findSqlitePath } from './database-url.ts'
export type { ConnectionLoad, EventPeriod } from './dialects/dialect.ts'
export type { DialectName } from './schema/traits.ts'
export type { Activity, AppActivity, GrantedScopes, Period } from './events/activity.ts'
export type { ConnectionUse, UsedScopes } from './events/connection-use.ts'
export { InvalidCursorError } from './events/cursor.ts'
export type { EventReader, LogHead, StreamQuery } from './events/event-reader.ts'
export type { LastUse, LastUses } from './events/last-use.ts'
export type { EventPage, EventQuery } from './events/list-events.ts'
export type { RecordedEvent } from './events/recorded-event.ts'
export type {
  GrantUse,
  HoursUsed,
  Redemption,
  RefusalCount,
  TargetCount,
  UsagePatterns,
} from './events/usage-patterns.ts'
export {
  type ChainAnchors,
  type ChainHead,
  type ChainVerdict,
  findCutEnd,
  findLinkFault,
  findSealFault,
} from './events/verify-chain.ts'
export { FIRST_PREV_HASH, hashText, linkHash } from './ledger/chain-hash.ts'
export type { Batch } from './ledger/group-commit.ts'
export { openPorts, type Ports, type PortsOptions } from './open-ports.ts'
export { openStorage } from './open-storage.ts'
export { keepOwnerOnly } from './owner-only.ts'
export { type MigrationPlan, planMigrations } from './plan-migrations.ts'
export { type DatabaseSealing, openSealing, verifySealing } from './sealing/open-sealing.ts'
export { finishReseal, publishMasterKey, resealAll, type Resealed } from './sealing/reseal.ts'
export { SchemaError } from './schema/schema-error.ts'
export type { Storage, StorageOptions } from './storage.ts'
export type { AccountLink } from './stores/accounts.ts'
export type { AuditCheckpoints, Checkpoint } from './stores/audit-checkpoints.ts'
export type { AuditPeriods } from './stores/audit-periods.ts'
export type { AuditStreams, StreamState } from './stores/audit-streams.ts'
export type { Expiry, DeletedCounts } from './stores/expiry.ts'
export type { StoredKeys } from './stores/key-store.ts'
export type {
  Basis,
  CheckObject,
  NewUpstreamLink,
  ObjectChange,
  ObjectOutcome,
  ObjectPut,
  ObjectRevision,
  ObjectStep,
  ObjectStore,
  StoredChange,
  StoredObject,
} from './stores/object-store.ts'
export type { StoredPasswordHashes } from './stores/password-hashes.ts'
export type { RemovalRecord, RemovedFactors, StoredSecondFactors } from './stores/second-factors.ts'
export type {
  CredentialKind,
  CredentialPlace,
  CredentialQuery,
  StoredCredential,
  StoredCredentials,
} from './stores/stored-credentials.ts'
export type { StoredUpstreamLinks } from './stores/upstream-links.ts'
