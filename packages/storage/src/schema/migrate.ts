// Brings a database to the schema of this release, and refuses one that is not ours or not as it should be. Forward only,
// and safe when several processes start at once: each migration runs in one transaction that the dialect serialises.
import type { Database } from './database.ts'
import { findStranger } from './find-stranger.ts'
import { applyMigrations, isMigrationTable } from './migrations.ts'
import { SchemaError } from './schema-error.ts'
import { compareShapes, readShape, type Shape } from './shape.ts'

/**
 * Applies every migration that is missing, and compares the outcome with what the code expects.
 *
 * @param openEmpty - a database to read the expected schema from
 * @throws SchemaError with what to do, or what the database said
 */
export async function migrate({ db, traits }: Database, openEmpty: () => Database): Promise<void> {
  const expected = await readExpectedShape(openEmpty())
  const stranger = await findStranger(db, traits, expected)
  if (stranger !== undefined) throw stranger
  await applyMigrations(db, traits)
  const [difference, ...others] = compareShapes(expected, await readShape(db, traits))
  if (difference === undefined) return
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`
  throw new SchemaError(
    `its schema is not the one of this version: ${difference}${more}`,
    'restore it from a backup, or undo what was changed in it by hand: a server never repairs a schema',
  )
}

/**
 * The same for every database: what differs by dialect has no place in a shape.
 *
 * @param empty - closed afterwards
 */
async function readExpectedShape({ db, traits }: Database): Promise<Shape> {
  try {
    await applyMigrations(db, traits)
    return new Map([...(await readShape(db, traits))].filter(([table]) => !isMigrationTable(table)))
  } finally {
    await db.destroy()
  }
}
