// The embedded database: one file, one connection for everything, several processes allowed.
import { mkdir } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'

import { type CompiledQuery, Kysely } from 'kysely'

import { migrate } from '../../schema/migrate.ts'
import type { Tables } from '../../schema/tables.ts'
import type { Engine, PreparedRead } from '../dialect.ts'
import { retryWhileBusy } from './busy.ts'
import { NodeSqliteDialect, openSqliteDatabase } from './database.ts'
import { createSqliteLedgerWriter } from './ledger-writer.ts'
import { sqliteTraits } from './traits.ts'

/** How often other processes' changes are looked for; one look costs microseconds. */
const POLL_MS = 200

/** Opens `path` (`:memory:` for none), making its folder, and brings its schema up to date. */
export async function openSqliteEngine(path: string): Promise<Engine> {
  if (path !== ':memory:') await mkdir(dirname(resolve(path)), { recursive: true })
  const database = await openSqliteDatabase(path)
  const db = new Kysely<Tables>({ dialect: new NodeSqliteDialect(database) })
  try {
    await migrate(db, sqliteTraits)
  } catch (error) {
    database.close()
    throw error
  }
  return {
    traits: sqliteTraits,
    db,
    // Kysely hands its one connection to one user at a time, so no open transaction is joined by accident.
    ledgerWriter: createSqliteLedgerWriter(database, (work) =>
      db.connection().execute(() => retryWhileBusy(work)),
    ),
    prepareRead: <Row>({ sql }: CompiledQuery<Row>): PreparedRead<Row> => {
      const statement = database.prepare(sql)
      return async (values) => statement.all(...values) as Row[]
    },
    async watchObjects(look) {
      const timer = setInterval(look, POLL_MS).unref()
      return async () => clearInterval(timer)
    },
    close: () => db.destroy(),
  }
}
