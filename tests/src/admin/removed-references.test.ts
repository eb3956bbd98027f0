// An object that others refer to is not deleted before they stop: what is left could neither be changed nor exported.
import { parseConfiguration } from '@crosswalk/control'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { company } from '../support/company.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { ADMIN_TOKEN, type Admin, adminOf } from './admin.ts'

let server: TestServer
let admin: Admin
beforeAll(async () => {
  server = await startTestServer({ file: (baseUrl) => company(baseUrl) })
  admin = adminOf(server.baseUrl)
})
afterAll(() => server.stop())

const secret = { method: 'client_secret_basic', secret: 'a secret' }
const app = (id: string, rest: object = {}) => ({ id, name: id, kind: 'agent', auth: secret, ...rest })
const resourceApp = (id: string, rest: object = {}) => ({
  id,
  name: id,
  issuer: `https://${id}.test`,
  ...rest,
})

type Objects = readonly (readonly [collection: string, body: object])[]
/** The id of a removed user is not given to another one */
const user = (id: string): Objects => [['users', { id, username: id }]]
const APP: Objects = [['apps', app('x')]]
const TARGET: Objects = [['resource-apps', resourceApp('x')]]
const CONNECTED: Objects = [...APP, ['resource-apps', resourceApp('y')]]

const CASES: readonly (readonly [
  what: string,
  removed: string,
  first: Objects,
  referrer: Objects[number],
])[] = [
  ['the owner of an app', 'users/ann', user('ann'), ['apps', app('z', { owners: ['ann'] })]],
  ['an assigned user', 'users/bea', user('bea'), ['apps', app('z', { assignments: { users: ['bea'] } })]],
  ['a member of a group', 'users/cid', user('cid'), ['groups', { id: 'z', members: ['cid'] }]],
  [
    'an assigned group',
    'groups/x',
    [['groups', { id: 'x' }]],
    ['apps', app('z', { assignments: { groups: ['x'] } })],
  ],
  ['an app in a policy', 'apps/x', APP, ['policies', { id: 'z', effect: 'deny', when: { app: 'x' } }]],
  ['a connected app', 'apps/x', CONNECTED, ['connections', { id: 'z', app: 'x', resourceApp: 'y' }]],
  [
    'a receiver of security events',
    'apps/x',
    APP,
    ['resource-apps', resourceApp('z', { securityEvents: { receiver: 'x' } })],
  ],
  [
    'a connected resource app',
    'resource-apps/x',
    [...TARGET, ['apps', app('y')]],
    ['connections', { id: 'z', app: 'y', resourceApp: 'x' }],
  ],
  ['the resource app of a service', 'resource-apps/x', TARGET, ['apps', app('z', { serviceOf: 'x' })]],
  [
    'the authorization server of a resource app',
    'authorization-servers/x',
    [['authorization-servers', { id: 'x', issuer: 'https://as.test' }]],
    ['resource-apps', resourceApp('z', { issuer: 'https://as.test' })],
  ],
]

const remove = (path: string) => admin('DELETE', path, { ifMatch: '*' })

async function expectExportable() {
  const { document, variables } = (await admin('GET', '/configuration')).body
  const rest = { baseUrl: server.baseUrl, database: 'sqlite:x.db', admin: { token: ADMIN_TOKEN } }
  const environment = Object.fromEntries(variables.map((name: string) => [name, 'a secret of a client']))
  const { problems } = parseConfiguration(
    JSON.stringify({ ...rest, ...document }),
    'export.json',
    environment,
  )
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([])
}

it.each(CASES)(
  '%s is not deleted before nothing refers to it',
  async (_, removed, first, [name, referrer]) => {
    for (const [collection, body] of [...first, [name, referrer] as const])
      expect(await admin('POST', `/${collection}`, { body })).toMatchObject({ status: 201 })
    expect(await remove(`/${removed}`)).toMatchObject({ status: 409, body: { referrers: [`${name}/z`] } })
    await expectExportable()
    expect((await remove(`/${name}/z`)).status).toBe(204)
    for (const [collection, body] of first)
      expect((await remove(`/${collection}/${(body as { id: string }).id}`)).status).toBe(204)
    await expectExportable()
  },
)
