// All storage: the ledger, and a port per purpose. Callers need not know which database is behind it.
import type { Clock, Ledger } from '@crosswalk/as-core'

import type { Stores } from './create-stores.ts'
import type { ConnectionLoad } from './dialects/dialect.ts'
import type { LedgerListeners } from './ledger/group-commit.ts'
import type { OnMigrate } from './schema/migrations.ts'
import type { DialectName } from './schema/traits.ts'
import type { CheckObject } from './stores/object-store.ts'

export interface StorageOptions extends LedgerListeners {
  /** Default: the system clock. */
  readonly clock?: Clock
  /**
   * Maximum connections to PostgreSQL, not counting those for the ledger, for turns and for notifications. Default: 13.
   */
  readonly poolSize?: number
  /** Called with every object before it is stored, as it would be read. @throws if it could not be read back */
  readonly checkObject?: CheckObject
  readonly onMigrate?: OnMigrate
}

export interface Storage extends Stores {
  readonly dialect: DialectName
  readonly ledger: Ledger
  /** See `Engine.takeTurn`. */
  takeTurn<T>(work: () => Promise<T>): Promise<T>
  /** Connection pools and their load; empty for an embedded database */
  connections(): readonly ConnectionLoad[]
  /**
   * Resolves if the database responds and has all tables, columns and privileges. If the last ledger entry failed or is
   * still pending, it also tests writing.
   */
  ping(): Promise<void>
  /** Completes pending entries, then closes; no method may be called afterwards. */
  close(): Promise<void>
}
