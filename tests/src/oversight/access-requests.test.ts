// Access requests and the effect of their decisions; and signing keys.
import { openStorage } from '@crosswalk/storage'
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { type Admin, adminOf } from '../admin/admin.ts'
import { adminAs } from '../admin/console-user.ts'
import { AGENT, company, NOTES, TODO } from '../support/company.ts'
import { type Answer, exchange, redeem, signInFor } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
let admin: Admin
let nowMs = Date.now()

beforeAll(async () => {
  server = await startTestServer({
    clock: { nowMs: () => nowMs },
    file: (baseUrl) => {
      const file = company(baseUrl) as {
        idp: { connections: object[]; resourceApps: Record<string, unknown>[] }
      }
      // The connection to Todo0 is in the database, the one to Notes0 in the file; both resource apps are for engineers.
      file.idp.connections.shift()
      for (const resourceApp of file.idp.resourceApps) resourceApp.assignments = { groups: ['engineering'] }
      return file as unknown as Record<string, unknown>
    },
  })
  admin = adminOf(server.baseUrl)
  const { status } = await admin('POST', '/connections', {
    body: {
      id: 'agent0-todo0',
      app: AGENT.id,
      resourceApp: 'todo0',
      clientId: 'agent0-at-vendor',
      resources: [TODO],
      scopes: ['todos.read'],
      status: 'active',
    },
  })
  expect(status).toBe(201)
})
afterAll(() => server.stop())

const ask = (change: Readonly<Record<string, unknown>> = {}, token?: string) =>
  admin('POST', '/access-requests', {
    body: {
      user: 'bob',
      app: AGENT.id,
      resourceApp: 'todo0',
      scopes: ['todos.read', 'todos.write'],
      reason: 'I plan the sprint',
      ...change,
    },
    ...(token === undefined ? {} : { token }),
  })

const decide = (id: string, verb: 'approve' | 'decline', body: object = {}, token?: string) =>
  admin('POST', `/access-requests/${id}/${verb}`, { body, ...(token === undefined ? {} : { token }) })

const readConnection = async () => (await admin('GET', '/connections/agent0-todo0')).body

const ERINS_API = {
  ...{ id: 'erins-api', name: 'API of Erin', issuer: 'https://as.erin.example' },
  resources: [{ id: 'https://erin.example', scopes: ['read'] }],
}
const NO_ONE = { everyone: false, users: [], groups: [] }

async function readUserCheck({ headers }: Answer) {
  const { body } = await admin('GET', `/decisions/${headers.get('crosswalk-decision') ?? ''}`)
  return body.checks.find(({ id }: { id: string }) => id === 'people.connection') as unknown
}

async function exchangeFor(username: string) {
  const { idToken } = await signInFor(server.baseUrl, username)
  return exchange(server.baseUrl, idToken, { resource: TODO })
}

describe('a request for access', () => {
  it('turns a denial into a grant once approved, and shows requester and approver', async () => {
    const before = await readConnection()
    const refused = await exchangeFor('bob')
    expect(refused.body.error).toBe('access_denied')
    expect(await readUserCheck(refused)).toMatchObject({ code: 'XAA1503' })
    const { status, body } = await ask()
    expect([status, body.state, body.user]).toEqual([201, 'open', 'usr_bob'])
    // The record says that a request is pending; the app gets the same response as before.
    const waiting = await exchangeFor('bob')
    expect([waiting.status, waiting.body]).toEqual([refused.status, refused.body])
    expect(await readUserCheck(waiting)).toMatchObject({ code: 'XAA1802', ref: body.id })
    expect((await exchangeFor('carol')).status).toBe(400)
    const approved = await decide(body.id, 'approve', { reason: 'agreed' })
    expect(approved.body).toMatchObject({
      state: 'approved',
      decidedBy: 'admin',
      granted: { connection: 'agent0-todo0', scopes: ['todos.read', 'todos.write'] },
      check: { outcome: 'allow', code: 'XAA0000' },
    })
    // No definition changed.
    expect(before).toMatchObject({ assignments: NO_ONE, scopes: ['todos.read'] })
    expect((await readConnection()).revision).toBe(before.revision)
    expect((await exchangeFor('bob')).body.scope).toBe('todos.read todos.write')
    const events = await admin('GET', '/audit-events?log=admin&type=request.opened,request.approved')
    expect(events.body.items).toMatchObject([
      { type: 'request.approved', delegation: { connection: 'agent0-todo0' } },
      { type: 'request.opened' },
    ])
    expect((await decide(body.id, 'approve')).status).toBe(409)
  })

  it('can be approved for less, never for more', async () => {
    const { body } = await ask({ user: 'carol' })
    expect((await decide(body.id, 'approve', { scopes: ['todos.read', 'notes.read'] })).status).toBe(400)
    expect((await exchangeFor('carol')).status).toBe(400)
    const approved = await decide(body.id, 'approve', { scopes: ['todos.read'] })
    expect(approved.body).toMatchObject({
      granted: { scopes: ['todos.read'] },
      check: { outcome: 'allow' },
    })
    expect((await exchangeFor('carol')).body.scope).toBe('todos.read')
    // Other users of the connection keep their access.
    expect((await exchangeFor('bob')).body.scope).toBe('todos.read todos.write')
    const events = await admin('GET', '/audit-events?type=request.narrowed')
    expect(events.body.items).toHaveLength(1)
  })

  it('is declined with a reason, and changes nothing', async () => {
    const before = await readConnection()
    const { body } = await ask({ user: 'alice' })
    expect((await decide(body.id, 'decline')).status).toBe(400)
    const mine = async (role: string) => {
      const { token } = (await admin('POST', '/tokens', { body: { name: role, role } })).body
      return (await admin('GET', '/access-requests?mine=true', { token })).body.items
    }
    expect(await mine('reviewer')).toMatchObject([{ id: body.id }])
    expect(await mine('auditor')).toEqual([])
    expect(await readUserCheck(await exchangeFor('alice'))).toMatchObject({ code: 'XAA1802' })
    const declined = await decide(body.id, 'decline', { reason: 'not needed' })
    expect(await readUserCheck(await exchangeFor('alice'))).toMatchObject({ code: 'XAA1503' })
    expect(declined.body).toMatchObject({ state: 'declined', decisionReason: 'not needed' })
    expect(await readConnection()).toEqual(before)
    const list = await admin('GET', '/access-requests?state=declined')
    expect(list.body.items).toEqual([declined.body])
    const named = await admin('GET', `/access-requests?ids=none%0A${body.id}`)
    expect(named.body.items).toEqual([declined.body])
  })

  it('bounds its tokens: none outlives the approval, and none is issued afterwards', async () => {
    const { body } = await ask({ user: 'alice' })
    const untilMs = Math.floor(nowMs / 1000) * 1000 + 60_000
    const until = new Date(untilMs).toISOString()
    expect((await decide(body.id, 'approve', { until: '2020-01-01T00:00:00Z' })).status).toBe(400)
    const approved = await decide(body.id, 'approve', { until })
    expect(approved.status).toBe(200)
    const { idToken } = await signInFor(server.baseUrl, 'alice')
    const reach = () => exchange(server.baseUrl, idToken, { resource: TODO })
    const idJag = String((await reach()).body.access_token)
    expect(decodeJwt(idJag)).toMatchObject({ exp: untilMs / 1000, session_expiry: untilMs / 1000 })
    const token = await redeem(server.baseUrl, idJag)
    const left = Number(token.body.expires_in)
    expect(Math.floor(nowMs / 1000) + left).toBe(untilMs / 1000)
    // The last second, and the first one after.
    nowMs = untilMs - 1
    const last = String((await reach()).body.access_token)
    expect(decodeJwt(last).exp).toBe(untilMs / 1000)
    nowMs = untilMs
    // An ID-JAG may arrive late by the clock skew, but the access it grants has ended anyway.
    expect((await redeem(server.baseUrl, last)).body.error).toBe('invalid_grant')
    expect((await reach()).body.error).toBe('access_denied')
    const grant = `/access-grants/${approved.body.granted.grant}`
    expect((await admin('GET', grant)).body).toMatchObject({ active: false, state: 'ended' })
    await expect
      .poll(async () => (await admin('GET', `/access-requests/${body.id}`)).body.state, { timeout: 15_000 })
      .toBe('ended')
    const ended = (await admin('GET', '/audit-events?type=access_grant.ended')).body.items
    expect(ended).toMatchObject([{ target: { id: approved.body.granted.grant }, actor: { id: 'system' } }])
    // Bob's approval is separate.
    expect((await exchangeFor('bob')).body.scope).toBe('todos.read todos.write')
  }, 30_000)

  it('works for a connection of the configuration file, and only for this user', async () => {
    const { body } = await ask({ user: 'bob', resourceApp: 'notes0', scopes: ['notes.write'] })
    const notes = async (username: string) => {
      const { idToken } = await signInFor(server.baseUrl, username)
      return (await exchange(server.baseUrl, idToken, { resource: NOTES })).body
    }
    expect((await notes('bob')).error).toBe('access_denied')
    const before = (await admin('GET', '/connections/agent0-notes0')).body
    expect(before.owner).toBe('file')
    expect((await decide(body.id, 'approve')).body.check).toMatchObject({ outcome: 'allow' })
    expect((await notes('bob')).scope).toBe('notes.write')
    expect((await notes('alice')).scope).toBe('notes.read')
    expect((await admin('GET', '/connections/agent0-notes0')).body).toEqual(before)
  })

  it.each([
    ['an unknown user', { user: 'nobody' }, '/user'],
    ['an unknown app', { app: 'nobody' }, '/app'],
    ['an unknown resource app', { resourceApp: 'nobody' }, '/resourceApp'],
    ['no scope', { scopes: [] }, '/scopes'],
    ['a scope that the resource app does not have', { scopes: ['todos.read', 'todos.raed'] }, '/scopes'],
  ])('with %s is rejected', async (_, change, path) => {
    const { status, body } = await ask(change)
    expect([status, body.errors[0].path]).toEqual([400, path])
  })

  it('without a connection cannot be approved, with the reason', async () => {
    const { body } = await ask({ app: 'other' })
    expect((await decide(body.id, 'approve')).body.detail).toMatch(
      /There is no connection from other to todo0/,
    )
  })

  it.each([
    ['its user', 'users', { id: 'usr_erin', username: 'erin' }, { user: 'erin' }],
    [
      'its app',
      'apps',
      { id: 'erins-agent', name: 'Agent of Erin', kind: 'agent', auth: { method: 'none' } },
      { app: 'erins-agent' },
    ],
    ['its resource app', 'resource-apps', ERINS_API, { resourceApp: 'erins-api', scopes: ['read'] }],
  ])('expires with %s, and stays expired once that is restored', async (_, collection, object, about) => {
    const made = await admin('POST', `/${collection}`, { body: object })
    const [request, kept] = [await ask(about), await ask({ user: 'dave' })]
    const stateOf = async ({ body }: typeof request) =>
      (await admin('GET', `/access-requests/${body.id}`)).body.state
    expect([made.status, request.status, await stateOf(request)]).toEqual([201, 201, 'open'])
    const path = `/${collection}/${made.body.id}`
    expect((await admin('DELETE', path, { ifMatch: '*' })).status).toBe(204)
    expect([await stateOf(request), await stateOf(kept)]).toEqual(['expired', 'open'])
    const { items } = (await admin('GET', `/audit-events?type=request.expired`)).body
    expect(items[0]).toMatchObject({ target: { id: request.body.id }, actor: { kind: 'admin' } })
    await admin('POST', `${path}/restore`, { body: { revision: made.body.revision } })
    expect((await admin('GET', path)).status).toBe(200)
    expect((await decide(request.body.id, 'approve')).status).toBe(409)
    expect((await decide(kept.body.id, 'decline', { reason: 'done' })).status).toBe(200)
  })

  it('must be decided by another user', async () => {
    const tokenOf = async (role: string) =>
      String((await admin('POST', '/tokens', { body: { name: role, role } })).body.token)
    const [one, other, helpdesk] = [
      await tokenOf('reviewer'),
      await tokenOf('reviewer'),
      await tokenOf('helpdesk'),
    ]
    const { body } = await ask({ user: 'alice' }, one)
    expect((await decide(body.id, 'approve', {}, one)).status).toBe(403)
    expect((await decide(body.id, 'approve', {}, helpdesk)).status).toBe(403)
    expect((await decide(body.id, 'decline', { reason: 'no' }, other)).status).toBe(200)
  })

  it('is explained when those who may decide it ask, and only then', async () => {
    const tokenOf = async (role: string) =>
      String((await admin('POST', '/tokens', { body: { name: role, role } })).body.token)
    const [asking, approver] = [await tokenOf('helpdesk'), await tokenOf('reviewer')]
    const { body } = await ask({ user: 'dave' }, asking)
    const path = `/access-requests/${body.id}`
    const comment = (text: string, token: string, more: object = {}) =>
      admin('POST', `${path}/comments`, { body: { text }, token, ...more })
    const { etag: before } = await admin('GET', path)
    expect(await comment('because', asking)).toMatchObject({
      status: 409,
      body: { detail: 'There is no open question to answer.' },
    })
    expect((await comment('why not?', await tokenOf('helpdesk'))).status).toBe(403)
    for (let n = 1; n <= 10; n += 1) expect((await comment(`Question ${n}?`, approver)).status).toBe(200)
    expect(await comment('Question 11?', approver)).toMatchObject({
      status: 409,
      body: { detail: '10 questions have been asked. Approve or decline the request.' },
    })
    const answered = await comment('For the sprint.', asking)
    expect([answered.status, answered.body.comments]).toMatchObject([
      200,
      [
        ...Array.from({ length: 10 }, (_, n) => ({ text: `Question ${n + 1}?` })),
        { text: 'For the sprint.' },
      ],
    ])
    expect((await comment('And more.', asking)).status).toBe(409)
    // What was read before the answer is outdated.
    const outdated = { body: { reason: 'no' }, ifMatch: before }
    expect((await admin('POST', `${path}/decline`, outdated)).status).toBe(412)
    const events = (await admin('GET', '/audit-events?log=admin&type=request.commented')).body.items
    expect(events).toHaveLength(11)
    expect(events[0]).toMatchObject({ target: { kind: 'access_request', id: body.id } })
    expect((await decide(body.id, 'decline', { reason: 'no' }, approver)).status).toBe(200)
    expect((await comment('Too late?', approver)).status).toBe(409)
  })

  it('does not exist for those who may not see its app, or under another id', async () => {
    const { body } = await ask({ user: 'carol' })
    const tokenFor = async (app: string) =>
      String(
        (await admin('POST', '/tokens', { body: { name: app, role: 'connection-manager', apps: [app] } }))
          .body.token,
      )
    const [own, other] = [await tokenFor(AGENT.id), await tokenFor('other')]
    expect(await ask({ user: 'dave' }, other)).toMatchObject({
      status: 403,
      body: { detail: 'Your token covers other apps.' },
    })
    expect((await ask({ user: 'dave' }, own)).status).toBe(201)
    const acts = { approve: {}, decline: { reason: 'no' }, comments: { text: 'Why?' } }
    for (const [act, content] of Object.entries(acts)) {
      const post = (id: string, token: string) =>
        admin('POST', `/access-requests/${id}/${act}`, { body: content, token })
      expect((await post(body.id, other)).status, act).toBe(404)
      expect((await post('req_none', own)).status, act).toBe(404)
    }
    expect((await decide(body.id, 'decline', { reason: 'no' }, own)).status).toBe(200)
  })

  it('is not decided on an outdated view', async () => {
    const { body } = await ask({ user: 'carol' })
    const path = `/access-requests/${body.id}`
    const { etag } = await admin('GET', path)
    const decideSeen = (verb: string, ifMatch: string) =>
      admin('POST', `${path}/${verb}`, { body: { reason: 'not needed' }, ifMatch })
    for (const verb of ['approve', 'decline'])
      expect((await decideSeen(verb, '"outdated"')).status, verb).toBe(412)
    expect((await admin('GET', path)).body.state).toBe('open')
    expect((await decideSeen('decline', etag)).body.state).toBe('declined')
  })
})

describe('users cannot approve their own requests', () => {
  let world: TestServer
  let people: Record<'alice' | 'bob' | 'carol', Admin>

  beforeAll(async () => {
    world = await startTestServer({
      file: (baseUrl) => {
        const file = company(baseUrl) as { admin: object; idp: { apps: object[] } }
        // Bob owns Agent0, Alice nothing.
        file.idp.apps = file.idp.apps.map((app, index) =>
          index === 0 ? { ...app, owners: ['usr_bob'] } : app,
        )
        const roles = { reviewer: { users: ['usr_bob', 'usr_carol'] }, owner: { users: ['usr_alice'] } }
        return { ...file, admin: { ...file.admin, roles } }
      },
    })
    people = {
      alice: await adminAs(world.baseUrl, 'alice'),
      bob: await adminAs(world.baseUrl, 'bob'),
      carol: await adminAs(world.baseUrl, 'carol'),
    }
  })
  afterAll(() => world.stop())

  async function askFor(user: string): Promise<string> {
    const helpdesk = await adminOf(world.baseUrl)('POST', '/tokens', {
      body: { name: 'helpdesk', role: 'helpdesk' },
    })
    const about = { user, app: AGENT.id, resourceApp: 'todo0', scopes: ['todos.read'], reason: 'sprint' }
    const token = String(helpdesk.body.token)
    const asked = await adminOf(world.baseUrl)('POST', '/access-requests', { body: about, token })
    expect(asked.status).toBe(201)
    return String(asked.body.id)
  }

  it.each([
    ['their own access', 'carol', 'carol', 'Another user must decide: the access is for you.'],
    [
      'their own access, whatever their role',
      'alice',
      'alice',
      'Another user must decide: the access is for you.',
    ],
    ['access of an app they own', 'bob', 'carol', 'Another user must decide: you own the app.'],
  ] as const)('about %s', async (_, who, user, detail) => {
    const id = await askFor(user)
    for (const verb of ['approve', 'decline']) {
      const answer = await people[who]('POST', `/access-requests/${id}/${verb}`, { body: { reason: 'x' } })
      expect(answer).toMatchObject({ status: 403, body: { detail } })
    }
    const other = user === 'carol' ? people.alice : people.carol
    const answered = await other('POST', `/access-requests/${id}/approve`, { body: { reason: 'x' } })
    expect(answered).toMatchObject({ status: 200, body: { state: 'approved' } })
  })
})

describe('keys', () => {
  const listKeys = async () => (await admin('GET', '/keys')).body.items as Record<string, string>[]

  it('are listed without private parts', async () => {
    const keys = await listKeys()
    expect(keys.map(({ owner, purpose, state }) => [owner, purpose, state])).toEqual([
      ['as:vendor', 'access-token', 'current'],
      ['idp', 'id-jag', 'current'],
      // One per algorithm of ID tokens.
      ['idp', 'id-token', 'current'],
      ['idp', 'id-token', 'current'],
      ['idp', 'security-event', 'current'],
    ])
    expect(Object.keys(keys[0] ?? {}).sort()).toEqual([
      'algorithm',
      'createdAt',
      'kid',
      'owner',
      'provider',
      'purpose',
      'state',
    ])
  })

  it('are rotated with overlap: published now, signing later', async () => {
    const { body } = await admin('POST', '/keys/idp/id-jag/rotate', { body: { reason: 'yearly' } })
    expect(body.items.map(({ state }: { state: string }) => state).sort()).toEqual(['current', 'next'])
    const jwks = (await (await fetch(`${server.baseUrl}/jwks`)).json()) as { keys: { kid: string }[] }
    const kids = jwks.keys.map(({ kid }) => kid)
    for (const { kid } of body.items) expect(kids).toContain(kid)
  })

  it('are active with the response: the next plan shows their revision', async () => {
    await admin('POST', '/keys/idp/id-token/rotate', { body: { reason: 'yearly' } })
    const { body } = await admin('POST', '/configuration/plan', {
      body: { document: { idp: { policies: [] } } },
    })
    const storage = await openStorage(server.database)
    expect(body.revision).toBe(await storage.objects.revision())
    await storage.close()
  })

  it('are replaced immediately in an emergency, which invalidates tokens of the old key', async () => {
    const old = String((await exchangeFor('bob')).body.access_token)
    const { body } = await admin('POST', '/keys/idp/id-jag/rotate', {
      body: { emergency: true, reason: 'key leaked' },
    })
    expect(body.items.map(({ state }: { state: string }) => state)).toEqual(['current'])
    expect((await redeem(server.baseUrl, old)).status).toBe(400)
    const fresh = String((await exchangeFor('bob')).body.access_token)
    expect((await redeem(server.baseUrl, fresh)).status).toBe(200)
    const events = await admin('GET', '/audit-events?type=key.rotated')
    expect(events.body.items[0]).toMatchObject({
      severity: 'critical',
      reason: 'key leaked',
      target: { kind: 'key', id: 'idp/id-jag' },
    })
  })

  it('of an unknown issuer cannot be rotated', async () => {
    expect((await admin('POST', '/keys/idp/nothing/rotate', { body: { reason: 'x' } })).status).toBe(404)
    expect((await admin('POST', '/keys/idp/id-jag/rotate', { body: {} })).status).toBe(400)
  })
})

it('a request expires after 14 days, and cannot be decided afterwards', async () => {
  const { body } = await ask({ user: 'alice', scopes: ['todos.read'], reason: 'once' })
  const later = await ask({ user: 'alice', scopes: ['todos.read'], reason: 'still' })
  const stateOf = async (id: string) => (await admin('GET', `/access-requests/${id}`)).body.state
  nowMs = Date.parse(body.askedAt) + 14 * 86_400_000
  const isLater = later.body.askedAt > body.askedAt
  await expect.poll(() => stateOf(body.id), { timeout: 15_000 }).toBe('expired')
  expect(await stateOf(later.body.id)).toBe(isLater ? 'open' : 'expired')
  expect((await decide(body.id, 'approve')).status).toBe(409)
  const { items } = (await admin('GET', '/audit-events?type=request.expired')).body
  expect(items.map(({ target }: { target: { id: string } }) => target.id)).toContain(body.id)
}, 30_000)
