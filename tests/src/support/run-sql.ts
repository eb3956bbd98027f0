// Runs a statement on the database of a server, as an operator with a database client would.
import { DatabaseSync } from 'node:sqlite'

import pg from 'pg'

export async function runSql(url: string, statement: string): Promise<void> {
  if (url.startsWith('sqlite:')) {
    const database = new DatabaseSync(url.slice('sqlite:'.length))
    database.exec(statement)
    database.close()
    return
  }
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(statement)
  await client.end()
}
