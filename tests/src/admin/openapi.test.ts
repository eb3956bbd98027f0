// The published document is valid OpenAPI 3.1, and every operation in it exists.
import { ADMIN_API_PATH, AdminApiError, createAdminClient, type Route, ROUTES } from '@crosswalk/admin-api'
import { validate } from '@readme/openapi-parser'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { company } from '../support/company.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { ADMIN_TOKEN, type Admin, adminOf } from './admin.ts'

let server: TestServer
let admin: Admin
// oxlint-disable-next-line typescript/no-explicit-any -- a document is looked into freely
let document: Record<string, any>
beforeAll(async () => {
  server = await startTestServer({ file: (baseUrl) => company(baseUrl) })
  admin = adminOf(server.baseUrl)
  document = (await admin('GET', '/openapi.json', { token: null })).body
})
afterAll(() => server.stop())

it('is valid', async () => {
  expect(document.openapi).toMatch(/^3\.1\./)
  expect(await validate(structuredClone(document) as never)).toMatchObject({ valid: true })
})

it('lists only operations that exist', async () => {
  for (const [path, operations] of Object.entries<Record<string, unknown>>(document.paths))
    for (const method of Object.keys(operations)) {
      const { status } = await admin(method.toUpperCase(), path.replaceAll(/\{\w+\}/g, 'none'), {
        ifMatch: '"x"',
      })
      expect([404, 405].includes(status) && !path.includes('{') ? `${method} ${path}: ${status}` : '').toBe(
        '',
      )
      expect(status).not.toBe(405)
    }
})

it('describes the actual responses', async () => {
  const schema = document.components.schemas.Connection
  const { body } = await admin('GET', '/connections/agent0-todo0')
  for (const member of schema.required) expect(body).toHaveProperty(member)
  for (const member of Object.keys(body)) expect(schema.properties).toHaveProperty(member)
})

it('shows numbers and booleans with bounds and defaults, rather than as unions with their text', async () => {
  const limit = document.paths['/users'].get.parameters.find(({ name }: { name: string }) => name === 'limit')
  expect(limit.schema).toEqual({ type: 'integer', minimum: 1, maximum: 200, default: 50 })
  const { active, maxSubjectTokenAgeSeconds } = document.components.schemas.AppInput.properties
  expect(active).toMatchObject({ type: 'boolean', default: true })
  expect(maxSubjectTokenAgeSeconds).toMatchObject({ type: 'integer', minimum: 1, maximum: 86_400 })
  expect(JSON.stringify(document)).not.toContain('{"type":"boolean"},{"type":"string","enum"')
  for (const [value, status] of [
    ['0', 400],
    ['1', 200],
    ['1.5', 400],
    ['200', 200],
    ['201', 400],
  ] as const)
    expect((await admin('GET', `/users?limit=${value}`)).status, value).toBe(status)
})

it.each([
  ['/replay', ['document']],
  ['/audit-streams/{id}/replay', ['after', 'reason']],
])('refers from %s to the schema of its own body', (path, required) => {
  const { $ref } = document.paths[path].post.requestBody.content['application/json'].schema
  expect(document.components.schemas[$ref.split('/').at(-1)].required).toEqual(required)
})

/** An existing object of each kind, by the path that reads it. */
async function makeOneOfEach(): Promise<Readonly<Record<string, string>>> {
  const idOf = async (path: string, body: object) => String((await admin('POST', path, { body })).body.id)
  const wish = { user: 'bob', app: 'agent0', resourceApp: 'todo0', scopes: ['todos.read'], reason: 'r' }
  const grant = { connection: 'agent0-todo0', user: 'alice', scopes: ['todos.read'], reason: 'r' }
  const asked = { app: 'agent0', user: 'alice', audience: 'https://nowhere.test' }
  const rule = { id: 'low', effect: 'approve', when: { maxRisk: 1, maxDays: 30 } }
  const schedule = {
    ...{ id: 'yearly', name: 'Yearly', firstAt: '2999-01-01T08:00:00Z' },
    ...{ everyDays: 365, daysToDecide: 30, whenDue: 'wait' },
  }
  const suite = {
    id: 'kept',
    tests: [
      { name: 'none', who: 'user:bob', app: 'agent0', at: 'todo0', ask: 'any', expect: { outcome: 'deny' } },
    ],
  }
  return {
    '/users/{id}': 'usr_alice',
    '/groups/{id}': 'engineering',
    '/apps/{id}': 'agent0',
    '/resource-apps/{id}': 'todo0',
    '/connections/{id}': 'agent0-todo0',
    '/policies/{id}': await idOf('/policies', { id: 'one', effect: 'deny', when: { app: 'other' } }),
    '/approval-rules/{id}': await idOf('/approval-rules', rule),
    '/review-schedules/{id}': await idOf('/review-schedules', schedule),
    '/policy-suites/{id}': await idOf('/policy-suites', suite),
    '/authorization-servers/{id}': 'vendor',
    '/access-grants/{id}': await idOf('/access-grants', grant),
    '/access-requests/{id}': await idOf('/access-requests', wish),
    '/reviews/{id}': await idOf('/reviews', { name: 'one', reason: 'r' }),
    '/decisions/{id}': String((await admin('POST', '/simulate', { body: asked })).body.decision_id),
    '/admin-roles/{user}': 'alice',
    '/audit-retention': '',
  }
}

it('returns an ETag for every read of one object, honoured by If-None-Match and by acts', async () => {
  const made = await makeOneOfEach()
  const reads = Object.values<Route>(ROUTES).filter(
    ({ method, path }) => method === 'GET' && path.endsWith('}'),
  )
  const tagged = Object.values<Route>(ROUTES).filter(({ conditional }) => conditional === 'read')
  expect(reads.filter((route) => !tagged.includes(route)).map(({ path }) => path)).toEqual([])
  // Only the console session that began a proof can read its result.
  const tried = tagged.filter(({ path }) => !path.includes('/proofs/'))
  expect(tried.map(({ path }) => path).sort()).toEqual(Object.keys(made).sort())
  const tags: Record<string, string> = {}
  for (const { path } of tried) {
    const url = path.replace(/\{\w+\}/, encodeURIComponent(made[path] ?? ''))
    const { status, headers } = await admin('GET', url)
    tags[path] = headers.get('etag') ?? ''
    expect([path, status, tags[path]]).toEqual([path, 200, expect.stringMatching(/^"[\w-]{27}"$/)])
    const again = await fetch(`${server.baseUrl}${ADMIN_API_PATH}${url}`, {
      headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'if-none-match': tags[path] },
    })
    expect([path, again.status]).toEqual([path, 304])
  }
  const acts = [
    [`/reviews/${made['/reviews/{id}']}/close`, '/reviews/{id}'],
    [`/access-requests/${made['/access-requests/{id}']}/decline`, '/access-requests/{id}'],
    [`/access-grants/${made['/access-grants/{id}']}/revoke`, '/access-grants/{id}'],
  ] as const
  for (const [path, read] of acts) {
    const act = (ifMatch: string | undefined) =>
      admin('POST', path, { body: { reason: 'r' }, ...(ifMatch === undefined ? {} : { ifMatch }) })
    expect((await act('"stale"')).status).toBe(412)
    expect((await act(tags[read])).status).toBe(200)
  }
})

it('matches the calls of the typed client', async () => {
  const client = createAdminClient({ baseUrl: server.baseUrl, token: ADMIN_TOKEN })
  const page = await client.call('connections.list', { query: { limit: 1 } })
  expect(page.body.items.map(({ id }) => id)).toEqual(['agent0-notes0'])
  const created = await client.call(
    'policies.create',
    { body: { id: 'p', effect: 'deny', when: { app: 'other' } } },
    { reason: 'Übung' },
  )
  const changed = await client.call('policies.change', {
    params: { id: 'p' },
    body: { state: 'off' },
    ifMatch: created.etag ?? '',
  })
  expect(changed.body).toMatchObject({ state: 'off' })
  const history = await client.call('policies.history', { params: { id: 'p' } })
  expect(history.body.items.at(-1)).toMatchObject({ reason: 'Übung' })
  await client.call('connections.suspend', { params: { id: 'agent0-todo0' }, body: {} }, { reason: 'drill' })
  const { body } = await client.call('connections.read', { params: { id: 'agent0-todo0' } })
  expect(body.state?.held).toMatchObject({ state: 'suspended', reason: 'drill' })
  const refused = client.call('users.read', { params: { id: 'nobody' } })
  await expect(refused).rejects.toSatisfy(
    (error: unknown) => error instanceof AdminApiError && error.problem?.status === 404,
  )
})
