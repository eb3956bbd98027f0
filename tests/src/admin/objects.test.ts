// Objects of the admin API over HTTP, on every database: create, read, change, delete, history, and who may not.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { describeOnDatabases } from '../../../tools/test-databases.ts'
import { company, TODO } from '../support/company.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { type Admin, adminOf } from './admin.ts'

/** For each collection: an object, a change to it, and an invalid one with the path of its error. */
const COLLECTIONS: readonly {
  readonly name: string
  readonly fileOwned: string
  readonly good: (baseUrl: string) => Record<string, unknown> & { readonly id: string }
  readonly patch: Readonly<Record<string, unknown>>
  readonly bad: Readonly<Record<string, unknown>>
  readonly at: string
  /** 409 if it is valid by itself, but has the name of another object */
  readonly status: 400 | 409
}[] = [
  {
    name: 'users',
    fileOwned: 'usr_alice',
    good: () => ({ id: 'usr_eve', username: 'eve', email: 'eve@acme.test', groups: ['sales'] }),
    patch: { name: 'Eve Stone', email: null },
    bad: { id: 'usr_x', username: 'alice' },
    at: '/username',
    status: 409,
  },
  {
    name: 'groups',
    fileOwned: 'engineering',
    good: () => ({ id: 'night shift', name: 'Night shift', members: ['usr_bob'] }),
    patch: { members: ['usr_bob', 'usr_carol'] },
    bad: { id: 'g', members: ['usr_nobody'] },
    at: '/members/0',
    status: 400,
  },
  {
    name: 'apps',
    fileOwned: 'agent0',
    good: () => ({ id: 'https://bot.test/client', name: 'Bot', kind: 'agent', auth: { method: 'none' } }),
    patch: { assignments: { everyone: true } },
    bad: { id: 'b', name: 'B', kind: 'robot', auth: { method: 'none' } },
    at: '/kind',
    status: 400,
  },
  {
    name: 'resource-apps',
    fileOwned: 'todo0',
    good: () => ({
      id: 'crm',
      name: 'CRM',
      issuer: 'https://crm.test',
      resources: [{ id: 'https://crm.test/api', scopes: ['read'] }],
    }),
    patch: { requireResource: true },
    bad: { id: 'c', name: 'C', issuer: 'http://crm.test' },
    at: '/issuer',
    status: 400,
  },
  {
    name: 'connections',
    fileOwned: 'agent0-todo0',
    good: () => ({
      id: 'other-todo0',
      app: 'other',
      resourceApp: 'todo0',
      resources: [TODO],
      scopes: ['todos.read'],
    }),
    patch: { scopes: ['todos.read', 'todos.write'] },
    bad: { id: 'c', app: 'agent0', resourceApp: 'todo0' },
    at: '',
    status: 409,
  },
  {
    name: 'policies',
    fileOwned: 'no-robots',
    good: () => ({ id: 'no-sales', when: { group: 'sales' }, effect: 'deny' }),
    patch: { state: 'report-only' },
    bad: { id: 'p', when: { 'app.knd': 'agent' }, effect: 'deny' },
    at: '/when/app.knd',
    status: 400,
  },
  {
    name: 'authorization-servers',
    fileOwned: 'vendor',
    good: (baseUrl) => ({
      id: 'second',
      trustedIssuers: [{ issuer: baseUrl }],
      resources: [{ id: 'https://second.test' }],
    }),
    patch: { accessTokenTtlSeconds: 60 },
    bad: { id: 's', clients: [{ id: 'c', auth: { method: 'none' }, introspects: ['https://unknown.test'] }] },
    at: '/clients/0/introspects/0',
    status: 400,
  },
]

const FILE_POLICY = { id: 'no-robots', when: { app: 'robot' }, effect: 'deny', state: 'report-only' }

describeOnDatabases('objects on $name', ({ create }) => {
  let server: TestServer
  let admin: Admin
  beforeAll(async () => {
    server = await startTestServer({
      file: (baseUrl) => company(baseUrl, { idp: { policies: [FILE_POLICY] } }),
      database: await create(),
    })
    admin = adminOf(server.baseUrl)
  })
  afterAll(async () => {
    expect(server.log.filter((line) => line.startsWith('fault'))).toEqual([])
    await server.stop()
  })

  describe.each(COLLECTIONS)('/$name', ({ name, fileOwned, good, patch, bad, at, status }) => {
    const pathOf = (id: string) => `/${name}/${encodeURIComponent(id)}`

    it('creates, reads, changes, replaces, deletes and restores objects, each with a revision', async () => {
      const definition = good(server.baseUrl)
      const path = pathOf(definition.id)
      const created = await admin('POST', `/${name}`, {
        body: definition,
        headers: { 'crosswalk-reason': 'first' },
      })
      expect(created.body).toMatchObject({ ...definition, owner: 'database', updatedBy: 'admin' })
      expect(created).toMatchObject({ status: 201 })
      expect(created.headers.get('location')).toBe(`${server.baseUrl}/admin/api/v1${path}`)
      const read = await admin('GET', path)
      expect([read.etag, read.body]).toEqual([created.etag, created.body])
      expect((await admin('POST', `/${name}`, { body: definition })).status).toBe(409)

      expect((await admin('PATCH', path, { body: patch })).status).toBe(428)
      const changed = await admin('PATCH', path, { body: patch, ifMatch: read.etag })
      expect(changed.status).toBe(200)
      for (const [member, value] of Object.entries(patch))
        if (value === null) expect(changed.body).not.toHaveProperty(member)
        else
          expect(changed.body[member]).toEqual(
            member === 'assignments' ? expect.objectContaining(value) : value,
          )
      expect(changed.body.revision).toBeGreaterThan(created.body.revision)
      expect((await admin('GET', path)).etag).toBe(changed.etag)
      const repeated = await admin('PATCH', path, { body: patch, ifMatch: changed.etag })
      expect([repeated.status, repeated.etag, repeated.body]).toEqual([200, changed.etag, changed.body])
      for (const method of ['PATCH', 'PUT', 'DELETE'])
        expect(
          (
            await admin(method, path, {
              body: method === 'DELETE' ? undefined : definition,
              ifMatch: read.etag,
            })
          ).status,
        ).toBe(412)

      // A read object can be sent back unchanged.
      const replaced = await admin('PUT', path, { body: read.body, ifMatch: changed.etag })
      expect(replaced.body).toEqual({
        ...read.body,
        revision: expect.any(Number),
        updatedAt: expect.any(String),
      })

      expect(
        (await admin('DELETE', path, { ifMatch: replaced.etag, headers: { 'crosswalk-reason': 'gone' } }))
          .status,
      ).toBe(204)
      expect((await admin('GET', path)).status).toBe(404)
      const history = await admin('GET', `${path}/history`)
      expect(history.body.items.map((it: { removed: boolean }) => it.removed)).toEqual([
        true,
        false,
        false,
        false,
      ])
      expect(history.body.items[0].reason).toBe('gone')
      expect(history.body.items[3]).toMatchObject({ reason: 'first', by: 'admin', definition })

      const revision = history.body.items[2].revision as number
      // If-Match fails for a deleted object; for one that never existed the response is 404.
      for (const ifMatch of [replaced.etag, '*'])
        expect((await admin('POST', `${path}/restore`, { body: { revision }, ifMatch })).status).toBe(412)
      const never = `/${name}/never-there/restore`
      expect((await admin('POST', never, { body: { revision }, ifMatch: '*' })).status).toBe(404)
      const restored = await admin('POST', `${path}/restore`, { body: { revision, reason: 'wanted back' } })
      expect(restored.body).toEqual({
        ...changed.body,
        revision: expect.any(Number),
        updatedAt: expect.any(String),
      })
      expect((await admin('POST', `${path}/restore`, { body: { revision: 999_999 } })).status).toBe(400)
      expect((await admin('DELETE', path, { ifMatch: '*' })).status).toBe(204)
    })

    it('names the invalid member, and stores nothing', async () => {
      const refused = await admin('POST', `/${name}`, { body: bad })
      expect(refused).toMatchObject({ status, body: { errors: [{ path: at }] } })
      expect(refused.headers.get('content-type')).toBe('application/problem+json')
      expect((await admin('GET', pathOf(String(bad.id)))).status).toBe(404)
    })

    it('shows objects owned by the file, and does not change them', async () => {
      const path = pathOf(fileOwned)
      const shown = await admin('GET', path)
      expect(shown).toMatchObject({ status: 200, body: { owner: 'file', revision: 0, updatedBy: null } })
      for (const [method, body] of [
        ['PATCH', { name: 'other' }],
        ['PUT', shown.body],
        ['DELETE', undefined],
      ] as const) {
        const { status, body: problem } = await admin(method, path, { body, ifMatch: shown.etag })
        expect({ method, status }).toEqual({ method, status: 409 })
        if (name !== 'groups') expect(problem.detail).toContain('test.json')
      }
      expect(await admin('GET', path)).toMatchObject({ etag: shown.etag })
    })

    it('filters by owner', async () => {
      const owners = async (owner: string) =>
        (await admin('GET', `/${name}?owner=${owner}`)).body.items.map((it: { owner: string }) => it.owner)
      expect(new Set(await owners('database'))).toEqual(new Set())
      expect(await owners('file')).not.toContain('database')
    })
  })

  it('pages through a list with cursors, each item once', async () => {
    const ids: string[] = []
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: { items: { id: string }[]; next: string | null } = (
        await admin('GET', `/users?limit=3${cursor === '' ? '' : `&cursor=${cursor}`}`)
      ).body
      ids.push(...page.items.map(({ id }) => id))
      cursor = page.next
    }
    expect(ids).toEqual(['usr_alice', 'usr_bob', 'usr_carol', 'usr_dave'])
  })

  it.each([
    ['/users?limit=0', '/limit'],
    ['/users?limit=201', '/limit'],
    ['/users?unknown=1', '/unknown'],
    ['/users?cursor=nonsense', '/cursor'],
    ['/users?q=a&q=b', '/q'],
    ['/users/usr_alice?x=1', '/x'],
  ])('rejects the query %s', async (path, at) => {
    expect(await admin('GET', path)).toMatchObject({ status: 400, body: { errors: [{ path: at }] } })
  })

  it.each([
    ['status=inactive', ['usr_dave']],
    ['q=CAROL', ['usr_carol']],
    ['q=acme.test&status=active', ['usr_alice', 'usr_bob', 'usr_carol']],
  ])('finds users by %s', async (query, ids) => {
    const { body } = await admin('GET', `/users?${query}`)
    expect(body.items.map(({ id }: { id: string }) => id)).toEqual(ids)
  })

  it.each([
    ['/users?group=engineering', ['usr_alice', 'usr_carol', 'usr_dave']],
    ['/apps?kind=agent', ['agent0']],
    ['/connections?app=agent0&resourceApp=notes0', ['agent0-notes0']],
    ['/connections?group=sales', []],
    ['/resource-apps?issuer=https://nowhere.test', []],
    ['/apps?ids=nobody%0Aother%0Aagent0%0Aother', ['agent0', 'other']],
    ['/users?ids=usr_bob%0Ausr_alice&q=alice', ['usr_alice']],
    ['/connections?ids=agent0,todo0', []],
  ])('lists by %s', async (path, ids) => {
    const { body } = await admin('GET', path)
    expect(body.items.map(({ id }: { id: string }) => id)).toEqual(ids)
  })

  it('lists at most one page of ids, and honours a smaller limit', async () => {
    const ids = (count: number) => Array.from({ length: count }, (_, index) => `u${index}`).join('%0A')
    expect((await admin('GET', `/users?ids=${ids(200)}`)).status).toBe(200)
    const refused = await admin('GET', `/users?ids=${ids(201)}`)
    expect(refused).toMatchObject({
      status: 400,
      body: { errors: [{ problem: 'must have at most 200 ids' }] },
    })
    const first = await admin('GET', '/apps?ids=other%0Aagent0&limit=1')
    expect(first.body.items).toMatchObject([{ id: 'agent0' }])
    const rest = await admin('GET', `/apps?ids=other%0Aagent0&limit=1&cursor=${first.body.next}`)
    expect(rest.body).toMatchObject({ items: [{ id: 'other' }], next: null })
  })

  it.each(['/users?kind=agent', '/apps?group=sales', '/policies?app=agent0'])(
    'refuses %s, which says nothing about what is listed',
    async (path) => {
      expect((await admin('GET', path)).status).toBe(400)
    },
  )

  it('shows how many connections an app has, and that it was never used', async () => {
    const { body } = await admin('GET', '/app-facts?ids=agent0%0Anobody')
    expect(body.items).toEqual([
      { id: 'agent0', connections: 2, blocked: false, lastUsedAt: null, lastDeniedAt: null },
    ])
  })

  it.each([
    ['the connection', { kind: 'connection', target: 'agent0-todo0' }, [true, false, false, false, false]],
    ['its app', { kind: 'app', target: 'agent0' }, [true, true, true, false, false]],
    ['everything', { kind: 'everything' }, [true, true, true, true, true]],
    ['a user', { kind: 'user', target: 'usr_bob' }, [false, false, false, true, false]],
  ])('shows which connections, apps and users a block on %s stops', async (_what, block, expected) => {
    const stopped = async () => {
      const [connections, apps, users] = await Promise.all([
        admin('GET', '/connection-facts?ids=agent0-todo0,agent0-notes0'),
        admin('GET', '/app-facts?ids=agent0'),
        admin('GET', '/user-facts?ids=usr_bob%0Ausr_alice'),
      ])
      return [connections, apps, users].flatMap(({ body }) =>
        body.items.map(({ blocked }: { blocked: boolean }) => blocked),
      )
    }
    const set = await admin('POST', '/blocks', { body: { ...block, reason: 'INC-7' } })
    expect(set.status, set.text).toBe(201)
    expect(await stopped()).toEqual(expected)
    expect((await admin('DELETE', `/blocks/${set.body.id}`, { body: { reason: 'over' } })).status).toBe(204)
    expect(await stopped()).toEqual([false, false, false, false, false])
  })

  it('does not delete an object that others refer to', async () => {
    const { etag } = await admin('POST', '/apps', {
      body: { id: 'bot', name: 'Bot', kind: 'agent', auth: { method: 'none' }, owners: ['usr_alice'] },
    })
    const connection = await admin('POST', '/connections', {
      body: { id: 'bot-todo0', app: 'bot', resourceApp: 'todo0' },
    })
    expect(await admin('DELETE', '/apps/bot', { ifMatch: etag })).toMatchObject({
      status: 409,
      body: { referrers: ['connections/bot-todo0'] },
    })
    expect((await admin('DELETE', '/connections/bot-todo0', { ifMatch: connection.etag })).status).toBe(204)
    expect((await admin('DELETE', '/apps/bot', { ifMatch: etag })).status).toBe(204)
  })

  it('rejects a change that would break another object', async () => {
    const catalogue = {
      id: 'wiki',
      name: 'Wiki',
      issuer: 'https://wiki.test',
      resources: [{ id: 'https://wiki.test/api', scopes: ['read'] }],
    }
    const { etag } = await admin('POST', '/resource-apps', { body: catalogue })
    await admin('POST', '/connections', {
      body: { id: 'w', app: 'other', resourceApp: 'wiki', resources: ['https://wiki.test/api'] },
    })
    expect(
      await admin('PATCH', '/resource-apps/wiki', { body: { resources: [] }, ifMatch: etag }),
    ).toMatchObject({
      status: 409,
      body: { referrers: ['connections/w'] },
    })
  })

  it('does not activate a connection without scopes or resources, by create, change or apply', async () => {
    const nothing = {
      ...{ path: '/status', problem: 'connection idle is active but grants nothing' },
      fix: 'list `resources` and `scopes` of library that it grants, or make it a draft',
    }
    const resources = [{ id: 'https://library.test/api', scopes: ['read'] }]
    const library = { id: 'library', name: 'Library', issuer: 'https://library.test', resources }
    await admin('POST', '/resource-apps', { body: library })
    const idle = { id: 'idle', app: 'other', resourceApp: 'library', clientId: 'other-there' }
    const active = { ...idle, status: 'active' }
    expect(await admin('POST', '/connections', { body: active })).toMatchObject({
      status: 400,
      body: { errors: [nothing] },
    })
    const planned = await admin('POST', '/configuration/plan', {
      body: { document: { idp: { connections: [active] } } },
    })
    expect(planned.body.problems).toMatchObject([{ path: '/idp/connections/0/status' }])
    const draft = await admin('POST', '/connections', { body: idle })
    expect(draft.status).toBe(201)
    const change = async (body: object) => {
      const { etag } = await admin('GET', '/connections/idle')
      return admin('PATCH', '/connections/idle', { body, ifMatch: etag })
    }
    expect(await change({ status: 'active' })).toMatchObject({ status: 400, body: { errors: [nothing] } })
    // Access grants add their own scopes to a connection that lists only resources.
    expect((await change({ status: 'active', resources: [resources[0]?.id] })).status).toBe(200)
    expect(await change({ resources: [] })).toMatchObject({ status: 400, body: { errors: [nothing] } })
    expect((await change({ status: 'draft', resources: [] })).status).toBe(200)
  })

  it('creates one object for a request repeated with the same Idempotency-Key', async () => {
    const headers = { 'idempotency-key': 'request-1' }
    const body = { username: 'repeated', password: 'once' }
    const answers = [
      await admin('POST', '/users', { body, headers }),
      await admin('POST', '/users', { body, headers }),
    ]
    expect(answers.map(({ status, etag, text }) => ({ status, etag, text }))).toEqual([
      { status: 201, etag: answers[0]?.etag, text: answers[0]?.text },
      { status: 201, etag: answers[0]?.etag, text: answers[0]?.text },
    ])
    expect((await admin('GET', '/users?q=repeated')).body.items).toHaveLength(1)
    expect((await admin('POST', '/users', { body: { username: 'different' }, headers })).status).toBe(409)
    expect((await admin('POST', '/users', { body, headers: { 'idempotency-key': 'ü' } })).status).toBe(400)
    expect((await admin('DELETE', `/users/${answers[0]?.body.id}`, { ifMatch: '*' })).status).toBe(204)
  })

  it('accepts exactly one of two concurrent changes', async () => {
    const { etag } = await admin('POST', '/policies', { body: { id: 'race', effect: 'deny', state: 'off' } })
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        admin('PATCH', '/policies/race', { body: { description: `change ${index}` }, ifMatch: etag }),
      ),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array.from({ length: 7 }, () => 412)])
  })

  it.each([
    ['no JSON', { body: '{' }, 400],
    ['another media type', { body: '{}', headers: { 'content-type': 'text/plain' } }, 415],
    ['another JSON format', { body: '[]', headers: { 'content-type': 'application/json-patch+json' } }, 415],
    ['a body beyond the limit', { body: { name: 'x'.repeat(1_048_576) } }, 413],
  ])('rejects %s', async (_, call, status) => {
    expect(await admin('POST', '/users', call)).toMatchObject({ status, body: { status } })
  })
})
