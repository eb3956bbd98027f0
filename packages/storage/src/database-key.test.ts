import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

import { afterEach, beforeEach, expect, test } from 'vitest'

import { findDatabaseKey, keyFileOf } from './database-key.ts'

const KEY = '0123456789abcdef'.repeat(4)
const holds = (isEmpty: boolean) => ({ keys: { isEmpty: async () => isEmpty } }) as never

let folder: string
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'crosswalk-key-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('only the owner can read the folder that a new database and its key get', () => {
  const url = `sqlite:${join(folder, 'data', 'own.db')}`
  findDatabaseKey(url, {})
  expect(statSync(dirname(keyFileOf(url))).mode & 0o777).toBe(0o700)
})

test('takes the key that another process has just made, and makes no second one', async () => {
  const url = `sqlite:${join(folder, 'own.db')}`
  const takeKey = findDatabaseKey(url, {})
  await expect(takeKey(holds(false))).rejects.toThrow('the keys in the database are sealed')
  writeFileSync(keyFileOf(url), KEY, { mode: 0o600 })
  expect(Buffer.from(await takeKey(holds(false))).toString('hex')).toBe(KEY)
})
