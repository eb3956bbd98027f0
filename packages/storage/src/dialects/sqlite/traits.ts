import { sql } from 'kysely'

import type { DialectTraits } from '../dialect.ts'

export const sqliteTraits: DialectTraits = {
  name: 'sqlite',
  // Exactly `integer primary key` is the row id itself: no second index.
  positionType: 'integer',
  position: (column) => column.primaryKey(),
  keyedTable: (table) => table.modifyEnd(sql`without rowid`),
}
