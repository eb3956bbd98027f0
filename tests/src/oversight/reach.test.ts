// Who can access what, over HTTP: the list agrees with the endpoint, and each query is recorded.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { type Admin, adminOf } from '../admin/admin.ts'
import { AGENT, company, NOTES, TODO } from '../support/company.ts'
import { exchange, signInFor } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
let admin: Admin

beforeAll(async () => {
  server = await startTestServer({
    file: (baseUrl) =>
      company(baseUrl, {
        idp: {
          policies: [
            { id: 'no-writes', when: { scope: ['todos.write'], group: 'engineering' }, effect: 'deny' },
            {
              id: 'strong-notes',
              when: { resourceApp: 'notes0' },
              effect: 'require',
              require: { acr: ['mfa'] },
            },
          ],
        },
      }),
  })
  admin = adminOf(server.baseUrl)
})
afterAll(() => server.stop())

interface Listed {
  readonly app: string
  readonly username: string
  readonly resource: string
  readonly scopes: readonly string[]
  readonly afterStepUp: readonly object[]
}

async function list(path: string): Promise<readonly Listed[]> {
  const { status, body } = await admin('GET', path)
  expect(status).toBe(200)
  return body.items as readonly Listed[]
}

describe('who-can and what-can', () => {
  it('list what the token endpoint grants, and nothing that it denies', async () => {
    const { idToken } = await signInFor(server.baseUrl, 'alice')
    const found = await list('/what-can?user=alice')
    expect(found).toMatchObject([
      { app: AGENT.id, resource: NOTES, scopes: [], afterStepUp: [{ scopes: ['notes.read'] }] },
      { app: AGENT.id, resource: TODO, scopes: ['todos.read'], afterStepUp: [] },
    ])
    const ask = (resource: string, scope: string) =>
      exchange(server.baseUrl, idToken, { resource, scope }).then(({ status, body }) => [status, body.error])
    expect(await ask(TODO, 'todos.read')).toEqual([200, undefined])
    expect(await ask(TODO, 'todos.write')).toEqual([400, 'access_denied'])
    expect(await ask(NOTES, 'notes.read')).toEqual([400, 'insufficient_user_authentication'])
  })

  it('name users, apps and resources in both directions', async () => {
    const names = (found: readonly Listed[]) => found.map(({ username }) => username)
    expect(names(await list('/who-can?resource=todo0'))).toEqual(['alice', 'carol'])
    expect(names(await list(`/who-can?resource=${encodeURIComponent(TODO)}&scope=todos.read`))).toEqual([
      'alice',
      'carol',
    ])
    expect(await list('/who-can?resource=todo0&scope=todos.write')).toEqual([])
    expect(await list('/what-can?app=other')).toEqual([])
    expect(await list('/what-can?user=bob')).toEqual([])
    const todo = await list(`/what-can?app=${AGENT.id}&resourceApp=todo0&user=carol`)
    expect(todo).toMatchObject([{ username: 'carol', resourceApp: 'todo0' }])
    expect(names(await list(`/what-can?app=${AGENT.id}&user=carol`))).toEqual(['carol', 'carol'])
    expect(await list(`/what-can?app=${AGENT.id}&user=carol&acr=mfa`)).toMatchObject([
      { scopes: ['notes.read'], afterStepUp: [] },
      { scopes: ['todos.read'] },
    ])
  })

  it('include what needs a DPoP proof, since the app can send one', async () => {
    const other = await startTestServer({
      file: (baseUrl) => company(baseUrl, { connection: { conditions: { dpop: 'required' } } }),
    })
    const ask = adminOf(other.baseUrl)
    for (const path of ['/who-can?resource=todo0', '/what-can?user=alice&resourceApp=todo0'])
      expect((await ask('GET', path)).body.items).toContainEqual(
        expect.objectContaining({ app: AGENT.id, username: 'alice', resource: TODO }),
      )
    const { idToken } = await signInFor(other.baseUrl, 'alice')
    const { status, body } = await exchange(other.baseUrl, idToken, { resource: TODO, scope: 'todos.read' })
    expect([status, body.error]).toEqual([400, 'invalid_dpop_proof'])
    await other.stop()
  })

  it('are paged, and say so', async () => {
    const first = await admin('GET', '/who-can?resource=todo0&limit=1')
    expect(first.body).toMatchObject({ items: [{ username: 'alice' }], next: expect.any(String) })
    const second = await admin('GET', `/who-can?resource=todo0&limit=1&cursor=${first.body.next}`)
    expect(second.body.items).toMatchObject([{ username: 'carol' }])
    const encode = (parts: unknown) => Buffer.from(JSON.stringify(parts)).toString('base64url')
    for (const cursor of [
      'x',
      encode({}),
      encode(['a', 'b']),
      encode(['a', 'b', 'c', 'd']),
      encode(['a', 'b', 1]),
    ])
      expect((await admin('GET', `/who-can?resource=todo0&cursor=${cursor}`)).status).toBe(400)
    expect((await admin('GET', `/who-can?resource=todo0&cursor=${encode(['', '', ''])}`)).status).toBe(200)
  })

  it('show a connection manager of certain apps nothing about others, nor that they exist', async () => {
    const tokenFor = async (app: string) => {
      const role = { name: app, role: 'connection-manager', apps: [app] }
      return String((await admin('POST', '/tokens', { body: role })).body.token)
    }
    const [own, foreign] = [await tokenFor(AGENT.id), await tokenFor('other')]
    const ask = (token: string, path: string) => admin('GET', path, { token })
    // A cursor would name the connection and user that it stands for.
    for (const path of ['/who-can?resource=todo0&limit=1', '/what-can?user=alice&limit=1'])
      expect(await ask(foreign, path)).toMatchObject({ status: 200, body: { items: [], next: null } })
    const page = await ask(own, '/who-can?resource=todo0&limit=1')
    expect(page.body).toMatchObject({ items: [{ username: 'alice' }], next: expect.any(String) })
    const about = async (token: string, app: string) => {
      const { status, text } = await ask(token, `/what-can?app=${app}`)
      return [status, text.replaceAll(app, 'APP')]
    }
    expect(await about(foreign, AGENT.id)).toEqual(await about(foreign, 'nothing'))
    expect((await about(foreign, AGENT.id))[0]).toBe(404)
    expect((await about(own, AGENT.id))[0]).toBe(200)
  })

  it.each([
    ['/who-can?resource=nowhere', 404],
    ['/what-can?app=nobody', 404],
    ['/what-can?user=nobody', 404],
    [`/what-can?app=${AGENT.id}&resourceApp=nothing`, 404],
    ['/what-can', 400],
    ['/who-can', 400],
  ])('respond to %s with %i', async (path, status) => {
    expect((await admin('GET', path)).status).toBe(status)
  })

  it('show the effect of joining or leaving a group, for that user only', async () => {
    expect((await list('/what-can?user=bob&joining=engineering')).map(({ resource }) => resource)).toEqual([
      NOTES,
      TODO,
    ])
    expect(await list('/what-can?user=alice&leaving=engineering')).toEqual([])
    expect(await list('/what-can?user=alice&leaving=sales')).toHaveLength(2)
    expect(await list('/what-can?user=bob')).toEqual([])
    for (const change of ['joining', 'leaving'])
      expect(await admin('GET', `/what-can?app=agent0&${change}=engineering`)).toMatchObject({
        status: 400,
        body: { errors: [{ path: '/user' }] },
      })
  })

  it('follow a change immediately', async () => {
    await admin('POST', '/connections/agent0-todo0/suspend', { body: { reason: 'drill' } })
    expect(await list('/who-can?resource=todo0')).toEqual([])
    await admin('POST', '/connections/agent0-todo0/resume', { body: { reason: 'drill over' } })
    expect(await list('/who-can?resource=todo0')).toHaveLength(2)
  })

  it('limit roles for certain apps to those apps', async () => {
    const manager = { name: 'm', role: 'connection-manager' }
    const made = async (apps: readonly string[]) =>
      (await admin('POST', '/tokens', { body: { ...manager, apps } })).body.token as string
    const seen = async (token: string) =>
      (await admin('GET', '/who-can?resource=todo0', { token })).body.items.length as number
    expect(await seen(await made(['other']))).toBe(0)
    expect(await seen(await made([AGENT.id]))).toBe(2)
  })

  it('are recorded', async () => {
    await list('/what-can?user=alice')
    const { body } = await admin('GET', '/audit-events?type=simulation.run&limit=1')
    expect(body.items[0]).toMatchObject({
      target: { kind: 'reach', id: 'usr_alice' },
      on_behalf_of: { user_ref: 'usr_alice' },
      change: { found: 2 },
    })
  })
})

describe('a matrix', () => {
  const ask = (body: object, token?: string) =>
    admin('POST', '/simulate/matrix', { body, ...(token === undefined ? {} : { token }) })
  interface Row {
    readonly user: string
    readonly username: string
    readonly cells: readonly { readonly outcome: string; readonly code: string }[]
  }

  it('agrees with the simulator in each cell, and is recorded', async () => {
    const { status, body } = await ask({ authTime: new Date().toISOString() })
    expect([status, body.connections.map(({ id }: { id: string }) => id)]).toEqual([
      200,
      ['agent0-notes0', 'agent0-todo0'],
    ])
    const rows = body.rows as Row[]
    expect(rows.map(({ username }) => username)).toEqual(['alice', 'bob', 'carol', 'dave'])
    const codes = new Set<string>()
    for (const { user, cells } of rows)
      for (const [at, { outcome, code }] of cells.entries()) {
        const { app, audience, resources } = body.connections[at]
        const one = { app, user, audience, resource: resources }
        expect((await admin('POST', '/simulate', { body: one })).body).toMatchObject({ outcome, code })
        codes.add(code)
      }
    expect([...codes].sort()).toEqual(['XAA1502', 'XAA1504', 'XAA1701', 'XAA1801'])
    await ask({ users: ['alice'] })
    const event = (await admin('GET', '/audit-events?type=simulation.run&limit=1')).body.items[0]
    expect(event).toMatchObject({ target: { kind: 'matrix', id: '1x2' }, change: { connections: 2 } })
  })

  it('evaluates address and proof of the requests, and each connection once', async () => {
    const about = { users: ['alice'], connections: ['agent0-todo0', 'agent0-todo0'] }
    const outside = { id: 'outside', when: { 'network.outside': '10.0.0.0/8' }, effect: 'deny' }
    const unproven = { id: 'unproven', when: { dpop: false }, effect: 'deny' }
    const draft = {
      idp: {
        policies: [
          outside,
          unproven,
          { id: 'no-writes', effect: 'limit', limit: { scopes: ['todos.read'] } },
        ],
      },
    }
    const codes = async (more: object) => {
      const { body } = await ask({ ...about, draft, scope: 'todos.read', ...more })
      return (body.rows as Row[]).map(({ cells }) => cells.map(({ code }) => code))
    }
    expect(await codes({ ip: '10.0.0.1', dpop: true })).toEqual([['XAA0000']])
    expect(await codes({ ip: '10.0.0.1' })).toEqual([['XAA1701']])
    expect(await codes({ ip: '192.0.2.1', dpop: true })).toEqual([['XAA1701']])
  })

  it('rejects more than a hundred connections, also if none is specified', async () => {
    const ids = Array.from({ length: 99 }, (_, at) => `api${at}`)
    const resourceApps = ids.map((id) => ({ id, name: id, issuer: `https://${id}.test` }))
    const connections = ids.map((id) => ({ id, app: 'other', resourceApp: id, clientId: 'other' }))
    const draft = { idp: { resourceApps, connections } }
    const { status, body } = await ask({ draft, users: ['alice'] })
    expect([status, body.detail]).toEqual([422, expect.stringMatching(/^The request covers 101 connections/)])
  })

  it('covers the given users with a fresh sign-in, and rejects too many', async () => {
    const one = { users: ['usr_alice'], connections: ['agent0-todo0'], scope: 'todos.read' }
    expect((await ask(one)).body).toMatchObject({ allowed: 1, rows: [{ cells: [{ code: 'XAA0000' }] }] })
    const group = await ask({ groups: ['engineering'], connections: ['agent0-notes0'], acr: 'mfa' })
    expect(group.body.rows.map(({ username }: Row) => username)).toEqual(['alice', 'carol', 'dave'])
    expect(group.body.rows[0].cells).toMatchObject([{ outcome: 'allow' }])
    for (const [body, status] of [
      [{ users: ['nobody'] }, 404],
      [{ connections: ['nothing'] }, 404],
      [{ connections: Array.from({ length: 101 }, (_, at) => `c${at}`) }, 400],
    ] as const)
      expect((await ask(body)).status).toBe(status)
    const many = Array.from({ length: 998 }, (_, at) => ({
      id: `usr_${at}`,
      username: `u${at}`,
      groups: ['engineering'],
    }))
    const draft = { idp: { users: many } }
    const filled = await ask({ draft, users: ['usr_1'], groups: ['engineering'] })
    expect([filled.status, filled.body.detail]).toEqual([
      422,
      expect.stringMatching(/^The request covers 100\d users, more than 1000/),
    ])
    const tokens = { name: 'm', role: 'connection-manager', apps: ['other'] }
    const token = String((await admin('POST', '/tokens', { body: tokens })).body.token)
    expect((await ask({}, token)).body).toMatchObject({ connections: [], allowed: 0 })
    expect((await ask({ connections: ['agent0-todo0'] }, token)).status).toBe(404)
  })
})

it('simulates apps with a metadata document, and actors', async () => {
  const simulate = (more: object) =>
    admin('POST', '/simulate', {
      body: {
        app: AGENT.id,
        user: 'alice',
        audience: `${server.baseUrl}/as/vendor`,
        resource: TODO,
        ...more,
      },
    })
  expect((await simulate({ scope: 'todos.read' })).body.code).toBe('XAA0000')
  // The actor profile is off.
  expect((await simulate({ actor: 'other' })).body.code).toBe('XAA1005')
  expect((await simulate({ app: 'https://app.example/client.json' })).body.code).toBe('XAA1101')
})
