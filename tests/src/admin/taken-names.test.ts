// A name that another object has is a conflict with the current state, however it gets into the request.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { company, TODO } from '../support/company.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { type Admin, adminOf } from './admin.ts'

let server: TestServer
let admin: Admin

beforeAll(async () => {
  server = await startTestServer({ file: (baseUrl) => company(baseUrl) })
  admin = adminOf(server.baseUrl)
  for (const body of [
    { id: 'usr_eve', username: 'eve', email: 'eve@acme.test' },
    { id: 'usr_fay', username: 'fay', email: 'fay@acme.test' },
    { id: 'usr_login', username: 'login@acme.test' },
  ])
    expect((await admin('POST', '/users', { body })).status).toBe(201)
})
afterAll(() => server.stop())

const taken = (path: string, problem: string | RegExp) => ({
  status: 409,
  body: {
    type: 'urn:crosswalk:problem:exists',
    errors: [{ path, problem: expect.stringMatching(problem), fix: expect.any(String) }],
  },
})

describe('a user', () => {
  it.each([
    ['the user name', { username: 'EVE' }, '/username', 'the username eve is already used'],
    ['that of a user in the file', { username: 'alice' }, '/username', 'the username alice is already used'],
    ['the address', { email: 'Eve@acme.test' }, '/email', 'the e-mail address eve@acme.test is already used'],
    ['the address, as a user name', { username: 'eve@acme.test' }, '/username', 'is the e-mail address of'],
    ['the user name, as an address', { email: 'login@acme.test' }, '/email', 'is the username of'],
  ])('is rejected with %s of another', async (_, change, path, problem) => {
    const user = { username: 'gus', ...change }
    expect(await admin('POST', '/users', { body: user })).toMatchObject(taken(path, problem))
    const body = change
    const patched = await admin('PATCH', '/users/usr_fay', { body, ifMatch: '*' })
    expect(patched).toMatchObject(taken(path, problem))
    const put = await admin('PUT', '/users/usr_fay', { body: { username: 'fay', ...change }, ifMatch: '*' })
    expect(put).toMatchObject(taken(path, problem))
  })

  it.each(['admin', 'system', 'tok_0123456789abcdef0123456789abcdef', 'scim:okta'])(
    'is rejected with the id of another author of records, %s',
    async (id) => {
      const { status, body } = await admin('POST', '/users', { body: { id, username: 'gus' } })
      const problem = expect.stringContaining(`the id ${id} is reserved for`)
      expect([status, body.errors]).toMatchObject([400, [{ path: '/id', problem }]])
    },
  )

  it('may keep its own names, also in another case', async () => {
    const body = { username: 'Fay', email: 'FAY@acme.test' }
    expect((await admin('PATCH', '/users/usr_fay', { body, ifMatch: '*' })).status).toBe(200)
  })
})

it('rejects a second connection between two apps', async () => {
  const body = { id: 'again', app: 'agent0', resourceApp: 'todo0', status: 'draft' }
  expect(await admin('POST', '/connections', { body })).toMatchObject(taken('', 'connects agent0 to todo0'))
})

it('rejects a resource of another resource app behind the same issuer', async () => {
  const { body: todo0 } = await admin('GET', '/resource-apps/todo0')
  const body = { id: 'copy', name: 'Copy', issuer: todo0.issuer, resources: [{ id: TODO, scopes: [] }] }
  expect(await admin('POST', '/resource-apps', { body })).toMatchObject(
    taken('/resources/0/id', `resource ${TODO} belongs to resource app todo0 already`),
  )
})

it('reports an invalid request if the object is invalid by itself', async () => {
  const twice = [
    { id: TODO, scopes: [] },
    { id: TODO, scopes: [] },
  ]
  const body = { id: 'twice', name: 'Twice', issuer: 'https://twice.test', resources: twice }
  expect(await admin('POST', '/resource-apps', { body })).toMatchObject({
    status: 400,
    body: { type: 'urn:crosswalk:problem:invalid-request', errors: [{ path: '/resources/1/id' }] },
  })
})
