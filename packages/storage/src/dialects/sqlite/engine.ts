// The embedded database: one file, one connection for everything, several processes allowed.
import { dirname } from 'node:path'
import { type Clock, makeFolder } from '@crosswalk/as-core'
import { type CompiledQuery, Kysely, sql } from 'kysely'

import { migrate } from '../../schema/migrate.ts'
import type { OnMigrate } from '../../schema/migrations.ts'
import { SchemaError } from '../../schema/schema-error.ts'
import type { Tables } from '../../schema/tables.ts'
import type { Engine, PrepareRead, Upkeep } from '../dialect.ts'
import { retryWhileBusy } from './busy.ts'
import { createInPlaceCheck } from './check-in-place.ts'
import { classifyFault, sqliteErrorCode } from './classify-fault.ts'
import { NodeSqliteDialect, openSqliteDatabase } from './database.ts'
import { createSqliteLedgerWriter } from './ledger-writer.ts'
import { readExpectedShape } from './expected-shape.ts'
import { sqliteTraits } from './traits.ts'

/** How often to look for changes of other processes; one look costs microseconds. */
const POLL_MS = 200

/** `SQLITE_NOTADB` */
const NOT_A_DATABASE = 26

/** Opens `path` (or `:memory:`), creates its folder, and migrates its schema. */
export async function openSqliteEngine(path: string, clock: Clock, onMigrate?: OnMigrate): Promise<Engine> {
  const schema = await readExpectedShape()
  if (path !== ':memory:') makeFolder(dirname(path))
  const database = await openSqliteDatabase(path).catch((error: unknown) => {
    throw sqliteErrorCode(error) === NOT_A_DATABASE ? refuseFile(path, error) : error
  })
  const checkInPlace = path === ':memory:' ? () => undefined : createInPlaceCheck(path)
  const db = new Kysely<Tables>({ dialect: new NodeSqliteDialect(database, checkInPlace) })
  await migrate({ db, traits: sqliteTraits }, schema, onMigrate).catch((error: unknown) => {
    database.close()
    throw error
  })
  // Kysely lends its only connection to one user at a time, so no one joins an open transaction by accident.
  const exclusive = <T>(work: () => T): Promise<T> =>
    db.connection().execute(() => {
      checkInPlace()
      return retryWhileBusy(work)
    })
  const prepareRead: PrepareRead = <Row, Found>(
    { sql }: CompiledQuery<Row>,
    parse: (rows: readonly Row[]) => Found,
  ) => {
    const statement = database.prepare(sql)
    return async (values) => {
      try {
        return parse(statement.all(...values) as Row[])
      } catch (error) {
        throw classifyFault(error)
      }
    }
  }
  return {
    traits: sqliteTraits,
    schema,
    db,
    reports: db,
    ledgerWriter: createSqliteLedgerWriter(database, exclusive),
    upkeep: createSqliteUpkeep(db, clock),
    takeTurn: (work) => work(),
    prepareRead,
    async watchObjects(look) {
      const timer = setInterval(look, POLL_MS).unref()
      return async () => clearInterval(timer)
    },
    close: () => db.destroy(),
  }
}

function refuseFile(path: string, cause: unknown): SchemaError {
  return new SchemaError(
    `${path} is a file of another kind, or damaged`,
    'use a separate file, or restore it from a backup',
    { cause },
  )
}

/** Clean-up on SQLite: uses the clock of this process; the write lock allows one process at a time. */
function createSqliteUpkeep(db: Kysely<Tables>, clock: Clock): Upkeep {
  return {
    readTimeMs: async () => clock.nowMs(),
    asLeader: (_, work) => work(),
    async advanceReplayHorizon(cut) {
      await sql`update replay_horizon set forgotten_before = ${cut} where forgotten_before < ${cut}`.execute(
        db,
      )
    },
  }
}
