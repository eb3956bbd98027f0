// The shape of this release's schema, read from an empty database that the migrations made, so that no second list exists.
import { Kysely } from 'kysely'

import { NodeSqliteDialect } from '../dialects/sqlite/database.ts'
import { loadNodeSqlite } from '../dialects/sqlite/node-sqlite.ts'
import { sqliteTraits } from '../dialects/sqlite/traits.ts'
import { applyMigrations, isMigrationTable } from './migrations.ts'
import { readShape, type Shape } from './shape.ts'
import type { Tables } from './tables.ts'

/** The same for every database: what differs by dialect has no place in a shape. */
export async function readExpectedShape(): Promise<Shape> {
  const { DatabaseSync } = loadNodeSqlite()
  const db = new Kysely<Tables>({ dialect: new NodeSqliteDialect(new DatabaseSync(':memory:')) })
  try {
    await applyMigrations(db, sqliteTraits)
    return new Map([...(await readShape(db, sqliteTraits))].filter(([table]) => !isMigrationTable(table)))
  } finally {
    await db.destroy()
  }
}
