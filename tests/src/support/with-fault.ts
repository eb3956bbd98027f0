// Makes a database refuse writes, as if its disk were full.
import { runSql } from './run-sql.ts'

export interface Fault {
  readonly table: string
  readonly on: 'insert' | 'update' | 'delete'
  /** SQL over `new`; default: every row */
  readonly when?: string
}

const POSTGRES_FUNCTION = `create or replace function fault() returns trigger language plpgsql as
  $$ begin raise exception 'no space left on device' using errcode = '53100'; end $$;`

/** Runs `act` while the database refuses these writes. */
export async function withFault<T>(
  database: string,
  { table, on, when = 'true' }: Fault,
  act: () => Promise<T>,
): Promise<T> {
  const isSqlite = database.startsWith('sqlite:')
  const head = `create trigger fault before ${on} on ${table} for each row when (${when})`
  await runSql(
    database,
    isSqlite
      ? `${head} begin select raise(abort, 'no space left'); end`
      : `${POSTGRES_FUNCTION} ${head} execute function fault()`,
  )
  try {
    return await act()
  } finally {
    await runSql(database, isSqlite ? 'drop trigger fault' : `drop trigger fault on ${table}`)
  }
}
