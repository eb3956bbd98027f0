// Audit events, the heads of their chains, and single-use marks: what the ledger writes for each answer.
// Every index here is paid for on the hot path, so each is as narrow as its question allows.
import { sql, type Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

import type { DialectTraits } from '../../dialects/dialect.ts'
import { createBucketIndex, EVENT_BUCKETS } from '../buckets.ts'

/** Filters of event lists; rows without a value stay out of the index. */
const FILTERS = ['app', 'resource_app', 'connection', 'user_ref', 'code', 'type'] as const

/** Ids made elsewhere, in no order of time. */
const RANDOM_IDS = ['trace_id', 'grant_id'] as const

export function auditMigration(traits: DialectTraits): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await createEvents(db, traits)
      await createEventIndexes(db)
      await createMarks(db, traits)
    },
  }
}

async function createEvents(db: Kysely<unknown>, traits: DialectTraits): Promise<void> {
  await db.schema
    .createTable('audit_events')
    .addColumn('position', traits.positionType, (column) => traits.position(column))
    .addColumn('log', 'text', (column) => column.notNull())
    .addColumn('seq', 'bigint', (column) => column.notNull())
    .addColumn('id', 'text', (column) => column.notNull())
    .addColumn('time_ms', 'bigint', (column) => column.notNull())
    .addColumn('type', 'text', (column) => column.notNull())
    .addColumn('outcome', 'text', (column) => column.notNull())
    .addColumn('code', 'text')
    .addColumn('app', 'text')
    .addColumn('resource_app', 'text')
    .addColumn('connection', 'text')
    .addColumn('user_ref', 'text')
    .addColumn('decision_id', 'text')
    .addColumn('trace_id', 'text')
    .addColumn('grant_id', 'text')
    .addColumn('prev_hash', 'text', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    // Last, so that filtering a row never reads past its small columns.
    .addColumn('body', 'text', (column) => column.notNull())
    .addUniqueConstraint('audit_events_log_seq', ['log', 'seq'])
    .execute()
  await db.schema
    .createTable('audit_heads')
    .addColumn('log', 'text', (column) => column.primaryKey().notNull())
    .addColumn('seq', 'bigint', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .execute()
}

async function createEventIndexes(db: Kysely<unknown>): Promise<void> {
  await sql`create index audit_events_time on audit_events (time_ms, position)`.execute(db)
  await sql`create index audit_events_log_time on audit_events (log, time_ms, position)`.execute(db)
  for (const filter of FILTERS) {
    await sql`create index ${sql.ref(`audit_events_${filter}`)} on audit_events
      (${sql.ref(filter)}, time_ms, position) where ${sql.ref(filter)} is not null`.execute(db)
  }
  // Only what is rare needs an index: lists of successes find enough rows in order of time.
  await sql`create index audit_events_outcome on audit_events (outcome, time_ms, position)
    where outcome not in ('allow', 'success')`.execute(db)
  await sql`create index audit_events_decision_id on audit_events (decision_id) where decision_id is not null`.execute(
    db,
  )
  for (const id of RANDOM_IDS) await createBucketIndex(EVENT_BUCKETS, id).execute(db)
}

async function createMarks(db: Kysely<unknown>, traits: DialectTraits): Promise<void> {
  const table = db.schema
    .createTable('used_marks')
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('key', 'text', (column) => column.notNull())
    .addColumn('expires_at', 'double precision', (column) => column.notNull())
    .addPrimaryKeyConstraint('used_marks_key', ['kind', 'key'])
  await traits.keyedTable(table).execute()
  await db.schema.createIndex('used_marks_expiry').on('used_marks').column('expires_at').execute()
}
