// Nodes take turns by a lock that PostgreSQL grants in the order of waiting. It lasts no longer than a transaction may
// be idle, so a node that hangs delays the others only for a while.
import type { Engine } from '../dialect.ts'
import type { ConnectionPool } from './connections.ts'

/** An arbitrary number; nothing else in the database uses it for locks. */
const LOCK = 7_229_611_526

/** @param pool - a dedicated pool of one connection; the work uses other connections */
export function createTakeTurn(pool: Pick<ConnectionPool, 'connect'>): Engine['takeTurn'] {
  return async (work) => {
    const connection = await pool.connect()
    try {
      // If there is no turn in time, work without one.
      await connection.query(`begin; select pg_advisory_xact_lock(${LOCK})`).catch(ignore)
      return await work()
    } finally {
      await connection.query('rollback').catch(ignore)
      connection.release()
    }
  }
}

function ignore(): void {}
