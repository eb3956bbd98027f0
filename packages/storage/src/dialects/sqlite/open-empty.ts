// An empty database in memory.
import { Kysely } from 'kysely'

import type { Database, Tables } from '../../schema/tables.ts'
import { NodeSqliteDialect } from './database.ts'
import { loadNodeSqlite } from './node-sqlite.ts'
import { sqliteTraits } from './traits.ts'

export function openEmpty(): Database {
  const { DatabaseSync } = loadNodeSqlite()
  const dialect = new NodeSqliteDialect(new DatabaseSync(':memory:'))
  return { db: new Kysely<Tables>({ dialect }), traits: sqliteTraits }
}
