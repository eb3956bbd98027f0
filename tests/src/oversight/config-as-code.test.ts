// Configuration as code over HTTP: exports match the current definitions, documents are applied completely or not at all, and manual changes
// are reported.
import type { ConfigurationExport, ConfigurationPlan } from '@crosswalk/admin-api'
import { parseConfiguration } from '@crosswalk/control'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { type Admin, adminOf } from '../admin/admin.ts'
import { AGENT, AGENT_AT_VENDOR, company, PASSWORD, TODO } from '../support/company.ts'
import { exchange, signInFor } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
let admin: Admin
const SECRET = 'the secret of a bot that no one may read'

beforeAll(async () => {
  const signIn = { issuer: 'https://sign-in.test', clientId: 'vendor', clientSecret: SECRET }
  const authorizationServer = { authorizationCode: { signIn } }
  server = await startTestServer({ file: (baseUrl) => company(baseUrl, { authorizationServer }) })
  admin = adminOf(server.baseUrl)
  await admin('POST', '/users', {
    body: { id: 'usr_eve', username: 'eve', password: PASSWORD, groups: ['engineering'] },
  })
  await admin('POST', '/groups', { body: { id: 'night', name: 'Night shift', members: ['usr_eve'] } })
  await admin('POST', '/apps', {
    body: {
      id: 'bot',
      name: 'Bot costs ${MONEY}',
      kind: 'agent',
      auth: { method: 'client_secret_basic', secret: SECRET },
      assignments: { groups: ['night'] },
    },
  })
  await admin('POST', '/connections', {
    body: { id: 'bot-todo0', app: 'bot', resourceApp: 'todo0', resources: [TODO], scopes: ['todos.read'] },
  })
  await admin('POST', '/policies', { body: { id: 'no-bots', when: { app: 'bot' }, effect: 'deny' } })
})
afterAll(() => server.stop())

async function exportAll(query = ''): Promise<ConfigurationExport> {
  const { status, body } = await admin('GET', `/configuration${query}`)
  expect(status).toBe(200)
  return body as ConfigurationExport
}

// oxlint-disable-next-line typescript/no-explicit-any -- tests change whatever they like in a document
type Freely = any

/** Parses the YAML, with `$${` unescaped to `${`. */
function unescape(document: unknown): Freely {
  return JSON.parse(JSON.stringify(document).replaceAll('$${', '${'))
}

async function plan(document: unknown, more: object = {}) {
  const answer = await admin('POST', '/configuration/plan', { body: { document, ...more } })
  expect(answer).toMatchObject({ status: 200 })
  return { plan: answer.body as ConfigurationPlan, etag: answer.etag }
}

function apply(document: unknown, etag: string, more: object = {}) {
  return admin('POST', '/configuration/apply', {
    body: { document, reason: 'change 17', ...more },
    ifMatch: etag,
  })
}

const summary = ({ changes }: ConfigurationPlan) =>
  changes.map(({ action, collection, id }) => `${action} ${collection}/${id}`)

describe('an export', () => {
  it('is a configuration file with variables for secrets', async () => {
    const { document, variables } = await exportAll()
    const text = JSON.stringify(document)
    for (const secret of [SECRET, AGENT.secret, AGENT_AT_VENDOR.secret, PASSWORD, 'Hash', 'argon2'])
      expect(text).not.toContain(secret)
    expect(variables).toContain('BOT_SECRET')
    expect(variables).toContain('USR_EVE_PASSWORD')
    const environment = Object.fromEntries(variables.map((name) => [name, `value of ${name}`]))
    const { configuration, problems } = parseConfiguration(text, 'exported.yaml', environment)
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([])
    expect(configuration?.idp?.apps.find(({ id }) => id === 'bot')).toMatchObject({
      name: 'Bot costs ${MONEY}',
      auth: { secret: 'value of BOT_SECRET' },
    })
    const [vendor] = configuration?.authorizationServers ?? []
    expect(vendor?.authorizationCode?.signIn?.clientSecret).toBe('value of VENDOR_SIGN_IN_CLIENT_SECRET')
    expect(configuration?.idp?.groups).toEqual([{ id: 'night', name: 'Night shift', members: ['usr_eve'] }])
    expect(configuration?.baseUrl).toBe(server.baseUrl)
  })

  it('omits defaults', async () => {
    const { document } = await exportAll('?owner=database')
    expect(document).toMatchObject({
      idp: {
        connections: [
          { id: 'bot-todo0', app: 'bot', resourceApp: 'todo0', resources: [TODO], scopes: ['todos.read'] },
        ],
        policies: [{ id: 'no-bots', when: { app: 'bot' }, effect: 'deny' }],
        resourceApps: [],
      },
    })
    expect(Object.keys((document as Freely).idp.connections[0])).toEqual([
      'id',
      'app',
      'resourceApp',
      'resources',
      'scopes',
    ])
  })

  it.each(['', '?owner=database', '?owner=file'])(
    '%s differs in nothing from what is in force',
    async (query) => {
      const { document } = await exportAll(query)
      const { plan: found } = await plan(unescape(document))
      const differing = found.changes.filter(({ action }) => action !== 'extra')
      expect([differing, found.problems]).toEqual([[], []])
      if (query !== '?owner=file') expect(found.changes).toEqual([])
    },
  )
})

describe('applying', () => {
  it('creates, changes and, only on request, deletes, with immediate effect at the endpoint', async () => {
    const document = unescape((await exportAll('?owner=database')).document)
    document.idp.policies = [{ id: 'nobody-writes', when: { scope: ['todos.write'] }, effect: 'deny' }]
    document.idp.connections[0].scopes = ['todos.read', 'todos.write']
    const kept = await plan(document)
    expect(summary(kept.plan)).toEqual([
      'change connections/bot-todo0',
      'create policies/nobody-writes',
      'extra policies/no-bots',
    ])
    expect(kept.plan.changes[0]?.differences).toEqual([
      { path: 'scopes', before: ['todos.read'], after: ['todos.read', 'todos.write'] },
    ])
    const pruned = await plan(document, { prune: true })
    expect(summary(pruned.plan)).toContain('delete policies/no-bots')
    const { idToken } = await signInFor(server.baseUrl, 'alice')
    const write = { resource: TODO, scope: 'todos.write' }
    expect((await exchange(server.baseUrl, idToken, write)).status).toBe(200)

    const done = await apply(document, pruned.etag, { prune: true })
    expect(done.status).toBe(200)
    expect((await exchange(server.baseUrl, idToken, write)).status).toBe(400)
    expect((await plan(document, { prune: true })).plan.changes).toEqual([])
    expect((await admin('GET', '/policies/no-bots')).status).toBe(404)
    const history = await admin('GET', '/connections/bot-todo0/history')
    expect(history.body.items[0]).toMatchObject({ by: 'admin', reason: 'change 17' })
    const events = await admin('GET', '/audit-events?limit=4&log=admin')
    expect(events.body.items.map(({ type }: { type: string }) => type)).toEqual([
      'configuration.applied',
      'policy.deleted',
      'policy.created',
      'connection.changed',
    ])
  })

  it('is all or nothing: a document with an invalid result is rejected', async () => {
    const document = unescape((await exportAll('?owner=database')).document)
    document.idp.policies.push({ id: 'fine', when: { app: 'bot' }, effect: 'deny' })
    document.idp.connections[0].scopes = ['todos.burn']
    const { plan: found, etag } = await plan(document)
    expect(found.problems).toMatchObject([{ path: '/idp/connections/0/scopes/0' }])
    const refused = await apply(document, etag)
    expect(refused).toMatchObject({
      status: 400,
      body: { errors: [{ path: '/idp/connections/0/scopes/0' }] },
    })
    expect((await admin('GET', '/policies/fine')).status).toBe(404)
  })

  it('accepts objects that depend on each other, in any order', async () => {
    const { etag, plan: found } = await plan({
      idp: {
        connections: [
          { id: 'a-r', app: 'a', resourceApp: 'r', resources: ['https://r.test/mcp'], scopes: ['x'] },
        ],
        resourceApps: [
          {
            id: 'r',
            name: 'R',
            issuer: 'https://r.test',
            resources: [{ id: 'https://r.test/mcp', scopes: ['x'] }],
          },
        ],
        apps: [{ id: 'a', name: 'A', kind: 'web', auth: { method: 'none' } }],
      },
    })
    expect(found.problems).toEqual([])
    const rename = {
      idp: {
        connections: [
          { id: 'a-r', app: 'a', resourceApp: 'r', resources: ['https://r.test/mcp'], scopes: ['y'] },
        ],
        resourceApps: [
          {
            id: 'r',
            name: 'R',
            issuer: 'https://r.test',
            resources: [{ id: 'https://r.test/mcp', scopes: ['y'] }],
          },
        ],
        apps: [{ id: 'a', name: 'A', kind: 'web', auth: { method: 'none' } }],
      },
    }
    expect((await apply(rename, etag)).status).toBe(412)
    const first = await plan(rename)
    expect((await apply(rename, first.etag)).status).toBe(200)
  })

  it('rejects an outdated plan, and one without If-Match', async () => {
    const document = { idp: { policies: [{ id: 'later', effect: 'deny', when: { app: 'other' } }] } }
    const { etag } = await plan(document)
    await admin('POST', '/policies', { body: { id: 'meanwhile', effect: 'deny', when: { app: 'other' } } })
    expect((await apply(document, etag)).body).toMatchObject({
      status: 412,
      detail: 'The definitions have changed since this plan; nothing was changed.',
      errors: [{ path: '/If-Match', fix: 'make a new plan' }],
    })
    const bare = await admin('POST', '/configuration/apply', { body: { document, reason: 'x' } })
    expect(bare.status).toBe(428)
    const unsaid = await admin('POST', '/configuration/apply', { body: { document }, ifMatch: etag })
    expect(unsaid).toMatchObject({ status: 400, body: { errors: [{ path: '/reason' }] } })
    const again = await plan(document)
    expect((await apply(document, again.etag)).status).toBe(200)
  })

  it('stays applicable while users ask for access, and while objects change that it does not concern', async () => {
    const document = { idp: { policies: [{ id: 'lasting', effect: 'deny', when: { app: 'other' } }] } }
    const { etag } = await plan(document)
    const asked = {
      user: 'bob',
      app: AGENT.id,
      resourceApp: 'todo0',
      scopes: ['todos.read'],
      reason: 'sprint',
    }
    expect((await admin('POST', '/access-requests', { body: asked })).status).toBe(201)
    const user = { username: 'erin', email: 'erin@acme.example' }
    expect((await admin('POST', '/users', { body: user })).status).toBe(201)
    expect((await apply(document, etag)).status).toBe(200)
    expect((await apply(document, etag)).status).toBe(412)
  })

  it('never changes file objects', async () => {
    const document = { idp: { apps: [{ ...(await exportedApp(AGENT.id)), name: 'Renamed' }] } }
    const { plan: found, etag } = await plan(document)
    expect(found.changes).toMatchObject([
      { action: 'blocked', id: AGENT.id, where: expect.stringMatching(/^test\.json, line \d+$/) },
      { action: 'extra', id: 'a' },
      { action: 'extra', id: 'bot' },
    ])
    const refused = await apply(document, etag)
    expect(refused).toMatchObject({ status: 409, body: { type: 'urn:crosswalk:problem:owned-by-file' } })
    expect((await admin('GET', `/apps/${AGENT.id}`)).body.name).toBe('Agent0')
  })

  async function exportedApp(id: string): Promise<object> {
    const { document } = await exportAll()
    return unescape(document).idp.apps.find((it: { id: string }) => it.id === id)
  }

  it('leaves no references to deleted objects', async () => {
    const document = { idp: { apps: [] } }
    const { plan: found } = await plan(document, { prune: true })
    expect(found.problems).toContainEqual(
      expect.objectContaining({
        path: '/apps/bot',
        problem: expect.stringContaining('still referenced by connections/bot-todo0'),
      }),
    )
  })

  it('reports problems with their position', async () => {
    const document = {
      idp: {
        polices: [],
        policies: [
          { id: 'x', effect: 'deny' },
          { id: 'x', effect: 'deny' },
        ],
      },
    }
    expect((await plan(document)).plan.problems).toMatchObject([
      { path: '/idp/polices', fix: expect.stringContaining('policies') },
      { path: '/idp/policies/1/id', problem: 'x is listed twice' },
    ])
    const shape = await admin('POST', '/configuration/plan', {
      body: { document: { idp: { policies: [{ id: 'x', effect: 'forbid' }] } } },
    })
    expect(shape).toMatchObject({
      status: 400,
      body: { errors: [{ path: '/document/idp/policies/0/effect' }] },
    })
  })
})

describe('secrets', () => {
  it('that the server must read later are set in its configuration file only', async () => {
    const signIn = { issuer: 'https://sign-in.test', clientId: 'here', clientSecret: SECRET }
    const server = { id: 'new', authorizationCode: { signIn } }
    const user = { id: 'usr_new', username: 'new', totpSecret: 'A'.repeat(26) }
    const { plan: found } = await plan({ idp: { users: [user] }, authorizationServers: [server] })
    expect(found.problems).toMatchObject([
      { path: '/idp/users/0/totpSecret', fix: 'remove `totpSecret`' },
      {
        path: '/authorizationServers/0/authorizationCode/signIn/clientSecret',
        problem: 'only the configuration file of the server can set this secret',
        fix: 'define the authorization server there, or remove `clientSecret` if the client is public',
      },
    ])
    expect(JSON.stringify(found)).not.toContain(SECRET)
  })

  const auth = { method: 'client_secret_basic', secret: 'chosen for the test' }
  const app = { id: 'keeper', name: 'Keeper', kind: 'web', auth }
  const placeholder = { ...app, auth: { ...auth, secret: '${KEEPER_SECRET}' } }

  it('are required to create an object that needs one', async () => {
    const { plan: found } = await plan({ idp: { apps: [placeholder] } })
    expect(found.problems).toMatchObject([{ path: '/idp/apps/0', problem: 'client keeper needs a secret' }])
  })

  it('are set for new objects, and for existing ones only on request', async () => {
    const made = await plan({ idp: { apps: [app] } })
    expect(made.plan.changes.find(({ id }) => id === 'keeper')).toMatchObject({
      action: 'create',
      secrets: ['auth.secret'],
    })
    expect((await apply({ idp: { apps: [app] } }, made.etag)).status).toBe(200)
    for (const again of [app, placeholder])
      expect(summary((await plan({ idp: { apps: [again] } })).plan)).not.toContain('change apps/keeper')
    const set = await plan({ idp: { apps: [app] } }, { setSecrets: true })
    expect(summary(set.plan)).toContain('change apps/keeper')
    expect(JSON.stringify(set.plan)).not.toContain(auth.secret)
  })
})

describe('a manual change', () => {
  it('is reported with author, time and reason, also for deletions', async () => {
    const { document } = await exportAll('?owner=database')
    const written = unescape(document)
    const { etag } = await admin('GET', '/connections/bot-todo0')
    const token = await admin('POST', '/tokens', { body: { name: 'Ada', role: 'administrator' } })
    const changed = await admin('PATCH', '/connections/bot-todo0', {
      body: { scopes: ['todos.read'] },
      ifMatch: etag,
      token: token.body.token,
      headers: { 'crosswalk-reason': 'incident 9' },
    })
    expect(changed.status).toBe(200)
    const policy = await admin('GET', '/policies/later')
    await admin('DELETE', '/policies/later', { ifMatch: policy.etag })
    const { plan: found } = await plan(written)
    expect(found.changes).toMatchObject([
      {
        action: 'change',
        id: 'bot-todo0',
        byHand: [{ by: token.body.id, reason: 'incident 9', removed: false }],
      },
      { action: 'create', id: 'later', byHand: [{ by: 'admin', removed: true }] },
    ])
    expect(found.lastApplied).toMatchObject({ by: 'admin' })
  })

  it('is not reported for a change of the document', async () => {
    const written = unescape((await exportAll('?owner=database')).document)
    const before = await plan(written)
    expect(before.plan.changes).toEqual([])
    const untouched = written.idp.policies.find(({ id }: { id: string }) => id === 'nobody-writes')
    untouched.description = 'written in the document'
    const { plan: found } = await plan(written)
    expect(found.changes).toMatchObject([{ action: 'change', id: 'nobody-writes', byHand: [] }])
  })
})

it('an applied user can sign in, and one made inactive loses all access', async () => {
  const user = { id: 'usr_finn', username: 'finn', password: PASSWORD, groups: ['engineering'] }
  const made = await plan({ idp: { users: [user] } })
  expect((await apply({ idp: { users: [user] } }, made.etag)).status).toBe(200)
  const { idToken } = await signInFor(server.baseUrl, 'finn')
  const read = { resource: TODO, scope: 'todos.read' }
  expect((await exchange(server.baseUrl, idToken, read)).status).toBe(200)
  const inactive = { idp: { users: [{ ...user, active: false }] } }
  const stopped = await plan(inactive)
  expect((await apply(inactive, stopped.etag)).status).toBe(200)
  expect((await exchange(server.baseUrl, idToken, read)).status).toBe(400)
  await expect(signInFor(server.baseUrl, 'finn')).rejects.toThrow()
})

it('a password that a document removes no longer signs in', async () => {
  const user = { id: 'usr_gina', username: 'gina', password: PASSWORD, groups: ['engineering'] }
  for (const [password, works] of [[PASSWORD, true] as const, [null, false] as const]) {
    const document = { idp: { users: [{ ...user, password }] } }
    const planned = await plan(document, { setSecrets: true })
    expect((await apply(document, planned.etag, { setSecrets: true })).status).toBe(200)
    expect((await admin('GET', '/users/usr_gina')).body.hasPassword).toBe(works)
    const signedIn = await signInFor(server.baseUrl, 'gina').catch(() => undefined)
    expect(signedIn !== undefined).toBe(works)
  }
})

it('a user removed by a document loses their access grants', async () => {
  const users = [{ id: 'usr_hana', username: 'hana', password: PASSWORD }]
  const made = await plan({ idp: { users } })
  expect((await apply({ idp: { users } }, made.etag)).status).toBe(200)
  const about = { connection: 'agent0-todo0', user: 'hana', scopes: ['todos.read'], reason: 'on call' }
  const { id } = (await admin('POST', '/access-grants', { body: about })).body
  const document = unescape((await exportAll('?owner=database')).document)
  document.idp.users = document.idp.users.filter((user: { id: string }) => user.id !== 'usr_hana')
  const without = await plan(document, { prune: true })
  expect(summary(without.plan)).toEqual(['delete users/usr_hana'])
  expect((await apply(document, without.etag, { prune: true })).status).toBe(200)
  expect((await admin('GET', `/access-grants/${id}`)).body).toMatchObject({ state: 'ended', active: false })
})
