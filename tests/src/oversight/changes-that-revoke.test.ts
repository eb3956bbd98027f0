// Which changes of definitions revoke live access tokens, and that a restart, which checks every token again, revokes
// no others: what a change must revoke is not left for later.
import { randomBytes } from 'node:crypto'

import { expect, it } from 'vitest'

import { describeOnDatabases } from '../../../tools/test-databases.ts'
import { type Admin, adminOf } from '../admin/admin.ts'
import { company, PASSWORD, REDIRECT_URI } from '../support/company.ts'
import { exchange, redeem, signInFor } from '../support/flow.ts'
import { findFreePort } from '../support/free-port.ts'
import { startTestServer } from '../support/server.ts'

const SECRET = 'the same secret of each client'
const everyone = { everyone: true }
const auth = { method: 'client_secret_basic', secret: SECRET }

/** One user, app, resource app and connection for each change, so that none affects another. */
const CHANGES: Readonly<Record<string, readonly [path: string, change: object | 'delete' | 'delete both']>> =
  {
    none: ['users/user', {}],
    'user-inactive': ['users/user', { active: false }],
    'user-password': ['users/user', { password: `another ${PASSWORD}` }],
    'user-left-group': ['groups/group', { members: [] }],
    'app-inactive': ['apps/app', { active: false }],
    'app-unassigned': ['apps/app', { assignments: { everyone: false } }],
    'resource-app-inactive': ['resource-apps/product', { active: false }],
    'resource-app-unassigned': ['resource-apps/product', { assignments: { everyone: false } }],
    'resource-app-issuer': ['resource-apps/product', { issuer: 'https://elsewhere.example' }],
    'resource-app-subject': ['resource-apps/product', { subject: 'pairwise' }],
    'connection-draft': ['connections/connection', { status: 'draft' }],
    'connection-deleted': ['connections/connection', 'delete'],
    'resource-app-deleted': ['resource-apps/product', 'delete both'],
    'connection-unassigned': ['connections/connection', { assignments: { groups: [] } }],
    'connection-client': ['connections/connection', { clientId: 'another' }],
    'connection-expired': ['connections/connection', { expiresAt: '2020-01-01T00:00:00Z' }],
    // Tokens from before these changes live until they expire.
    'user-renamed': ['users/user', { username: 'renamed', email: 'renamed@acme.test' }],
    'group-renamed': ['groups/group', { name: 'Renamed' }],
    'app-secret': ['apps/app', { auth: { ...auth, secret: `another ${SECRET}` } }],
    'app-kind': ['apps/app', { kind: 'web' }],
    'resource-app-claims': ['resource-apps/product', { claims: { email: 'user.email' } }],
    'connection-suspended': ['connections/connection', { status: 'suspended' }],
    'connection-later': ['connections/connection', { notBefore: '2999-01-01T00:00:00Z' }],
    'connection-scopes': ['connections/connection', { scopes: ['read'] }],
    policy: ['policies/policy', { when: { app: 'app-policy' }, effect: 'deny' }],
  }
const KEPT = [
  ...['none', 'user-renamed', 'group-renamed', 'app-secret', 'app-kind', 'resource-app-claims'],
  ...['connection-suspended', 'connection-later', 'connection-scopes', 'policy'],
]
const NAMES = Object.keys(CHANGES)

const resourceOf = (name: string) => `https://api.example/${name}`

function buildFile(baseUrl: string): Record<string, unknown> {
  const { admin, authorizationServers } = company(baseUrl, {
    authorizationServer: {
      clients: NAMES.map((name) => ({ id: `client-${name}`, auth })),
      resources: NAMES.map((name) => ({ id: resourceOf(name), scopes: ['read', 'write'] })),
    },
  })
  return { admin, authorizationServers, idp: {} }
}

async function create(admin: Admin, issuer: string, name: string): Promise<void> {
  const scopes = ['read', 'write']
  const objects = {
    users: { id: `user-${name}`, username: name, password: PASSWORD },
    groups: { id: `group-${name}`, name, members: [`user-${name}`] },
    apps: {
      id: `app-${name}`,
      name,
      kind: 'agent',
      redirectUris: [REDIRECT_URI],
      auth,
      assignments: everyone,
    },
    'resource-apps': {
      ...{ id: `product-${name}`, name, issuer, assignments: everyone },
      resources: [{ id: resourceOf(name), scopes }],
    },
    connections: {
      ...{ id: `connection-${name}`, app: `app-${name}`, resourceApp: `product-${name}`, status: 'active' },
      ...{ clientId: `client-${name}`, resources: [resourceOf(name)], scopes },
      assignments: { groups: [`group-${name}`] },
    },
  }
  for (const [collection, body] of Object.entries(objects))
    expect(await admin('POST', `/${collection}`, { body })).toMatchObject({ status: 201 })
}

async function cross(baseUrl: string, name: string): Promise<void> {
  const client = { id: `app-${name}`, secret: SECRET }
  const { idToken } = await signInFor(baseUrl, name, client)
  const granted = await exchange(baseUrl, idToken, { resource: resourceOf(name) }, client)
  const idJag = String(granted.body.access_token)
  expect(await redeem(baseUrl, idJag, {}, { id: `client-${name}`, secret: SECRET })).toMatchObject({
    status: 200,
  })
}

function change(admin: Admin, name: string): ReturnType<Admin> {
  const [path, body] = CHANGES[name] ?? ['', {}]
  if (path.startsWith('policies'))
    return admin('POST', '/policies', { body: { id: name, ...(body as object) } })
  if (body === 'delete both') return deleteWithConnection(admin, name)
  if (body === 'delete') return admin('DELETE', `/${path}-${name}`, { ifMatch: '*' })
  return admin('PATCH', `/${path}-${name}`, { body, ifMatch: '*' })
}

/** In one change, by a document */
async function deleteWithConnection(admin: Admin, name: string): ReturnType<Admin> {
  const { idp } = (await admin('GET', '/configuration?owner=database')).body.document
  const others = (objects: { readonly id: string }[]) => objects.filter(({ id }) => !id.endsWith(name))
  const document = {
    idp: { resourceApps: others(idp.resourceApps), connections: others(idp.connections) },
  }
  const body = { document, prune: true }
  const { etag: ifMatch } = await admin('POST', '/configuration/plan', { body })
  return admin('POST', '/configuration/apply', { body: { ...body, reason: 'no longer used' }, ifMatch })
}

async function listLive(admin: Admin): Promise<readonly string[]> {
  const { body } = await admin('GET', '/access-tokens?limit=200')
  return body.items.map(({ client }: { readonly client: string }) => client.replace('client-', '')).sort()
}

describeOnDatabases('on $name', (kind) => {
  it('a change revokes at once what a restart would revoke', async () => {
    const [port, database, key] = [await findFreePort(), await kind.create(), randomBytes(32).toString('hex')]
    const start = () => startTestServer({ file: buildFile, database, key, listen: { port } })
    const first = await start()
    const { baseUrl } = first
    const admin = adminOf(baseUrl)
    for (const name of NAMES) {
      await create(admin, `${baseUrl}/as/vendor`, name)
      await cross(baseUrl, name)
    }
    expect(await listLive(admin)).toEqual(NAMES.toSorted())
    for (const name of NAMES) {
      expect((await change(admin, name)).status, name).toBeLessThan(300)
      // Checked after each one, since a later change may check every token.
      expect((await listLive(admin)).includes(name), name).toBe(KEPT.includes(name))
    }
    expect(await listLive(admin)).toEqual(KEPT.toSorted())
    await first.stop()
    // The check of all tokens began when this one started, and has ended when it stops.
    await (await start()).stop()
    const third = await start()
    expect(await listLive(admin)).toEqual(KEPT.toSorted())
    await third.stop()
  })
})
