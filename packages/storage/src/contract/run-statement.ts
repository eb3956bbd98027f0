// Runs one statement on a database from outside, as a person with a database client would.
import { DatabaseSync } from 'node:sqlite'

import { Kysely, PostgresDialect, type RawBuilder } from 'kysely'
import pg from 'pg'

import { findSqlitePath } from '../database-url.ts'
import { NodeSqliteDialect } from '../dialects/sqlite/database.ts'

export async function runStatement(url: string, statement: RawBuilder<unknown>): Promise<void> {
  const path = findSqlitePath(url)
  const dialect =
    path === undefined
      ? new PostgresDialect({ pool: new pg.Pool({ connectionString: url }) })
      : new NodeSqliteDialect(new DatabaseSync(path))
  const db = new Kysely<unknown>({ dialect })
  await statement.execute(db)
  await db.destroy()
}
