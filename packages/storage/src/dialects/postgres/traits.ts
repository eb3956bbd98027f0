import { sql } from 'kysely'

import type { DialectTraits } from '../dialect.ts'

export const postgresTraits: DialectTraits = {
  name: 'postgres',
  positionType: 'bigint',
  position: (column) => column.generatedAlwaysAsIdentity().primaryKey(),
  unsearched: (column) => sql.ref(column),
  uniqueMarks: (table) => table.addUniqueConstraint('used_marks_key', ['kind', 'key'] as never),
  neverReused: (column) => column.generatedAlwaysAsIdentity().primaryKey(),
}
