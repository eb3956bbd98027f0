import { sql } from 'kysely'

import type { DialectTraits } from '../dialect.ts'

export const postgresTraits: DialectTraits = {
  name: 'postgres',
  positionType: 'bigint',
  position: (column) => column.generatedAlwaysAsIdentity().primaryKey(),
  unsearched: (column) => sql.ref(column),
  keyedTable: (table) => table,
}
