import { sql } from 'kysely'

import type { DialectTraits } from '../dialect.ts'

export const postgresTraits: DialectTraits = {
  name: 'postgres',
  positionType: 'bigint',
  position: (column) => column.generatedAlwaysAsIdentity().primaryKey(),
  unsearched: (column) => sql.ref(column),
  createMarks: (db) =>
    db.schema
      .createTable('used_marks')
      .addColumn('position', 'bigint', (column) => column.generatedAlwaysAsIdentity().primaryKey())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('key', 'text', (column) => column.notNull())
      .addColumn('expires_at', 'double precision', (column) => column.notNull())
      .addUniqueConstraint('used_marks_key', ['kind', 'key'])
      .execute(),
  createArrivingTokens: async () => {},
  neverReused: (column) => column.generatedAlwaysAsIdentity().primaryKey(),
}
