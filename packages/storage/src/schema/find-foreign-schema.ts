// Recognizes databases that this release must not touch: created by a newer release, by a version before the first
// release, or by another program; and those without a schema to create tables in.
import { sql, type Kysely } from 'kysely'

import type { DialectTraits } from './traits.ts'
import { isMigrationTable, listMigrations, MIGRATIONS_TABLE } from './migrations.ts'
import { SchemaError } from './schema-error.ts'
import { listTables, type Shape } from './shape.ts'
import type { Tables } from './tables.ts'

/** Where versions before the first release recorded their migrations, and the first of these. */
const OLD_MIGRATIONS_TABLE = 'kysely_migration'
const OLD_MIGRATION = '0001-audit'

export async function findForeignSchema(
  db: Kysely<Tables>,
  traits: DialectTraits,
  expected: Shape,
): Promise<SchemaError | undefined> {
  const missing = traits.name === 'postgres' ? await findMissingSchema(db) : undefined
  if (missing !== undefined) return missing
  const tables = await listTables(db, traits)
  if (tables.includes(MIGRATIONS_TABLE))
    return findNewer(await listApplied(db, MIGRATIONS_TABLE), [...listMigrations(traits).keys()])
  const others = tables.filter((table) => !isMigrationTable(table))
  if (others.length === 0) return undefined
  const old = tables.includes(OLD_MIGRATIONS_TABLE) && (await listApplied(db, OLD_MIGRATIONS_TABLE))
  if (old && old.includes(OLD_MIGRATION))
    return new SchemaError(
      'it was made by a version before the first release, whose data this version does not read',
      'start with an empty database, and keep this one if its audit log is still needed',
    )
  const ours = others.filter((table) => expected.has(table))
  const shown = (ours.length === 0 ? others : ours).slice(0, 3).join(', ')
  return new SchemaError(
    `it holds tables that are not Crosswalk's (${shown})`,
    traits.name === 'sqlite'
      ? 'use a separate file'
      : 'use a separate database, or run `create schema crosswalk` and add `?options=-csearch_path%3Dcrosswalk`',
  )
}

/** PostgreSQL ignores schemas of the search path that do not exist, or that the user may not use. */
async function findMissingSchema(db: Kysely<Tables>): Promise<SchemaError | undefined> {
  const { rows } = await sql<{ schema: string | null; path: string }>`
    select current_schema() as schema, current_setting('search_path') as path`.execute(db)
  const [found] = rows
  if (found === undefined || found.schema !== null) return undefined
  return new SchemaError(
    `no schema of its search path exists (${found.path})`,
    'create the schema with `create schema`, or correct `search_path` in its URL',
  )
}

function findNewer(applied: readonly string[], known: readonly string[]): SchemaError | undefined {
  const unknown = applied.find((name) => !known.includes(name))
  if (unknown === undefined) return undefined
  return new SchemaError(
    `a newer version has changed its schema (${unknown})`,
    'run that version or a later one, or restore the backup from before the upgrade',
  )
}

async function listApplied(db: Kysely<Tables>, table: string): Promise<readonly string[]> {
  const { rows } = await sql<{ name: string }>`select name from ${sql.table(table)} order by name`.execute(db)
  return rows.map(({ name }) => name)
}
