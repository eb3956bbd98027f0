// What the ledger needs from a database: writing several entries in one durable transaction.
import type { LedgerEntry, LedgerOutcome } from '@crosswalk/as-core'

import type { EventColumns } from '../schema/tables.ts'
import type { SignInRows } from './sign-in-rows.ts'

/** A ledger entry with everything computed before the transaction. */
export interface PreparedEntry {
  readonly entry: LedgerEntry
  /** The event as JSON, exactly as stored and hashed. */
  readonly body: string
  readonly columns: EventColumns
  readonly signIn?: SignInRows | undefined
}

/** Replay keys without an event */
export interface PreparedReplayKeys {
  readonly entry: Required<Pick<LedgerEntry, 'replayKeys'>>
}

export type Prepared = PreparedEntry | PreparedReplayKeys

/** Replay keys without an event belong to no chain, so they have no number. */
export const KEYS_COMMITTED: LedgerOutcome = { committed: true, chain: '', seq: 0 }

/** Another account has an identifier of the new one; nothing of the entry was written. */
export const ACCOUNT_TAKEN: LedgerOutcome = { committed: false, accountTaken: true }

/** Whether definitions changed after the decision. @param revision - the current revision in the store */
export function isOutdated(prepared: Prepared, revision: number): boolean {
  return 'columns' in prepared && (prepared.entry.definedAt ?? revision) < revision
}

/** Whether the batch needs the revision of the definitions. */
export function comparesDefinitions(batch: readonly Prepared[]): boolean {
  return batch.some((prepared) => 'columns' in prepared && prepared.entry.definedAt !== undefined)
}

export interface BatchWriter {
  /**
   * Writes entries and replay keys in order in one transaction; all outcomes are durable once the promise resolves.
   * Throws if the transaction failed; then either nothing was written, or it is unknown whether it was.
   */
  write(batch: readonly Prepared[]): Promise<readonly LedgerOutcome[]>
  /**
   * Whether the data of an entry caused the error and nothing was written, so that the other entries can be retried.
   */
  isEntryFault(error: unknown): boolean
}
