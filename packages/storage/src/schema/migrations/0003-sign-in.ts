// Signing keys, the sign-in provider's records, and password hashes.
import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

export function signInMigration(): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await createKeys(db)
      await createSignInRecords(db)
      await db.schema
        .createTable('password_hashes')
        .addColumn('user_id', 'text', (column) => column.primaryKey().notNull())
        .addColumn('hash', 'text', (column) => column.notNull())
        .addColumn('fingerprint', 'text', (column) => column.notNull())
        .execute()
    },
  }
}

async function createKeys(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('signing_keys')
    .addColumn('owner', 'text', (column) => column.notNull())
    .addColumn('kid', 'text', (column) => column.notNull())
    .addColumn('purpose', 'text', (column) => column.notNull())
    .addColumn('algorithm', 'text', (column) => column.notNull())
    .addColumn('public_jwk', 'text', (column) => column.notNull())
    .addColumn('sealed_private_jwk', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('retire_at', 'bigint')
    .addPrimaryKeyConstraint('signing_keys_key', ['owner', 'kid'])
    .execute()
  await db.schema
    .createTable('key_owners')
    .addColumn('owner', 'text', (column) => column.primaryKey().notNull())
    .addColumn('revision', 'bigint', (column) => column.notNull())
    .execute()
}

async function createSignInRecords(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('sign_in_records')
    .addColumn('model', 'text', (column) => column.notNull())
    .addColumn('id', 'text', (column) => column.notNull())
    .addColumn('payload', 'text', (column) => column.notNull())
    .addColumn('uid', 'text')
    .addColumn('user_code', 'text')
    .addColumn('grant_id', 'text')
    .addColumn('expires_at', 'double precision')
    .addColumn('consumed_at', 'double precision')
    .addPrimaryKeyConstraint('sign_in_records_key', ['model', 'id'])
    .execute()
  for (const column of ['uid', 'user_code', 'grant_id', 'expires_at'] as const) {
    await db.schema
      .createIndex(`sign_in_records_${column}`)
      .on('sign_in_records')
      .column(column)
      .where(column as never, 'is not', null)
      .execute()
  }
}
