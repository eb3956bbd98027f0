// The differences in how each database writes the common schema.
import type { EpochMs, EpochSeconds } from '@crosswalk/protocol'
import type { RawBuilder } from 'kysely'

export type DialectName = 'sqlite' | 'postgres'

/** How each database writes the parts of the common schema that differ. */
export interface DialectTraits {
  readonly name: DialectName
  /** Declares the primary key that numbers rows in order of arrival. */
  readonly arrivalKey: string
  /** The same, but a number is never reused, even if the last row was deleted. */
  readonly lastingKey: string
  /** A text column, compared and sorted by code units. */
  byCodeUnits(column: string): RawBuilder<string>
  /**
   * The earlier of the given time and that of the server, in epoch seconds, so that a process whose clock is ahead does
   * not take for expired what others still accept.
   */
  notAfterNow(seconds: EpochSeconds): RawBuilder<number>
  /**
   * The time of the server in epoch milliseconds, the same throughout a statement, so that nodes whose clocks differ
   * agree on it; without a server, the given time of this process.
   */
  serverTimeMs(processTimeMs: EpochMs): RawBuilder<number>
  /** Hides a column from the planner of a database without statistics, so that it is compared but not searched by. */
  unsearched(column: string): RawBuilder<string>
}
