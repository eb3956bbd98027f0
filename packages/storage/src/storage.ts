// All storage, as one port per purpose. Callers need not know which database is behind it.
import type { Clock, Ledger, RequestCounts, SecurityEventOutbox, SharedAttempts } from '@crosswalk/as-core'
import type { GrantLog, SignInStore } from '@crosswalk/idp'
import type { AccessTokens, Consents, ReceivedRevocationStore, TokenDescents } from '@crosswalk/resource-as'

import type { ConnectionLoad } from './dialects/dialect.ts'
import type { DialectName } from './schema/database.ts'
import type { Activity } from './events/activity.ts'
import type { ConnectionUses } from './events/connection-use.ts'
import type { EventReader } from './events/event-reader.ts'
import type { LastUses } from './events/last-use.ts'
import type { UsagePatterns } from './events/usage-patterns.ts'
import type { LedgerListeners } from './ledger/group-commit.ts'
import type { StoredAccounts } from './stores/accounts.ts'
import type { AuditCheckpoints } from './stores/audit-checkpoints.ts'
import type { AuditPeriods } from './stores/audit-periods.ts'
import type { AuditStreams } from './stores/audit-streams.ts'
import type { Expiry } from './stores/expiry.ts'
import type { StoredKeys } from './stores/key-store.ts'
import type { LiveAccess } from './stores/live-access.ts'
import type { ObjectStore } from './stores/object-store.ts'
import type { StoredPasswordHashes } from './stores/password-hashes.ts'
import type { StoredSecondFactors } from './stores/second-factors.ts'
import type { StoredCredentials } from './stores/stored-credentials.ts'
import type { StoredUpstreamLinks } from './stores/upstream-links.ts'

export interface StorageOptions extends LedgerListeners {
  /** Default: the system clock. */
  readonly clock?: Clock
  /**
   * Maximum connections to PostgreSQL, not counting those for the ledger, for turns and for notifications. Default: 10.
   */
  readonly poolSize?: number
}

export interface Storage {
  readonly dialect: DialectName
  readonly ledger: Ledger
  readonly keys: StoredKeys
  readonly accounts: StoredAccounts
  readonly accessTokens: AccessTokens
  readonly tokenDescents: TokenDescents
  readonly liveAccess: LiveAccess
  readonly signIn: SignInStore
  readonly consents: Consents
  readonly passwordHashes: StoredPasswordHashes
  readonly secondFactors: StoredSecondFactors
  readonly failedSignIns: SharedAttempts
  readonly requestCounts: RequestCounts
  readonly upstreamLinks: StoredUpstreamLinks
  readonly credentials: StoredCredentials
  readonly events: EventReader
  readonly grantLog: GrantLog
  readonly connectionUses: ConnectionUses
  readonly lastUses: LastUses
  readonly activity: Activity
  readonly usagePatterns: UsagePatterns
  readonly auditStreams: AuditStreams
  readonly auditCheckpoints: AuditCheckpoints
  readonly auditPeriods: AuditPeriods
  readonly objects: ObjectStore
  readonly securityEvents: SecurityEventOutbox
  readonly receivedRevocations: ReceivedRevocationStore
  readonly expiry: Expiry
  /** See `Engine.takeTurn`. */
  takeTurn<T>(work: () => Promise<T>): Promise<T>
  /** Connection pools and their load; empty for an embedded database */
  connections(): readonly ConnectionLoad[]
  /**
   * Resolves if the database responds and has all tables, columns and privileges. If the last ledger entry failed or is still pending, it also
   * tests writing.
   */
  ping(): Promise<void>
  /** Completes pending entries, then closes; no method may be called afterwards. */
  close(): Promise<void>
}
