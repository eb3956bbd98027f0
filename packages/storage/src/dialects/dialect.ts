// What differs between the two databases, as one shape. Everything outside `dialects/` is written once.
import type { AccessTokenOrigin } from '@crosswalk/authorization-server'
import type { EpochSeconds, Eventually } from '@crosswalk/protocol'
import type { ColumnDefinitionBuilder, CompiledQuery, Kysely, RawBuilder } from 'kysely'

import type { BatchWriter } from '../ledger/batch-writer.ts'
import type { Tables } from '../schema/tables.ts'

export type DialectName = 'sqlite' | 'postgres'

/** How the shared migrations spell what the databases spell differently. */
export interface DialectTraits {
  readonly name: DialectName
  /** Type of a number that rows get in order of arrival. */
  readonly positionType: 'integer' | 'bigint'
  position(column: ColumnDefinitionBuilder): ColumnDefinitionBuilder
  /** A column to compare with, but not to search by, where the database keeps no statistics to choose by. */
  unsearched(column: string): RawBuilder<string>
  /** Makes the table of single uses, whose shape is what keeps a mark from being there twice. */
  createMarks(db: Kysely<unknown>): Promise<void>
  /** Makes the table where access tokens are before they are in `access_tokens`, if they are ever. */
  createArrivingTokens(db: Kysely<unknown>): Promise<void>
  /** A number that is never given to a second row, even when the last row was deleted. */
  neverReused(column: ColumnDefinitionBuilder): ColumnDefinitionBuilder
}

/** @returns what the rows for these values say; the values in the order in which the query has its parameters */
export type PreparedRead<Found> = (values: readonly (string | number)[]) => Promise<Found>

export type PrepareRead = <Row, Found>(
  query: CompiledQuery<Row>,
  parse: (rows: readonly Row[]) => Found,
) => PreparedRead<Found>

/** The same, where the answer may be at hand */
export type PrepareLookup = <Row, Found>(
  query: CompiledQuery<Row>,
  parse: (rows: readonly Row[]) => Found,
) => (values: readonly (string | number)[]) => Eventually<Found>

/** What there is to do for who reads `access_tokens`, where tokens come there some time after they are durable. */
export interface TokenArrivals {
  /** Finds one that may not be there yet, where that is cheaper than to settle. */
  findLatest(server: string, id: string): AccessTokenOrigin | undefined
  /** Afterwards every token that was durable before the call is there. */
  settle(): Promise<void>
  /** Does `work` with all that are durable there; none becomes durable before it is done. */
  withSettled<T>(work: (db: Kysely<Tables>) => Promise<T>): Promise<T>
}

/** One open database. */
export interface Engine {
  readonly traits: DialectTraits
  readonly db: Kysely<Tables>
  readonly ledgerWriter: BatchWriter
  /** Forgets marks that expired before `now`. @returns how many */
  forgetMarks(now: EpochSeconds): Promise<number>
  /** Absent where access tokens are in `access_tokens` as soon as they are durable */
  readonly tokenArrivals?: TokenArrivals
  /** For the few reads that a token request waits for: compiled and prepared once, only the values change. */
  readonly prepareRead: PrepareRead
  /** The same, and what was found may be kept while the database stays as it is: nobody may change it. */
  readonly prepareLookup: PrepareLookup
  /**
   * Calls `look` whenever another process may have changed objects; missed calls are made up for.
   * @returns a function that ends the watch
   */
  watchObjects(look: () => void): Promise<() => Promise<void>>
  close(): Promise<void>
}

/** The channel on which PostgreSQL tells other processes about changed objects. */
export const OBJECTS_CHANNEL = 'crosswalk_objects'
