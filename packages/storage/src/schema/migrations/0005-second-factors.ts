// The second factor of a person: one secret for codes by time, sealed, and the last time step whose code was used.
import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

export function secondFactorsMigration(): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable('totp_factors')
        .addColumn('user_id', 'text', (column) => column.primaryKey().notNull())
        .addColumn('sealed_secret', 'text', (column) => column.notNull())
        .addColumn('fingerprint', 'text')
        .addColumn('last_step', 'bigint', (column) => column.notNull())
        .addColumn('enrolled_at', 'bigint', (column) => column.notNull())
        .execute()
    },
  }
}
