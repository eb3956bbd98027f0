// Accounts that go by a SAML NameID: the digest of all that names it.
import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

export function subIdMigration(): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await db.schema.alterTable('accounts').addColumn('sub_id_key', 'text').execute()
      await db.schema
        .createIndex('accounts_sub_id_key')
        .on('accounts')
        .columns(['authorization_server', 'sub_id_key'])
        .where('sub_id_key' as never, 'is not', null)
        .execute()
    },
  }
}
