// The migrations of the schema, in order. A migration never changes after a release, because databases were created
// with it.
import { sql, type Kysely } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'

import { ACCOUNT_KEYS } from './account-keys.ts'
import { ACCOUNT_LINKS } from './account-links.ts'
import type { DialectTraits } from './traits.ts'
import { listBaseline } from './baseline.ts'
import { listEventPartitions } from './event-partitions.ts'
import { FAILED_ATTEMPTS } from './failed-attempts.ts'
import { listObjectKeys } from './object-keys.ts'
import { PRIVATE_KEY_URIS } from './private-key-uris.ts'
import { REQUEST_COUNTS } from './request-counts.ts'
import { STORED_CREDENTIALS } from './stored-credentials.ts'
import type { Tables } from './tables.ts'
import { TOKEN_DESCENTS } from './token-descents.ts'

/** Custom table names, because a program that embeds a server may have its own migrations in the same database. */
export const MIGRATIONS_TABLE = 'crosswalk_migrations'
const LOCK_TABLE = 'crosswalk_migration_lock'

export function isMigrationTable(name: string): boolean {
  return name === MIGRATIONS_TABLE || name === LOCK_TABLE
}

/** @returns the statements of each migration, by name */
export function listMigrations(traits: DialectTraits): ReadonlyMap<string, readonly string[]> {
  return new Map([
    ['0001-baseline', listBaseline(traits)],
    ['0002-failed-attempts', FAILED_ATTEMPTS],
    ['0003-request-counts', REQUEST_COUNTS],
    ['0004-token-descents', TOKEN_DESCENTS],
    ['0005-stored-credentials', STORED_CREDENTIALS],
    ['0006-private-key-uris', PRIVATE_KEY_URIS],
    ['0007-event-partitions', listEventPartitions(traits)],
    ['0008-object-keys', listObjectKeys(traits)],
    ['0009-account-keys', ACCOUNT_KEYS],
    ['0010-account-links', ACCOUNT_LINKS],
  ])
}

/** Called once with the missing migrations, before they change a database that an earlier version made. */
export type OnMigrate = (missing: readonly string[]) => void

export interface MigrationHooks {
  readonly onMigrate?: OnMigrate | undefined
  /** Runs after the last migration, if any was missing. Nothing is changed if it throws. */
  readonly checkResult?: (migrated: Kysely<Tables>) => Promise<void>
}

/**
 * Applies the missing migrations without checking the existing schema, all in one transaction.
 *
 * @returns whether any was missing
 */
export async function applyMigrations(
  db: Kysely<Tables>,
  traits: DialectTraits,
  { onMigrate, checkResult }: MigrationHooks = {},
): Promise<boolean> {
  const listed = [...listMigrations(traits)]
  let isFirst = true
  const migrations = listed.map(([name, statements], index): [string, Migration] => [
    name,
    {
      async up(transaction: Kysely<Tables>) {
        if (isFirst && index > 0) onMigrate?.(listed.slice(index).map(([missing]) => missing))
        isFirst = false
        for (const statement of statements) await sql.raw(statement).execute(transaction)
        if (index === listed.length - 1) await checkResult?.(transaction)
      },
    },
  ])
  const migrator = new Migrator({
    db,
    migrationTableName: MIGRATIONS_TABLE,
    migrationLockTableName: LOCK_TABLE,
    provider: { getMigrations: async () => Object.fromEntries(migrations) },
  })
  const { error, results = [] } = await migrator.migrateToLatest()
  if (error === undefined) return results.length > 0
  throw error instanceof Error ? error : new Error('a migration failed', { cause: error })
}
