// Connections to PostgreSQL: how they are made, how long anything on them may take, and how their values are read.
// PostgreSQL ends statements that take too long. Where it no longer answers at all (the host vanished, or a failover
// left the connection behind), we stop waiting a second later, and every connection made before is ended with that
// one: they lead to the same place. No statements of ours in here.
import pg from 'pg'

import type { ConnectionLoad } from '../dialect.ts'
import { classifyFault } from './classify-fault.ts'

/** Type id of `bigint`: our numbers stay far below 2^53, and text would compare wrongly. */
const BIGINT_TYPE = 20

const types: pg.CustomTypesConfig = {
  getTypeParser: ((id: number, format?: 'text' | 'binary') =>
    id === BIGINT_TYPE
      ? Number
      : pg.types.getTypeParser(id, format as 'text')) as pg.CustomTypesConfig['getTypeParser'],
}

const CONNECT_MS = 3_000
const LOCK_MS = 3_000
const IDLE_IN_TRANSACTION_MS = 10_000
const KEEP_ALIVE_AFTER_MS = 5_000
/** By how much PostgreSQL may miss its own deadline before we take it for gone. */
const SILENCE_MS = 1_000

/** What answers to requests wait for. */
export const REQUEST_STATEMENT_MS = 5_000
/** What reads or deletes much on purpose: lists, reports, verification, clean-up. */
export const REPORT_STATEMENT_MS = 60_000
/** Schema changes, which take as long as they take, also to wait for another process that makes them. */
export const UNLIMITED = 0

const BASICS = { types, keepAlive: true, keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER_MS }

/** What pg rejects with when its `query_timeout` is over. */
const SILENT = 'Query read timeout'

/**
 * Where PostgreSQL waits until a commit is on its standby. When that wait is cancelled, it warns and still reports success,
 * although a failover may lose the commit. The text of the warning depends on the language, the name of the routine does not.
 */
const WAITS_FOR_STANDBY = 'SyncRepWaitForLSN'
/** Connections that were warned of it. */
const unreplicated = new WeakSet<pg.ClientBase>()

export interface Connection {
  query<Row extends pg.QueryResultRow>(
    query: string | pg.QueryConfig,
    values?: readonly unknown[],
  ): Promise<pg.QueryResult<Row>>
  /** @param destroy - for one whose state is unknown; one that was lost is destroyed anyway */
  release(destroy?: boolean): void
}

/** Rejects with `StorageFault` where the database is to blame. */
export interface ConnectionPool {
  connect(): Promise<Connection>
  /** One statement on a connection of the pool. */
  query(config: pg.QueryConfig): Promise<pg.QueryResult>
  load(): Omit<ConnectionLoad, 'pool'>
  /** Ends every connection made so far, also those in use: what runs on them is rejected. */
  renew(): void
  end(): Promise<void>
}

export interface PoolOptions {
  readonly max: number
  /** For each statement; `UNLIMITED` also lifts the limit on locks */
  readonly statementMs: number
  /** Told when PostgreSQL stops answering on a connection, once for all of its age */
  onSilence?(): void
}

/** @returns a pool that survives the loss of any of its connections */
export function createPool(url: string, options: PoolOptions): ConnectionPool {
  let pool = openPool(url, options)
  const used = new Set<pg.PoolClient>()

  async function connect(): Promise<Connection> {
    const from = pool
    const client = await from.connect().catch(rethrow)
    used.add(client)
    return guard(client, {
      onSilence() {
        if (from === pool) options.onSilence?.()
      },
      onRelease: () => used.delete(client),
    })
  }

  return {
    connect,
    async query(config) {
      const connection = await connect()
      try {
        return await connection.query(config)
      } finally {
        connection.release()
      }
    },
    load: () => ({
      used: pool.totalCount - pool.idleCount,
      idle: pool.idleCount,
      waiting: pool.waitingCount,
    }),
    renew() {
      const old = pool
      pool = openPool(url, options)
      void old.end()
      for (const client of used) endNow(client)
    },
    end: () => pool.end(),
  }
}

function openPool(url: string, { max, statementMs }: PoolOptions): pg.Pool {
  const limited = statementMs !== UNLIMITED
  const limitSession = async (client: pg.ClientBase): Promise<void> => {
    if (limited) await client.query(renderLimits(statementMs))
  }
  const pool = new pg.Pool({
    ...BASICS,
    connectionString: url,
    max,
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: limited ? statementMs + SILENCE_MS : 0,
    idleTimeoutMillis: 0,
    allowExitOnIdle: true,
    // Said by a statement, since proxies such as PgBouncer refuse connections that ask for it at their start. The pool
    // waits for it, whatever its type says.
    onConnect: limitSession as (client: pg.ClientBase) => void,
  })
  pool.on('error', ignore)
  pool.on('connect', (client) => {
    // The pool's own listener is off while a connection is in use, and an error without one ends the process.
    client.on('error', ignore)
    client.on('notice', ({ routine }) => void (routine === WAITS_FOR_STANDBY && unreplicated.add(client)))
  })
  return pool
}

function renderLimits(statementMs: number): string {
  return `set statement_timeout = ${statementMs}; set lock_timeout = ${LOCK_MS};
    set idle_in_transaction_session_timeout = ${IDLE_IN_TRANSACTION_MS}`
}

interface Guards {
  onSilence(): void
  onRelease(): void
}

function guard(client: pg.PoolClient, { onSilence, onRelease }: Guards): Connection {
  let lost = false
  return {
    async query<Row extends pg.QueryResultRow>(query: string | pg.QueryConfig, values?: readonly unknown[]) {
      try {
        const result = await client.query<Row>(query as string, values as unknown[] | undefined)
        if (unreplicated.delete(client)) throw new Error('PostgreSQL stopped waiting for its standby')
        return result
      } catch (error) {
        if (!(error instanceof pg.DatabaseError)) lost = true
        if (isSilence(error)) onSilence()
        throw classifyFault(error)
      }
    },
    release(destroy = false) {
      onRelease()
      client.release(destroy || lost)
    },
  }
}

/** Whether nothing was heard from PostgreSQL although it should have ended the statement itself. */
export function isSilence(error: unknown): boolean {
  return error instanceof Error && error.message === SILENT
}

/** Where a statement is running, its caller hears of it at once. */
function endNow(client: pg.PoolClient): void {
  // What a pool hands out is a whole client, whatever its type says.
  void (client as unknown as pg.Client).end()
}

function rethrow(error: unknown): never {
  throw classifyFault(error)
}

function ignore(): void {}

/** @returns a connection of its own, not yet open; each statement on it may take `answerMs` */
export function createClient(url: string, answerMs: number): pg.Client {
  return new pg.Client({
    ...BASICS,
    connectionString: url,
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: answerMs,
  })
}
