// Audit events, the heads of their chains, and single-use marks: what the ledger writes for each answer.
// The hot path pays for one index, the one that keeps a log free of gaps and doubles. All others stand on the
// catalogue, which is filled in bulk a moment later (see `events/catalogue.ts`).
import { sql, type Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

import type { DialectTraits } from '../../dialects/dialect.ts'
import { createBucketIndex, EVENT_BUCKETS } from '../buckets.ts'

/** Filters of event lists; rows without a value stay out of the index. */
const FILTERS = ['app', 'resource_app', 'connection', 'user_ref', 'code'] as const

const OPTIONAL_COLUMNS = [
  'code',
  'app',
  'resource_app',
  'connection',
  'user_ref',
  'decision_id',
  'trace_id',
  'grant_id',
] as const

/** Ids made elsewhere, in no order of time. */
const RANDOM_IDS = ['trace_id', 'grant_id'] as const

export function auditMigration(traits: DialectTraits): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await createEvents(db, traits)
      await createCatalogue(db, traits)
      await createCatalogueIndexes(db)
      await traits.createMarks(db)
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

async function createCatalogue(db: Kysely<unknown>, traits: DialectTraits): Promise<void> {
  let table = db.schema
    .createTable('event_catalogue')
    .addColumn('position', traits.positionType, (column) => column.primaryKey().notNull())
    .addColumn('log', 'text', (column) => column.notNull())
    .addColumn('time_ms', 'bigint', (column) => column.notNull())
    .addColumn('type', 'text', (column) => column.notNull())
    .addColumn('outcome', 'text', (column) => column.notNull())
  for (const column of OPTIONAL_COLUMNS) table = table.addColumn(column, 'text')
  await table.execute()
  await db.schema
    .createTable('catalogue_heads')
    .addColumn('log', 'text', (column) => column.primaryKey().notNull())
    .addColumn('seq', 'bigint', (column) => column.notNull())
    .execute()
}

/**
 * Each in the order of lists. Behind it stands what lists are filtered by besides, so that a filter which leaves little
 * of much is judged in the index, without a look at the rows; writing that costs bytes, where an index of its own for
 * each pair of filters would cost pages.
 */
async function createCatalogueIndexes(db: Kysely<unknown>): Promise<void> {
  // Behind the time what counts of a period are made of.
  await sql`create index event_catalogue_time on event_catalogue (time_ms, position, type, outcome, code)`.execute(
    db,
  )
  await sql`create index event_catalogue_log on event_catalogue (log, time_ms, position, type, outcome)`.execute(
    db,
  )
  await sql`create index event_catalogue_outcome on event_catalogue (outcome, time_ms, position, type)`.execute(
    db,
  )
  for (const filter of FILTERS) {
    await sql`create index ${sql.ref(`event_catalogue_${filter}`)} on event_catalogue
      (${sql.ref(filter)}, time_ms, position, type, outcome) where ${sql.ref(filter)} is not null`.execute(db)
  }
  await sql`create index event_catalogue_type on event_catalogue (type, time_ms, position, log, outcome)`.execute(
    db,
  )
  await sql`create index event_catalogue_decision_id on event_catalogue (decision_id) where decision_id is not null`.execute(
    db,
  )
  for (const id of RANDOM_IDS) await createBucketIndex(EVENT_BUCKETS, id).execute(db)
}
