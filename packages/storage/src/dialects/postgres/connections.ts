// Connections to PostgreSQL: how they are made and how their values are read. No statements of ours in here.
import pg from 'pg'

/** Type id of `bigint`: our numbers stay far below 2^53, and text would compare wrongly. */
const BIGINT_TYPE = 20

const types: pg.CustomTypesConfig = {
  getTypeParser: ((id: number, format?: 'text' | 'binary') =>
    id === BIGINT_TYPE
      ? Number
      : pg.types.getTypeParser(id, format as 'text')) as pg.CustomTypesConfig['getTypeParser'],
}

/** @returns a pool of at most `max` connections that survives the loss of idle ones */
export function createPool(url: string, max: number): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max, types, idleTimeoutMillis: 0, allowExitOnIdle: true })
  // Without a listener the loss of an idle connection would end the process; the next use opens a new one.
  pool.on('error', () => undefined)
  return pool
}

/** @returns a connection of its own, not yet open */
export function createClient(url: string): pg.Client {
  return new pg.Client({ connectionString: url, types, keepAlive: true })
}

/** The SQLSTATE of an error the server answered with, undefined for lost connections and other errors. */
export function sqlState(error: unknown): string | undefined {
  if (!(error instanceof pg.DatabaseError)) return undefined
  return error.code
}
