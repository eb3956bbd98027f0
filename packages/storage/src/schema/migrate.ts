// Migrates a database to the schema of this release, and refuses one that is not ours or was altered. Forward only, and
// safe if several processes start concurrently: all missing migrations run in one transaction that the dialect serializes.
import type { Kysely } from 'kysely'

import type { Database, Tables } from './tables.ts'
import { findForeignSchema } from './find-foreign-schema.ts'
import { applyMigrations, type OnMigrate } from './migrations.ts'
import { SchemaError } from './schema-error.ts'
import { compareShapes, readShape, type Shape } from './shape.ts'
import type { DialectTraits } from './traits.ts'

/**
 * Applies every missing migration and compares the result with the schema that the code expects. A refused database is
 * unchanged, so that the version that used it until now can still do so.
 *
 * @throws SchemaError with advice, or the error of the database
 */
export async function migrate(
  { db, traits }: Database,
  expected: Shape,
  onMigrate?: OnMigrate,
): Promise<void> {
  const foreign = await findForeignSchema(db, traits, expected)
  if (foreign !== undefined) throw foreign
  const checkResult = (migrated: Kysely<Tables>) => refuseDifference(expected, migrated, traits)
  const isChecked = await applyMigrations(db, traits, { onMigrate, checkResult })
  if (!isChecked) await checkResult(db)
}

async function refuseDifference(expected: Shape, db: Kysely<Tables>, traits: DialectTraits): Promise<void> {
  const [difference, ...others] = compareShapes(expected, await readShape(db, traits))
  if (difference === undefined) return
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`
  throw new SchemaError(
    `its schema differs from this version: ${difference}${more}`,
    'restore it from a backup, or undo the manual changes: a server never repairs a schema',
  )
}
