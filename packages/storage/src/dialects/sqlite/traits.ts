import { sql } from 'kysely'

import type { DialectTraits } from '../../schema/database.ts'

export const sqliteTraits: DialectTraits = {
  name: 'sqlite',
  // Exactly `integer primary key` is the row id itself: no second index.
  arrivalKey: 'integer primary key',
  lastingKey: 'integer primary key autoincrement',
  byCodeUnits: (column) => sql.ref(column),
  // A plus sign hides the column from the planner.
  unsearched: (column) => sql`+${sql.ref(column)}`,
}
