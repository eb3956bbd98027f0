// Who somebody of another identity provider is here: one to one for each provider.
import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

export function upstreamLinksMigration(): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable('upstream_links')
        .addColumn('upstream', 'text', (column) => column.notNull())
        .addColumn('subject', 'text', (column) => column.notNull())
        .addColumn('user_id', 'text', (column) => column.notNull())
        .addColumn('created', 'integer', (column) => column.notNull())
        .addColumn('linked_at', 'bigint', (column) => column.notNull())
        .addPrimaryKeyConstraint('upstream_links_key', ['upstream', 'subject'])
        .addUniqueConstraint('upstream_links_user', ['upstream', 'user_id'])
        .execute()
    },
  }
}
