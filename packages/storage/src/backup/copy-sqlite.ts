// Copies an embedded database at one point in time, while servers write to it.
import { existsSync } from 'node:fs'

import { loadNodeSqlite } from '../dialects/sqlite/node-sqlite.ts'
import { keepOwnerOnly, makeOwnerOnly } from '../owner-only.ts'

/** Copies all pages in one step, because SQLite restarts the copy if another process writes between two steps. */
const ALL_PAGES = 0x7fff_ffff

/**
 * Writers continue during the copy; what they write is not part of it.
 *
 * @param target - must not exist; only its owner can read it
 * @throws Error of the file system or of SQLite, also if the database does not exist
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
