// The published document is valid OpenAPI 3.1, and says what there is: each of its operations is answered.
import { createAdminClient, AdminApiError } from '@crosswalk/admin-api'
import { validate } from '@readme/openapi-parser'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { company } from '../support/company.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { ADMIN_TOKEN, type Admin, adminOf } from './admin.ts'

let server: TestServer
let admin: Admin
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a document is looked into freely
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

it('names only operations that are there', async () => {
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

it('describes what is answered', async () => {
  const schema = document.components.schemas.Connection
  const { body } = await admin('GET', '/connections/agent0-todo0')
  for (const member of schema.required) expect(body).toHaveProperty(member)
  for (const member of Object.keys(body)) expect(schema.properties).toHaveProperty(member)
})

it('is what the typed client calls', async () => {
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
