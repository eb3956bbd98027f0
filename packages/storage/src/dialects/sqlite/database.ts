// Adapts `node:sqlite` to Kysely's SQLite dialect, with durable settings. This file has no queries of its own.
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import { setImmediate as nextTurn } from 'node:timers/promises'

import {
  CompiledQuery,
  SqliteAdapter,
  SqliteDialect,
  SqliteDriver,
  type DatabaseConnection,
  type QueryResult,
  type SqliteDatabase,
  type SqliteStatement,
} from 'kysely'
import { evictOldest } from '@crosswalk/protocol'

import { keepOwnerOnly, makeOwnerOnly } from '../../owner-only.ts'
import { retryWhileBusy } from './busy.ts'
import { loadNodeSqlite } from './node-sqlite.ts'

/** The longest that a series of statements keeps other work waiting */
const LONGEST_SERIES_MS = 10

/** Limits the memory of the statement cache; the code has fewer distinct statements. */
const CACHED_STATEMENTS = 200

/**
 * Opens the file, which only its owner can read; several processes may do so concurrently.
 *
 * @param path - `:memory:` for a database in memory
 */
export async function openSqliteDatabase(path: string): Promise<DatabaseSync> {
  const { DatabaseSync } = loadNodeSqlite()
  if (path !== ':memory:') {
    makeOwnerOnly(path)
    // SQLite creates these files with the mode of the database; older ones may still have another mode.
    for (const suffix of ['-wal', '-shm', '-journal']) keepOwnerOnly(`${path}${suffix}`)
  }
  const database = new DatabaseSync(path, { timeout: 0, enableForeignKeyConstraints: true })
  await retryWhileBusy(() => database.exec('pragma journal_mode = wal'))
  // FULL: a commit is on the disk before it returns, and survives power loss.
  database.exec('pragma synchronous = full')
  database.exec('pragma temp_store = memory')
  // 8 MiB: reading a page beyond it costs a copy from the operating system's cache, and recording decisions is as fast.
  database.exec('pragma cache_size = -8192')
  // Reading creates the files of the write-ahead log.
  await retryWhileBusy(() => database.exec('select count(*) from sqlite_schema'))
  return database
}

/**
 * Kysely's dialect with three differences: transactions lock when they begin, they include schema changes, and waiting
 * for a lock does not block the event loop.
 */
export class NodeSqliteDialect extends SqliteDialect {
  readonly #database: DatabaseSync
  readonly #adapted: SqliteDatabase
  readonly #check: () => void

  /** @param check - runs before every statement; throws if the database cannot be used */
  constructor(database: DatabaseSync, check: () => void = () => undefined) {
    const adapted = adaptDatabase(database)
    super({ database: adapted })
    this.#database = database
    this.#adapted = adapted
    this.#check = check
  }

  override createDriver(): SqliteDriver {
    return new ImmediateDriver(this.#database, this.#adapted, this.#check)
  }

  override createAdapter(): SqliteAdapter {
    return new TransactionalDdlAdapter()
  }
}

class ImmediateDriver extends SqliteDriver {
  readonly #database: DatabaseSync
  readonly #check: () => void
  #connection: DatabaseConnection | undefined

  constructor(database: DatabaseSync, adapted: SqliteDatabase, check: () => void) {
    super({ database: adapted })
    this.#database = database
    this.#check = check
  }

  override async acquireConnection(): Promise<DatabaseConnection> {
    this.#connection ??= new PatientConnection(await super.acquireConnection(), this.#check)
    return this.#connection
  }

  // A transaction that reads first and locks later fails immediately if another process wrote in between.
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'))
  }

  // After some faults, such as a full disk, SQLite has already rolled back; another rollback would hide the fault.
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#database.isTransaction) await super.rollbackTransaction(connection)
  }
}

/**
 * Only the first statement of a transaction can find the file busy, so a retry repeats nothing else. Statements run on
 * this thread, and awaiting them alone would not let other requests run.
 */
class PatientConnection implements DatabaseConnection {
  readonly #inner: DatabaseConnection
  readonly #check: () => void
  #lastTurnAt = performance.now()

  constructor(inner: DatabaseConnection, check: () => void) {
    this.#inner = inner
    this.#check = check
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    if (performance.now() - this.#lastTurnAt > LONGEST_SERIES_MS) {
      await nextTurn()
      this.#lastTurnAt = performance.now()
    }
    this.#check()
    return retryWhileBusy(() => this.#inner.executeQuery<R>(query))
  }

  streamQuery<R>(query: CompiledQuery, chunkSize: number): AsyncIterableIterator<QueryResult<R>> {
    return this.#inner.streamQuery<R>(query, chunkSize)
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
      const statement = adaptStatement(database.prepare(sql))
      cache.set(sql, statement)
      evictOldest(cache, CACHED_STATEMENTS)
      return statement
    },
  }
}

function adaptStatement(statement: StatementSync): SqliteStatement {
  const values = (parameters: readonly unknown[]) => parameters as readonly SQLInputValue[]
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...values(parameters)),
    run: (parameters) => statement.run(...values(parameters)),
    iterate: (parameters) => statement.iterate(...values(parameters)),
  }
}
