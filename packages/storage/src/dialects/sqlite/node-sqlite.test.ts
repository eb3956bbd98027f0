// Opening a database with a Node.js that lacks SQLite explains which version is needed.
import { afterEach, expect, it, vi } from 'vitest'

import { openStorage } from '../../open-storage.ts'
import { openSqliteDatabase } from './database.ts'

afterEach(() => vi.restoreAllMocks())

it.each([
  ['storage', () => openStorage('sqlite::memory:')],
  ['a database', () => openSqliteDatabase(':memory:')],
])('%s names the required Node.js version', async (_, open) => {
  vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined as never)
  await expect(open()).rejects.toThrow(
    `Crosswalk's servers need Node.js 22.13 or newer, and this is ${process.version}. Update Node.js`,
  )
})
