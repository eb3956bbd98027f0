// A copy of an embedded database as it is at one moment, while servers write to it.
import { existsSync } from 'node:fs'

import { loadNodeSqlite } from '../dialects/sqlite/node-sqlite.ts'
import { keepOwnerOnly, makeOwnerOnly } from '../owner-only.ts'

/** All pages in one step: SQLite begins again whenever another process has written between two of them. */
const ALL_PAGES = 0x7fff_ffff

/**
 * Writers go on meanwhile, and none of what they write is in the copy.
 *
 * @param target - must not exist; becomes its owner's alone
 * @throws Error of the file system or of SQLite, also for a database that does not exist
 */
export async function copySqlite(path: string, target: string): Promise<void> {
  const { backup, DatabaseSync } = loadNodeSqlite()
  if ((backup as unknown) === undefined)
    throw new Error(`backups need Node.js 22.16 or newer, and this is ${process.version}`)
  if (existsSync(target)) throw new Error(`${target} already exists`)
  const source = new DatabaseSync(path, { readOnly: true, timeout: 10_000 })
  try {
    makeOwnerOnly(target)
    await backup(source, target, { rate: ALL_PAGES })
    keepOwnerOnly(target)
  } finally {
    source.close()
  }
}
