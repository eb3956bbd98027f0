// What a database must do for the ledger: write several entries in one durable transaction.
import type { LedgerEntry, LedgerOutcome } from '@crosswalk/as-core'

import type { EventColumns } from './event-columns.ts'

/** A ledger entry with all that can be computed before the transaction. */
export interface PreparedEntry {
  readonly entry: LedgerEntry
  /** The event as JSON, exactly as stored and hashed. */
  readonly body: string
  readonly columns: EventColumns
}

/** Single uses without an event */
export interface PreparedReplayKeys {
  readonly entry: Required<Pick<LedgerEntry, 'replayKeys'>>
}

export type Prepared = PreparedEntry | PreparedReplayKeys

/** Replay keys alone are in no chain, so they have no number in one. */
export const KEYS_COMMITTED: LedgerOutcome = { committed: true, chain: '', seq: 0 }

/** Whether definitions have changed since it was decided. @param revision - the one they have in the store */
export function isOutdated(prepared: Prepared, revision: number): boolean {
  return 'columns' in prepared && (prepared.entry.definedAt ?? revision) < revision
}

/** Whether the revision of definitions has to be read for it. */
export function comparesDefinitions(batch: readonly Prepared[]): boolean {
  return batch.some((prepared) => 'columns' in prepared && prepared.entry.definedAt !== undefined)
}

export interface BatchWriter {
  /**
   * Writes entries and replay keys in order in one transaction; all outcomes hold once the promise resolves.
   * Throws when the transaction failed; then either nothing of it is written, or that is unknown.
   */
  write(batch: readonly Prepared[]): Promise<readonly LedgerOutcome[]>
  /** Whether the fault lies in the data of an entry and nothing was written, so that the others may be tried. */
  isEntryFault(error: unknown): boolean
}
