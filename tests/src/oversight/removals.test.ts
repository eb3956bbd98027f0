// A review proves that access it removed has ended: by simulation, by the log, and by what is still valid.
import { afterAll, beforeAll, expect, it } from 'vitest'

import { describeOnDatabases } from '../../../tools/test-databases.ts'
import { type Admin, adminOf } from '../admin/admin.ts'
import { AGENT, AGENT_AT_VENDOR, company, NOTES, TODO } from '../support/company.ts'
import { exchange, redeem, signInFor } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

const SCOPES = ['todos.read', 'todos.write']

function inThreeDays(): string {
  const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']
  return days[(new Date().getUTCDay() + 3) % 7] ?? ''
}

describeOnDatabases('the proof of a removal on $name', (kind) => {
  let server: TestServer
  let admin: Admin
  let idToken = ''
  let reviewer = ''
  beforeAll(async () => {
    const withoutTodo = (baseUrl: string) => {
      const file = company(baseUrl, { authorizationServer: { accessTokenFormat: 'opaque' } })
      const { connections, resourceApps } = file['idp'] as {
        connections: object[]
        resourceApps: { resources: { scopes: string[] }[] }[]
      }
      connections.shift()
      resourceApps[0]?.resources[0]?.scopes.push('todos.delete')
      return file
    }
    server = await startTestServer({ file: withoutTodo, database: await kind.create() })
    admin = adminOf(server.baseUrl)
    ;({ idToken } = await signInFor(server.baseUrl, 'alice'))
    const token = { name: 'reviewer', role: 'reviewer' }
    reviewer = (await admin('POST', '/tokens', { body: token })).body.token
  })
  afterAll(() => server.stop())

  /** Replaces the connection, without tokens from before. */
  async function connect(change: object = {}): Promise<string> {
    await admin('POST', '/access-tokens/revoke', { body: { user: 'usr_alice', reason: 'the next test' } })
    for (const { id } of (await admin('GET', '/connections?resourceApp=todo0')).body.items)
      await admin('DELETE', `/connections/${id}`, { ifMatch: '*' })
    const id = `c${Math.random()}`.replace('.', '')
    const apps = { id, app: AGENT.id, resourceApp: 'todo0', clientId: AGENT_AT_VENDOR.id, status: 'active' }
    const assignments = { groups: ['engineering'] }
    const body = { ...apps, resources: [TODO], scopes: SCOPES, assignments, ...change }
    const made = await admin('POST', '/connections', { body })
    expect(made.status, made.text).toBe(201)
    return id
  }

  async function use(scope: string): Promise<void> {
    const { body } = await exchange(server.baseUrl, idToken, { resource: TODO, scope })
    const redeemed = await redeem(server.baseUrl, String(body.access_token))
    expect(redeemed.status, JSON.stringify(body)).toBe(200)
  }

  async function open(connection: string): Promise<string> {
    const body = { name: 'Q3', connections: [connection], reason: 'yearly' }
    return (await admin('POST', '/reviews', { body })).body.id
  }

  /** @returns the id of the review, and what it shows of the removal */
  async function decide(connection: string, decision: object) {
    const review = await open(connection)
    const path = `/reviews/${review}/items/${connection}/decide`
    const { status, body, text } = await admin('POST', path, {
      token: reviewer,
      body: { reason: 'unused', ...decision },
    })
    expect(status, text).toBe(200)
    return { review, removal: body.decision.removal }
  }

  it('a revoked connection is verified at once, with an event and in the evidence', async () => {
    const id = await connect()
    await use('todos.read')
    const { review, removal } = await decide(id, { decision: 'revoke' })
    // Alice and carol; dave is inactive, but could be activated.
    const verified = { state: 'verified', simulated: 3, allowed: [], issued: 0, liveTokens: 0, endsBy: null }
    expect(removal).toEqual({ ...verified, since: expect.any(String) })
    const events = (await admin('GET', `/audit-events?type=removal.verified&connection=${id}`)).body.items
    expect(events).toMatchObject([
      {
        target: { kind: 'review', id: review },
        change: { item: { decision: { decision: 'revoke', revokedTokens: 1, removal: verified } } },
      },
    ])
    const evidence = (await admin('GET', `/reviews/${review}/evidence`)).body
    expect(evidence.events.map(({ type }: { type: string }) => type)).toEqual([
      'review.opened',
      'review.decided',
      'removal.verified',
    ])
    expect(evidence.review.items[0].decision.removal).toEqual(removal)
  })

  it.each([
    ['for everyone is checked for each user', { everyone: true }, 4],
    ['with no users assigned is checked for the user of its grant', { users: [] }, 1],
  ])('a revoked connection %s', async (_, assignments, simulated) => {
    const id = await connect({ assignments })
    const body = { connection: id, user: 'bob', scopes: ['todos.read'], reason: 'a sprint' }
    expect((await admin('POST', '/access-grants', { body })).status).toBe(201)
    const { removal } = await decide(id, { decision: 'revoke' })
    expect(removal).toMatchObject({ simulated, allowed: [] })
  })

  it('a removed scope is pending while a token has it, and until an ID-JAG from before expires', async () => {
    const id = await connect()
    await use('todos.read')
    const unused = await decide(id, { decision: 'narrow', scopes: ['todos.read'] })
    expect(unused.removal).toMatchObject({ state: 'verified', simulated: 3, liveTokens: 0, endsBy: null })

    // The token has one of the two.
    const used = await connect({ scopes: [...SCOPES, 'todos.delete'] })
    await use('todos.write')
    const { removal } = await decide(used, { decision: 'narrow', scopes: ['todos.read'] })
    expect(removal).toMatchObject({ state: 'pending', allowed: [], issued: 0, liveTokens: 1 })
    const expiry = (await admin('GET', '/access-tokens?user=usr_alice')).body.items[0].expiresAt
    expect(Date.parse(removal.endsBy)).toBeGreaterThanOrEqual(Date.parse(expiry))
    expect(Date.parse(removal.endsBy)).toBeLessThanOrEqual(Date.parse(expiry) + 60_000)

    const issued = await connect()
    const { status } = await exchange(server.baseUrl, idToken, { resource: TODO, scope: 'todos.write' })
    expect(status).toBe(200)
    const unredeemed = await decide(issued, { decision: 'narrow', scopes: ['todos.read'] })
    expect(unredeemed.removal).toMatchObject({ state: 'pending', allowed: [], issued: 0, liveTokens: 0 })
    // The lifetime of an ID-JAG, and the tolerance of clocks
    const left = Date.parse(unredeemed.removal.endsBy) - Date.now()
    expect(left).toBeGreaterThan(300_000)
    expect(left).toBeLessThanOrEqual(330_000)
  })

  it('a connection to a server elsewhere is pending as long as a token of it may be valid', async () => {
    const resource = 'https://elsewhere.test/api'
    const there = {
      ...{ id: 'there', name: 'There', issuer: 'https://elsewhere.test', assignments: { everyone: true } },
      resources: [{ id: resource, scopes: SCOPES }],
    }
    expect((await admin('POST', '/resource-apps', { body: there })).status).toBe(201)
    const id = await connect({ resourceApp: 'there', resources: [resource] })
    expect((await exchange(server.baseUrl, idToken, { audience: there.issuer, resource })).status).toBe(200)
    const { removal } = await decide(id, { decision: 'revoke' })
    expect(removal).toMatchObject({ state: 'pending', allowed: [], issued: 0, liveTokens: 0 })
    expect(Date.parse(removal.endsBy)).toBeGreaterThan(Date.now())
  })

  it('a removed user is pending as long as a group gives the same access', async () => {
    const both = { assignments: { users: ['usr_alice', 'usr_bob'], groups: ['engineering'] } }
    const alice = await decide(await connect(both), { decision: 'narrow', removeUsers: ['usr_alice'] })
    expect(alice.removal).toMatchObject({ state: 'pending', simulated: 1, allowed: ['usr_alice'] })
    const id = await connect(both)
    // The token of another user does not count.
    await use('todos.read')
    const bob = await decide(id, { decision: 'narrow', removeUsers: ['usr_bob'] })
    expect(bob.removal).toMatchObject({ state: 'verified', simulated: 1, allowed: [], liveTokens: 0 })
  })

  it('a removed group counts only users who are not assigned in another way', async () => {
    const both = { assignments: { users: ['usr_alice'], groups: ['engineering'] } }
    const { removal } = await decide(await connect(both), {
      decision: 'narrow',
      removeGroups: ['engineering'],
    })
    expect(removal).toMatchObject({ state: 'verified', simulated: 2, allowed: [] })
  })

  it.each([
    ['outside of its time window', { conditions: { window: `${inThreeDays()} 10:00-11:00 UTC` } }],
    ['before it starts', { notBefore: new Date(Date.now() + 86_400_000).toISOString() }],
    ['without a DPoP proof', { conditions: { dpop: 'required' } }],
    ['because of a policy', {}, '/policies', { id: 'no-agent0', when: { app: AGENT.id }, effect: 'deny' }],
    ['because of a block', {}, '/blocks', { kind: 'app', target: AGENT.id, reason: 'an incident' }],
  ])('a denial %s proves nothing', async (_, change, path?: string, body?: object) => {
    const assignments = { users: ['usr_alice'], groups: ['engineering'] }
    const id = await connect({ assignments, ...change })
    const made = path === undefined ? undefined : await admin('POST', path, { body })
    expect(made?.status ?? 201, made?.text).toBe(201)
    const denied = await exchange(server.baseUrl, idToken, { resource: TODO })
    const { removal } = await decide(id, { decision: 'narrow', removeUsers: ['usr_alice'] })
    if (made !== undefined)
      await admin('DELETE', `${path}/${made.body.id}`, { ifMatch: '*', body: { reason: 'over' } })
    expect([denied.status, removal]).toMatchObject([400, { state: 'pending', allowed: ['usr_alice'] }])
  })

  it('a connection that is kept has none, and one suspended at the end is checked by the next round', async () => {
    const id = await connect()
    await use('todos.read')
    expect((await decide(id, { decision: 'keep' })).removal).toBeUndefined()
    const review = await open(id)
    const body = { undecided: 'suspend', reason: 'time is up' }
    expect((await admin('POST', `/reviews/${review}/close`, { body })).status).toBe(200)
    const find = async () => (await admin('GET', `/reviews/${review}/items`)).body.items[0].decision
    await expect.poll(find, { timeout: 20_000, interval: 250 }).toMatchObject({
      decision: 'suspend',
      removal: { state: 'pending', allowed: [], liveTokens: 1 },
    })
  })

  it('also of a connection of the file', async () => {
    await exchange(server.baseUrl, idToken, { resource: NOTES })
    const { removal } = await decide('agent0-notes0', { decision: 'revoke' })
    expect(removal).toMatchObject({ state: 'verified', simulated: 3 })
  })
})

it('a removed group is pending as long as a token of any member is valid, however many it has', async () => {
  const others = Array.from({ length: 60 }, (_, at) => ({
    ...{ id: `usr_a${at}`, username: `a${at}`, groups: ['engineering'] },
  }))
  const server = await startTestServer({
    file(baseUrl) {
      const file = company(baseUrl)
      const { users, connections } = file['idp'] as Record<'users' | 'connections', object[]>
      users?.unshift(...others)
      connections?.shift()
      return file
    },
  })
  const admin = adminOf(server.baseUrl)
  const made = await admin('POST', '/connections', {
    body: {
      ...{ id: 'many', app: AGENT.id, resourceApp: 'todo0', clientId: AGENT_AT_VENDOR.id, status: 'active' },
      ...{ resources: [TODO], scopes: SCOPES, assignments: { users: ['usr_bob'], groups: ['engineering'] } },
    },
  })
  expect(made.status, made.text).toBe(201)
  const { idToken } = await signInFor(server.baseUrl, 'carol')
  const { body } = await exchange(server.baseUrl, idToken, { resource: TODO, scope: 'todos.read' })
  expect((await redeem(server.baseUrl, String(body.access_token))).status).toBe(200)
  const { id } = (
    await admin('POST', '/reviews', { body: { name: 'Q3', connections: ['many'], reason: 'x' } })
  ).body
  const token = (await admin('POST', '/tokens', { body: { name: 'reviewer', role: 'reviewer' } })).body.token
  const decided = await admin('POST', `/reviews/${id}/items/many/decide`, {
    token,
    body: { decision: 'narrow', removeGroups: ['engineering'], reason: 'unused' },
  })
  // Her JWT is valid offline until it expires, although it is revoked.
  const { removal } = decided.body.decision
  expect(removal, decided.text).toMatchObject({ state: 'pending', simulated: 50, allowed: [], liveTokens: 0 })
  expect(Date.parse(removal.endsBy)).toBeGreaterThan(Date.now())
  await server.stop()
})
