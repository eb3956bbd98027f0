// PostgreSQL: a pool for lookups of token requests, one for other requests, one for reports, and one connection each for
// the ledger, for turns and for change notifications.
import { createHash } from 'node:crypto'
import { type CompiledQuery, Kysely, PostgresDialect, type PostgresPool, sql } from 'kysely'

import { migrate } from '../../schema/migrate.ts'
import type { OnMigrate } from '../../schema/migrations.ts'
import type { Shape } from '../../schema/shape.ts'
import type { Tables } from '../../schema/tables.ts'
import type { Engine, PrepareRead, Upkeep, UpkeepTask } from '../dialect.ts'
import {
  type ConnectionPool,
  createPool,
  LONG_IDLE_MS,
  REPORT_STATEMENT_MS,
  REQUEST_IDLE_MS,
  REQUEST_STATEMENT_MS,
  UNLIMITED,
} from './connections.ts'
import { readExpectedShape } from '../sqlite/expected-shape.ts'
import { createEventPartitions } from './event-partitions.ts'
import { createPostgresLedgerWriter } from './ledger-writer.ts'
import { postgresTraits } from './traits.ts'
import { createTakeTurn } from './turns.ts'
import { listenForObjects } from './watch.ts'

/** Connections of each pool that is not for lookups, which get the rest. */
const MAX_FOR_OTHERS = 3

/** Connects to `url` and migrates its schema; `poolSize` limits the connections other than the ledger's. */
export async function openPostgresEngine(
  url: string,
  poolSize: number,
  onMigrate?: OnMigrate,
): Promise<Engine> {
  const schema = await readExpectedShape()
  await migrateOnce(url, schema, onMigrate)
  const forOthers = Math.min(MAX_FOR_OTHERS, Math.ceil(poolSize / 3))
  const open = (max: number, statementMs: number, idleMs: number) =>
    createPool(url, { max, statementMs, idleMs, onSilence: renewAll, onDemotion: replaceAll })
  const ledgerPool = open(1, REQUEST_STATEMENT_MS, REQUEST_IDLE_MS)
  // Under load, a thousand token requests may wait for a lookup. Administrators must not wait behind them.
  const lookupPool = open(Math.max(1, poolSize - 2 * forOthers), REQUEST_STATEMENT_MS, REQUEST_IDLE_MS)
  const pool = open(forOthers, REQUEST_STATEMENT_MS, REQUEST_IDLE_MS)
  const reportPool = open(forOthers, REPORT_STATEMENT_MS, LONG_IDLE_MS)
  const turnPool = open(1, REQUEST_STATEMENT_MS, LONG_IDLE_MS)
  const pools = [ledgerPool, lookupPool, pool, reportPool, turnPool]
  function renewAll(): void {
    for (const each of pools) each.renew()
  }
  function replaceAll(): void {
    for (const each of pools) each.replace()
  }
  const db = connectKysely(pool)
  const reports = connectKysely(reportPool)
  const upkeep = createPostgresUpkeep(reports, reportPool)
  const prepareRead: PrepareRead = <Row, Found>(
    { sql: text }: CompiledQuery<Row>,
    parse: (rows: readonly Row[]) => Found,
  ) => {
    const name = createHash('sha256').update(text).digest('hex').slice(0, 16)
    return async (values) =>
      parse((await lookupPool.query({ name, text, values: [...values] })).rows as Row[])
  }
  return {
    traits: postgresTraits,
    schema,
    db,
    reports,
    ledgerWriter: createPostgresLedgerWriter(ledgerPool),
    upkeep,
    takeTurn: createTakeTurn(turnPool),
    periods: createEventPartitions(reports, upkeep),
    connections: () => [
      { pool: 'lookups', ...lookupPool.load() },
      { pool: 'requests', ...pool.load() },
      { pool: 'reports', ...reportPool.load() },
      { pool: 'ledger', ...ledgerPool.load() },
    ],
    prepareRead,
    watchObjects: (look) => listenForObjects(url, { look, onSilence: renewAll }),
    async close() {
      await Promise.all(pools.map((each) => each.end()))
    },
  }
}

/** Uses its own connections, because it needs no time limit. */
async function migrateOnce(url: string, schema: Shape, onMigrate?: OnMigrate): Promise<void> {
  const pool = createPool(url, { max: 2, statementMs: UNLIMITED })
  try {
    await migrate({ db: connectKysely(pool), traits: postgresTraits }, schema, onMigrate)
  } finally {
    await pool.end()
  }
}

function connectKysely(pool: ConnectionPool): Kysely<Tables> {
  // Kysely's type also requires cursors, which we do not use.
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool: pool as unknown as PostgresPool }) })
}

/** Arbitrary numbers; neither `turns.ts` nor anything else in the database uses them for locks. */
const LOCKS: Readonly<Record<UpkeepTask, number>> = { 'clean-up': 7_229_611_524, retention: 7_229_611_525 }

/**
 * Clean-up on PostgreSQL: its clock, one process at a time, and the horizon up to which replay keys were deleted.
 */
function createPostgresUpkeep(db: Kysely<Tables>, pool: Pick<ConnectionPool, 'connect'>): Upkeep {
  return {
    async readTimeMs() {
      const { rows } = await sql<{ seconds: number }>`
        select extract(epoch from clock_timestamp())::float8 as seconds`.execute(db)
      // Whole, because columns store whole milliseconds.
      return Math.floor(Number(rows[0]?.seconds) * 1000)
    },
    async asLeader(task, work) {
      const connection = await pool.connect()
      let mayHoldLock = true
      try {
        const { rows } = await connection.query<{ leads: boolean }>(
          `select pg_try_advisory_lock(${LOCKS[task]}) as leads`,
        )
        mayHoldLock = rows[0]?.leads === true
        return mayHoldLock ? await work() : undefined
      } finally {
        // The lock belongs to the connection: if it cannot be released, no process would ever lead again.
        if (mayHoldLock)
          mayHoldLock = await connection.query(`select pg_advisory_unlock(${LOCKS[task]})`).then(
            () => false,
            () => true,
          )
        connection.release(mayHoldLock)
      }
    },
    advanceReplayHorizon: (cut) =>
      db.transaction().execute(async (transaction) => {
        // Waits for transactions that insert keys, so that none of them reads the old horizon and writes later.
        await sql`lock table replay_keys in share row exclusive mode`.execute(transaction)
        await sql`update replay_horizon set forgotten_before = ${cut} where forgotten_before < ${cut}`.execute(
          transaction,
        )
      }),
  }
}
