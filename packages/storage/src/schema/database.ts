// The tables of one database, and what differs in how its schema is spelt.
import type { Kysely, RawBuilder } from 'kysely'

import type { Tables } from './tables.ts'

export type DialectName = 'sqlite' | 'postgres'

/** How the shared schema spells what the databases spell differently. */
export interface DialectTraits {
  readonly name: DialectName
  /** Declares the number that rows get in order of arrival, as the primary key. */
  readonly arrivalKey: string
  /** The same, and a number is never given to a second row, even when the last row was deleted. */
  readonly lastingKey: string
  /** A column whose texts are compared and sorted by their code units. */
  byCodeUnits(column: string): RawBuilder<string>
  /** A column to compare with, but not to search by, where the database keeps no statistics to choose by. */
  unsearched(column: string): RawBuilder<string>
}

export interface Database {
  readonly traits: DialectTraits
  readonly db: Kysely<Tables>
}
