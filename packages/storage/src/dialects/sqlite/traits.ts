import { sql } from 'kysely'

import type { DialectTraits } from '../dialect.ts'

export const sqliteTraits: DialectTraits = {
  name: 'sqlite',
  // Exactly `integer primary key` is the row id itself: no second index.
  positionType: 'integer',
  position: (column) => column.primaryKey(),
  // A plus sign hides the column from the planner.
  unsearched: (column) => sql`+${sql.ref(column)}`,
  // By the one who writes, under the write lock: see `live-marks.ts`.
  uniqueMarks: (table) => table,
  neverReused: (column) => column.primaryKey().autoIncrement(),
}
