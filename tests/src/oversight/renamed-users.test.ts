// Users known to a resource app by a new name: earlier tokens are revoked, since no later act would find them. Renamed through the API, another
// process, or a configuration file while no process ran.
import { randomBytes } from 'node:crypto'

import { GRANT_TYPE, TOKEN_TYPE } from '@crosswalk/protocol'
import { openStorage } from '@crosswalk/storage'
import { afterEach, expect, it } from 'vitest'

import { describeOnDatabases } from '../../../tools/test-databases.ts'
import { adminOf } from '../admin/admin.ts'
import { AGENT, AGENT_AT_VENDOR, company, PASSWORD, TODO } from '../support/company.ts'
import { basic, isLive, postForm, signInFor } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

type File = ReturnType<typeof company> & {
  admin?: object
  idp: Record<'users' | 'apps' | 'resourceApps' | 'connections', Record<string, unknown>[]>
}

const started: TestServer[] = []
afterEach(async () => {
  for (const server of started.splice(0).reverse()) await server.stop()
})

/** Starts processes of one company one after another: same issuer, keys and database, on any port. */
async function openCompany(database: string, first: (file: File) => File) {
  const key = randomBytes(32).toString('hex')
  let origin: string | undefined
  async function start(change: (file: File) => File) {
    const file = (own: string) => ({ ...change(company(origin ?? own) as File), baseUrl: origin ?? own })
    const server = await startTestServer({ file, database, key })
    origin ??= server.baseUrl
    started.push(server)
    return server
  }
  const server = await start(first)
  return { server, start, baseUrl: server.baseUrl }
}

const at = (server: TestServer) => `http://127.0.0.1:${server.running.configuration.listen.port}`

async function cross(baseUrl: string, username: string): Promise<string> {
  const { idToken } = await signInFor(baseUrl, username)
  const exchanged = await postForm(
    `${baseUrl}/token`,
    {
      ...{ grant_type: GRANT_TYPE.tokenExchange, requested_token_type: TOKEN_TYPE.idJag, resource: TODO },
      ...{ audience: `${baseUrl}/as/vendor`, subject_token: idToken, subject_token_type: TOKEN_TYPE.idToken },
    },
    { authorization: basic(AGENT) },
  )
  const form = { grant_type: GRANT_TYPE.jwtBearer, assertion: String(exchanged.body.access_token) }
  const { body } = await postForm(`${baseUrl}/as/vendor/token`, form, {
    authorization: basic(AGENT_AT_VENDOR),
  })
  return String(body.access_token)
}

const bySubject =
  (subject: string) =>
  (file: File): File => ({
    ...file,
    idp: { ...file.idp, resourceApps: file.idp.resourceApps.map((it) => ({ ...it, subject })) },
  })
const withUsers =
  (change: (user: Record<string, unknown>) => object | undefined) =>
  (file: File): File => ({
    ...file,
    idp: {
      ...file.idp,
      users: file.idp.users.flatMap((user) => {
        const changed = change(user)
        return changed === undefined ? [] : [{ ...user, ...changed }]
      }),
    },
  })
const same = (file: File): File => file

describeOnDatabases('on $name', ({ create }) => {
  it.each<[string, (file: File) => File, (file: File) => File]>([
    [
      'renames a user',
      bySubject('user.username'),
      (file) =>
        withUsers(({ username }) => (username === 'alice' ? { username: 'alicia' } : {}))(
          bySubject('user.username')(file),
        ),
    ],
    ['names users differently', bySubject('user.email'), bySubject('user.id')],
    ['lacks the user', same, withUsers(({ username }) => (username === 'alice' ? undefined : {}))],
    [
      'deactivates a user',
      same,
      withUsers(({ username }) => (username === 'alice' ? { active: false } : {})),
    ],
    [
      'removes the user from all groups',
      same,
      withUsers(({ username }) => (username === 'alice' ? { groups: ['sales'] } : {})),
    ],
  ])('a file that %s revokes earlier tokens', async (what, before, after) => {
    const { server, start, baseUrl } = await openCompany(await create(), before)
    const [token, other] = [await cross(baseUrl, 'alice'), await cross(baseUrl, 'carol')]
    const again = await start(before)
    expect([await isLive(at(again), token), await isLive(at(again), other)]).toEqual([true, true])
    await server.stop()
    started.shift()
    const later = await start(after)
    await expect.poll(() => isLive(at(later), token), { timeout: 5000 }).toBe(false)
    expect(await isLive(at(later), other)).toBe(what !== 'names users differently')
  })

  it.each<[string, (idp: File['idp']) => Partial<File['idp']>]>([
    ['disables the app', ({ apps }) => ({ apps: apps.map((it) => ({ ...it, active: false })) })],
    ['lacks the app', ({ apps }) => ({ apps: apps.slice(1), connections: [] })],
    [
      'disables the resource app',
      ({ resourceApps: [todo, ...others] }) => ({ resourceApps: [{ ...todo, active: false }, ...others] }),
    ],
    [
      'lacks the resource app',
      ({ resourceApps, connections }) => ({
        resourceApps: resourceApps.slice(1),
        connections: connections.slice(1),
      }),
    ],
    ['lacks the connection', ({ connections }) => ({ connections: connections.slice(1) })],
  ])('a file that %s revokes the earlier tokens of all users', async (_, change) => {
    const { server, start, baseUrl } = await openCompany(await create(), same)
    const tokens = [await cross(baseUrl, 'alice'), await cross(baseUrl, 'carol')]
    const areLive = (at: string) => Promise.all(tokens.map((token) => isLive(at, token)))
    expect(await areLive(at(server))).toEqual([true, true])
    await server.stop()
    started.shift()
    const later = await start((file) => ({ ...file, idp: { ...file.idp, ...change(file.idp) } }))
    await expect.poll(() => areLive(at(later)), { timeout: 5000 }).toEqual([false, false])
  })

  it('changing how a resource app names users through the API revokes them', async () => {
    const withoutTodo = (file: File): File => ({
      ...file,
      idp: {
        ...file.idp,
        resourceApps: file.idp.resourceApps.slice(1),
        connections: file.idp.connections.slice(1),
      },
    })
    const { server, baseUrl } = await openCompany(await create(), withoutTodo)
    const admin = adminOf(baseUrl)
    const { idp } = company(baseUrl) as File
    expect((await admin('POST', '/resource-apps', { body: { ...idp.resourceApps[0] } })).status).toBe(201)
    expect((await admin('POST', '/connections', { body: { ...idp.connections[0] } })).status).toBe(201)
    const change = async (body: object) => {
      const { status } = await admin('PATCH', '/resource-apps/todo0', { body, ifMatch: '*' })
      expect(status).toBe(200)
    }
    const token = await cross(baseUrl, 'alice')
    await change({ name: 'Todos' })
    expect(await isLive(at(server), token)).toBe(true)
    await change({ subject: 'user.email' })
    expect(await isLive(at(server), token)).toBe(false)
    const newer = await cross(baseUrl, 'alice')
    expect(await isLive(at(server), newer)).toBe(true)
    await change({ subject: 'pairwise' })
    expect(await isLive(at(server), newer)).toBe(false)
  })

  it('a change by another process revokes them, even without an admin API', async () => {
    const database = await create()
    const eve = {
      ...{ id: 'usr_eve', username: 'eve', password: PASSWORD, groups: ['engineering'] },
      ...{ email: 'eve@acme.test', emailVerified: true },
    }
    const first = await openCompany(database, bySubject('user.email'))
    expect((await adminOf(first.baseUrl)('POST', '/users', { body: eve })).status).toBe(201)
    const token = await cross(first.baseUrl, 'eve')
    const bystander = await cross(first.baseUrl, 'alice')
    const server = await first.start((file) => {
      const { admin: _, ...rest } = bySubject('user.email')(file)
      return rest as File
    })
    await first.server.stop()
    started.shift()
    expect((await fetch(`${at(server)}/admin/api/v1/users`)).status).toBe(404)
    expect(await isLive(at(server), token)).toBe(true)
    const storage = await openStorage(database)
    const stored = await storage.objects.find('users', 'usr_eve')
    const body = { ...(stored?.body as object), email: 'eve@other.test' }
    await storage.objects.put({ collection: 'users', id: 'usr_eve', body, at: Date.now(), by: 'another' })
    await storage.close()
    await expect.poll(() => isLive(at(server), token), { timeout: 5000 }).toBe(false)
    expect(await isLive(at(server), bystander)).toBe(true)
  })
})
