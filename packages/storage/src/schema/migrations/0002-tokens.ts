// Access tokens and accounts of Resource Authorization Servers.
import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

import type { DialectTraits } from '../../dialects/dialect.ts'
import { createBucketIndex, TOKEN_BUCKETS } from '../buckets.ts'

export function tokensMigration(traits: DialectTraits): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await createAccessTokens(db, traits)
      await createAccounts(db)
    },
  }
}

async function createAccessTokens(db: Kysely<unknown>, traits: DialectTraits): Promise<void> {
  await db.schema
    .createTable('access_tokens')
    // Rows arrive in order of time, so their table grows at its end, whatever their ids look like.
    .addColumn('position', traits.positionType, (column) => traits.position(column))
    .addColumn('id', 'text', (column) => column.notNull())
    .addColumn('authorization_server', 'text', (column) => column.notNull())
    .addColumn('client_id', 'text', (column) => column.notNull())
    .addColumn('account_id', 'text', (column) => column.notNull())
    .addColumn('issuer', 'text', (column) => column.notNull())
    .addColumn('issuer_subject', 'text', (column) => column.notNull())
    .addColumn('tenant', 'text')
    .addColumn('grant_id', 'text', (column) => column.notNull())
    .addColumn('resource', 'text', (column) => column.notNull())
    .addColumn('issued_at', 'double precision', (column) => column.notNull())
    .addColumn('expires_at', 'double precision', (column) => column.notNull())
    .addColumn('revoked_at', 'bigint')
    // What nothing is searched by, together as JSON: a column each would cost every token.
    .addColumn('details', 'text', (column) => column.notNull())
    .addUniqueConstraint('access_tokens_id', ['id', 'authorization_server'])
    .execute()
  // Expired tokens are forgotten, so the table holds the live ones; withdrawing by anything but the person reads it
  // through once, which is rare and cheap beside an index that every token pays for.
  await createBucketIndex(TOKEN_BUCKETS, 'issuer_subject').execute(db)
}

async function createAccounts(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('accounts')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('authorization_server', 'text', (column) => column.notNull())
    .addColumn('issuer', 'text', (column) => column.notNull())
    .addColumn('tenant', 'text', (column) => column.notNull())
    .addColumn('subject', 'text', (column) => column.notNull())
    .addColumn('aud_sub', 'text')
    .addColumn('email', 'text')
    .addColumn('email_lower', 'text')
    .addColumn('email_verified', 'integer', (column) => column.notNull())
    .addColumn('name', 'text')
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('status_changed_at', 'bigint')
    .addUniqueConstraint('accounts_key', ['authorization_server', 'issuer', 'tenant', 'subject'])
    .execute()
  for (const column of ['aud_sub', 'email_lower']) {
    await db.schema
      .createIndex(`accounts_${column}`)
      .on('accounts')
      .columns(['authorization_server', column])
      .execute()
  }
}
