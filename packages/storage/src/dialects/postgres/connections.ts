// Connections to PostgreSQL: how they are made, the time limits on them, and how their values are parsed. PostgreSQL
// ends statements that take too long. If it stops responding (the host vanished, or a failover left the connection
// behind), we stop waiting a second later and end all connections made before, because they lead to the same place. If
// it accepts no writes any more, because it was demoted, we replace them too, but what runs on them may finish.
// This file has no queries of its own.
import { StorageFault } from '@crosswalk/as-core'
import pg from 'pg'

import type { ConnectionLoad } from '../dialect.ts'
import { classifyFault } from './classify-fault.ts'

/** Type id of `bigint`: our numbers stay far below 2^53, and strings would compare wrongly. */
const BIGINT_TYPE = 20

const types: pg.CustomTypesConfig = {
  getTypeParser: ((id: number, format?: 'text' | 'binary') =>
    id === BIGINT_TYPE
      ? Number
      : pg.types.getTypeParser(id, format as 'text')) as pg.CustomTypesConfig['getTypeParser'],
}

const CONNECT_MS = 3_000
const LOCK_MS = 3_000
const KEEP_ALIVE_AFTER_MS = 5_000
/** How far PostgreSQL may exceed its own deadline before we consider it gone. */
const SILENCE_MS = 1_000

/** For statements that requests wait for. */
export const REQUEST_STATEMENT_MS = 5_000
/** For statements that read or delete a lot: lists, reports, verification, clean-up. */
export const REPORT_STATEMENT_MS = 60_000
/**
 * How long a transaction of a request may wait for its process. Less than what waits for its locks may wait, so that a
 * process that hangs makes others slower, but no change fails.
 */
export const REQUEST_IDLE_MS = 2_000
/** For turns and reports, whose transactions stay open while the process works. */
export const LONG_IDLE_MS = 10_000
/** For schema changes, which may take any time, including waiting for another process that runs them. */
export const UNLIMITED = 0

const BASICS = { types, keepAlive: true, keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER_MS }

/** The error of pg when its `query_timeout` expires. */
const SILENT = 'Query read timeout'

/**
 * The routine in which PostgreSQL waits until a commit is on its standby. If that wait is cancelled, PostgreSQL warns
 * but still reports success, although a failover may lose the commit. The text of the warning is localized; the name of
 * the routine is not.
 */
const WAITS_FOR_STANDBY = 'SyncRepWaitForLSN'
/**
 * The routine that refuses a prepared `select *` once its table has another column, as after the migration of a newer
 * version: the connection would have to prepare it again. The text of the error is localized as well.
 */
const REFUSES_OUTDATED_PLAN = 'RevalidateCachedQuery'
/** Connections that received the warning of `WAITS_FOR_STANDBY`. */
const unreplicated = new WeakSet<pg.ClientBase>()

export interface Connection {
  query<Row extends pg.QueryResultRow>(
    query: string | pg.QueryConfig,
    values?: readonly unknown[],
  ): Promise<pg.QueryResult<Row>>
  /** @param destroy - for a connection in an unknown state; a lost one is destroyed anyway */
  release(destroy?: boolean): void
}

/** Rejects with `StorageFault` if the database is at fault. */
export interface ConnectionPool {
  connect(): Promise<Connection>
  /** Runs one statement on any connection of the pool, even if the connection prepared it for an earlier schema. */
  query(config: pg.QueryConfig): Promise<pg.QueryResult>
  load(): Omit<ConnectionLoad, 'pool'>
  /** Ends every idle connection made so far, and those in use once they are released. */
  replace(): void
  /** Ends every connection made so far, including those in use; what runs on them is rejected. */
  renew(): void
  end(): Promise<void>
}

export interface PoolOptions {
  readonly max: number
  /** Limit for each statement; `UNLIMITED` also lifts the limit on locks */
  readonly statementMs: number
  /** Limit for a transaction between two statements; `LONG_IDLE_MS` if absent */
  readonly idleMs?: number
  /** Called when PostgreSQL stops responding, once for all connections of the same age */
  onSilence?(): void
  /** Called when a statement finds that PostgreSQL accepts no writes any more, once for all connections of the same age */
  onDemotion?(): void
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
      onDemotion() {
        if (from === pool) options.onDemotion?.()
      },
      onRelease: () => used.delete(client),
    })
  }

  async function queryOnce(config: pg.QueryConfig): Promise<pg.QueryResult> {
    const connection = await connect()
    try {
      return await connection.query(config)
    } finally {
      connection.release()
    }
  }

  function replace(): void {
    const old = pool
    pool = openPool(url, options)
    void old.end()
  }

  return {
    connect,
    query: (config) =>
      queryOnce(config).catch((error: unknown) => {
        if (!isOutdatedPlan(error)) throw error
        // Without its name, it is prepared again; other connections may also have prepared it for the earlier schema.
        const { name: _, ...unnamed } = config
        return queryOnce(unnamed)
      }),
    load: () => ({
      used: pool.totalCount - pool.idleCount,
      idle: pool.idleCount,
      waiting: pool.waitingCount,
    }),
    replace,
    renew() {
      replace()
      for (const client of used) endNow(client)
    },
    end: () => pool.end(),
  }
}

function openPool(url: string, { max, statementMs, idleMs = LONG_IDLE_MS }: PoolOptions): pg.Pool {
  const limited = statementMs !== UNLIMITED
  const limits = limited ? renderLimits(statementMs, idleMs) : []
  const prepare = (client: pg.ClientBase) => prepareSession(client, limits)
  const pool = new pg.Pool({
    ...BASICS,
    connectionString: url,
    fallback_application_name: 'crosswalk',
    max,
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: limited ? statementMs + SILENCE_MS : 0,
    idleTimeoutMillis: 0,
    allowExitOnIdle: true,
    // Limits are set by a statement, because proxies such as PgBouncer refuse them as startup parameters. The pool awaits
    // this call, although its type does not say so.
    onConnect: prepare as (client: pg.ClientBase) => void,
  })
  pool.on('error', ignore)
  pool.on('connect', (client) => {
    // The pool removes its own listener while a connection is in use, and an unhandled error event ends the process.
    client.on('error', ignore)
    client.on('notice', ({ routine }) => void (routine === WAITS_FOR_STANDBY && unreplicated.add(client)))
  })
  return pool
}

/**
 * Sets the limits, and refuses a standby, which may not have received the latest revocations. A primary becomes one by a
 * restart, which ends its connections, so asking once per connection is enough.
 */
async function prepareSession(client: pg.ClientBase, limits: readonly string[]): Promise<void> {
  const { rows } = await client.query<{ is_standby: boolean }>(
    `select ${['pg_is_in_recovery() as is_standby', ...limits].join(', ')}`,
  )
  if (rows[0]?.is_standby === true) throw new StorageFault('read-only', new Error('it is a standby'))
}

function renderLimits(statementMs: number, idleMs: number): readonly string[] {
  return [
    `set_config('statement_timeout', '${statementMs}', false)`,
    `set_config('lock_timeout', '${LOCK_MS}', false)`,
    `set_config('idle_in_transaction_session_timeout', '${idleMs}', false)`,
  ]
}

interface Guards {
  onSilence(): void
  onDemotion(): void
  onRelease(): void
}

function guard(client: pg.PoolClient, { onSilence, onDemotion, onRelease }: Guards): Connection {
  let lost = false
  return {
    async query<Row extends pg.QueryResultRow>(query: string | pg.QueryConfig, values?: readonly unknown[]) {
      try {
        const result = await client.query<Row>(query as string, values as unknown[] | undefined)
        if (unreplicated.delete(client)) throw new Error('PostgreSQL stopped waiting for its standby')
        return result
      } catch (error) {
        const fault = classifyFault(error)
        // A new connection may reach the node that accepts writes; this one stays with the one that was demoted.
        const isDemoted = fault instanceof StorageFault && fault.trouble === 'read-only'
        if (isDemoted || isOutdatedPlan(error) || !(error instanceof pg.DatabaseError)) lost = true
        if (isResponseTimeout(error)) onSilence()
        if (isDemoted) onDemotion()
        throw fault
      }
    },
    release(destroy = false) {
      onRelease()
      client.release(destroy || lost)
    },
  }
}

/** Whether PostgreSQL did not respond although it should have ended the statement itself. */
export function isResponseTimeout(error: unknown): boolean {
  return error instanceof Error && error.message === SILENT
}

function isOutdatedPlan(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.routine === REFUSES_OUTDATED_PLAN
}

/** If a statement is running, its caller gets the error immediately. */
function endNow(client: pg.PoolClient): void {
  // The pool returns a full client, although its type does not say so.
  void (client as unknown as pg.Client).end()
}

function rethrow(error: unknown): never {
  throw classifyFault(error)
}

function ignore(): void {}

/** @returns a separate connection, not yet open; each statement on it may take `answerMs` */
export function createClient(url: string, answerMs: number): pg.Client {
  return new pg.Client({
    ...BASICS,
    connectionString: url,
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: answerMs,
  })
}
