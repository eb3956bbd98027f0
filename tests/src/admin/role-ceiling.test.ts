// No caller can grant or edit a role above their own. Tries every write route of the admin API with every role, in every way that
// would create an owner or take one over. The same attempt by an owner succeeds.
import { ROLES, type Role, type Route, type RouteName, ROUTES } from '@crosswalk/admin-api'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { company } from '../support/company.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { type Admin, type AdminCall, adminOf } from './admin.ts'
import { adminAs } from './console-user.ts'

const PASSWORD = 'chosen by the administrator'

let server: TestServer
let admin: Admin
const tokens = new Map<Role, string>()

beforeAll(async () => {
  server = await startTestServer({
    file: (baseUrl) => {
      const file = company(baseUrl)
      const roles = {
        owner: { users: ['usr_alice'], groups: ['owners', 'chiefs'] },
        administrator: { users: ['usr_bob'], groups: ['admins'] },
      }
      return { ...file, admin: { ...(file['admin'] as object), roles } }
    },
  })
  admin = adminOf(server.baseUrl)
  for (const role of ROLES) {
    const apps = role === 'app-owner' || role === 'developer' ? { apps: ['agent0'] } : {}
    const { body } = await admin('POST', '/tokens', { body: { name: role, role, ...apps } })
    tokens.set(role, body.token)
  }
})
afterAll(() => server.stop())

interface Attempt extends AdminCall {
  readonly method: string
  readonly path: string
}

let count = 0
const fresh = (name: string) => `${name}${(count += 1)}`

/** A database user, created by an owner. */
async function make(groups: readonly string[], more: object = {}) {
  const username = fresh('person')
  const id = `usr_${username}`
  const { status, etag, body } = await admin('POST', '/users', { body: { id, username, groups, ...more } })
  expect(status).toBe(201)
  return { id, username, ifMatch: etag, revision: body.revision as number, path: `/users/${id}` }
}

async function makeGroup(id: string, members: readonly string[]) {
  await removeGroup(id)
  const { status, etag, body } = await admin('POST', '/groups', { body: { id, members } })
  expect(status).toBe(201)
  return { ifMatch: etag, revision: body.revision as number, path: `/groups/${id}` }
}

/** The current ETag. */
const etagOf = async (path: string) => (await admin('GET', path)).etag
const removeGroup = async (id: string) =>
  admin('DELETE', `/groups/${id}`, { ifMatch: await etagOf(`/groups/${id}`) })

async function plan(document: object, prune = false): Promise<Attempt> {
  const body = { document, prune }
  const { status, etag } = await admin('POST', '/configuration/plan', { body })
  expect(status).toBe(200)
  return {
    method: 'POST',
    path: '/configuration/apply',
    ifMatch: etag,
    body: { ...body, reason: 'tried' },
  }
}

/** By route: the attempt, prepared by an owner. */
const ATTEMPTS: Partial<Record<RouteName, Readonly<Record<string, () => Promise<Attempt>>>>> = {
  'users.create': {
    'a user in a group of owners': async () => {
      const username = fresh('evil')
      return { method: 'POST', path: '/users', body: { username, groups: ['owners'], password: PASSWORD } }
    },
    'an inactive owner, to be activated later': async () => {
      const username = fresh('evil')
      return { method: 'POST', path: '/users', body: { username, groups: ['owners'], active: false } }
    },
  },
  'users.change': {
    'membership of a group of owners': async () => {
      const { path, ifMatch } = await make(['sales'])
      return { method: 'PATCH', path, ifMatch, body: { groups: ['sales', 'owners'] } }
    },
    'the password of an owner': async () => {
      const { path, ifMatch } = await make(['owners'])
      return { method: 'PATCH', path, ifMatch, body: { password: PASSWORD } }
    },
    'the password of an inactive owner': async () => {
      const { path, ifMatch } = await make(['owners'], { active: false })
      return { method: 'PATCH', path, ifMatch, body: { password: PASSWORD } }
    },
    'the user name of an owner': async () => {
      const { path, ifMatch } = await make(['owners'])
      return { method: 'PATCH', path, ifMatch, body: { username: fresh('evil') } }
    },
    'deactivation of an owner': async () => {
      const { path, ifMatch } = await make(['owners'])
      return { method: 'PATCH', path, ifMatch, body: { active: false } }
    },
    'an owner who leaves the group': async () => {
      const { path, ifMatch } = await make(['owners'])
      return { method: 'PATCH', path, ifMatch, body: { groups: [] } }
    },
    'the password of a user in a group of owners from the side of the group': async () => {
      const { id, path } = await make([])
      await makeGroup('owners', [id])
      return { method: 'PATCH', path, ifMatch: await etagOf(path), body: { password: PASSWORD } }
    },
  },
  'users.replace': {
    'membership of a group of owners': async () => {
      const { path, ifMatch, username } = await make(['sales'])
      return { method: 'PUT', path, ifMatch, body: { username, groups: ['owners'] } }
    },
    'the password of an owner': async () => {
      const { path, ifMatch, username } = await make(['owners'])
      return { method: 'PUT', path, ifMatch, body: { username, groups: ['owners'], password: PASSWORD } }
    },
  },
  'users.delete': {
    'an owner': async () => {
      const { path, ifMatch } = await make(['owners'])
      return { method: 'DELETE', path, ifMatch }
    },
  },
  'users.restore': {
    'a revision in which a user was an owner': async () => {
      const { path, ifMatch, revision } = await make(['owners'])
      expect((await admin('PATCH', path, { ifMatch, body: { groups: [] } })).status).toBe(200)
      return { method: 'POST', path: `${path}/restore`, body: { revision } }
    },
    'an owner who was deleted': async () => {
      const { path, ifMatch, revision } = await make(['owners'])
      expect((await admin('DELETE', path, { ifMatch })).status).toBe(204)
      return { method: 'POST', path: `${path}/restore`, body: { revision } }
    },
  },
  'users.resetFactors': {
    'the second factors of an owner': async () => {
      const { path } = await make(['owners'])
      return { method: 'POST', path: `${path}/reset-factors`, body: { reason: 'lost' } }
    },
    'the second factors of an owner of the file': async () => ({
      method: 'POST',
      path: '/users/usr_alice/reset-factors',
      body: { reason: 'lost' },
    }),
  },
  'users.resume': {
    'an owner who is suspended': async () => {
      const { path } = await make(['owners'])
      expect((await admin('POST', `${path}/suspend`, { body: { reason: 'stolen' } })).status).toBe(200)
      return { method: 'POST', path: `${path}/resume`, body: {} }
    },
  },
  'groups.create': {
    'a group of owners with a member': async () => {
      const { id } = await make([])
      await removeGroup('chiefs')
      return { method: 'POST', path: '/groups', body: { id: 'chiefs', members: [id] } }
    },
    'a group of owners with a user of the file': async () => {
      await removeGroup('chiefs')
      return { method: 'POST', path: '/groups', body: { id: 'chiefs', members: ['usr_bob'] } }
    },
  },
  'groups.change': {
    'a member more': async () => {
      const [{ id }, group] = [await make([]), await makeGroup('chiefs', [])]
      return { method: 'PATCH', ...group, body: { members: [id] } }
    },
    'a member less': async () => {
      const group = await makeGroup('chiefs', [(await make([])).id])
      return { method: 'PATCH', ...group, body: { members: [] } }
    },
  },
  'groups.replace': {
    'a member more': async () => {
      const [{ id }, group] = [await make([]), await makeGroup('chiefs', [])]
      return { method: 'PUT', ...group, body: { members: [id] } }
    },
  },
  'groups.delete': {
    'a group of owners with a member': async () => {
      const group = await makeGroup('chiefs', [(await make([])).id])
      return { method: 'DELETE', ...group }
    },
  },
  'groups.restore': {
    'a revision with a member more': async () => {
      const { path, ifMatch, revision } = await makeGroup('chiefs', [(await make([])).id])
      expect((await admin('PATCH', path, { ifMatch, body: { members: [] } })).status).toBe(200)
      return { method: 'POST', path: `${path}/restore`, body: { revision } }
    },
  },
  'configuration.apply': {
    'a user in a group of owners': async () =>
      plan({ idp: { users: [{ id: fresh('usr_evil'), username: fresh('evil'), groups: ['owners'] }] } }),
    'a group of owners with a member': async () => {
      const { id } = await make([])
      await removeGroup('chiefs')
      return plan({ idp: { groups: [{ id: 'chiefs', members: [id] }] } })
    },
    'an owner who is left out and pruned': async () => {
      await makeGroup('chiefs', [(await make([])).id])
      return plan({ idp: { groups: [] } }, true)
    },
  },
  'tokens.create': {
    'a token of an owner': async () => ({
      method: 'POST',
      path: '/tokens',
      body: { name: 'x', role: 'owner' },
    }),
  },
  'tokens.revoke': {
    'a token of an owner': async () => {
      const { body } = await admin('POST', '/tokens', { body: { name: 'x', role: 'owner' } })
      return { method: 'DELETE', path: `/tokens/${body.id}` }
    },
  },
}

/** Current roles, by user and by token. */
async function listRoles(): Promise<Readonly<Record<string, unknown>>> {
  const people = server.running.configuration.idp?.users ?? []
  const made = (await admin('GET', '/users?owner=database&limit=200')).body.items as { id: string }[]
  const roles = new Map<string, unknown>()
  for (const { id } of [...people, ...made])
    roles.set(id, (await admin('GET', `/admin-roles/${id}`)).body.role)
  const { items } = (await admin('GET', '/tokens?limit=200')).body
  for (const { id, role } of items as { id: string; role: string }[]) roles.set(id, role)
  return Object.fromEntries(roles)
}

const EVERY = Object.entries(ATTEMPTS).flatMap(([route, attempts]) =>
  Object.entries(attempts).map(([what, prepare]) => [route as RouteName, what, prepare] as const),
)

it.each(EVERY)(
  '%s: %s is refused to every role below owner, and done for an owner',
  async (route, _, prepare) => {
    const { method, path, ...call } = await prepare()
    const before = await listRoles()
    for (const role of ROLES.filter((one) => one !== 'owner')) {
      const { status, body } = await admin(method, path, { ...call, token: tokens.get(role) ?? '' })
      const mayCall = (ROUTES[route] as Route).roles.includes(role)
      expect({ role, status, detail: body.detail }).toEqual({
        role,
        status: 403,
        detail: mayCall
          ? expect.stringMatching(/role owner, which is above yours|may not grant or revoke the role owner/)
          : expect.stringMatching(/may not do this/),
      })
    }
    expect(await listRoles()).toEqual(before)
    const { status, body } = await admin(method, path, { ...call, token: tokens.get('owner') ?? '' })
    expect(status, JSON.stringify(body)).toBeLessThan(300)
  },
)

it('tries every route that writes users, groups, tokens or whole documents', () => {
  const about = /^(users|groups|tokens|configuration)\./
  const changing = Object.entries<Route>(ROUTES)
    .filter(([name, { method }]) => method !== 'GET' && about.test(name))
    .map(([name]) => name)
  // A plan changes nothing, and suspending is not an edit: a security responder may suspend an owner.
  const harmless = ['configuration.plan', 'users.suspend']
  expect(changing.filter((name) => !harmless.includes(name)).sort()).toEqual(Object.keys(ATTEMPTS).sort())
})

it('never raises a role by any write route, whatever the body contains', async () => {
  const [owner, other] = [await make(['owners']), await make([])]
  await makeGroup('chiefs', [owner.id])
  const before = await listRoles()
  const body = { groups: ['owners'], members: [other.id], role: 'owner', active: true, reason: 'tried' }
  for (const [role, token] of [...tokens].filter(([name]) => name !== 'owner')) {
    const mine = Object.values<Route>(ROUTES).filter(
      ({ method, roles }) => method !== 'GET' && roles.includes(role),
    )
    for (const { method, path, conditional } of mine) {
      const at = path.replaceAll(/\{\w+\}/g, path.startsWith('/groups') ? 'chiefs' : other.id)
      const ifMatch = conditional === 'change' ? (await etagOf(at)) || '"none"' : '"none"'
      const { status } = await admin(method, at, { token, body, ifMatch })
      expect({ role, at, fault: status >= 500 }).toEqual({ role, at, fault: false })
    }
  }
  const after = await listRoles()
  for (const [id, role] of Object.entries(after)) if (!(id in before)) expect(role).not.toBe('owner')
  for (const [id, role] of Object.entries(before)) if (role !== 'owner') expect(after[id]).not.toBe('owner')
})

it('denies the same to an administrator signed in to the console', async () => {
  const bob = await adminAs(server.baseUrl, 'bob')
  const attempt = { body: { username: fresh('evil'), groups: ['owners'], password: PASSWORD } }
  expect((await bob('POST', '/users', attempt)).status).toBe(403)
  const alice = await adminAs(server.baseUrl, 'alice')
  expect((await alice('POST', '/users', attempt)).status).toBe(201)
})

it('lets an administrator manage users at and below their own role', async () => {
  const token = tokens.get('administrator') ?? ''
  const username = fresh('colleague')
  const made = await admin('POST', '/users', { token, body: { username, groups: ['admins'] } })
  expect(made.status).toBe(201)
  const { path, ifMatch } = { path: `/users/${made.body.id}`, ifMatch: made.etag }
  const changed = await admin('PATCH', path, { token, ifMatch, body: { password: PASSWORD } })
  expect(changed.status).toBe(200)
  expect((await admin('POST', `${path}/suspend`, { token, body: {} })).status).toBe(200)
  expect((await admin('POST', `${path}/resume`, { token, body: {} })).status).toBe(200)
  expect((await admin('DELETE', path, { token, ifMatch: await etagOf(path) })).status).toBe(204)
})

it('lets every role that may suspend users suspend an owner, whom only an owner can resume', async () => {
  const { path } = await make(['owners'])
  const stop = (role: Role) =>
    admin('POST', `${path}/suspend`, { token: tokens.get(role) ?? '', body: { reason: 'stolen' } })
  expect((await stop('security-responder')).status).toBe(200)
  const resume = (role: Role) => admin('POST', `${path}/resume`, { token: tokens.get(role) ?? '', body: {} })
  expect((await resume('administrator')).status).toBe(403)
  expect((await resume('owner')).status).toBe(200)
})

it('lets every role that may block users block an owner, and only that user or an owner lift the block', async () => {
  const { id: target } = await make(['owners'])
  const call = (role: Role, method: string, path: string, body?: object) =>
    admin(method, path, { token: tokens.get(role) ?? '', ...(body && { body }) })
  const block = async (role: Role, kill: boolean) => {
    const reason = 'compromised'
    const answer = await (kill
      ? call(role, 'POST', '/kill', { target: { kind: 'user', id: target }, reason })
      : call(role, 'POST', '/blocks', { kind: 'user', target, reason }))
    expect(answer.status).toBeLessThan(300)
    const { id } = answer.body
    return (by: Role) =>
      kill ? call(by, 'POST', `/kill/${id}/lift`, { reason }) : call(by, 'DELETE', `/blocks/${id}`)
  }
  for (const kill of [false, true]) {
    const done = kill ? 200 : 204
    const end = await block('owner', kill)
    for (const by of ['administrator', 'security-responder'] as const)
      expect((await end(by)).status).toBe(403)
    expect((await end('owner')).status).toBe(done)
    for (const by of ['administrator', 'security-responder'] as const)
      expect((await (await block(by, kill))(by)).status).toBe(done)
  }
})
