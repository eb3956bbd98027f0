// Finds out what opening a database would do to its schema, without doing it.
import { existsSync } from 'node:fs'

import { findSqlitePath } from './database-url.ts'
import { postgresTraits } from './dialects/postgres/traits.ts'
import { loadNodeSqlite } from './dialects/sqlite/node-sqlite.ts'
import { sqliteTraits } from './dialects/sqlite/traits.ts'
import { listMigrations, MIGRATIONS_TABLE } from './schema/migrations.ts'

export interface MigrationPlan {
  readonly applied: readonly string[]
  /** In the order of application */
  readonly missing: readonly { readonly name: string; readonly statements: readonly string[] }[]
  /** From a newer version of Crosswalk; this version refuses to open such a database */
  readonly unknown: readonly string[]
}

/** Writes nothing and creates no file. @throws the error of a database that cannot be read */
export async function planMigrations(databaseUrl: string): Promise<MigrationPlan> {
  const path = findSqlitePath(databaseUrl)
  const applied = path === undefined ? await readFromPostgres(databaseUrl) : readFromSqlite(path)
  const known = listMigrations(path === undefined ? postgresTraits : sqliteTraits)
  return {
    applied,
    missing: [...known]
      .filter(([name]) => !applied.includes(name))
      .map(([name, statements]) => ({ name, statements })),
    unknown: applied.filter((name) => !known.has(name)),
  }
}

const NAMES = `select name from ${MIGRATIONS_TABLE} order by name`

function readFromSqlite(path: string): readonly string[] {
  if (path === ':memory:' || !existsSync(path)) return []
  const { DatabaseSync } = loadNodeSqlite()
  const database = new DatabaseSync(path, { readOnly: true, timeout: 10_000 })
  try {
    const found = database.prepare('select 1 from sqlite_master where name = ?').get(MIGRATIONS_TABLE)
    return found === undefined ? [] : namesOf(database.prepare(NAMES).all())
  } finally {
    database.close()
  }
}

async function readFromPostgres(url: string): Promise<readonly string[]> {
  const { createPool, REQUEST_STATEMENT_MS } = await import('./dialects/postgres/connections.ts')
  const pool = createPool(url, { max: 1, statementMs: REQUEST_STATEMENT_MS })
  try {
    const { rows } = await pool.query({
      text: 'select to_regclass($1) is not null as found',
      values: [MIGRATIONS_TABLE],
    })
    const [row] = rows as { readonly found: boolean }[]
    return row?.found === true ? namesOf((await pool.query({ text: NAMES })).rows) : []
  } finally {
    await pool.end()
  }
}

function namesOf(rows: readonly unknown[]): readonly string[] {
  return (rows as readonly { readonly name: string }[]).map(({ name }) => name)
}
