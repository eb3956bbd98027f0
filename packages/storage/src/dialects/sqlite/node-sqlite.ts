// The SQLite module of Node.js. Loaded when a database is opened, so that an older Node.js gets a message instead of a
// failed import.
import type * as NodeSqlite from 'node:sqlite'

const OLDEST = '22.13'

/** @throws Error if this Node.js has no SQLite */
export function loadNodeSqlite(): typeof NodeSqlite {
  // Absent before 20.16
  const load: ((id: 'node:sqlite') => typeof NodeSqlite | undefined) | undefined = process.getBuiltinModule
  const loaded = load?.('node:sqlite')
  if (loaded === undefined)
    throw new Error(
      `Crosswalk's servers need Node.js ${OLDEST} or newer, and this is ${process.version}. Update Node.js; the packages client, resource, mcp and protocol run on 20, too.`,
    )
  return loaded
}
