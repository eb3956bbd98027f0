import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { StoredKey } from '@crosswalk/as-core'
import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { openPorts } from './open-ports.ts'
import { runStatement } from './contract/run-statement.ts'

const GIVEN = '0123456789abcdef'.repeat(4)
const KEY: StoredKey = {
  kid: 'k1',
  owner: 'as:todo0',
  purpose: 'access-token',
  algorithm: 'ES256',
  publicJwk: { kty: 'EC' },
  sealedPrivateJwk: 'sealed',
  state: 'current',
  createdAt: 1,
}

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crosswalk-ports-'))
  vi.stubEnv('CROSSWALK_KEY', '')
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true, force: true })
})

test('makes an owner-only key file next to a new database, and uses it the next time', async () => {
  const url = `sqlite:${join(folder, 'own.db')}`
  const first = await openPorts(url)
  expect(statSync(join(folder, 'own.db.key')).mode & 0o777).toBe(0o600)
  await first.keyStore.replace('as:todo0', [], [KEY])
  const sealed = first.sealing.seal('test', 'context', 'secret')
  await first.close()
  const second = await openPorts(url)
  expect(second.sealing.open('test', 'context', sealed)).toBe('secret')
  await second.close()
})

test('only the owner can access the files of a database, whatever the folder, the umask and the modes were', async () => {
  chmodSync(folder, 0o777)
  const umask = process.umask(0)
  try {
    const url = `sqlite:${join(folder, 'own.db')}`
    const modes = () =>
      readdirSync(folder).map((name) => [name, (statSync(join(folder, name)).mode & 0o777).toString(8)])
    const expected = ['own.db', 'own.db-shm', 'own.db-wal', 'own.db.key'].map((name) => [name, '600'])
    const first = await openPorts(url)
    await first.keyStore.replace('as:todo0', [], [KEY])
    expect(modes()).toEqual(expected)
    // A copy may have left these modes, with a log that was not checkpointed.
    for (const mode of [0o644, 0o640, 0o604]) {
      for (const name of ['own.db', 'own.db-wal', 'own.db-shm']) chmodSync(join(folder, name), mode)
      const second = await openPorts(url)
      expect(modes()).toEqual(expected)
      await second.close()
    }
    await first.close()
  } finally {
    process.umask(umask)
  }
})

test('makes no key for a database sealed with another key', async () => {
  const url = `sqlite:${join(folder, 'others.db')}`
  const first = await openPorts(url, { masterKey: GIVEN })
  await first.keyStore.replace('as:todo0', [], [KEY])
  await first.close()
  await expect(openPorts(url)).rejects.toThrow('the keys in the database are sealed')
  expect(existsSync(join(folder, 'others.db.key'))).toBe(false)
  await (await openPorts(url, { masterKey: GIVEN })).close()
})

test('names the source of an invalid key, before opening anything', async () => {
  const url = `sqlite:${join(folder, 'none.db')}`
  await expect(openPorts(url, { masterKey: 'short' })).rejects.toThrow('the option masterKey')
  vi.stubEnv('CROSSWALK_KEY', 'short')
  await expect(openPorts(url)).rejects.toThrow('CROSSWALK_KEY')
  expect(existsSync(join(folder, 'none.db'))).toBe(false)
})

test('only providers declared private are reached in a private network', async () => {
  const ports = await openPorts('sqlite::memory:')
  const fetchOf = (privateNetwork: boolean) => ports.signInFetch({ privateNetwork } as never)
  expect(fetchOf(false)).toBe(ports.webFetch)
  expect(fetchOf(true)).not.toBe(ports.webFetch)
  await ports.close()
})

test('the error for a database of another program names the problem and the fix', async () => {
  const url = `sqlite:${join(folder, 'own.db')}`
  await runStatement(url, sql`create table shop_orders (id integer)`)
  await expect(openPorts(url)).rejects.toMatchObject({
    name: 'SchemaError',
    message:
      "the database cannot be opened: it holds tables that are not Crosswalk's (shop_orders); use a separate file",
  })
})
