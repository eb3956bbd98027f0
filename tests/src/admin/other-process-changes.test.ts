// Definitions that two processes of one database change at the same moment: what each was checked against holds still.
import { randomBytes } from 'node:crypto'

import { afterEach, expect, it } from 'vitest'

import { describeOnDatabases } from '../../../tools/test-databases.ts'
import { AGENT, AGENT_AT_VENDOR, company, NOTES } from '../support/company.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { basic } from '../support/flow.ts'
import { type Admin, adminOf } from './admin.ts'

const started: TestServer[] = []
afterEach(async () => {
  for (const server of started.splice(0).reverse()) await server.stop()
})

const user = (id: string, change: object = {}) => ({ id: `usr_${id}`, username: id, ...change })
const resourceApp = (id: string, change: object = {}) => ({
  ...{ id, name: id, issuer: 'https://as.test', resources: [{ id: `https://${id}.test`, scopes: ['a'] }] },
  ...change,
})
const connection = (id: string, change: object = {}) => ({
  ...{ id, app: 'other', resourceApp: 'notes0', clientId: AGENT_AT_VENDOR.id, resources: [NOTES] },
  ...{ scopes: ['notes.read'], status: 'draft', ...change },
})
const app = (id: string) => ({
  ...{ id, name: id, kind: 'web', redirectUris: ['https://app.test/callback'] },
  auth: { method: 'private_key_jwt', jwksUri: 'https://app.test/jwks' },
})

type Ask = (admin: Admin) => Promise<{ readonly status: number }>
const create =
  (collection: string, body: object): Ask =>
  (admin) =>
    admin('POST', `/${collection}`, { body })
const remove =
  (path: string): Ask =>
  (admin) =>
    admin('DELETE', path, { ifMatch: '*', headers: { 'crosswalk-reason': 'a test' } })

/** What it begins with, and what the two processes are asked at the same moment */
type Clash = readonly [name: string, before: readonly Ask[], one: Ask, other: Ask]

const CLASHES: readonly Clash[] = [
  [
    'a user name',
    [],
    create('users', user('a', { username: 'same' })),
    create('users', user('b', { username: 'same' })),
  ],
  [
    'a resource',
    [],
    create('resource-apps', resourceApp('a', { resources: [{ id: 'https://same.test', scopes: ['a'] }] })),
    create('resource-apps', resourceApp('b', { resources: [{ id: 'https://same.test', scopes: ['a'] }] })),
  ],
  ['a pair of apps', [], create('connections', connection('a')), create('connections', connection('b'))],
  [
    'an app that goes, and a connection of it',
    [create('apps', app('gone'))],
    remove('/apps/gone'),
    create('connections', connection('a', { app: 'gone' })),
  ],
]

describeOnDatabases('two processes on $name', (kind) => {
  async function startOn(database: string, key: string): Promise<Admin> {
    const server = await startTestServer({ file: (baseUrl) => company(baseUrl), database, key })
    started.push(server)
    return adminOf(server.baseUrl)
  }

  it.each(CLASHES)('do not both take %s, and the next one starts', async (_, before, one, other) => {
    const [database, key] = [await kind.create(), randomBytes(32).toString('hex')]
    const [here, there] = [await startOn(database, key), await startOn(database, key)]
    for (const ask of before) expect((await ask(here)).status).toBe(201)
    await expect.poll(async () => (await there('GET', '/apps')).text).toBe((await here('GET', '/apps')).text)
    const statuses = (await Promise.all([one(here), other(there)])).map(({ status }) => status)
    expect(statuses.filter((status) => status < 300)).toHaveLength(1)
    expect(statuses.filter((status) => status >= 400 && status < 500)).toHaveLength(1)
    await startOn(database, key)
  })

  it('take changes that have nothing to do with each other', async () => {
    const [database, key] = [await kind.create(), randomBytes(32).toString('hex')]
    const admins = [await startOn(database, key), await startOn(database, key)]
    for (let round = 0; round < 5; round += 1) {
      const answers = await Promise.all(
        admins.map((admin, at) => create('users', user(`${round}-${at}`))(admin)),
      )
      expect(answers.map(({ status }) => status)).toEqual([201, 201])
    }
  })

  it('give a receiver of security events one stream for an authorization server', async () => {
    const [database, key] = [await kind.create(), randomBytes(32).toString('hex')]
    const file = (baseUrl: string) => {
      const { idp, ...rest } = company(baseUrl) as { idp: { resourceApps: object[] } }
      const [todo, ...others] = idp.resourceApps
      const receiving = { ...todo, issuer: 'https://as.test', securityEvents: { receiver: AGENT.id } }
      return { ...rest, idp: { ...idp, resourceApps: [receiving, ...others] } }
    }
    const servers = [
      await startTestServer({ file, database, key }),
      await startTestServer({ file, database, key }),
    ]
    started.push(...servers)
    const setUp = ({ baseUrl }: TestServer) =>
      fetch(`${baseUrl}/ssf/streams`, {
        method: 'POST',
        headers: { authorization: basic(AGENT), 'content-type': 'application/json' },
        body: '{}',
      })
    const answers = await Promise.all([...servers, ...servers].map(setUp))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409, 409, 409])
  })
})
