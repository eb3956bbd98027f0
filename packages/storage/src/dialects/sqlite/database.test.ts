import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { Kysely, sql } from 'kysely'
import { expect, test } from 'vitest'

import { NodeSqliteDialect, openSqliteDatabase } from './database.ts'

test('a commit is on the disk before it returns, and references are checked', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'crosswalk-sqlite-'))
  const database = await openSqliteDatabase(join(folder, 'own.db'))
  const read = (name: string) => Object.values(database.prepare(`pragma ${name}`).get() ?? {})[0]
  // 2: FULL (https://www.sqlite.org/pragma.html#pragma_synchronous)
  expect([read('journal_mode'), read('synchronous'), read('foreign_keys')]).toEqual(['wal', 2, 1])
  database.close()
  rmSync(folder, { recursive: true, force: true })
})

test('a long series of statements lets other work run in between', async () => {
  const database = await openSqliteDatabase(':memory:')
  const db = new Kysely({ dialect: new NodeSqliteDialect(database) })
  let others = 0
  setImmediate(() => (others += 1))
  const endMs = performance.now() + 1_000
  while (others === 0 && performance.now() < endMs) await sql`select 1`.execute(db)
  expect(others).toBe(1)
  await db.destroy()
})
