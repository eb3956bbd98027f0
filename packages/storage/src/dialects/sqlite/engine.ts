// The embedded database: one file, one connection for everything, several processes allowed.
import { dirname } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'

import { makeFolder } from '@crosswalk/authorization-server'
import { type CompiledQuery, Kysely } from 'kysely'

import { forgetExpired } from '../../schema/forget-expired.ts'
import { migrate } from '../../schema/migrate.ts'
import type { Tables } from '../../schema/tables.ts'
import type { Engine } from '../dialect.ts'
import { retryWhileBusy } from './busy.ts'
import { NodeSqliteDialect, openSqliteDatabase } from './database.ts'
import { createSqliteLedgerWriter } from './ledger-writer.ts'
import { createArrivingTokens } from './arriving-tokens.ts'
import { createLiveMarks, MARK_BATCHES } from './live-marks.ts'
import { createReadMemo } from './read-memo.ts'
import { sqliteTraits } from './traits.ts'

/** How often other processes' changes are looked for; one look costs microseconds. */
const POLL_MS = 200

/** Opens `path` (`:memory:` for none), making its folder, and brings its schema up to date. */
export async function openSqliteEngine(path: string): Promise<Engine> {
  if (path !== ':memory:') makeFolder(dirname(path))
  const database = await openSqliteDatabase(path)
  const memo = createReadMemo(database)
  const db = new Kysely<Tables>({ dialect: new NodeSqliteDialect(database, memo.forget) })
  try {
    await migrate(db, sqliteTraits)
  } catch (error) {
    database.close()
    throw error
  }
  const marks = createLiveMarks(database)
  const tokens = createArrivingTokens(database)
  // Kysely hands its one connection to one user at a time, so no open transaction is joined by accident.
  const exclusive = <T>(work: () => T): Promise<T> => db.connection().execute(() => retryWhileBusy(work))
  const settle = async (): Promise<void> => {
    if (await exclusive(tokens.isEmpty)) return
    while (await db.transaction().execute(async () => tokens.spreadSome())) await nextTurn()
  }
  const prepare = <Row, Found>({ sql }: CompiledQuery<Row>, parse: (rows: readonly Row[]) => Found) => {
    const statement = database.prepare(sql)
    return (values: readonly (string | number)[]): Found => parse(statement.all(...values) as Row[])
  }
  return {
    traits: sqliteTraits,
    db,
    ledgerWriter: createSqliteLedgerWriter(database, {
      exclusive,
      marks,
      tokens,
      onNewAccount: memo.forget,
    }),
    tokenArrivals: {
      findLatest: tokens.findLatest,
      settle,
      async withSettled(work) {
        await settle()
        return db.transaction().execute((transaction) => {
          while (tokens.spreadSome());
          return work(transaction)
        })
      },
    },
    async forgetMarks(now) {
      const forgotten = await forgetExpired(db, MARK_BATCHES, now)
      marks.forgetExpired(now)
      return forgotten
    },
    prepareRead: (query, parse) => {
      const read = prepare(query, parse)
      return async (values) => read(values)
    },
    prepareLookup: (query, parse) => memo.remember(prepare(query, parse)),
    async watchObjects(look) {
      const timer = setInterval(look, POLL_MS).unref()
      return async () => clearInterval(timer)
    },
    close: () => db.destroy(),
  }
}
