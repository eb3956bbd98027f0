// What one process stops, other processes on the database deny immediately, even before they are notified.
import { randomBytes } from 'node:crypto'

import { openStorage } from '@crosswalk/storage'
import { afterEach, expect, it } from 'vitest'

import { describeOnDatabases } from '../../../tools/test-databases.ts'
import { adminOf } from '../admin/admin.ts'
import { AGENT, AGENT_AT_VENDOR, company, type CompanyOptions, PASSWORD, TODO } from '../support/company.ts'
import { basic, exchange, postForm, redeem, signInFor } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

const started: TestServer[] = []
afterEach(async () => {
  for (const server of started.splice(0).reverse()) await server.stop()
})

async function startTwo(database: string, options: CompanyOptions = {}) {
  const key = randomBytes(32).toString('hex')
  const start = async () => {
    const server = await startTestServer({ file: (baseUrl) => company(baseUrl, options), database, key })
    started.push(server)
    return server
  }
  const [one, other] = [await start(), await start()]
  const { idToken } = await signInFor(other.baseUrl, 'alice')
  return { admin: adminOf(one.baseUrl), other, idToken }
}

type Objects = Awaited<ReturnType<typeof openStorage>>['objects']

/** Writes a change like another process that ends right after its commit. */
async function edit(objects: Objects, collection: string, id: string, change: object): Promise<void> {
  const stored = await objects.find(collection, id)
  const body = { ...(stored?.body as object), ...change }
  await objects.put({ collection, id, body, by: 'admin', at: Date.now() })
}

const ROUNDS = 12

describeOnDatabases('on $name', (kind) => {
  it('denies every exchange that begins after the response, and grants the first one after resuming', async () => {
    const { admin, other, idToken } = await startTwo(await kind.create())
    const ask = async () => (await exchange(other.baseUrl, idToken, { resource: TODO })).status
    const act = (verb: string) =>
      admin('POST', `/connections/agent0-todo0/${verb}`, { body: { reason: 'a test' } })
    expect(await ask()).toBe(200)
    for (let round = 0; round < ROUNDS; round += 1) {
      expect((await act('suspend')).status).toBe(200)
      // Several at once, since they are committed together.
      expect(new Set(await Promise.all([ask(), ask(), ask()]))).toEqual(new Set([400]))
      expect((await act('resume')).status).toBe(200)
      await expect.poll(ask, { timeout: 5000 }).toBe(200)
    }
  })

  it('redeems no ID-JAG issued before its connection was suspended, until it is resumed', async () => {
    const { admin, other, idToken } = await startTwo(await kind.create())
    const issue = async () =>
      String((await exchange(other.baseUrl, idToken, { resource: TODO })).body.access_token)
    const act = (verb: string) =>
      admin('POST', `/connections/agent0-todo0/${verb}`, { body: { reason: 'a test' } })
    for (let round = 0; round < 3; round += 1) {
      const idJag = await issue()
      expect((await act('suspend')).status).toBe(200)
      expect((await redeem(other.baseUrl, idJag)).body.error).toBe('invalid_grant')
      expect((await act('resume')).status).toBe(200)
      await expect.poll(async () => (await redeem(other.baseUrl, idJag)).status, { timeout: 5000 }).toBe(200)
    }
  })

  it('redeems no ID-JAG issued before the block', async () => {
    const { admin, other, idToken } = await startTwo(await kind.create())
    const issue = async () =>
      String((await exchange(other.baseUrl, idToken, { resource: TODO })).body.access_token)
    expect((await redeem(other.baseUrl, await issue())).status).toBe(200)
    for (let round = 0; round < ROUNDS; round += 1) {
      const idJag = await issue()
      const blocked = await admin('POST', '/blocks', {
        body: { kind: 'app', target: 'agent0', reason: 'a test' },
      })
      expect(blocked.status).toBe(201)
      expect(await redeem(other.baseUrl, idJag)).toMatchObject({
        status: 400,
        body: { error: 'invalid_grant' },
      })
      expect((await admin('DELETE', `/blocks/${blocked.body.id}`)).status).toBe(204)
      await expect
        .poll(async () => (await exchange(other.baseUrl, idToken, { resource: TODO })).status, {
          timeout: 5000,
        })
        .toBe(200)
    }
  })

  it.each<[string, (objects: Objects) => Promise<unknown>]>([
    [
      'a kill',
      // The first thing that the kill switch commits.
      (objects) =>
        objects.put({
          ...{ collection: 'blocks', id: 'blk_1', by: 'admin', at: Date.now() },
          body: { id: 'blk_1', kind: 'app', target: 'agent0', kill: true, by: 'admin', since: '2026-01-01' },
        }),
    ],
    ['the deactivation of a user', (objects) => edit(objects, 'users', 'usr_eve', { active: false })],
    ['a user who leaves a group', (objects) => edit(objects, 'users', 'usr_eve', { groups: [] })],
    [
      'the removal of a user',
      (objects) => objects.remove({ collection: 'users', id: 'usr_eve', by: 'admin', at: Date.now() }),
    ],
    [
      'the removal of a connection',
      (objects) =>
        objects.remove({ collection: 'connections', id: 'agent0-todo', by: 'admin', at: Date.now() }),
    ],
    [
      'a connection for other users',
      (objects) => edit(objects, 'connections', 'agent0-todo', { assignments: { users: ['usr_alice'] } }),
    ],
  ])(
    'reports an access token as inactive within a second after %s, even if the process ends before revoking it',
    async (_, change) => {
      const database = await kind.create()
      const { admin, other } = await startTwo(database, { idp: { connections: [] } })
      const eve = { id: 'usr_eve', username: 'eve', groups: ['engineering'], password: PASSWORD }
      expect((await admin('POST', '/users', { body: eve })).status).toBe(201)
      const connection = {
        id: 'agent0-todo',
        app: AGENT.id,
        resourceApp: 'todo0',
        clientId: AGENT_AT_VENDOR.id,
      }
      const allowed = {
        resources: [TODO],
        scopes: ['todos.read'],
        assignments: { groups: ['engineering'] },
        status: 'active',
      }
      expect((await admin('POST', '/connections', { body: { ...connection, ...allowed } })).status).toBe(201)
      const there = adminOf(other.baseUrl)
      await expect.poll(async () => (await there('GET', '/connections/agent0-todo')).status).toBe(200)
      const { idToken } = await signInFor(other.baseUrl, 'eve')
      const issue = async () => {
        const idJag = (await exchange(other.baseUrl, idToken, { resource: TODO })).body.access_token
        return String((await redeem(other.baseUrl, String(idJag))).body.access_token)
      }
      const token = await issue()
      const isActive = async () => {
        const authorization = basic(AGENT_AT_VENDOR)
        const { body } = await postForm(`${other.baseUrl}/as/vendor/introspect`, { token }, { authorization })
        return body.active
      }
      expect(await isActive()).toBe(true)
      const storage = await openStorage(database)
      // Positive control: another change leaves it active.
      await edit(storage.objects, 'users', 'usr_eve', { name: 'Eve' })
      await expect.poll(async () => (await there('GET', '/users/usr_eve')).body.name).toBe('Eve')
      expect(await isActive()).toBe(true)
      await change(storage.objects)
      await storage.close()
      await expect.poll(isActive, { timeout: 1000 }).toBe(false)
    },
  )

  it('keeps a connection revoked while its manager keeps suspending and resuming it at another process', async () => {
    const { admin, other } = await startTwo(await kind.create())
    const there = adminOf(other.baseUrl)
    const body = { name: 'manager', role: 'connection-manager', apps: ['agent0'] }
    const { token } = (await admin('POST', '/tokens', { body })).body
    const act = (verb: string) =>
      there('POST', `/connections/agent0-todo0/${verb}`, { token, body: { reason: 'a test' } })
    await expect.poll(async () => (await act('resume')).status, { timeout: 5000 }).toBe(200)
    let isOver = false
    const acts = (async () => {
      while (!isOver) for (const verb of ['suspend', 'resume']) await act(verb)
    })()
    for (let round = 0; round < 5; round += 1) {
      await new Promise((resolve) => setTimeout(resolve, 50))
      const reason = { body: { reason: 'a test' } }
      expect((await admin('POST', '/connections/agent0-todo0/revoke', reason)).status).toBe(200)
      await new Promise((resolve) => setTimeout(resolve, 100))
      const { state } = (await admin('GET', '/connections/agent0-todo0')).body
      expect(state.effective).toBe('revoked')
      expect((await admin('POST', '/connections/agent0-todo0/resume', reason)).status).toBe(200)
    }
    isOver = true
    await acts
  })

  it('lets no manager delete or move a connection that another process has just revoked', async () => {
    const database = await kind.create()
    const { admin } = await startTwo(database)
    const body = { name: 'manager', role: 'connection-manager', apps: ['other'] }
    const { token } = (await admin('POST', '/tokens', { body })).body
    const definition = { app: 'other', resourceApp: 'todo0', clientId: 'other-there', resources: [TODO] }
    const create = (id: string) =>
      admin('POST', '/connections', { token, body: { id, ...definition, scopes: ['todos.read'] } })
    const free = await create('free')
    expect((await admin('DELETE', '/connections/free', { token, ifMatch: free.etag })).status).toBe(204)
    const { etag } = await create('revoked')
    // As one who has not read it since: the act alone must hold it up.
    const ifMatch = '*'
    const hold = { kind: 'connection', target: 'revoked', state: 'revoked', by: 'x', since: '2026-01-01' }
    const storage = await openStorage(database)
    const by = { by: 'admin', at: Date.now() }
    await storage.objects.put({ collection: 'holds', id: 'connection:revoked', ...by, body: hold })
    const move = { token, ifMatch, body: { resourceApp: 'notes0', resources: [], scopes: [] } }
    expect((await admin('PATCH', '/connections/revoked', move)).status).toBe(403)
    await storage.objects.remove({ collection: 'holds', id: 'connection:revoked', ...by })
    await expect.poll(async () => (await admin('GET', '/connections/revoked')).etag).toBe(etag)
    await storage.objects.put({ collection: 'holds', id: 'connection:revoked', ...by, body: hold })
    await storage.close()
    expect((await admin('DELETE', '/connections/revoked', { token, ifMatch })).status).toBe(403)
  })
})
