// Access reviews over HTTP: evidence, decisions that take effect and never concern one's own access, and the auditor's
// proof.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { type Admin, adminOf } from '../admin/admin.ts'
import { company, NOTES, TODO } from '../support/company.ts'
import { exchange, isLive, redeem, signInFor } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
let admin: Admin
const tokens = new Map<string, { readonly id: string; readonly token: string }>()
const token = (name: string) => tokens.get(name)?.token ?? ''

const CONNECTION = {
  app: 'other',
  resourceApp: 'todo0',
  clientId: 'agent0-at-vendor',
  resources: [TODO],
  scopes: ['todos.read', 'todos.write'],
  assignments: { users: ['usr_bob'], groups: ['engineering'] },
  status: 'active',
}

beforeAll(async () => {
  server = await startTestServer({ file: (baseUrl) => company(baseUrl) })
  admin = adminOf(server.baseUrl)
  for (const [name, role] of [
    ['maker', 'administrator'],
    ['reviewer', 'reviewer'],
    ['auditor', 'auditor'],
  ])
    tokens.set(name ?? '', (await admin('POST', '/tokens', { body: { name, role } })).body)
  const made = await admin('POST', '/connections', {
    token: token('maker'),
    body: { id: 'made', ...CONNECTION },
  })
  expect(made.status).toBe(201)
  const { idToken } = await signInFor(server.baseUrl, 'alice')
  await exchange(server.baseUrl, idToken, { resource: TODO, scope: 'todos.read' })
})
afterAll(() => server.stop())

const open = async (body: Readonly<Record<string, unknown>>) =>
  (await admin('POST', '/reviews', { body: { name: 'Q3', reason: 'yearly', ...body } })).body
const decide = (review: string, connection: string, body: object, as = 'reviewer') =>
  admin('POST', `/reviews/${review}/items/${connection}/decide`, {
    token: token(as),
    body: { reason: 'looked at the evidence', ...body },
  })
const itemsOf = async (review: string, query = '') =>
  (await admin('GET', `/reviews/${review}/items?${query}`)).body.items as {
    connection: string
    addedScopes?: string[]
  }[]
const itemOf = async (review: string, id: string) =>
  (await itemsOf(review)).find(({ connection }) => connection === id)
const idsOf = async (review: string, query = '') =>
  (await itemsOf(review, query)).map(({ connection }) => connection)

async function pagesOf<Item>(path: string): Promise<readonly (readonly Item[])[]> {
  const pages: Item[][] = []
  for (let cursor: string | null = ''; cursor !== null;) {
    const { body } = await admin('GET', cursor === '' ? path : `${path}&cursor=${cursor}`)
    pages.push(body.items)
    cursor = body.next
  }
  return pages
}

describe('a review', () => {
  it('has evidence and a suggestion for each connection', async () => {
    const review = await open({})
    expect(review).toMatchObject({ state: 'open', openedBy: 'admin', periodDays: 90 })
    expect(await itemOf(review.id, 'agent0-todo0')).toMatchObject({
      evidence: {
        uses: 1,
        people: 1,
        assigned: 2,
        usedScopes: ['todos.read'],
        unusedScopes: ['todos.write'],
        examined: 1,
      },
      suggestion: 'narrow',
    })
    expect(await itemOf(review.id, 'made')).toMatchObject({
      evidence: { lastUsedAt: null, uses: 0, assigned: 2 },
      suggestion: 'revoke',
    })
    expect(await idsOf((await open({ apps: ['other'] })).id)).toEqual(['made'])
    const both = await open({ connections: ['made', 'agent0-todo0'], apps: ['other'] })
    expect(await idsOf(both.id)).toEqual(['made'])
    const none = await admin('POST', '/reviews', { body: { name: 'x', reason: 'y', connections: ['none'] } })
    expect(none.status).toBe(400)
  })

  it('counts only active users, as the list of connections does', async () => {
    const dave = await admin('GET', '/users/usr_dave')
    expect(dave.body).toMatchObject({ active: false, memberOf: ['engineering'] })
    const items = (await itemsOf((await open({})).id)) as never[]
    const assigned = items.map((item: { connection: string; evidence: { assigned: number } }) => ({
      id: item.connection,
      people: item.evidence.assigned,
    }))
    const ids = assigned.map(({ id }: { id: string }) => id).join(',')
    const facts = await admin('GET', `/connection-facts?ids=${ids}`)
    expect(facts.body.items).toMatchObject(assigned)
  })

  it('accepts no decision about a connection that joins other apps by now', async () => {
    const third = { id: 'third', name: 'Third', kind: 'web', auth: { method: 'none' } }
    expect((await admin('POST', '/apps', { body: third })).status).toBe(201)
    const body = { id: 'moving', app: 'other', resourceApp: 'notes0', scopes: ['notes.read'] }
    const { etag } = await admin('POST', '/connections', { token: token('maker'), body })
    const { id } = await open({ connections: ['moving'] })
    const waiting = async () => {
      const path = `/review-items?review=${id}&mine=true`
      return (await admin('GET', path, { token: token('reviewer') })).body.items.length
    }
    expect(await waiting()).toBe(1)
    const move = (app: string, ifMatch: string) =>
      admin('PATCH', '/connections/moving', { token: token('maker'), body: { app }, ifMatch })
    const moved = await move('third', etag)
    expect(moved.status).toBe(200)
    expect(await waiting()).toBe(0)
    expect(await itemOf(id, 'moving')).toMatchObject({
      app: 'other',
      own: 'the connection no longer exists between these apps',
    })
    for (const decision of ['keep', 'revoke'])
      expect(await decide(id, 'moving', { decision })).toMatchObject({
        status: 409,
        body: { detail: 'The connection no longer exists between these apps.' },
      })
    expect((await move('other', moved.etag)).status).toBe(200)
    expect(await decide(id, 'moving', { decision: 'keep' })).toMatchObject({ status: 200 })
    const last = await admin('GET', '/connections/moving')
    expect((await admin('DELETE', '/connections/moving', { ifMatch: last.etag })).status).toBe(204)
  })

  it('shows scopes that a connection has got since it was opened, and records which were kept', async () => {
    const body = { ...CONNECTION, id: 'grown', app: 'third', scopes: ['todos.read'] }
    const { status, etag } = await admin('POST', '/connections', { token: token('maker'), body })
    expect(status).toBe(201)
    const review = await open({ connections: ['grown'] })
    const read = async () => [
      (await itemOf(review.id, 'grown'))?.addedScopes,
      (await admin('GET', `/review-items?review=${review.id}`)).body.items[0]?.item.addedScopes,
    ]
    expect(await read()).toEqual([undefined, undefined])
    const change = { scopes: ['todos.read', 'todos.write'] }
    const grown = await admin('PATCH', '/connections/grown', {
      ...{ token: token('maker'), body: change, ifMatch: etag },
    })
    expect(await read()).toEqual([['todos.write'], ['todos.write']])
    const kept = await decide(review.id, 'grown', { decision: 'keep' })
    expect(kept.body).toMatchObject({ scopes: ['todos.read'], decision: { decision: 'keep', ...change } })
    expect(await read()).toEqual([undefined, undefined])
    expect((await admin('DELETE', '/connections/grown', { ifMatch: grown.etag })).status).toBe(204)
  })

  it('narrows a connection to its used scopes immediately', async () => {
    const { id } = await open({ connections: ['made'] })
    expect((await decide(id, 'made', { decision: 'narrow' })).body.detail).toMatch(
      /None of its scopes were used/,
    )
    const unknown = { scopes: ['other'], removeUsers: ['usr_x'], removeGroups: ['x'] }
    const odd = await decide(id, 'made', { decision: 'narrow', ...unknown })
    expect(odd.body.errors.map(({ path }: { path: string }) => path)).toEqual([
      ...['/scopes', '/removeUsers', '/removeGroups'],
    ])
    expect((await decide(id, 'made', { decision: 'keep', scopes: ['todos.read'] })).status).toBe(400)
    const all = { decision: 'narrow', scopes: CONNECTION.scopes }
    expect((await decide(id, 'made', all)).status).toBe(409)
    const narrowed = await decide(id, 'made', {
      decision: 'narrow',
      scopes: ['todos.read'],
      removeGroups: ['engineering'],
    })
    expect(narrowed.body).toMatchObject({
      connection: 'made',
      decision: { decision: 'narrow', by: tokens.get('reviewer')?.id, scopes: ['todos.read'] },
    })
    expect((await admin('GET', '/connections/made')).body).toMatchObject({
      scopes: ['todos.read'],
      assignments: { users: ['usr_bob'], groups: [] },
    })
    expect((await decide(id, 'made', { decision: 'keep' })).status).toBe(409)
  })

  it('does not narrow a file connection, and shows what to write there', async () => {
    const { id } = await open({ connections: ['agent0-todo0'] })
    const { status, body } = await decide(id, 'agent0-todo0', { decision: 'narrow' })
    expect({ status, scopes: body.patch.scopes }).toEqual({ status: 409, scopes: ['todos.read'] })
    expect(await itemOf(id, 'agent0-todo0')).not.toHaveProperty('decision')
  })

  it('removes a user whose access is a grant, and no other grant', async () => {
    const grantTo = async (user: string) => {
      const body = { connection: 'made', user, scopes: ['todos.read'], reason: 'sprint' }
      const made = await admin('POST', '/access-grants', { body })
      expect(made.status).toBe(201)
      return made.body.id as string
    }
    const [removed, kept] = [await grantTo('alice'), await grantTo('carol')]
    const { id } = await open({ connections: ['made'] })
    const { status, body } = await decide(
      id,
      'made',
      { decision: 'narrow', removeUsers: ['usr_alice'] },
      'maker',
    )
    expect([status, body]).toMatchObject([
      200,
      { decision: { decision: 'narrow', removed: { users: ['usr_alice'] } } },
    ])
    const stateOf = async (grant: string) => (await admin('GET', `/access-grants/${grant}`)).body.state
    expect([await stateOf(removed), await stateOf(kept)]).toEqual(['revoked', 'active'])
    await admin('POST', `/access-grants/${kept}/revoke`, { body: { reason: 'over' } })
  })

  it('that removes a grant revokes the live tokens of its user, also over a connection of the file', async () => {
    const connection = 'agent0-todo0'
    const grant = { connection, user: 'bob', scopes: ['todos.read'], reason: 'sprint' }
    expect((await admin('POST', '/access-grants', { body: grant })).status).toBe(201)
    const { idToken } = await signInFor(server.baseUrl, 'bob')
    const { body } = await exchange(server.baseUrl, idToken, { resource: TODO })
    const redeemed = await redeem(server.baseUrl, String(body.access_token))
    const live = () => isLive(server.baseUrl, String(redeemed.body.access_token))
    expect(await live()).toBe(true)
    const { id } = await open({ connections: [connection] })
    const narrowed = await decide(id, connection, { decision: 'narrow', removeUsers: ['usr_bob'] })
    expect([narrowed.status, await live()]).toEqual([200, false])
    const { items } = (await admin('GET', '/audit-events?log=admin&type=token.revoked&limit=1')).body
    expect(items).toMatchObject([{ target: { id: connection }, change: { revoked_tokens: 1 } }])
  })

  it('revokes any connection: denies exchanges and revokes live tokens', async () => {
    const { idToken } = await signInFor(server.baseUrl, 'alice')
    const notes = () => exchange(server.baseUrl, idToken, { resource: NOTES })
    await redeem(server.baseUrl, String((await notes()).body.access_token))
    const { id } = await open({ connections: ['agent0-notes0'] })
    const { body } = await decide(id, 'agent0-notes0', { decision: 'revoke' })
    expect(body).toMatchObject({
      decision: { decision: 'revoke', revokedTokens: 1 },
    })
    expect((await notes()).status).toBe(400)
    // Deciding once more changes nothing, not even the number of tokens.
    expect((await decide(id, 'agent0-notes0', { decision: 'revoke' })).status).toBe(409)
    expect(await itemOf(id, 'agent0-notes0')).toMatchObject({ decision: { revokedTokens: 1 } })
  })

  it('is not decided by the user who defined the connection', async () => {
    const { body: mine } = await admin('POST', '/connections', {
      token: token('maker'),
      body: { ...CONNECTION, id: 'mine', resourceApp: 'notes0', resources: [NOTES], scopes: ['notes.read'] },
    })
    expect(mine.updatedBy).toBe(tokens.get('maker')?.id)
    const { id } = await open({ connections: ['mine'] })
    const own = await decide(id, 'mine', { decision: 'keep' }, 'maker')
    expect({ status: own.status, detail: own.body.detail }).toEqual({
      status: 403,
      detail: 'Another user must review this: you defined this connection.',
    })
    expect((await decide(id, 'mine', { decision: 'keep' })).status).toBe(200)
    expect((await decide(id, 'mine', { decision: 'keep' }, 'auditor')).status).toBe(403)
  })

  it('may suspend undecided connections when closed, and accepts no decisions afterwards', async () => {
    const { id } = await open({ connections: ['made', 'mine'] })
    await decide(id, 'mine', { decision: 'keep' })
    const body = { undecided: 'suspend', reason: 'time is up' }
    const stale = await admin('POST', `/reviews/${id}/close`, { body, ifMatch: '"before the decision"' })
    expect(stale.status).toBe(412)
    const closed = await admin('POST', `/reviews/${id}/close`, { body })
    expect(closed.body).toMatchObject({
      ...{ state: 'closed', closedBy: 'admin' },
      counts: { items: 2, undecided: 0, keep: 1, narrow: 0, revoke: 0, suspend: 1 },
      reviewers: [{ id: tokens.get('reviewer')?.id, decided: 1 }],
      removals: { pending: 1, verified: 0 },
    })
    const { items: paces } = (await admin('GET', `/reviews/${id}/reviewers`)).body
    expect(paces).toMatchObject([{ id: tokens.get('reviewer')?.id, decided: 1 }])
    expect(await itemOf(id, 'made')).toMatchObject({
      decision: { decision: 'suspend', by: 'admin', automatic: true },
    })
    expect(await itemOf(id, 'mine')).toMatchObject({ decision: { decision: 'keep' } })
    expect((await admin('GET', '/connections/made')).body.state.held).toMatchObject({ state: 'suspended' })
    expect((await admin('GET', '/connections/mine')).body.state?.held).toBeUndefined()
    expect((await decide(id, 'made', { decision: 'keep' })).status).toBe(409)
    const unfinished = await open({ connections: ['mine'] })
    await admin('POST', `/reviews/${unfinished.id}/close`, { body: { reason: 'time is up' } })
    expect((await decide(unfinished.id, 'mine', { decision: 'keep' })).body.detail).toBe(
      'The review is closed.',
    )
    expect((await admin('POST', `/reviews/${id}/close`, { body })).status).toBe(409)
    const { items } = (await admin('GET', '/reviews?state=closed')).body as { items: { id: string }[] }
    expect(items.map((review) => review.id).sort()).toEqual([id, unfinished.id].sort())
  })

  it('cannot be opened with a due date in the past', async () => {
    const body = { name: 'Q3', connections: ['made'], periodDays: 90, reason: 'yearly' }
    const ask = (dueAt: string) => admin('POST', '/reviews', { body: { ...body, dueAt } })
    const past = await ask(new Date(Date.now() - 1000).toISOString())
    expect([past.status, past.body.errors]).toEqual([
      400,
      [{ path: '/dueAt', problem: 'must be in the future' }],
    ])
    const ahead = await ask(new Date(Date.now() + 60_000).toISOString())
    expect(ahead.status).toBe(201)
    await admin('POST', `/reviews/${ahead.body.id}/close`, { body: { reason: 'unused' } })
  })

  it('lists items for a user to decide, and why their own items wait for others', async () => {
    const { id } = await open({ connections: ['made', 'mine'], dueAt: '2030-01-01T00:00:00Z' })
    const waiting = async (as: string) => {
      const { status, body } = await admin('GET', `/review-items?review=${id}`, { token: token(as) })
      expect(status).toBe(200)
      return body.items as { item: { connection: string }; own: string | null; review: object }[]
    }
    const own = async (as: string) =>
      Object.fromEntries((await waiting(as)).map((one) => [one.item.connection, one.own]))
    // The reviewer narrowed the first; the creator defined the other.
    const defined = 'you defined this connection'
    expect(await own('reviewer')).toEqual({ made: defined, mine: null })
    expect(await own('maker')).toEqual({ made: null, mine: defined })
    expect((await waiting('auditor'))[0]?.review).toEqual({
      id,
      name: 'Q3',
      openedAt: expect.any(String),
      dueAt: '2030-01-01T00:00:00Z',
      periodDays: 90,
    })
    const theirs = async (as: string) =>
      (await admin('GET', `/review-items?review=${id}&mine=true`, { token: token(as) })).body.items
    expect(await theirs('reviewer')).toMatchObject([{ item: { connection: 'mine' } }])
    expect(await theirs('auditor')).toEqual([])
    await decide(id, 'mine', { decision: 'keep' })
    expect(await own('reviewer')).toEqual({ made: defined })
    await admin('POST', `/reviews/${id}/close`, { body: { reason: 'done' } })
    expect(await waiting('reviewer')).toEqual([])
    const all = await admin('GET', '/review-items?limit=1')
    expect(all.body.items).toHaveLength(1)
    expect(all.body.next).toEqual(expect.any(String))
  })

  it('says who decided, and who kept everything too fast to have looked at it', async () => {
    const fast = Array.from({ length: 20 }, (_, place) => `fast-${place}`)
    for (const id of fast) {
      const app = { id, name: id, kind: 'agent', auth: { method: 'none' } }
      expect((await admin('POST', '/apps', { body: app })).status).toBe(201)
      const connection = { ...CONNECTION, id, app: id, resourceApp: 'todo0', clientId: id }
      expect((await admin('POST', '/connections', { body: connection })).status).toBe(201)
    }
    const { id } = await open({ connections: [...fast, 'mine'] })
    await decide(id, 'mine', { decision: 'keep' })
    for (const connection of fast)
      expect((await decide(id, connection, { decision: 'keep' }, 'maker')).status).toBe(200)
    const reviewer = { decided: 1, kept: 1, medianSeconds: null, rushed: false }
    const maker = { decided: 20, kept: 20, medianSeconds: expect.any(Number), rushed: true }
    const expected = [
      { id: tokens.get('reviewer')?.id, ...reviewer },
      { id: tokens.get('maker')?.id, ...maker },
    ].sort((one, other) => (String(one.id) < String(other.id) ? -1 : 1))
    expect((await pagesOf(`/reviews/${id}/reviewers?limit=1`)).flat()).toEqual(expected)
    expect((await admin('GET', `/reviews/${id}/evidence`)).body.review.reviewers).toEqual(expected)
    expect((await admin('GET', '/reviews/rev_none/reviewers')).status).toBe(404)
    await admin('POST', `/reviews/${id}/close`, { body: { reason: 'done' } })
  })

  it('lists items by decision, reviewer, text and removal, page by page', async () => {
    const { id } = await open({ connections: ['made', 'mine', 'agent0-todo0', 'agent0-notes0'] })
    const all = ['agent0-notes0', 'agent0-todo0', 'made', 'mine']
    await decide(id, 'mine', { decision: 'keep' })
    await decide(id, 'agent0-todo0', { decision: 'revoke' }, 'maker')
    await admin('POST', '/connections/agent0-todo0/resume', { body: { reason: 'used by the next test' } })
    expect(await idsOf(id)).toEqual(all)
    expect(await idsOf(id, 'decision=none')).toEqual(['agent0-notes0', 'made'])
    expect(await idsOf(id, 'decision=any')).toEqual(['agent0-todo0', 'mine'])
    expect(await idsOf(id, 'decision=keep')).toEqual(['mine'])
    expect(await idsOf(id, 'decision=suspend')).toEqual([])
    expect(await idsOf(id, `reviewer=${tokens.get('maker')?.id}`)).toEqual(['agent0-todo0'])
    expect([...(await idsOf(id, 'removal=pending')), ...(await idsOf(id, 'removal=verified'))]).toEqual([
      'agent0-todo0',
    ])
    expect(await idsOf(id, 'q=TODO')).toEqual(['agent0-todo0', 'made'])
    expect(await idsOf(id, 'q=mad')).toEqual(['made'])
    expect(await idsOf(id, 'q=vendor')).toEqual([])
    const pages = await pagesOf<{ connection: string }>(`/reviews/${id}/items?limit=3`)
    expect(pages.map((items) => items.map(({ connection }) => connection))).toEqual([
      all.slice(0, 3),
      ['mine'],
    ])
    const own = async (as: string) => {
      const { body } = await admin('GET', `/reviews/${id}/items`, { token: token(as) })
      return body.items.map((one: { own: string | null }) => one.own)
    }
    expect(await own('reviewer')).toEqual([null, null, 'you defined this connection', null])
    expect((await admin('GET', '/reviews/none/items')).status).toBe(404)
    expect((await admin('GET', `/reviews/${id}/items?cursor=none`)).status).toBe(400)
    await admin('POST', `/reviews/${id}/close`, { body: { reason: 'done' } })
    expect(await own('reviewer')).toEqual([null, null, null, null])
  })

  it('waits with those of other reviews, and each item is on one page', async () => {
    await open({ connections: ['agent0-notes0', 'made', 'mine'] })
    await open({ connections: ['agent0-notes0', 'made'] })
    const [all = []] = await pagesOf('/review-items?limit=100')
    expect(all.length).toBeGreaterThanOrEqual(5)
    for (const limit of [1, 2]) expect((await pagesOf(`/review-items?limit=${limit}`)).flat()).toEqual(all)
  })

  it('is decided once per connection, even concurrently', async () => {
    const { id } = await open({ connections: ['agent0-todo0'] })
    const statuses = await Promise.all(
      Array.from({ length: 5 }, async () => (await decide(id, 'agent0-todo0', { decision: 'keep' })).status),
    )
    expect(statuses.sort()).toEqual([200, 409, 409, 409, 409])
  })

  it('is documented by its events, with reasons and log positions; reading them is recorded', async () => {
    const { id } = await open({ connections: ['mine'] })
    await decide(id, 'mine', { decision: 'keep' })
    await admin('POST', `/reviews/${id}/close`, { body: { reason: 'done' } })
    const { body } = await admin('GET', `/reviews/${id}/evidence`, { token: token('auditor') })
    expect(body).toMatchObject({
      schema: 'crosswalk.review-evidence/v1',
      review: { id, state: 'closed' },
      events: [
        { type: 'review.opened', log: 'admin', reason: 'yearly' },
        {
          type: 'review.decided',
          reason: 'looked at the evidence',
          actor: { id: tokens.get('reviewer')?.id },
          delegation: { connection: 'mine' },
          change: { item: { decision: { decision: 'keep' } } },
        },
        { type: 'review.closed', reason: 'done' },
      ],
    })
    const exported = await admin('GET', '/audit-events?type=audit.exported&limit=1')
    expect(exported.body.items).toMatchObject([{ target: { kind: 'review', id } }])
    expect((await admin('GET', '/reviews/none/evidence')).status).toBe(404)
  })
})
