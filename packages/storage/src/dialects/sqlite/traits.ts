// What SQLite does in its own way.
import { sql } from 'kysely'

import type { DialectTraits } from '../../schema/traits.ts'

export const sqliteTraits: DialectTraits = {
  name: 'sqlite',
  // Exactly `integer primary key` makes the column the row id itself, without a second index.
  arrivalKey: 'integer primary key',
  lastingKey: 'integer primary key autoincrement',
  byCodeUnits: (column) => sql.ref(column),
  // The clock of the process is that of the database.
  notAfterNow: (seconds) => sql`${seconds}`,
  serverTimeMs: (processTimeMs) => sql`${processTimeMs}`,
  // A unary plus hides the column from the query planner.
  unsearched: (column) => sql`+${sql.ref(column)}`,
}
