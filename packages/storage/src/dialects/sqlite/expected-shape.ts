// The schema that the code of this release expects, as an empty database in memory has it after all migrations.
import { Kysely } from 'kysely'

import { applyMigrations, isMigrationTable } from '../../schema/migrations.ts'
import { readShape, type Shape } from '../../schema/shape.ts'
import type { Tables } from '../../schema/tables.ts'
import { NodeSqliteDialect } from './database.ts'
import { loadNodeSqlite } from './node-sqlite.ts'
import { sqliteTraits } from './traits.ts'

let expected: Promise<Shape> | undefined

/** The same for every database, because shapes contain no differences between dialects. */
export function readExpectedShape(): Promise<Shape> {
  expected ??= migrateEmpty()
  return expected
}

async function migrateEmpty(): Promise<Shape> {
  const { DatabaseSync } = loadNodeSqlite()
  const db = new Kysely<Tables>({ dialect: new NodeSqliteDialect(new DatabaseSync(':memory:')) })
  try {
    await applyMigrations(db, sqliteTraits)
    return new Map([...(await readShape(db, sqliteTraits))].filter(([table]) => !isMigrationTable(table)))
  } finally {
    await db.destroy()
  }
}
