// A client that got no response sends its request again: with the same Idempotency-Key it creates nothing more.
import { ROUTES, type Route } from '@crosswalk/admin-api'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { describeOnDatabases } from '../../../tools/test-databases.ts'
import { company } from '../support/company.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { type Admin, adminOf } from './admin.ts'

const reason = 'sent again'
const until = '2099-01-01T00:00:00.000Z'
const ACTS = {
  '/blocks': { kind: 'app', target: 'agent0', until, reason },
  '/access-grants': { connection: 'agent0-todo0', user: 'bob', scopes: ['todos.read'], until, reason },
  '/access-requests': {
    ...{ user: 'bob', app: 'agent0', resourceApp: 'todo0', scopes: ['todos.read', 'todos.read'] },
    reason,
  },
  '/reviews': { name: 'Q4', periodDays: 90, dueAt: until, reason },
}

it('covers every route that says so', () => {
  const routes = Object.values<Route>(ROUTES).filter(({ idempotent, object }) => idempotent && !object)
  expect(routes.map(({ path }) => path).sort()).toEqual([...Object.keys(ACTS), '/kill', '/tokens'].sort())
})

describeOnDatabases('a repeated request on $name', ({ create }) => {
  let server: TestServer
  let admin: Admin
  beforeAll(async () => {
    server = await startTestServer({ file: (baseUrl) => company(baseUrl), database: await create() })
    admin = adminOf(server.baseUrl)
  })
  afterAll(() => server.stop())

  const countOf = async (path: string) => (await admin('GET', path)).body.items.length
  const eventsOf = async (id: string) => {
    const { items } = (await admin('GET', '/audit-events?limit=200')).body
    return items.filter((it: object) => JSON.stringify(it).includes(id)).length
  }

  it.each(Object.entries(ACTS))('to %s creates one', async (path, body) => {
    const headers = { 'idempotency-key': `once${path}` }
    const first = await admin('POST', path, { body, headers })
    expect(first.status).toBe(201)
    const [count, events] = [await countOf(path), await eventsOf(first.body.id)]
    const again = await Promise.all([1, 2].map(() => admin('POST', path, { body, headers })))
    for (const { status, body: made } of again) expect([status, made]).toEqual([201, first.body])
    expect([await countOf(path), await eventsOf(first.body.id)]).toEqual([count, events])

    const other = await admin('POST', path, { body: { ...body, reason: 'something else' }, headers })
    expect(other).toMatchObject({ status: 409, body: { type: 'urn:crosswalk:problem:exists' } })
    const { body: owner } = await admin('POST', '/tokens', { body: { name: 'o', role: 'owner' } })
    expect((await admin('POST', path, { body, headers, token: owner.token })).status).toBe(409)
    const second = await admin('POST', path, { body, headers: { 'idempotency-key': `other${path}` } })
    const third = await admin('POST', path, { body })
    const ids = [first, second, third].map((it) => it.body.id as string)
    expect(new Set(ids).size).toBe(3)
    const listed = (await admin('GET', `${path}?limit=1`)).body
    const { items } = (await admin('GET', `${path}?limit=200&cursor=${listed.next}`)).body
    const found = [...listed.items, ...items].map(({ id }) => id)
    expect(found).toEqual(path === '/blocks' ? ids.sort() : ids)
  })

  it.each([...Object.entries(ACTS), ['/users', { username: 'twice', name: 'Twice' }] as const])(
    'to %s at the same time creates one, and both get it',
    async (path, body) => {
      const headers = { 'idempotency-key': `both${path}` }
      const both = await Promise.all([1, 2, 3].map(() => admin('POST', path, { body, headers })))
      const [first] = both
      for (const { status, body: made } of both) expect([status, made]).toEqual([201, first?.body])
      const { items } = (await admin('GET', '/audit-events?limit=200')).body
      const created = items.filter(
        (event: { readonly type: string }) =>
          /\.(set|created|opened)$/.test(event.type) && JSON.stringify(event).includes(first?.body.id),
      )
      expect(created).toHaveLength(1)
    },
  )

  it.each(Object.entries(ACTS))('to %s at the same time with another body gets 409', async (path, body) => {
    const headers = { 'idempotency-key': `either${path}` }
    const bodies = [body, { ...body, reason: 'something else' }]
    const both = await Promise.all(bodies.map((one) => admin('POST', path, { body: one, headers })))
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409])
  })

  it('to /kill sets one block, which one lift ends', async () => {
    const press = (id: string) =>
      admin('POST', '/kill', {
        body: { target: { kind: 'connection', id }, reason },
        headers: { 'idempotency-key': 'kill' },
      })
    const pressed = [
      ...(await Promise.all([1, 2].map(() => press('agent0-notes0')))),
      await press('agent0-notes0'),
    ]
    const [{ id }] = pressed.map(({ body }) => body)
    expect(pressed.map(({ status, body }) => [status, body.id])).toEqual(Array(3).fill([200, id]))
    expect((await press('agent0-todo0')).status).toBe(409)
    const { items } = (await admin('GET', '/audit-events?type=kill.pressed')).body
    expect(items.filter(({ change }: { change: { block: string } }) => change.block === id)).toHaveLength(1)
    expect((await admin('POST', `/kill/${id}/lift`, { body: { reason } })).status).toBe(200)
    const { items: left } = (await admin('GET', '/blocks?target=agent0-notes0')).body
    expect(left).toEqual([])
  })

  it('to /tokens creates no second one, and cannot show the first again', async () => {
    const headers = { 'idempotency-key': 'ci' }
    const body = { name: 'ci', role: 'auditor' }
    const first = await admin('POST', '/tokens', { body, headers })
    expect(first.status).toBe(201)
    const count = await countOf('/tokens')
    const again = await admin('POST', '/tokens', { body, headers })
    expect([again.status, again.body.detail]).toEqual([409, expect.stringContaining('shown only once')])
    expect(await countOf('/tokens')).toBe(count)
    expect((await admin('GET', '/whoami', { token: first.body.token })).status).toBe(200)
  })
})
