import type { DialectTraits } from '../dialect.ts'

export const postgresTraits: DialectTraits = {
  name: 'postgres',
  positionType: 'bigint',
  position: (column) => column.generatedAlwaysAsIdentity().primaryKey(),
  keyedTable: (table) => table,
}
