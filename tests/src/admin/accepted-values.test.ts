// Whatever the admin API accepts, it can work with: later changes, every list, an export that loads again, and the next
// start. The values come from the schemas, so that a new member of a definition is tried as well.
import { randomBytes } from 'node:crypto'

import { type Collection, COLLECTIONS } from '@crosswalk/admin-api'
import { parseConfiguration } from '@crosswalk/control'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { testDatabaseKinds } from '../../../tools/test-databases.ts'
import { company } from '../support/company.ts'
import { listVariants } from '../support/list-variants.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { ADMIN_TOKEN, type Admin, adminOf } from './admin.ts'

const secret = { method: 'client_secret_basic', secret: 'a secret' }
const resources = [{ id: 'https://api.test', scopes: ['read'] }]
/** A world in which every object is used by another */
const OBJECTS: Readonly<Record<Collection, object>> = {
  users: { id: 'x', username: 'x' },
  groups: { id: 'x', members: ['x'] },
  apps: { id: 'x', name: 'x', kind: 'agent', auth: secret, owners: ['x'], assignments: { groups: ['x'] } },
  'authorization-servers': {
    ...{ id: 'x', issuer: 'https://as.test', resources, clients: [{ id: 'c', auth: secret }] },
    trustedIssuers: [{ issuer: 'https://idp.test', provisioning: 'jit' }],
  },
  'resource-apps': { id: 'x', name: 'x', issuer: 'https://as.test', resources },
  connections: { id: 'x', app: 'x', resourceApp: 'x', clientId: 'c', scopes: ['read'], status: 'active' },
  'approval-rules': { id: 'x', effect: 'approve', when: { apps: ['x'], maxRisk: 1, maxDays: 30 } },
  policies: { id: 'x', effect: 'limit', limit: { perHour: 9 }, when: { app: 'x' } },
  'review-schedules': {
    ...{ id: 'x', name: 'x', apps: ['x'], resourceApps: ['x'], firstAt: '2999-01-01T08:00:00Z' },
    ...{ everyDays: 90, daysToDecide: 30, whenDue: 'suspend' },
  },
  'policy-suites': {
    ...{ id: 'x', tests: [{ name: 'x', who: 'user:x', app: 'x', at: 'x', expect: { outcome: 'deny' } }] },
  },
}

const key = randomBytes(32).toString('hex')
let database: string
let server: TestServer
let admin: Admin
async function start() {
  server = await startTestServer({ file: (baseUrl) => company(baseUrl), database, key })
  admin = adminOf(server.baseUrl)
}
beforeAll(async () => {
  // What another database accepts is up to its own tests.
  database = (await testDatabaseKinds()[0]?.create()) ?? ''
  await start()
  for (const [name, body] of Object.entries(OBJECTS))
    expect(await admin('POST', `/${name}`, { body })).toMatchObject({ status: 201 })
})
afterAll(() => server.stop())

const put = (name: string, body: unknown) => admin('PUT', `/${name}/x`, { body, ifMatch: '*' })

/** @returns the errors that a server would report which starts with an export of all definitions */
async function checkExport(): Promise<readonly string[]> {
  const { document, variables } = (await admin('GET', '/configuration')).body
  const settings = { baseUrl: server.baseUrl, database: 'sqlite:x.db', admin: { token: ADMIN_TOKEN } }
  const environment = Object.fromEntries(variables.map((name: string) => [name, 'a secret of a client']))
  const text = JSON.stringify({ ...settings, ...document })
  const { problems } = parseConfiguration(text, 'export.json', environment)
  return problems.filter(({ severity }) => severity === 'error').map(({ what }) => what)
}

it.each(Object.entries(OBJECTS))('%s', async (name, base) => {
  const { input, view } = COLLECTIONS[name as Collection]
  const counts = { accepted: 0, refused: 0 }
  for (const body of listVariants(input, base) as { readonly id: string }[]) {
    // The id of an object stays.
    if (body.id !== 'x') continue
    const { status, text, body: shown } = await put(name, body)
    if (status !== 200) {
      expect(status, `${JSON.stringify(body)} ${text}`).toBeOneOf([400, 409])
      counts.refused += 1
      continue
    }
    counts.accepted += 1
    expect(view.safeParse(shown).error, JSON.stringify(body)).toBeUndefined()
    if (counts.accepted % 10 === 0) expect(await checkExport(), JSON.stringify(body)).toEqual([])
  }
  // A property of nothing would hold.
  expect(counts.accepted).toBeGreaterThan(10)
  expect((await admin('GET', `/${name}`)).status).toBe(200)
  expect(server.log.filter((line) => line.startsWith('fault'))).toEqual([])
})

it('the next start', async () => {
  await server.running.close()
  await start()
  for (const [name, body] of Object.entries(OBJECTS))
    expect(await put(name, body)).toMatchObject({ status: 200 })
})
