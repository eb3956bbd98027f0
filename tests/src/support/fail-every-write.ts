// Repeats an act while the database refuses it one more row each time, as if its disk were full by then: whatever the act
// has committed before stays. Then the act is repeated without a fault.
import { DatabaseSync } from 'node:sqlite'
import { setTimeout } from 'node:timers/promises'

import pg from 'pg'
import { expect } from 'vitest'

export interface FaultyDatabase {
  /** Runs `act` with a database that refuses every row after the first `rows`. */
  after<T>(rows: number, act: () => Promise<T>): Promise<T>
}

interface Sql {
  readonly tables: string
  readonly setUp: readonly string[]
  trigger(table: string, on: string): string
  limit(rows: number): readonly string[]
}

const EVERY_ROW = 1_000_000_000
/** A limit that stays in force would fail all tests that follow. */
const MAX_WAIT_MS = 30_000

const POSTGRES: Sql = {
  tables: `select relname as name from pg_class where relnamespace = 'public'::regnamespace
    and relkind in ('r', 'p') and not relispartition`,
  setUp: [
    'create sequence fault_rows',
    'create sequence fault_limit',
    // A sequence also counts the rows of transactions that are rolled back.
    `create function fault_after() returns trigger language plpgsql as $$ begin
      if nextval('fault_rows') > (select last_value from fault_limit) then
        raise exception 'no space left on device' using errcode = '53100';
      end if;
      return case tg_op when 'DELETE' then old else new end;
    end $$`,
  ],
  trigger: (table, on) =>
    `create trigger fault_${on} before ${on} on ${table} for each row execute function fault_after()`,
  limit: (rows) => [
    `select setval('fault_limit', ${rows + 1})`,
    // Value 1 is the least: the next row gets 2.
    `select setval('fault_rows', 1)`,
  ],
}

/** A trigger of SQLite cannot raise a full disk. This is a fault of the database too. */
const LOST_TABLE = 'no such table: space'

const SQLITE: Sql = {
  tables: `select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'`,
  setUp: [
    'create table fault_rows (seen integer, accepted integer)',
    `insert into fault_rows values (0, ${EVERY_ROW})`,
  ],
  trigger: (table, on) =>
    `create trigger fault_${on}_${table} before ${on} on ${table} begin
      update fault_rows set seen = seen + 1;
      select raise(abort, '${LOST_TABLE}') from fault_rows where seen > accepted;
    end`,
  limit: (rows) => [`update fault_rows set seen = 0, accepted = ${rows}`],
}

/** Prepares a database that a server has migrated. */
export async function openFaultyDatabase(database: string): Promise<FaultyDatabase> {
  const [sql, run] = database.startsWith('sqlite:')
    ? [SQLITE, runInFile(database.slice('sqlite:'.length))]
    : [POSTGRES, runOnServer(database)]
  const tables = await run([sql.tables])
  await run([
    ...sql.setUp,
    ...tables.flatMap(({ name }) => ['insert', 'update', 'delete'].map((on) => sql.trigger(name, on))),
    ...sql.limit(EVERY_ROW),
  ])
  return {
    async after(rows, act) {
      await run(sql.limit(rows))
      try {
        return await act()
      } finally {
        await run(sql.limit(EVERY_ROW))
      }
    },
  }
}

/** @returns the rows of the first statement */
type Run = (statements: readonly string[]) => Promise<readonly { name: string }[]>

/** Keeps its connection from one limit to the next: opening one costs more than both limits of an attempt. */
function runOnServer(url: string): Run {
  const pool = new pg.Pool({ connectionString: url, max: 1, allowExitOnIdle: true })
  // The server may stop before the idle connection closes by itself.
  pool.on('error', () => undefined)
  return async (statements) => {
    const results: pg.QueryResult[] = []
    for (const statement of statements) results.push(await pool.query(statement))
    return results[0]?.rows as { name: string }[]
  }
}

/** Waits between attempts: the server of the test may hold the lock, and runs in this process. */
function runInFile(path: string): Run {
  return async (statements) => {
    const file = new DatabaseSync(path, { timeout: 100 })
    try {
      const results: unknown[][] = []
      for (const statement of statements)
        results.push(await retryWhileLocked(() => file.prepare(statement).all()))
      return results[0] as { name: string }[]
    } finally {
      file.close()
    }
  }
}

async function retryWhileLocked<T>(query: () => T): Promise<T> {
  for (const endsAt = Date.now() + MAX_WAIT_MS; ; await setTimeout(20)) {
    try {
      return query()
    } catch (error) {
      if (!/database is locked/.test(String(error)) || Date.now() > endsAt) throw error
    }
  }
}

export interface Answered {
  readonly status: number
  readonly headers: Headers
}

export interface Attempt<A extends Answered> {
  act(): Promise<A>
  /** After the fault: it has not begun, or is in force. */
  expectBegunOrNot?(): Promise<void>
  /** After the act was repeated. @param answer - to the last request */
  expectDone(answer: A): Promise<void>
}

/**
 * Every answer to a fault is 503 with Retry-After, and repeating the request completes the act.
 *
 * @param prepare - makes what the act is about, for each attempt
 * @returns the number of rows that the act writes
 */
export async function failAtEveryWrite<A extends Answered>(
  faulty: FaultyDatabase,
  prepare: (attempt: number) => Promise<Attempt<A>>,
): Promise<number> {
  for (let rows = 0; ; rows += 1) {
    const { act, expectBegunOrNot, expectDone } = await prepare(rows)
    const failed = await faulty.after(rows, act)
    if (failed.status < 400) {
      await expectDone(failed)
      return rows
    }
    const { status, headers } = failed
    expect([rows, status, Number(headers.get('retry-after')) > 0]).toEqual([rows, 503, true])
    await expectBegunOrNot?.()
    await expectDone(await act())
  }
}
