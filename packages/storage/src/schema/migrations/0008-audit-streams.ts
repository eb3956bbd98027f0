// How far each stream has delivered each log, and how it does; and the signed heads of the logs.
import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

export function auditStreamsMigration(): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await createStreams(db)
      await db.schema
        .createTable('audit_checkpoints')
        .addColumn('log', 'text', (column) => column.notNull())
        .addColumn('seq', 'bigint', (column) => column.notNull())
        .addColumn('hash', 'text', (column) => column.notNull())
        .addColumn('kind', 'text', (column) => column.notNull())
        .addColumn('time_ms', 'bigint', (column) => column.notNull())
        .addColumn('statement', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('audit_checkpoints_key', ['log', 'seq', 'kind'])
        .execute()
    },
  }
}

async function createStreams(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('audit_streams')
    .addColumn('stream', 'text', (column) => column.primaryKey().notNull())
    .addColumn('holder', 'text')
    .addColumn('held_until', 'bigint', (column) => column.notNull())
    .addColumn('due_at', 'bigint', (column) => column.notNull())
    .addColumn('failures', 'bigint', (column) => column.notNull())
    .addColumn('last_error', 'text')
    .addColumn('last_error_at', 'bigint')
    .addColumn('delivered', 'bigint', (column) => column.notNull())
    .addColumn('last_delivered_at', 'bigint')
    .execute()
  await db.schema
    .createTable('audit_stream_cursors')
    .addColumn('stream', 'text', (column) => column.notNull())
    .addColumn('log', 'text', (column) => column.notNull())
    .addColumn('seq', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('audit_stream_cursors_key', ['stream', 'log'])
    .execute()
}
