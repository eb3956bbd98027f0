// `node:sqlite` in the shape Kysely's SQLite dialect expects, with durable settings. No SQL of ours in here.
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { setTimeout as wait } from 'node:timers/promises'

import {
  CompiledQuery,
  SqliteAdapter,
  SqliteDialect,
  SqliteDriver,
  type DatabaseConnection,
  type SqliteDatabase,
  type SqliteStatement,
} from 'kysely'

/** How long a writer waits for another process's transaction. */
const BUSY_TIMEOUT_MS = 10_000

/** Bounds the memory of the statement cache; the code has fewer different statements than this. */
const CACHED_STATEMENTS = 200

/** Opens the file; several processes may do so at the same moment. */
export async function openSqliteDatabase(path: string): Promise<DatabaseSync> {
  const database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS, enableForeignKeyConstraints: true })
  await enterWal(database)
  // FULL: a commit is on the disk before it returns, and survives power loss.
  database.exec('pragma synchronous = full')
  database.exec('pragma temp_store = memory')
  database.exec('pragma cache_size = -65536')
  return database
}

/** Switching to WAL ignores the busy timeout, so a process that starts beside another tries again. */
async function enterWal(database: DatabaseSync): Promise<void> {
  for (let triesLeft = 200; ; triesLeft -= 1) {
    try {
      database.exec('pragma journal_mode = wal')
      return
    } catch (error) {
      if (triesLeft === 0 || !isSqliteBusy(error)) throw error
      await wait(10)
    }
  }
}

/** The primary result code of SQLite behind an error, undefined for other errors. */
export function sqliteErrorCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number')
    return undefined
  return error.errcode & 0xff
}

function isSqliteBusy(error: unknown): boolean {
  const code = sqliteErrorCode(error)
  return code === 5 || code === 6
}

/** Kysely's dialect with two differences: transactions lock at their start, and schema changes are in them. */
export class NodeSqliteDialect extends SqliteDialect {
  readonly #database: SqliteDatabase

  constructor(database: DatabaseSync) {
    const adapted = adaptDatabase(database)
    super({ database: adapted })
    this.#database = adapted
  }

  override createDriver(): SqliteDriver {
    return new ImmediateDriver({ database: this.#database })
  }

  override createAdapter(): SqliteAdapter {
    return new TransactionalDdlAdapter()
  }
}

class ImmediateDriver extends SqliteDriver {
  // A transaction that reads first and locks later fails at once when another process wrote in between.
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'))
  }
}

class TransactionalDdlAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true
  }
}

function adaptDatabase(database: DatabaseSync): SqliteDatabase {
  const cache = new Map<string, SqliteStatement>()
  return {
    close: () => database.close(),
    prepare(sql) {
      const cached = cache.get(sql)
      if (cached !== undefined) return cached
      if (cache.size >= CACHED_STATEMENTS) cache.delete(cache.keys().next().value as string)
      const statement = adaptStatement(database.prepare(sql))
      cache.set(sql, statement)
      return statement
    },
  }
}

function adaptStatement(statement: StatementSync): SqliteStatement {
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...(parameters as readonly SQLInputValue[])),
    run: (parameters) => statement.run(...(parameters as readonly SQLInputValue[])),
    iterate: (parameters) => statement.iterate(...(parameters as readonly SQLInputValue[])),
  }
}
