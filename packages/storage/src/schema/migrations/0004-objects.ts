// Objects made or changed while running (for example blocks, suspensions and connections), each change kept.
import { sql, type Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

export function objectsMigration(): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await createObjects(db)
      await createRevisions(db)
      await db.schema
        .createTable('object_counter')
        .addColumn('id', 'integer', (column) => column.primaryKey().notNull())
        .addColumn('revision', 'bigint', (column) => column.notNull())
        .execute()
      await sql`insert into object_counter (id, revision) values (1, 0)`.execute(db)
    },
  }
}

async function createObjects(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('objects')
    .addColumn('collection', 'text', (column) => column.notNull())
    .addColumn('id', 'text', (column) => column.notNull())
    .addColumn('revision', 'bigint', (column) => column.notNull())
    .addColumn('owner', 'text', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_by', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('objects_key', ['collection', 'id'])
    .execute()
}

async function createRevisions(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('object_revisions')
    .addColumn('collection', 'text', (column) => column.notNull())
    .addColumn('id', 'text', (column) => column.notNull())
    .addColumn('revision', 'bigint', (column) => column.notNull())
    .addColumn('body', 'text')
    .addColumn('owner', 'text', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('by', 'text', (column) => column.notNull())
    .addColumn('reason', 'text')
    .addPrimaryKeyConstraint('object_revisions_key', ['collection', 'id', 'revision'])
    .execute()
}
