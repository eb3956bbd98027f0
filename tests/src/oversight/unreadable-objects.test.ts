// Stored objects that this version cannot read: one of them never hides the others, is named by collection, id and
// member, and no server starts with less than it has.
import { randomBytes } from 'node:crypto'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { checkReadable, StartError } from '@crosswalk/control'
import { openStorage } from '@crosswalk/storage'
import { afterEach, expect, it } from 'vitest'

import { describeOnDatabases } from '../../../tools/test-databases.ts'
import { adminOf } from '../admin/admin.ts'
import { crosswalk } from '../cli/run-crosswalk.ts'
import { company } from '../support/company.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

const started: TestServer[] = []
afterEach(async () => {
  for (const server of started.splice(0).reverse()) await server.stop()
})

const POLICY = { id: 'odd', when: {}, effect: 'warn', state: 'enforced' }
const HOLD = { kind: 'connection', target: 'agent0-todo0', by: 'ada', since: '2026-06-15T08:00:00.000Z' }

describeOnDatabases('an object that this version cannot read, on $name,', (kind) => {
  async function open() {
    const [database, key] = [await kind.create(), randomBytes(32).toString('hex')]
    const start = async () => {
      const server = await startTestServer({ file: (baseUrl) => company(baseUrl), database, key })
      started.push(server)
      return server
    }
    return { database, start }
  }

  /** As another version would */
  async function store(database: string, collection: string, id: string, body: unknown) {
    const storage = await openStorage(database)
    expect(await storage.objects.put({ collection, id, body, by: 'adm', at: 1 })).toMatchObject({ ok: true })
    await storage.close()
  }

  it('is missing in a list that names it, and named when it is read', async () => {
    const { database, start } = await open()
    const admin = adminOf((await start()).baseUrl)
    const { id } = (await admin('POST', '/reviews', { body: { name: 'Q3', reason: 'yearly' } })).body
    await store(database, 'reviews', 'rev_old', { id: 'rev_old', name: 'Q2', items: [] })
    const listed = await admin('GET', '/reviews')
    expect(listed).toMatchObject({ status: 200, body: { items: [{ id }], next: null } })
    expect(listed.body.unreadable).toEqual([
      { collection: 'reviews', id: 'rev_old', problem: expect.stringMatching(/^\/state: /) },
    ])
    expect(await admin('GET', '/review-items')).toMatchObject({
      status: 200,
      body: { unreadable: [{ id: 'rev_old' }] },
    })
    expect((await admin('GET', `/reviews/${id}`)).status).toBe(200)
    expect(await admin('GET', '/reviews/rev_old')).toMatchObject({
      status: 500,
      body: {
        detail: expect.stringMatching(/^reviews\/rev_old in the database cannot be read .*: \/state: /),
      },
    })
  })

  it.each([['access-requests'], ['access-grants']])(
    'is missing in the list of %s that names it',
    async (name) => {
      const { database, start } = await open()
      const server = await start()
      await server.stop()
      started.pop()
      await store(database, name, 'odd', { id: 'odd', state: 'ended' })
      const list = await adminOf((await start()).baseUrl)('GET', `/${name}`)
      expect(list).toMatchObject({ status: 200, body: { items: [], unreadable: [{ id: 'odd' }] } })
    },
  )

  it('keeps a server from starting if it decides about access, together with all others', async () => {
    const { database, start } = await open()
    await (await start()).running.close()
    started.pop()
    await store(database, 'policies', 'odd', POLICY)
    await store(database, 'holds', 'connection:agent0-todo0', HOLD)
    const error = await start().catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(StartError)
    expect(error).toMatchObject({
      message: expect.stringMatching(/policies\/odd .*\/effect.*; holds\/connection:agent0-todo0 .*\/state/),
      fix: expect.stringContaining('config check --database'),
    })
    const { exitCode, err } = await check(database)
    expect([exitCode, err]).toEqual([
      2,
      expect.stringMatching(/policies\/odd .*\/effect[^]*holds\/.*\/state/),
    ])
    const storage = await openStorage(database)
    const change = { by: 'adm', at: 2 }
    await storage.objects.remove({ collection: 'policies', id: 'odd', ...change })
    await storage.objects.put({
      ...{ collection: 'holds', id: 'connection:agent0-todo0', ...change },
      body: { ...HOLD, state: 'suspended' },
    })
    await storage.close()
    expect(await check(database)).toMatchObject({ exitCode: 0 })
    expect(
      (await adminOf((await start()).baseUrl)('GET', '/connections/agent0-todo0')).body.state,
    ).toMatchObject({
      effective: 'suspended',
    })
  })

  it('stored by another process, is named by every change until it is gone', async () => {
    const { database, start } = await open()
    const admin = adminOf((await start()).baseUrl)
    const create = (id: string) => admin('POST', '/users', { body: { id, username: id } })
    expect((await create('usr_a')).status).toBe(201)
    await store(database, 'apps', 'odd', { id: 'odd' })
    expect(await create('usr_b')).toMatchObject({
      status: 500,
      body: { detail: expect.stringMatching(/^apps\/odd .*\/name/) },
    })
    const storage = await openStorage(database)
    await storage.objects.remove({ collection: 'apps', id: 'odd', by: 'adm', at: Date.now() })
    await storage.close()
    expect((await create('usr_b')).status).toBe(201)
    expect((await admin('GET', '/apps/odd/history')).body.items).toMatchObject([
      { removed: true },
      { removed: false, unreadable: expect.stringMatching(/^\/name/) },
    ])
  })

  it('is never stored', async () => {
    const { database } = await open()
    const storage = await openStorage(database, { checkObject: checkReadable })
    const put = (collection: string, body: unknown) =>
      storage.objects.changeAll([{ collection, id: 'odd', body, by: 'adm', at: 1 }])
    await expect(put('policies', POLICY)).rejects.toThrow(/^policies\/odd .*\/effect/)
    await expect(put('misspelt', {})).rejects.toThrow('misspelt is not a collection')
    expect(await put('policies', { ...POLICY, effect: 'deny' })).toMatchObject({ ok: true })
    await storage.close()
  })
})

function check(database: string) {
  const file = join(mkdtempSync(join(tmpdir(), 'crosswalk-test-')), 'crosswalk.json')
  writeFileSync(
    file,
    JSON.stringify({ baseUrl: 'http://127.0.0.1:4000', database, ...company('http://127.0.0.1:4000') }),
  )
  return crosswalk(['config', 'check', '--database', '--config', file])
}
