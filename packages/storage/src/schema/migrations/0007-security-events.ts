// Security events: those waiting to be told to others, how each stream does, and what others took back here.
import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

import type { DialectTraits } from '../../dialects/dialect.ts'

export function securityEventsMigration(traits: DialectTraits): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await createQueue(db, traits)
      await createStreams(db)
      await createReceived(db, traits)
    },
  }
}

async function createQueue(db: Kysely<unknown>, traits: DialectTraits): Promise<void> {
  await db.schema
    .createTable('security_events')
    .addColumn('position', traits.positionType, (column) => traits.neverReused(column))
    .addColumn('id', 'text', (column) => column.notNull())
    .addColumn('stream', 'text', (column) => column.notNull())
    .addColumn('claims', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('attempts', 'integer', (column) => column.notNull())
    .addColumn('due_at', 'bigint', (column) => column.notNull())
    .addUniqueConstraint('security_events_id', ['stream', 'id'])
    .execute()
}

async function createStreams(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('security_event_streams')
    .addColumn('stream', 'text', (column) => column.primaryKey().notNull())
    .addColumn('delivered', 'bigint', (column) => column.notNull())
    .addColumn('abandoned', 'bigint', (column) => column.notNull())
    .addColumn('last_delivered_at', 'bigint')
    .addColumn('last_lag_ms', 'bigint')
    .addColumn('last_error', 'text')
    .addColumn('last_error_at', 'bigint')
    .execute()
}

async function createReceived(db: Kysely<unknown>, traits: DialectTraits): Promise<void> {
  await db.schema
    .createTable('received_withdrawals')
    // Readers ask for what is beyond the last one they saw.
    .addColumn('position', traits.positionType, (column) => traits.neverReused(column))
    .addColumn('id', 'text', (column) => column.notNull())
    .addColumn('authorization_server', 'text', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addColumn('expires_at', 'double precision', (column) => column.notNull())
    .execute()
}
