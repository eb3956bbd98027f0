import { sql } from 'kysely'

import type { DialectTraits } from '../dialect.ts'

export const sqliteTraits: DialectTraits = {
  name: 'sqlite',
  // Exactly `integer primary key` is the row id itself: no second index.
  positionType: 'integer',
  position: (column) => column.primaryKey(),
  // A plus sign hides the column from the planner.
  unsearched: (column) => sql`+${sql.ref(column)}`,
  // Kept apart by the one who writes, under the write lock: see `live-marks.ts`.
  createMarks: (db) =>
    db.schema
      .createTable('mark_batches')
      .addColumn('position', 'integer', (column) => column.primaryKey().autoIncrement())
      .addColumn('marks', 'text', (column) => column.notNull())
      .addColumn('count', 'integer', (column) => column.notNull())
      .addColumn('expires_at', 'double precision', (column) => column.notNull())
      .execute(),
  // Spread later: see `arriving-tokens.ts`.
  createArrivingTokens: (db) =>
    db.schema
      .createTable('arriving_access_tokens')
      .addColumn('position', 'integer', (column) => column.primaryKey())
      .addColumn('tokens', 'text', (column) => column.notNull())
      .execute(),
  neverReused: (column) => column.primaryKey().autoIncrement(),
}
