// Authorization of the admin API: every route with every role, without a token, and with expired and revoked tokens.
import { ADMIN_API_PATH, ROLES, type Role, type Route, ROUTES, SCOPED_ROLES } from '@crosswalk/admin-api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { company, TODO } from '../support/company.ts'
import { exchange, redeem, signInFor } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { type Admin, adminOf } from './admin.ts'

const SCOPED: readonly Role[] = ['app-owner', 'developer']

let server: TestServer
let admin: Admin
let nowMs = Date.now()
const tokens = new Map<Role, string>()

async function makeToken(role: Role, more: Readonly<Record<string, unknown>> = {}) {
  const apps = SCOPED.includes(role) ? { apps: ['agent0'] } : {}
  const { status, body } = await admin('POST', '/tokens', { body: { name: role, role, ...apps, ...more } })
  expect(status).toBe(201)
  return body as { readonly id: string; readonly token: string }
}

beforeAll(async () => {
  server = await startTestServer({ file: (baseUrl) => company(baseUrl), clock: { nowMs: () => nowMs } })
  admin = adminOf(server.baseUrl)
  for (const role of ROLES) tokens.set(role, (await makeToken(role)).token)
})
afterAll(() => server.stop())

/** A request that reaches the handler and changes nothing: the object does not exist, or the body is invalid. */
function probe(route: Route, token: string | null) {
  const path = route.path.replaceAll(/\{\w+\}/g, 'nothing-of-that-name')
  const body = route.body === undefined ? undefined : { 'not a member': true }
  return admin(route.method, path, { token, body, ifMatch: '"never"' })
}

describe.each(Object.entries<Route>(ROUTES))('%s', (_, route) => {
  it('requires a valid token', async () => {
    for (const token of [null, 'nonsense', `cwadm_${'0'.repeat(32)}_${'A'.repeat(44)}`]) {
      const { status, headers, body } = await probe(route, token)
      if (route.roles.length === 0) expect(status).toBe(200)
      else {
        expect({ status, problem: body.status }).toEqual({ status: 401, problem: 401 })
        expect(headers.get('www-authenticate')).toMatch(/^Bearer/)
      }
    }
  })

  it.each(ROLES)('responds to %s as the table says', async (role) => {
    const { status } = await probe(route, tokens.get(role) ?? '')
    if (route.roles.length === 0 || route.roles.includes(role)) expect(status).not.toBe(403)
    else expect(status).toBe(403)
    expect(status).not.toBe(401)
    expect(status).not.toBe(405)
    expect(status).toBeLessThan(500)
  })
})

it.each([
  ['kill.press', 'kill.preview'],
  ['configuration.apply', 'configuration.plan'],
] as const)(
  'a role that may call %s may call %s before, and none that is limited to some apps',
  (act, preview) => {
    const { roles }: Route = ROUTES[preview]
    expect(roles).toEqual(expect.arrayContaining([...ROUTES[act].roles]))
    expect(roles.filter((role) => SCOPED_ROLES.includes(role))).toEqual([])
  },
)

describe('tokens', () => {
  it('are shown once, and listed without their value', async () => {
    const { id, token } = await makeToken('auditor')
    const { text, body } = await admin('GET', '/tokens')
    expect(body.items.find((it: { id: string }) => it.id === id)).toMatchObject({
      role: 'auditor',
      createdBy: 'admin',
    })
    expect(text).not.toContain(token)
    expect(text).not.toContain('hash')
    expect((await admin('GET', '/whoami', { token })).body).toMatchObject({ id, role: 'auditor' })
  })

  it('stop working when revoked', async () => {
    const { id, token } = await makeToken('owner')
    expect((await admin('DELETE', `/tokens/${id}`)).status).toBe(204)
    expect((await admin('GET', '/whoami', { token })).status).toBe(401)
    expect((await admin('DELETE', `/tokens/${id}`)).status).toBe(404)
  })

  it('expire on time, not before', async () => {
    const expiresAt = new Date(nowMs + 1000).toISOString()
    const { token } = await makeToken('auditor', { expiresAt })
    nowMs += 999
    expect((await admin('GET', '/whoami', { token })).status).toBe(200)
    nowMs += 1
    expect((await admin('GET', '/whoami', { token })).status).toBe(401)
    const late = await admin('POST', '/tokens', { body: { name: 'late', role: 'auditor', expiresAt } })
    expect(late).toMatchObject({ status: 400, body: { errors: [{ path: '/expiresAt' }] } })
  })

  it('give no role above that of the user who creates or revokes them', async () => {
    const token = tokens.get('administrator') ?? ''
    expect((await admin('POST', '/tokens', { token, body: { name: 'x', role: 'owner' } })).status).toBe(403)
    expect(
      (await admin('POST', '/tokens', { token, body: { name: 'x', role: 'administrator' } })).status,
    ).toBe(201)
    const owner = await makeToken('owner')
    expect((await admin('DELETE', `/tokens/${owner.id}`, { token })).status).toBe(403)
  })

  it.each([
    [{ role: 'app-owner' }, '/apps'],
    [{ role: 'auditor', apps: ['agent0'] }, '/apps'],
    [{ role: 'developer', apps: ['unknown'] }, '/apps/0'],
    [{ role: 'king' }, '/role'],
  ])('are not created from %j', async (more, at) => {
    const { status, body } = await admin('POST', '/tokens', { body: { name: 'x', ...more } })
    expect({ status, at: body.errors?.[0]?.path }).toEqual({ status: 400, at })
  })
})

describe('a role limited to some apps', () => {
  const create = (body: Readonly<Record<string, unknown>>, token?: string) =>
    admin('POST', '/apps', {
      body: { kind: 'web', auth: { method: 'none' }, ...body },
      ...(token === undefined ? {} : { token }),
    })

  it('sees only those apps and their connections', async () => {
    const token = tokens.get('app-owner') ?? ''
    const ids = async (path: string) =>
      (await admin('GET', path, { token })).body.items.map(({ id }: { id: string }) => id)
    expect(await ids('/apps')).toEqual(['agent0'])
    expect(await ids('/connections')).toEqual(['agent0-notes0', 'agent0-todo0'])
    expect((await admin('GET', '/apps/other', { token })).status).toBe(404)
    expect(await ids('/apps?ids=agent0%0Aother')).toEqual(['agent0'])
  })

  it('lets an app owner change settings, but not who may use the app', async () => {
    const { etag } = await create({ id: 'mine', name: 'Mine' })
    const { token } = await makeToken('app-owner', { apps: ['mine'] })
    const wider = await admin('PATCH', '/apps/mine', {
      token,
      body: { assignments: { everyone: true } },
      ifMatch: etag,
    })
    expect(wider).toMatchObject({ status: 403, body: { detail: expect.stringContaining('assignments') } })
    for (const body of [{ owners: ['usr_bob'] }, { kind: 'agent' }]) {
      const refused = await admin('PATCH', '/apps/mine', { token, body, ifMatch: etag })
      expect([Object.keys(body), refused.status]).toEqual([Object.keys(body), 403])
    }
    const renamed = await admin('PATCH', '/apps/mine', { token, body: { name: 'Ours' }, ifMatch: etag })
    expect(renamed).toMatchObject({ status: 200, body: { name: 'Ours' } })
  })

  it('lets a connection manager create connections for those apps only', async () => {
    await create({ id: 'mine2', name: 'Mine' })
    const { token } = await makeToken('connection-manager', { apps: ['mine2'] })
    const connect = (app: string) =>
      admin('POST', '/connections', { token, body: { id: `${app}-todo0`, app, resourceApp: 'todo0' } })
    expect((await connect('other')).status).toBe(403)
    expect((await connect('mine2')).status).toBe(201)
    expect((await admin('POST', '/connections/agent0-todo0/suspend', { token, body: {} })).status).toBe(404)
    const { etag } = await admin('GET', '/connections/mine2-todo0')
    const change = (body: object, by?: string) =>
      admin('PATCH', '/connections/mine2-todo0', { token: by ?? token, body, ifMatch: etag })
    expect((await change({ app: 'other' })).status).toBe(403)
    expect((await change({ app: 'other' }, tokens.get('administrator'))).status).toBe(200)
  })

  it('lets a connection manager see, make and decide requests for access to those apps only', async () => {
    await create({ id: 'mine6', name: 'Mine' })
    await create({ id: 'yours6', name: 'Yours' })
    const { token } = await makeToken('connection-manager', { apps: ['mine6'] })
    const about = { user: 'usr_alice', resourceApp: 'todo0', scopes: ['todos.read'], reason: 'needed' }
    const ask = (app: string, by?: string) =>
      admin('POST', '/access-requests', {
        body: { ...about, app },
        ...(by === undefined ? {} : { token: by }),
      })
    const [mine, yours] = [(await ask('mine6')).body.id, (await ask('yours6')).body.id]
    expect((await admin('GET', '/access-requests', { token })).body.items).toMatchObject([{ id: mine }])
    const statuses = async (id: string) => [
      (await admin('GET', `/access-requests/${id}`, { token })).status,
      (await admin('POST', `/access-requests/${id}/decline`, { token, body: { reason: 'no' } })).status,
    ]
    expect([await statuses(yours), await statuses(mine)]).toEqual([
      [404, 404],
      [200, 200],
    ])
    expect([(await ask('yours6', token)).status, (await ask('mine6', token)).status]).toEqual([403, 201])
  })

  it('lets a connection manager preview connections, and see, make and revoke access grants, for those apps only', async () => {
    await create({ id: 'mine7', name: 'Mine' })
    await create({ id: 'yours7', name: 'Yours' })
    const { token } = await makeToken('connection-manager', { apps: ['mine7'] })
    const grant = (app: string, by?: string) => {
      const body = { connection: `${app}-todo0`, user: 'usr_bob', scopes: ['todos.read'], reason: 'needed' }
      return admin('POST', '/access-grants', { body, ...(by === undefined ? {} : { token: by }) })
    }
    for (const app of ['mine7', 'yours7']) {
      const body = { id: `${app}-todo0`, app, resourceApp: 'todo0', scopes: ['todos.read'] }
      expect((await admin('POST', '/connections', { body })).status).toBe(201)
    }
    const [mine, yours] = [(await grant('mine7')).body.id, (await grant('yours7')).body.id]
    expect((await admin('GET', '/access-grants', { token })).body.items).toMatchObject([{ id: mine }])
    const statuses = async (id: string) => [
      (await admin('GET', `/access-grants/${id}`, { token })).status,
      (await admin('POST', `/access-grants/${id}/revoke`, { token, body: { reason: 'over' } })).status,
    ]
    expect([await statuses(yours), await statuses(mine)]).toEqual([
      [404, 404],
      [200, 200],
    ])
    expect((await admin('GET', `/access-grants/${yours}`)).body.active).toBe(true)
    expect([(await grant('yours7', token)).status, (await grant('mine7', token)).status]).toEqual([400, 201])
    const preview = async (app: string) => {
      const connection = { id: 'new', app, resourceApp: 'todo0', scopes: ['todos.read'] }
      const body = { connection, user: 'bob' }
      return (await admin('POST', '/connection-preview', { token, body })).status
    }
    expect([await preview('yours7'), await preview('mine7')]).toEqual([403, 200])
  })

  it('shows a connection manager no history of connections of other apps', async () => {
    await create({ id: 'mine8', name: 'Mine' })
    await create({ id: 'yours8', name: 'Yours' })
    const { token } = await makeToken('connection-manager', { apps: ['mine8'] })
    const history = async (app: string) => {
      const body = { id: `${app}-todo0`, app, resourceApp: 'todo0' }
      await admin('POST', '/connections', { body })
      return (await admin('GET', `/connections/${app}-todo0/history`, { token })).status
    }
    expect([await history('yours8'), await history('mine8')]).toEqual([404, 200])
  })

  it('lets a connection manager see and restore deleted connections of those apps only', async () => {
    await create({ id: 'mine5', name: 'Mine' })
    await create({ id: 'yours5', name: 'Yours' })
    const { token } = await makeToken('connection-manager', { apps: ['mine5'] })
    const restore = async (app: string) => {
      const path = `/connections/${app}-todo0`
      const body = { id: `${app}-todo0`, app, resourceApp: 'todo0' }
      const { etag: ifMatch, body: made } = await admin('POST', '/connections', { body })
      expect((await admin('DELETE', path, { ifMatch })).status).toBe(204)
      const history = await admin('GET', `${path}/history`, { token })
      expect(history.status).toBe(app === 'mine5' ? 200 : 404)
      return admin('POST', `${path}/restore`, { token, body: { revision: made.revision } })
    }
    expect(await restore('yours5')).toMatchObject({ status: 404 })
    expect((await admin('GET', '/connections/yours5-todo0')).status).toBe(404)
    expect(await restore('mine5')).toMatchObject({ status: 200, body: { app: 'mine5' } })
  })

  it('answers alike about connections of other apps, deleted ones, and ones that never existed', async () => {
    await create({ id: 'mine9', name: 'Mine' })
    const { token } = await makeToken('connection-manager', { apps: ['mine9'] })
    const body = { id: 'other-notes0', app: 'other', resourceApp: 'notes0' }
    const made = await admin('POST', '/connections', { body })
    const answers = async (id: string) => {
      const paths = ['', '/history', '/restore', '/suspend', '/resume']
      const answered = paths.map(async (verb) => {
        const call = verb === '/restore' ? { body: { revision: made.body.revision } } : { body: {} }
        const method = verb === '' || verb === '/history' ? 'GET' : 'POST'
        const { status, text } = await admin(method, `/connections/${id}${verb}`, {
          token,
          ...(method === 'GET' ? {} : call),
        })
        return [verb, status, text.replaceAll(id, 'ID')]
      })
      return Promise.all(answered)
    }
    const never = await answers('never-there')
    expect(never.map(([, status]) => status)).toEqual([404, 404, 404, 404, 404])
    // The second one is of the configuration file.
    expect(await answers('other-notes0')).toEqual(never)
    expect(await answers('agent0-notes0')).toEqual(never)
    expect((await admin('DELETE', '/connections/other-notes0', { ifMatch: made.etag })).status).toBe(204)
    expect(await answers('other-notes0')).toEqual(never)
  })

  it('says of an id that a connection of another app has only that it is taken', async () => {
    const { token } = await makeToken('connection-manager', { apps: ['other'] })
    const take = (app: string, by?: string) =>
      admin('POST', '/connections', {
        ...(by === undefined ? {} : { token: by }),
        body: { id: 'agent0-notes0', app, resourceApp: 'notes0' },
      })
    expect(await take('other', token)).toMatchObject({
      status: 409,
      body: { detail: 'connections/agent0-notes0 already exists.' },
    })
    expect((await take('agent0')).body.detail).toMatch(/^connections\/agent0-notes0 of the .* already exists/)
  })

  it('restores no revision of a connection that belonged to another app', async () => {
    await create({ id: 'mine10', name: 'Mine' })
    const { token } = await makeToken('connection-manager', { apps: ['mine10'] })
    const path = '/connections/moved-notes0'
    const body = { id: 'moved-notes0', app: 'other', resourceApp: 'notes0' }
    const made = await admin('POST', '/connections', { body })
    const moved = await admin('PATCH', path, { body: { app: 'mine10' }, ifMatch: made.etag })
    expect(moved.status).toBe(200)
    const restore = (revision: number) => admin('POST', `${path}/restore`, { token, body: { revision } })
    expect(await restore(made.body.revision)).toMatchObject({
      status: 400,
      body: { errors: [{ path: '/revision', problem: 'is not a revision of this object' }] },
    })
    expect((await restore(moved.body.revision)).status).toBe(200)
  })

  it('shows decisions of an authorization server only to those whose apps the client stands for', async () => {
    const { idToken } = await signInFor(server.baseUrl, 'alice')
    const { body: issued } = await exchange(server.baseUrl, idToken, { resource: TODO })
    expect((await redeem(server.baseUrl, String(issued.access_token))).status).toBe(200)
    // The id of this app is the client id of agent0 there.
    await create({ id: 'agent0-at-vendor', name: 'Mine' })
    for (const [app, expected] of [
      ['agent0', ['ras.redemption', 'idp.token_exchange']],
      ['agent0-at-vendor', []],
    ] as const) {
      const { token } = await makeToken('connection-manager', { apps: [app] })
      const { body } = await admin('GET', '/decisions?about=access', { token })
      expect(body.items.map(({ stage }: { stage: string }) => stage)).toEqual(expected)
    }
  })

  it('does not show by filters how much other apps are used', async () => {
    const { idToken } = await signInFor(server.baseUrl, 'alice')
    // More than a page of one item reads.
    for (let sent = 0; sent < 21; sent += 1) await exchange(server.baseUrl, idToken, { resource: TODO })
    const { token: foreign } = await makeToken('developer', { apps: ['other'] })
    const ask = async (filter: string, token = foreign) =>
      (await admin('GET', `/decisions?limit=1&${filter}`, { token })).body
    for (const filter of ['app=agent0', 'app=agent0-at-vendor', 'connection=agent0-todo0'])
      expect([filter, await ask(filter)]).toEqual([filter, { items: [], next: null }])
    await create({ id: 'quiet', name: 'Quiet' })
    const { token: quiet } = await makeToken('developer', { apps: ['quiet'] })
    expect(await ask('about=access', quiet)).toEqual({ items: [], next: null })
    const { token: own } = await makeToken('developer')
    for (const filter of ['app=agent0', 'connection=agent0-todo0'])
      expect(await ask(filter, own)).toMatchObject({ items: [{ code: 'XAA0000' }], next: expect.any(String) })
  })

  it.each([
    ['revoked', '/connections/mine4-todo0/revoke', {}],
    ['killed', '/kill', { target: { kind: 'connection', id: 'mine4-todo0' } }],
  ])(
    'does not let a connection manager resume, move or delete a connection that others have %s',
    async (_, path, about) => {
      await create({ id: 'mine4', name: 'Mine' })
      const body = { id: 'mine4-todo0', app: 'mine4', resourceApp: 'todo0' }
      await admin('POST', '/connections', { body })
      const manager = await makeToken('connection-manager', { apps: ['mine4'] })
      const responder = tokens.get('security-responder') ?? ''
      const stopped = await admin('POST', path, { token: responder, body: { ...about, reason: 'INC-1' } })
      expect(stopped.status).toBe(200)
      const resume = (token: string) =>
        admin('POST', '/connections/mine4-todo0/resume', { token, body: { reason: 'back' } })
      const remove = async (token: string) => {
        const { etag } = await admin('GET', '/connections/mine4-todo0')
        return admin('DELETE', '/connections/mine4-todo0', { token, ifMatch: etag })
      }
      if (path.endsWith('/revoke')) expect((await resume(manager.token)).status).toBe(403)
      expect((await remove(manager.token)).status).toBe(403)
      const { etag } = await admin('GET', '/connections/mine4-todo0')
      const moved = { body: { resourceApp: 'notes0' }, ifMatch: etag }
      expect(
        (await admin('PATCH', '/connections/mine4-todo0', { ...moved, token: manager.token })).status,
      ).toBe(403)
      expect((await resume(tokens.get('administrator') ?? '')).status).toBe(200)
      expect((await remove(tokens.get('administrator') ?? '')).status).toBe(204)
    },
  )

  it('does not let a connection manager break another app by claiming its client at the resource', async () => {
    await create({ id: 'mine3', name: 'Mine' })
    const { token } = await makeToken('connection-manager', { apps: ['mine3'] })
    const body = { id: 'mine3-todo0', app: 'mine3', resourceApp: 'todo0', clientId: 'agent0-at-vendor' }
    const refused = { status: 403, body: { detail: expect.stringContaining('agent0-at-vendor') } }
    expect(await admin('POST', '/connections', { token, body })).toMatchObject(refused)
    const made = await admin('POST', '/connections', { token, body: { ...body, clientId: 'mine-there' } })
    expect(made.status).toBe(201)
    const change = { body: { clientId: 'agent0-at-vendor' }, ifMatch: made.etag }
    expect(await admin('PATCH', '/connections/mine3-todo0', { token, ...change })).toMatchObject(refused)
    // Two registrations of one product may share a client, but only an administrator can decide that.
    const shared = await admin('PATCH', '/connections/mine3-todo0', change)
    expect(shared.status).toBe(200)
    const narrowed = { token, body: { scopes: ['todos.read'] }, ifMatch: shared.etag }
    expect((await admin('PATCH', '/connections/mine3-todo0', narrowed)).status).toBe(200)
  })
})

it('returns problem details for unknown paths and methods, and only with a token', async () => {
  expect((await admin('GET', '/nowhere')).status).toBe(404)
  expect((await admin('GET', '/nowhere', { token: null })).status).toBe(401)
  const { status, headers } = await admin('DELETE', '/users')
  expect({ status, allow: headers.get('allow') }).toEqual({ status: 405, allow: 'GET, HEAD, POST' })
  expect((await admin('HEAD', '/users')).status).toBe(200)
})

it.each([
  [undefined, undefined],
  ['Basic eDp5', undefined],
  ['Bearer wrong', 'invalid_token'],
])('challenges %j with the error %j (RFC 6750 section 3.1)', async (authorization, error) => {
  const response = await fetch(`${server.baseUrl}/admin/api/v1/whoami`, {
    headers: authorization === undefined ? {} : { authorization },
  })
  const challenge = response.headers.get('www-authenticate') ?? ''
  expect([response.status, /error="(\w+)"/.exec(challenge)?.[1]]).toEqual([401, error])
})

it('tells a reader that has a version, by any tag of a list (RFC 9110 section 13.1.2)', async () => {
  const { etag } = await admin('GET', '/apps/agent0')
  for (const [tags, status] of [
    ...[[etag, 304] as const, [`"x", W/${etag}`, 304] as const, ['*', 304] as const, ['"x"', 200] as const],
  ])
    expect((await admin('GET', '/apps/agent0', { headers: { 'if-none-match': tags } })).status).toBe(status)
})

it('does not exist without a token in the configuration', async () => {
  const closed = await startTestServer({ file: (baseUrl) => ({ ...company(baseUrl), admin: undefined }) })
  const response = await fetch(`${closed.baseUrl}${ADMIN_API_PATH}/users`)
  expect(response.status).toBe(404)
  await closed.stop()
})
