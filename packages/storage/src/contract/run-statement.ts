// Runs a statement from outside, as an operator with a database client would.
import { DatabaseSync } from 'node:sqlite'

import { Kysely, PostgresDialect, type RawBuilder } from 'kysely'
import pg from 'pg'

import { findSqlitePath } from '../database-url.ts'
import { NodeSqliteDialect } from '../dialects/sqlite/database.ts'

export async function runStatement(url: string, statement: RawBuilder<unknown>): Promise<void> {
  await readRows(url, statement)
}

export async function readRows<Row>(
  url: string,
  statement: RawBuilder<Row>,
): Promise<{ readonly rows: readonly Row[] }> {
  const path = findSqlitePath(url)
  const dialect =
    path === undefined
      ? new PostgresDialect({ pool: new pg.Pool({ connectionString: url }) })
      : new NodeSqliteDialect(new DatabaseSync(path))
  const db = new Kysely<unknown>({ dialect })
  try {
    return await statement.execute(db)
  } finally {
    await db.destroy()
  }
}
