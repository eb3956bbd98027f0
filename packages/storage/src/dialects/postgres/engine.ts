// PostgreSQL: a pool for everything, one connection for the ledger, one for hearing of changes.
import { createHash } from 'node:crypto'

import { type CompiledQuery, Kysely, PostgresDialect } from 'kysely'

import { migrate } from '../../schema/migrate.ts'
import type { Tables } from '../../schema/tables.ts'
import type { Engine, PrepareRead } from '../dialect.ts'
import { createPool } from './connections.ts'
import { createPostgresLedgerWriter } from './ledger-writer.ts'
import { postgresTraits } from './traits.ts'
import { createPostgresUpkeep } from './upkeep.ts'
import { listenForObjects } from './watch.ts'

/** Connects to `url` and brings its schema up to date; `poolSize` bounds the connections beside the ledger's. */
export async function openPostgresEngine(url: string, poolSize: number): Promise<Engine> {
  const ledgerPool = createPool(url, 1)
  const pool = createPool(url, poolSize)
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
  const close = async (): Promise<void> => {
    await Promise.all([db.destroy(), ledgerPool.end()])
  }
  try {
    await migrate(db, postgresTraits)
  } catch (error) {
    await close()
    throw error
  }
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
    ledgerWriter: createPostgresLedgerWriter(ledgerPool),
    upkeep: createPostgresUpkeep(db),
    prepareRead,
    prepareLookup: prepareRead,
    watchObjects: (look) => listenForObjects(url, look),
    close,
  }
}
