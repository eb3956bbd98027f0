// Nodes take turns by a lock that PostgreSQL hands on in the order of those who wait. It lasts no longer than a transaction may
// be idle, so a node that hangs holds up the others for a while only.
import type { Engine } from '../dialect.ts'
import type { ConnectionPool } from './connections.ts'

/** A number that nothing else in the database locks by. */
const LOCK = 7_229_611_526

/** @param pool - of one connection for nothing else: what is done in a turn needs others */
export function createTakeTurn(pool: Pick<ConnectionPool, 'connect'>): Engine['takeTurn'] {
  return async (work) => {
    const connection = await pool.connect()
    try {
      // A turn that cannot be had in time is done without.
      await connection.query(`begin; select pg_advisory_xact_lock(${LOCK})`).catch(ignore)
      return await work()
    } finally {
      await connection.query('rollback').catch(ignore)
      connection.release()
    }
  }
}

function ignore(): void {}
