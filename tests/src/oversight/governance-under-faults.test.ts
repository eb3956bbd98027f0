// A fault of the database at every row that an act of oversight writes: approvals, reviews, tokens, keys, removals and applied
// documents. Whatever was committed before is in force and recorded, and repeating the request completes it.
import { GRANT_TYPE } from '@crosswalk/protocol'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { describeOnDatabases } from '../../../tools/test-databases.ts'
import { type Admin, type AdminAnswer, type AdminCall, adminOf } from '../admin/admin.ts'
import { AGENT, AGENT_AT_VENDOR, company, PASSWORD, TODO } from '../support/company.ts'
import { failAtEveryWrite, type FaultyDatabase, openFaultyDatabase } from '../support/fail-every-write.ts'
import { basic, exchange, isLive, postForm, redeem, signInFor } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

const SCOPES = ['todos.read', 'todos.write']
const BOB = { users: ['usr_bob'] }

/** Bob reaches Todo0 over connections of the database only, and one of its scopes needs approval. */
function companyOfBob(baseUrl: string) {
  const file = company(baseUrl) as {
    idp: { connections: object[]; resourceApps: Record<string, unknown>[] }
  }
  file.idp.connections.shift()
  Object.assign(file.idp.resourceApps[0] ?? {}, {
    assignments: { everyone: true },
    scopeMeanings: { 'todos.write': { needsApproval: true } },
  })
  return file as unknown as Record<string, unknown>
}

describeOnDatabases('a fault at every write on $name', (kind) => {
  let server: TestServer
  let admin: Admin
  let faulty: FaultyDatabase
  let idToken = ''
  let reviewer = ''
  beforeAll(async () => {
    server = await startTestServer({ file: companyOfBob, database: await kind.create() })
    admin = adminOf(server.baseUrl)
    reviewer = (await post('/tokens', { name: 'reviewer', role: 'reviewer' })).body.token
    ;({ idToken } = await signInFor(server.baseUrl, 'bob'))
    faulty = await openFaultyDatabase(server.database)
  })
  afterAll(() => server.stop())

  const post = (path: string, body: object = {}, more: Partial<AdminCall> = {}) =>
    admin('POST', path, { body: { reason: 'x', ...body }, ...more })

  async function made(answer: Promise<AdminAnswer>): Promise<AdminAnswer['body']> {
    const { status, body, text } = await answer
    expect(status, text).toBe(201)
    return body
  }

  async function connect(change: object = {}): Promise<string> {
    await post('/access-tokens/revoke', { subject: 'usr_bob' })
    for (const { id } of (await admin('GET', '/connections?app=agent0')).body.items)
      if (id !== 'agent0-notes0') await admin('DELETE', `/connections/${id}`, { ifMatch: '*' })
    const id = `c${Math.random()}`
    const apps = { id, app: AGENT.id, resourceApp: 'todo0', clientId: AGENT_AT_VENDOR.id }
    const body = { ...apps, resources: [TODO], scopes: SCOPES, assignments: BOB, status: 'active', ...change }
    await made(admin('POST', '/connections', { body }))
    return id
  }

  /** @returns an access token of bob for Todo0 */
  async function reach(subject = idToken): Promise<string> {
    const granted = await exchange(server.baseUrl, subject, { resource: TODO, scope: 'todos.read' })
    const { status, body } = await redeem(server.baseUrl, String(granted.body.access_token))
    expect(status, JSON.stringify(granted.body)).toBe(200)
    return String(body.access_token)
  }

  /** Not only called inactive: the token stays revoked if bob gets the access back. */
  async function expectRevoked(user = 'usr_bob'): Promise<void> {
    expect((await admin('GET', `/access-tokens?subject=${user}`)).body.items).toEqual([])
  }

  async function refresh(refreshToken: string): Promise<number> {
    const form = { grant_type: GRANT_TYPE.refreshToken, refresh_token: refreshToken }
    return (await postForm(`${server.baseUrl}/token`, form, { authorization: basic(AGENT) })).status
  }

  async function count(type: string, target: string): Promise<number> {
    const { body } = await admin('GET', `/audit-events?type=${type}&limit=200`)
    const about = ({ target: found }: { target?: { id: string } }) => found?.id === target
    return body.items.filter(about).length
  }

  it.each([
    ['approve', 'request.approved', 'approved'],
    ['decline', 'request.denied', 'declined'],
  ])('%s an access request', async (verb, type, state) => {
    await connect()
    const ask = { user: 'usr_bob', app: AGENT.id, resourceApp: 'todo0', scopes: ['todos.read'] }
    const rows = await failAtEveryWrite(faulty, async () => {
      const { id } = await made(post('/access-requests', ask))
      return {
        act: () => post(`/access-requests/${id}/${verb}`),
        async expectBegunOrNot() {
          const { body } = await admin('GET', `/access-requests/${id}`)
          expect(await count(type, id)).toBe(body.state === state ? 1 : 0)
        },
        async expectDone({ status }) {
          expect([200, 409]).toContain(status)
          const { body } = await admin('GET', `/access-requests/${id}`)
          expect([body.state, await count(type, id)]).toEqual([state, 1])
          const { items } = (await admin('GET', `/access-grants?user=usr_bob`)).body
          const granted = items.filter(({ request }: { request: string }) => request === id)
          expect(granted).toHaveLength(state === 'approved' ? 1 : 0)
        },
      }
    })
    expect(rows).toBeGreaterThan(2)
  })

  it.each([
    ['approve-scopes', 'connection.scope_approved', 'approved'],
    ['revoke-approvals', 'connection.approval_revoked', 'needed'],
  ])('%s', async (verb, type, state) => {
    const rows = await failAtEveryWrite(faulty, async () => {
      const id = await connect()
      const act = (name: string) =>
        admin('POST', `/connections/${id}/${name}`, {
          body: { scopes: ['todos.write'], reason: 'x' },
          ifMatch: '*',
        })
      if (state === 'needed') expect((await act('approve-scopes')).status).toBe(200)
      return {
        act: () => act(verb),
        async expectDone({ status }) {
          expect([200, 409]).toContain(status)
          const { approvals } = (await admin('GET', `/connections/${id}`)).body
          expect([approvals[0].state, await count(type, id)]).toEqual([state, 1])
        },
      }
    })
    expect(rows).toBeGreaterThan(2)
  })

  async function openReview(connection: string): Promise<string> {
    return (await made(post('/reviews', { name: 'Q3', reason: 'x', connections: [connection] }))).id
  }

  it('revoke a connection in a review', async () => {
    const rows = await failAtEveryWrite(faulty, async () => {
      const id = await connect()
      const review = await openReview(id)
      await reach()
      return {
        act: () => post(`/reviews/${review}/items/${id}/decide`, { decision: 'revoke' }, { token: reviewer }),
        async expectDone({ status }) {
          expect([200, 409]).toContain(status)
          await expectRevoked()
          const [item] = (await admin('GET', `/reviews/${review}/items`)).body.items
          expect(item.decision).toMatchObject({ decision: 'revoke', revokedTokens: expect.any(Number) })
          expect([await count('review.decided', review), await count('connection.revoked', id)]).toEqual([
            1, 1,
          ])
        },
      }
    })
    expect(rows).toBeGreaterThan(5)
  })

  it.each([
    ['an assigned user', BOB],
    ['a user with an access grant', { users: [] }],
  ])('remove %s in a review', async (_, assignments) => {
    const rows = await failAtEveryWrite(faulty, async () => {
      const id = await connect({ assignments })
      const grant = { connection: id, user: 'usr_bob', scopes: ['todos.read'] }
      if (assignments !== BOB) await made(post('/access-grants', grant))
      const review = await openReview(id)
      await reach()
      const removal = { decision: 'narrow', removeUsers: ['usr_bob'] }
      return {
        act: () => post(`/reviews/${review}/items/${id}/decide`, removal, { token: reviewer }),
        async expectDone({ status }) {
          expect([200, 409]).toContain(status)
          await expectRevoked()
          expect(await count('review.decided', review)).toBe(1)
          expect((await exchange(server.baseUrl, idToken, { resource: TODO })).status).toBe(400)
        },
      }
    })
    expect(rows).toBeGreaterThan(5)
  })

  it('close a review that suspends undecided connections', async () => {
    const rows = await failAtEveryWrite(faulty, async () => {
      const id = await connect()
      const review = await openReview(id)
      return {
        act: () => post(`/reviews/${review}/close`, { undecided: 'suspend' }),
        async expectDone({ status }) {
          expect([200, 409]).toContain(status)
          expect((await admin('GET', `/connections/${id}`)).body.state.effective).toBe('suspended')
          expect([await count('review.closed', review), await count('connection.suspended', id)]).toEqual([
            1, 1,
          ])
        },
      }
    })
    expect(rows).toBeGreaterThan(4)
  })

  it('create a token of the admin API once', async () => {
    await failAtEveryWrite(faulty, async (attempt) => {
      const name = `made ${attempt}`
      const headers = { 'idempotency-key': `create-${attempt}` }
      return {
        act: () => post('/tokens', { name, role: 'auditor' }, { headers }),
        async expectDone() {
          const { items } = (await admin('GET', '/tokens?limit=200')).body
          const ids = items.flatMap((one: { id: string; name: string }) => (one.name === name ? one.id : []))
          expect(ids).toHaveLength(1)
          expect(await count('token_of_admin_api.created', ids[0])).toBe(1)
        },
      }
    })
  })

  it('revoke a token of the admin API', async () => {
    const rows = await failAtEveryWrite(faulty, async () => {
      const { id, token } = await made(post('/tokens', { name: 'made', role: 'auditor' }))
      return {
        act: () => admin('DELETE', `/tokens/${id}`),
        async expectDone({ status }) {
          expect([204, 404]).toContain(status)
          expect((await admin('GET', '/whoami', { token })).status).toBe(401)
          expect(await count('token_of_admin_api.deleted', id)).toBe(1)
        },
      }
    })
    expect(rows).toBeGreaterThan(2)
  })

  it.each([false, true])('rotate a signing key, in an emergency: %s', async (emergency) => {
    const list = async () =>
      (await admin('GET', '/keys?limit=200')).body.items.filter(
        ({ owner, purpose }: { owner: string; purpose: string }) => owner === 'idp' && purpose === 'id-jag',
      ) as { kid: string; state: string }[]
    const rotated = () => count('key.rotated', 'idp/id-jag')
    const rows = await failAtEveryWrite(faulty, async () => {
      if (!emergency) await post('/keys/idp/id-jag/rotate', { emergency: true })
      const [before, events] = [await list(), await rotated()]
      return {
        act: () => post('/keys/idp/id-jag/rotate', { emergency }),
        async expectBegunOrNot() {
          const isRotated = JSON.stringify(await list()) !== JSON.stringify(before)
          expect(await rotated()).toBe(events + (isRotated ? 1 : 0))
        },
        async expectDone({ status }) {
          expect(status).toBe(200)
          const states = (await list()).map(({ state }) => state)
          expect(states).toEqual(emergency ? ['current'] : ['current', 'next'])
        },
      }
    })
    expect(rows).toBeGreaterThan(2)
  })

  it('delete a connection', async () => {
    const rows = await failAtEveryWrite(faulty, async () => {
      const id = await connect()
      await reach()
      return {
        act: () => admin('DELETE', `/connections/${id}`, { ifMatch: '*' }),
        async expectDone({ status }) {
          expect([204, 404]).toContain(status)
          await expectRevoked()
          expect(await count('connection.deleted', id)).toBe(1)
        },
      }
    })
    expect(rows).toBeGreaterThan(5)
  })

  it('delete a user', async () => {
    const rows = await failAtEveryWrite(faulty, async (attempt) => {
      const [id, username] = [`usr_eve${attempt}`, `eve${attempt}`]
      await connect({ assignments: { everyone: true } })
      await made(admin('POST', '/users', { body: { id, username, password: PASSWORD } }))
      const tokens = await signInFor(server.baseUrl, username)
      await reach(tokens.idToken)
      return {
        act: () => admin('DELETE', `/users/${id}`, { ifMatch: '*' }),
        async expectDone({ status }) {
          expect([204, 404]).toContain(status)
          await expectRevoked(id)
          expect(await refresh(tokens.refreshToken)).toBe(400)
          expect(await count('user.deleted', id)).toBe(1)
        },
      }
    })
    expect(rows).toBeGreaterThan(7)
  })

  const patch = (path: string, body: object) => admin('PATCH', path, { body, ifMatch: '*' })
  const without = { users: ['usr_carol'], groups: [] }

  it.each<[string, (group: string, connection: string) => Promise<AdminAnswer>]>([
    ['removes a user from a group', (id) => patch(`/groups/${id}`, { members: [] })],
    ['removes a user from a connection', (_, id) => patch(`/connections/${id}`, { assignments: without })],
    ['makes a connection a draft', (_, id) => patch(`/connections/${id}`, { status: 'draft' })],
  ])('make a change that %s', async (_, change) => {
    const rows = await failAtEveryWrite(faulty, async () => {
      const group = `g${Math.random()}`
      await made(admin('POST', '/groups', { body: { id: group, members: ['usr_bob'] } }))
      const connection = await connect({ assignments: { groups: [group] } })
      const token = await reach()
      return {
        act: () => change(group, connection),
        async expectBegunOrNot() {
          const { status } = await exchange(server.baseUrl, idToken, { resource: TODO, scope: 'todos.read' })
          expect(await isLive(server.baseUrl, token)).toBe(status === 200)
        },
        async expectDone({ status }) {
          expect(status).toBe(200)
          await expectRevoked()
        },
      }
    })
    expect(rows).toBeGreaterThan(3)
  })

  // As an invitation is accepted, too.
  it('apply a document that removes a user from a connection', async () => {
    const rows = await failAtEveryWrite(faulty, async () => {
      const id = await connect()
      const token = await reach()
      const apps = { id, app: AGENT.id, resourceApp: 'todo0', clientId: AGENT_AT_VENDOR.id }
      const rest = { resources: [TODO], scopes: SCOPES, assignments: without, status: 'active' }
      const connection = { ...apps, ...rest }
      const document = { idp: { connections: [connection] } }
      return {
        async act() {
          const plan = await admin('POST', '/configuration/plan', { body: { document } })
          return post('/configuration/apply', { document }, { ifMatch: plan.etag })
        },
        async expectBegunOrNot() {
          const changes = await count('connection.changed', id)
          expect(await isLive(server.baseUrl, token)).toBe(changes === 0)
        },
        async expectDone({ status, text }) {
          expect(status, text).toBe(200)
          await expectRevoked()
          expect(await count('connection.changed', id)).toBe(1)
        },
      }
    })
    expect(rows).toBeGreaterThan(3)
  })
})
