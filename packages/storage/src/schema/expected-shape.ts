// The shape of this release's schema, read from an empty database that the migrations made, so that no second list exists.
import type { Database } from './database.ts'
import { applyMigrations, isMigrationTable } from './migrations.ts'
import { readShape, type Shape } from './shape.ts'

/**
 * The same for every database: what differs by dialect has no place in a shape.
 *
 * @param empty - closed afterwards
 */
export async function readExpectedShape({ db, traits }: Database): Promise<Shape> {
  try {
    await applyMigrations(db, traits)
    return new Map([...(await readShape(db, traits))].filter(([table]) => !isMigrationTable(table)))
  } finally {
    await db.destroy()
  }
}
