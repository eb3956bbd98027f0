// What differs between the two databases, as one shape. Everything outside `dialects/` is written once.
import type { EpochMs, EpochSeconds } from '@crosswalk/protocol'
import type { CompiledQuery, Kysely, Transaction } from 'kysely'

import type { BatchWriter } from '../ledger/batch-writer.ts'
import type { Database } from '../schema/database.ts'
import type { Tables } from '../schema/tables.ts'

/** @returns what the rows for these values say; the values in the order in which the query has its parameters */
export type PreparedRead<Found> = (values: readonly (string | number)[]) => Promise<Found>

export type PrepareRead = <Row, Found>(
  query: CompiledQuery<Row>,
  parse: (rows: readonly Row[]) => Found,
) => PreparedRead<Found>

export type UpkeepTask = 'clean-up' | 'retention'

/** What clean-up needs of a database. */
export interface Upkeep {
  /** Of the clock by which things expire here. */
  readTimeMs(): Promise<EpochMs>
  /** Does `work`, unless another process is at the same task: then the answer is undefined. */
  asLeader<T>(task: UpkeepTask, work: () => Promise<T>): Promise<T | undefined>
  /** Afterwards no replay key that expired before `cut` is taken any more, so those there are may be forgotten. */
  advanceReplayHorizon(cut: EpochSeconds): Promise<void>
}

/** A span of time whose events are in a partition. */
export interface EventPeriod {
  readonly name: string
  readonly from: EpochMs
  /** Not included */
  readonly to: EpochMs
}

/** The last event of a chain in a period. */
export interface PeriodEnd {
  readonly chain: string
  readonly seq: number
}

/** Of a database that partitions events by time. */
export interface EventPeriods {
  /** Adds the missing periods of the next months; does nothing if it did so within the hour. */
  prepare(): Promise<void>
  /** The first that has both a start and an end */
  findOldest(): Promise<EventPeriod | undefined>
  listEnds(period: EventPeriod): Promise<readonly PeriodEnd[]>
  /**
   * Removes the oldest period with all its events. Atomic with what is done alongside.
   * @returns false if another process was faster
   */
  drop(period: EventPeriod, alongside: (transaction: Transaction<Tables>) => Promise<void>): Promise<boolean>
}

/** How busy a pool of connections is. */
export interface ConnectionLoad {
  readonly pool: 'requests' | 'reports' | 'ledger'
  readonly used: number
  readonly idle: number
  /** Callers that wait for a connection */
  readonly waiting: number
}

/** One open database. */
export interface Engine extends Database {
  /** The same tables for what may take long: lists, reports, verification, clean-up. */
  readonly reports: Kysely<Tables>
  readonly ledgerWriter: BatchWriter
  readonly upkeep: Upkeep
  /**
   * Does `work` after those who asked before, in other processes too, so that they do not get in each other's way. It is a
   * courtesy, which a process that waits too long does without.
   */
  takeTurn<T>(work: () => Promise<T>): Promise<T>
  /** Absent if all events are in one table */
  readonly periods?: EventPeriods
  /** Absent where there are none */
  readonly connections?: () => readonly ConnectionLoad[]
  /** For the few reads that a token request waits for: compiled and prepared once, only the values change. */
  readonly prepareRead: PrepareRead
  /**
   * Calls `look` whenever another process may have changed objects; missed calls are made up for.
   * @returns a function that ends the watch
   */
  watchObjects(look: () => void): Promise<() => Promise<void>>
  close(): Promise<void>
}

/** The channel on which PostgreSQL tells other processes about changed objects. */
export const OBJECTS_CHANNEL = 'crosswalk_objects'
