// Four-eyes principle: users who requested, defined or have access never decide about it, neither directly nor through
// a token they created, nor through a token created by such a token.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { type Admin, adminOf } from '../admin/admin.ts'
import { adminAs } from '../admin/console-user.ts'
import { AGENT, company, PASSWORD, TODO } from '../support/company.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
let admin: Admin
let bob: Admin
let alice: Admin

beforeAll(async () => {
  server = await startTestServer({
    file: (baseUrl) => {
      const file = company(baseUrl) as {
        admin: object
        idp: { connections: object[]; resourceApps: Record<string, unknown>[] }
      }
      file.idp.connections.shift()
      for (const resourceApp of file.idp.resourceApps) {
        resourceApp.assignments = { everyone: true }
        if (resourceApp.id === 'todo0') resourceApp.scopeMeanings = { 'todos.write': { needsApproval: true } }
      }
      const roles = {
        administrator: { users: ['usr_alice', 'usr_bob'], groups: ['bosses'] },
        reviewer: { users: [], groups: ['reviewers'] },
      }
      return { ...file, admin: { ...file.admin, roles } } as unknown as Record<string, unknown>
    },
  })
  admin = adminOf(server.baseUrl)
  bob = await adminAs(server.baseUrl, 'bob')
  alice = await adminAs(server.baseUrl, 'alice')
  const body = {
    id: 'agent0-todo0',
    app: AGENT.id,
    resourceApp: 'todo0',
    clientId: 'agent0-at-vendor',
    resources: [TODO],
    scopes: ['todos.read', 'todos.write'],
    assignments: { groups: ['engineering'] },
    status: 'active',
  }
  expect((await bob('POST', '/connections', { body })).status).toBe(201)
  const boss = { id: 'usr_boss', username: 'boss', password: PASSWORD, groups: ['bosses'] }
  expect((await bob('POST', '/users', { body: boss })).status).toBe(201)
})
afterAll(() => server.stop())

const withToken =
  (token: string): Admin =>
  (method, path, call = {}) =>
    admin(method, path, { ...call, token })

async function tokenOf(maker: Admin, role: string): Promise<{ readonly id: string; readonly call: Admin }> {
  const { status, body } = await maker('POST', '/tokens', { body: { name: role, role } })
  expect(status).toBe(201)
  return { id: body.id, call: withToken(body.token) }
}

/** All identities of bob: himself, his token, and a token created by that token. */
async function everyBob(role: string): Promise<readonly Admin[]> {
  const made = await tokenOf(bob, 'administrator')
  return [bob, (await tokenOf(bob, role)).call, (await tokenOf(made.call, role)).call]
}

/** Others: another administrator, and tokens of users who are not the requester. */
const others = async (role: string): Promise<readonly Admin[]> => [
  (await tokenOf(alice, role)).call,
  (await tokenOf(admin, role)).call,
]

const ask = async (caller: Admin) => {
  const body = { user: 'carol', app: AGENT.id, resourceApp: 'notes0', scopes: ['notes.read'], reason: 'x' }
  const answer = await caller('POST', '/access-requests', { body })
  expect(answer.status).toBe(201)
  return answer.body as { readonly id: string; readonly askedBy: string }
}

describe('an access request', () => {
  it('is never decided by the requester, through any of their tokens', async () => {
    const bobs = await everyBob('reviewer')
    const token = await tokenOf(bob, 'administrator')
    for (const asking of [bob, token.call])
      for (const answering of bobs) {
        const { id, askedBy } = await ask(asking)
        expect(askedBy).toBe('usr_bob')
        for (const verb of ['approve', 'decline']) {
          const { status, body } = await answering('POST', `/access-requests/${id}/${verb}`, {
            body: { reason: 'fine' },
          })
          expect({ status, detail: body.detail }).toEqual({
            status: 403,
            detail: 'Another user must decide: you requested it.',
          })
        }
        expect((await answering('GET', '/access-requests?mine=true')).body.items).toEqual([])
      }
  })

  it('stays theirs if the requesting token is revoked', async () => {
    const token = await tokenOf(bob, 'administrator')
    const { id } = await ask(token.call)
    expect((await bob('DELETE', `/tokens/${token.id}`)).status).toBe(204)
    const [own] = [await tokenOf(bob, 'reviewer')]
    expect((await own.call('POST', `/access-requests/${id}/approve`, { body: {} })).status).toBe(403)
  })

  it('is decided by others', async () => {
    for (const other of await others('reviewer')) {
      const { id } = await ask(bob)
      expect((await other('GET', '/access-requests?mine=true')).body.items).toContainEqual(
        expect.objectContaining({ id }),
      )
      const declined = await other('POST', `/access-requests/${id}/decline`, { body: { reason: 'no' } })
      expect(declined.status).toBe(200)
    }
  })
})

describe('a second account of the requester', () => {
  const account = (name: string) => ({
    ...{ id: `usr_${name}`, username: name, password: PASSWORD, groups: ['reviewers'] },
  })
  const change = (by: Admin, path: string, body: object) => by('PATCH', path, { body, ifMatch: '*' })
  const decide = (by: Admin, id: string, verb = 'approve') =>
    by('POST', `/access-requests/${id}/${verb}`, { body: { reason: 'fine' } })

  it('cannot decide a request that is older than the change of the account', async () => {
    const { id } = await ask(bob)
    expect((await bob('POST', '/users', { body: account('second') })).status).toBe(201)
    expect((await alice('POST', '/users', { body: account('eve') })).status).toBe(201)
    const [second, eve] = [await adminAs(server.baseUrl, 'second'), await adminAs(server.baseUrl, 'eve')]
    const detail = 'Another user must decide: usr_bob created your account after the request.'
    for (const verb of ['approve', 'decline'])
      expect(await decide(second, id, verb)).toMatchObject({ status: 403, body: { detail } })
    const isWaitingFor = async (caller: Admin) =>
      (await caller('GET', '/access-requests?mine=true')).body.items.some(
        (it: { id: string }) => it.id === id,
      )
    expect([await isWaitingFor(second), await isWaitingFor(eve)]).toEqual([false, true])
    const approved = await decide(eve, id)
    expect(approved).toMatchObject({ status: 200, body: { decidedBy: 'usr_eve' } })
    expect(approved.body).not.toHaveProperty('deciderChange')
  })

  it.each<[string, () => Promise<unknown>, string]>([
    [
      'changed its password',
      () => change(bob, '/users/usr_eve', { password: PASSWORD }),
      'changed your account',
    ],
    [
      'gave it the role by its group',
      async () => {
        await change(alice, '/users/usr_eve', { groups: [] })
        await bob('POST', '/groups', { body: { id: 'reviewers', members: ['usr_eve'] } })
      },
      'added you to reviewers',
    ],
  ])('is recognised if they %s', async (_, take, what) => {
    const { id } = await ask(bob)
    await take()
    const eve = await adminAs(server.baseUrl, 'eve')
    const refused = await decide(eve, id)
    expect([refused.status, refused.body.detail]).toEqual([
      403,
      `Another user must decide: usr_bob ${what} after the request.`,
    ])
    // Alice did not change it, so it may decide her request.
    expect((await decide(eve, (await ask(alice)).id)).status).toBe(200)
  })

  it('is recognised if they made it with another account of theirs', async () => {
    const { id } = await ask(bob)
    const third = { ...account('third'), groups: ['bosses'] }
    expect((await bob('POST', '/users', { body: third })).status).toBe(201)
    const by = await adminAs(server.baseUrl, 'third')
    expect((await by('POST', '/users', { body: account('fourth') })).status).toBe(201)
    const fourth = await adminAs(server.baseUrl, 'fourth')
    const detail =
      'Another user must decide: usr_bob created usr_third, who created your account after the request.'
    expect(await decide(fourth, id)).toMatchObject({ status: 403, body: { detail } })
    // Bob asked for this one after that.
    expect((await decide(fourth, (await ask(bob)).id)).status).toBe(200)
  })

  it('is named in record and audit log if the change is older', async () => {
    const { id } = await ask(bob)
    const { status, body } = await decide(await adminAs(server.baseUrl, 'second'), id)
    const deciderChange = { what: 'created', by: 'usr_bob', at: expect.any(String) }
    expect([status, body]).toEqual([200, expect.objectContaining({ decidedBy: 'usr_second', deciderChange })])
    const { items } = (await admin('GET', '/audit-events?log=admin&type=request.approved&limit=1')).body
    expect(items[0].change.request).toMatchObject({ deciderChange })
  })

  it('is not named if they only delegate', async () => {
    const path = `/access-requests/${(await ask(bob)).id}/delegate`
    const second = await adminAs(server.baseUrl, 'second')
    const { status, body } = await second('POST', path, { body: { to: 'alice' } })
    expect([status, body]).toEqual([200, expect.not.objectContaining({ deciderChange: expect.anything() })])
  })
})

describe('a grant without a request', () => {
  it('records that its user created the granting account', async () => {
    const body = { connection: 'agent0-notes0', user: 'bob', scopes: ['notes.read'], reason: 'x' }
    const [second, eve] = [await adminAs(server.baseUrl, 'boss'), alice]
    const given = await second('POST', '/access-grants', { body })
    expect([given.status, given.body.deciderChange]).toEqual([
      201,
      { what: 'created', by: 'usr_bob', at: expect.any(String) },
    ])
    const other = await eve('POST', '/access-grants', { body })
    expect([other.status, other.body.deciderChange]).toEqual([201, undefined])
  })
})

describe('an access review', () => {
  it('is never decided by the user who defined the connection, through any of their tokens', async () => {
    const opened = await alice('POST', '/reviews', { body: { name: 'Q4', reason: 'quarter' } })
    expect(opened.status).toBe(201)
    const at = `/reviews/${opened.body.id}/items/agent0-todo0/decide`
    const call = { body: { decision: 'keep', reason: 'needed' } }
    for (const one of await everyBob('reviewer')) {
      const { status, body } = await one('POST', at, call)
      expect({ status, detail: body.detail }).toEqual({
        status: 403,
        detail: 'Another user must review this: you defined this connection.',
      })
    }
    // Nor by an account that he created since.
    const boss = await adminAs(server.baseUrl, 'boss')
    const why = 'usr_bob created your account after defining this connection'
    expect(await boss('POST', at, call)).toMatchObject({
      status: 403,
      body: { detail: `Another user must review this: ${why}.` },
    })
    // So the list does not offer it to them.
    const waiting = async (query: string) =>
      (await boss('GET', `/review-items?review=${opened.body.id}${query}`)).body.items.filter(
        (it: { item: { connection: string } }) => it.item.connection === 'agent0-todo0',
      )
    expect(await waiting('')).toMatchObject([{ own: why }])
    expect(await waiting('&mine=true')).toEqual([])
    // Alice has the access herself, so her token may not decide either.
    const { body } = await (await tokenOf(alice, 'reviewer')).call('POST', at, call)
    expect(body.detail).toBe('Another user must review this: you have this access yourself.')
    const decided = await (await tokenOf(admin, 'reviewer')).call('POST', at, call)
    expect(decided.status).toBe(200)
  })
})

describe('the approval of a scope', () => {
  it('is never given by the user who defined the connection, through any of their tokens', async () => {
    const at = '/connections/agent0-todo0/approve-scopes'
    const ifMatch = (await admin('GET', '/connections/agent0-todo0')).etag
    const call = { ifMatch, body: { scopes: ['todos.write'], reason: 'agreed' } }
    for (const one of await everyBob('administrator')) {
      const { status, body } = await one('POST', at, call)
      expect({ status, detail: body.detail }).toEqual({
        status: 403,
        detail: 'Another user must approve: you defined this connection.',
      })
    }
    expect((await (await tokenOf(admin, 'administrator')).call('POST', at, call)).status).toBe(200)
  })

  it('is not given by an account that this user has created since', async () => {
    const call = async () => ({
      ifMatch: (await admin('GET', '/connections/agent0-todo0')).etag ?? '',
      body: { scopes: ['todos.write'], reason: 'agreed' },
    })
    const at = '/connections/agent0-todo0/approve-scopes'
    const boss = await adminAs(server.baseUrl, 'boss')
    expect(await boss('POST', at, await call())).toMatchObject({
      status: 403,
      body: {
        detail: 'Another user must approve: usr_bob created your account after defining this connection.',
      },
    })
  })

  it('is not given by a grant or a request for one user either', async () => {
    const revoke = { body: { scopes: ['todos.write'], reason: 'again' } }
    expect((await admin('POST', '/connections/agent0-todo0/revoke-approvals', revoke)).status).toBe(200)
    const body = { connection: 'agent0-todo0', user: 'carol', scopes: ['todos.write'], reason: 'x' }
    for (const one of await everyBob('administrator'))
      expect(await one('POST', '/access-grants', { body })).toMatchObject({
        status: 403,
        body: {
          detail:
            'Another user must grant this: todos.write needs approval, and you defined this connection.',
        },
      })
    expect(await (await adminAs(server.baseUrl, 'boss'))('POST', '/access-grants', { body })).toMatchObject({
      status: 403,
      body: {
        detail:
          'Another user must grant this: todos.write needs approval, and usr_bob created your account after defining this connection.',
      },
    })
    const asked = {
      user: 'carol',
      app: AGENT.id,
      resourceApp: 'todo0',
      scopes: ['todos.read', 'todos.write'],
    }
    const { id } = (await alice('POST', '/access-requests', { body: { ...asked, reason: 'x' } })).body
    const approve = (scopes: readonly string[]) => ({ body: { scopes, reason: 'fine' } })
    const path = `/access-requests/${id}/approve`
    expect((await bob('POST', path, approve(['todos.write']))).status).toBe(403)
    expect((await bob('POST', path, approve(['todos.read']))).status).toBe(200)
    const free = { body: { ...body, scopes: ['todos.read'] } }
    expect((await bob('POST', '/access-grants', free)).status).toBe(201)
    expect((await alice('POST', '/access-grants', { body })).status).toBe(201)
  })

  it('is not given by this user after another one has edited the connection', async () => {
    const path = '/connections/agent0-todo0'
    const edit = async (by: Admin, body: object) => {
      const { etag: ifMatch } = await admin('GET', path)
      expect((await by('PATCH', path, { ifMatch, body })).status).toBe(200)
    }
    const approve = async () => {
      const { etag: ifMatch } = await admin('GET', path)
      const body = { scopes: ['todos.write'], reason: 'agreed' }
      return bob('POST', `${path}/approve-scopes`, { ifMatch, body })
    }
    await edit(alice, { expiresAt: '2099-01-01T00:00:00Z' })
    expect(await approve()).toMatchObject({
      status: 403,
      body: { detail: 'Another user must approve: you defined this connection.' },
    })
    const boss = await adminAs(server.baseUrl, 'boss')
    await edit(boss, { scopes: ['todos.read'] })
    await edit(boss, { scopes: ['todos.read', 'todos.write'] })
    expect(await approve()).toMatchObject({
      status: 403,
      body: {
        detail: 'Another user must approve: usr_bob created usr_boss, who defined this connection.',
      },
    })
    // Now the user who added the scope is independent of Bob.
    await edit(alice, { scopes: ['todos.read'] })
    await edit(alice, { scopes: ['todos.read', 'todos.write'] })
    expect((await approve()).status).toBe(200)
  })
})

describe('the end of a block', () => {
  it('is limited to the security responder who set it, through any of their tokens', async () => {
    const [mine, also] = [await tokenOf(bob, 'security-responder'), await tokenOf(bob, 'security-responder')]
    const other = await tokenOf(alice, 'security-responder')
    const set = await mine.call('POST', '/blocks', {
      body: { kind: 'user', target: 'usr_carol', reason: 'x' },
    })
    expect(set.body).toMatchObject({ by: 'usr_bob' })
    const at = `/blocks/${set.body.id}`
    expect((await other.call('DELETE', at)).status).toBe(403)
    expect((await also.call('DELETE', at)).status).toBe(204)
  })
})

it('the audit log names the token through which a user acted', async () => {
  const token = await tokenOf(bob, 'administrator')
  await ask(token.call)
  const { body } = await admin('GET', '/audit-events?log=admin&type=request.opened&limit=1')
  expect(body.items[0]).toMatchObject({
    actor: { kind: 'admin', id: token.id },
    source: { principal: 'usr_bob' },
  })
})

it('a recommendation that a user mutes with a token, and a log that is held with one, name the user', async () => {
  const { call } = await tokenOf(bob, 'administrator')
  const [found] = (await call('GET', '/recommendations')).body.items
  const until = new Date(Date.now() + 60_000).toISOString()
  const body = { until, reason: 'known', falseAlarm: false }
  const muted = await call('POST', `/recommendations/${String(found.id)}/mute`, { body })
  expect(muted.body.muted).toMatchObject({ by: 'usr_bob' })
  const held = await call('POST', '/audit-retention/hold', { body: { reason: 'case 7' } })
  expect(held.body.hold).toMatchObject({ by: 'usr_bob' })
  expect((await admin('POST', '/audit-retention/release', { body: { reason: 'over' } })).status).toBe(200)
})
