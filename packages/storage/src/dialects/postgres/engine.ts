// PostgreSQL: a pool for requests, one for reports, one connection for the ledger, one for hearing of changes.
import { createHash } from 'node:crypto'

import { type CompiledQuery, Kysely, PostgresDialect, type PostgresPool } from 'kysely'

import { migrate } from '../../schema/migrate.ts'
import type { Tables } from '../../schema/tables.ts'
import type { Engine, PrepareRead } from '../dialect.ts'
import {
  type ConnectionPool,
  createPool,
  REPORT_STATEMENT_MS,
  REQUEST_STATEMENT_MS,
  UNLIMITED,
} from './connections.ts'
import { openEmpty } from '../sqlite/open-empty.ts'
import { createEventPartitions } from './event-partitions.ts'
import { createPostgresLedgerWriter } from './ledger-writer.ts'
import { postgresTraits } from './traits.ts'
import { createPostgresUpkeep } from './upkeep.ts'
import { listenForObjects } from './watch.ts'

/** Of the connections beside the ledger's, those that reports may take at once: requests keep the others. */
const MAX_FOR_REPORTS = 3

/** Connects to `url` and brings its schema up to date; `poolSize` bounds the connections beside the ledger's. */
export async function openPostgresEngine(url: string, poolSize: number): Promise<Engine> {
  await migrateOnce(url)
  const forReports = Math.min(MAX_FOR_REPORTS, Math.ceil(poolSize / 2))
  const open = (max: number, statementMs: number) =>
    createPool(url, { max, statementMs, onSilence: renewAll })
  const ledgerPool = open(1, REQUEST_STATEMENT_MS)
  const pool = open(Math.max(1, poolSize - forReports), REQUEST_STATEMENT_MS)
  const reportPool = open(forReports, REPORT_STATEMENT_MS)
  function renewAll(): void {
    for (const each of [ledgerPool, pool, reportPool]) each.renew()
  }
  const db = connectKysely(pool)
  const reports = connectKysely(reportPool)
  const upkeep = createPostgresUpkeep(reports)
  const prepareRead: PrepareRead = <Row, Found>(
    { sql: text }: CompiledQuery<Row>,
    parse: (rows: readonly Row[]) => Found,
  ) => {
    const name = createHash('sha256').update(text).digest('hex').slice(0, 16)
    return async (values) => parse((await pool.query({ name, text, values: [...values] })).rows as Row[])
  }
  return {
    traits: postgresTraits,
    db,
    reports,
    ledgerWriter: createPostgresLedgerWriter(ledgerPool),
    upkeep,
    periods: createEventPartitions(reports, upkeep),
    connections: () => [
      { pool: 'requests', ...pool.load() },
      { pool: 'reports', ...reportPool.load() },
      { pool: 'ledger', ...ledgerPool.load() },
    ],
    prepareRead,
    watchObjects: (look) => listenForObjects(url, { look, onSilence: renewAll }),
    async close() {
      await Promise.all([pool, reportPool, ledgerPool].map((each) => each.end()))
    },
  }
}

/** On connections of its own, since no limit is right for it. */
async function migrateOnce(url: string): Promise<void> {
  const pool = createPool(url, { max: 2, statementMs: UNLIMITED })
  try {
    await migrate({ db: connectKysely(pool), traits: postgresTraits }, openEmpty)
  } finally {
    await pool.end()
  }
}

function connectKysely(pool: ConnectionPool): Kysely<Tables> {
  // We use no cursors, which is all that is missing in the shape that Kysely wants.
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool: pool as unknown as PostgresPool }) })
}
