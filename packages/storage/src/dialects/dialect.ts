// The interface to the two databases. Everything outside `dialects/` is written once for both.
import type { EpochMs, EpochSeconds } from '@crosswalk/protocol'
import type { CompiledQuery, Kysely, Transaction } from 'kysely'

import type { BatchWriter } from '../ledger/batch-writer.ts'
import type { Shape } from '../schema/shape.ts'
import type { Database, Tables } from '../schema/tables.ts'

/** @returns the result for these values, which are in the order of the query's parameters */
export type PreparedRead<Found> = (values: readonly (string | number)[]) => Promise<Found>

export type PrepareRead = <Row, Found>(
  query: CompiledQuery<Row>,
  parse: (rows: readonly Row[]) => Found,
) => PreparedRead<Found>

export type UpkeepTask = 'clean-up' | 'retention'

/** What clean-up needs from a database. */
export interface Upkeep {
  /** Reads the clock that decides expiry here. */
  readTimeMs(): Promise<EpochMs>
  /** Does `work`, or returns undefined if another process is running the same task. */
  asLeader<T>(task: UpkeepTask, work: () => Promise<T>): Promise<T | undefined>
  /** Afterwards, no replay key that expired before `cut` is accepted, so such keys can be removed. */
  advanceReplayHorizon(cut: EpochSeconds): Promise<void>
}

/** A time span whose events are in one partition. */
export interface EventPeriod {
  readonly name: string
  readonly from: EpochMs
  /** Exclusive */
  readonly to: EpochMs
}

/** The last event of a chain in a period. */
export interface PeriodEnd {
  readonly chain: string
  readonly seq: number
}

/** For a database that partitions events by time. */
export interface EventPeriods {
  /** Adds the missing periods of the next months; does nothing if it ran within the hour. */
  prepare(): Promise<void>
  /** The oldest period with both a start and an end */
  findOldest(): Promise<EventPeriod | undefined>
  listEnds(period: EventPeriod): Promise<readonly PeriodEnd[]>
  /**
   * Removes the oldest period with all its events, in one transaction with `alongside`.
   *
   * @param alongside - resolves with whether to remove the period
   * @returns false if it was not removed, because another process was faster or `alongside` refused
   */
  drop(
    period: EventPeriod,
    alongside: (transaction: Transaction<Tables>) => Promise<boolean>,
  ): Promise<boolean>
}

export interface ConnectionLoad {
  readonly pool: 'lookups' | 'requests' | 'reports' | 'ledger'
  readonly used: number
  readonly idle: number
  /** Callers waiting for a connection */
  readonly waiting: number
}

/** An open database. */
export interface Engine extends Database {
  /** What the code expects; the database had it when it was opened. */
  readonly schema: Shape
  /** The same tables for slow work: lists, reports, verification, clean-up. */
  readonly reports: Kysely<Tables>
  readonly ledgerWriter: BatchWriter
  readonly upkeep: Upkeep
  /**
   * Does `work` after earlier callers, including those in other processes, so that they do not conflict. This is only a
   * courtesy: a process that has waited too long continues without its turn.
   */
  takeTurn<T>(work: () => Promise<T>): Promise<T>
  /** Absent if all events are in one table */
  readonly periods?: EventPeriods
  /** Absent if the database has no connections */
  readonly connections?: () => readonly ConnectionLoad[]
  /** For the few reads that a token request waits for: compiled and prepared once; only the values change. */
  readonly prepareRead: PrepareRead
  /**
   * Calls `look` whenever another process may have changed objects, also after missed notifications.
   * @returns a function that stops watching
   */
  watchObjects(look: () => void): Promise<() => Promise<void>>
  close(): Promise<void>
}

/** The channel on which PostgreSQL notifies other processes of changed objects. */
export const OBJECTS_CHANNEL = 'crosswalk_objects'
