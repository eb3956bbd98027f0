// Changes that two nodes check at the same time: each alone is fine, both together break a rule. One of them is refused,
// as if they had come one after the other. Changes that have nothing to do with each other are all made.
import { randomBytes } from 'node:crypto'

import { afterEach, expect, it } from 'vitest'

import { describeOnDatabases, type TestDatabaseKind } from '../../../tools/test-databases.ts'
import { type Admin, type AdminAnswer, adminOf } from '../admin/admin.ts'
import { AGENT, company, NOTES } from '../support/company.ts'
import { basic } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { openAs } from '../support/user-browser.ts'

const AUDIENCE = 'https://as.elsewhere.test'
const RECEIVER = { id: 'elsewhere-events', secret: 'secret of the receiver' }
const OKTA = 'a bearer token of okta, long enough: 0kta'

const started: TestServer[] = []
afterEach(async () => {
  for (const server of started.splice(0).reverse()) await server.stop()
})

async function startTwo(kind: TestDatabaseKind): Promise<readonly [Admin, Admin]> {
  const key = randomBytes(32).toString('hex')
  const database = await kind.create()
  const start = async () => {
    const directories = [{ id: 'okta', token: OKTA, emailDomains: ['acme.test'] }]
    const file = (baseUrl: string) => withReceiver(company(baseUrl, { idp: { directories } }))
    const server = await startTestServer({ file, database, key })
    started.push(server)
    return adminOf(server.baseUrl)
  }
  return [await start(), await start()]
}

/** Adds an app that receives security events for an authorization server elsewhere. */
function withReceiver(file: Readonly<Record<string, unknown>>) {
  const { idp } = file as { idp: { apps: object[]; resourceApps: object[] } }
  const auth = { method: 'client_secret_basic', secret: RECEIVER.secret }
  idp.apps.push({ id: RECEIVER.id, name: 'Events', kind: 'service', auth })
  idp.resourceApps.push({
    ...{
      id: 'elsewhere',
      name: 'Elsewhere',
      issuer: AUDIENCE,
      resources: [{ id: `${AUDIENCE}/api`, scopes: ['a'] }],
    },
    ...{ assignments: { everyone: true }, securityEvents: { receiver: RECEIVER.id } },
  })
  return file
}

const ROUNDS = 8

/** Two changes at the same time, several times over. @returns both statuses of each round, the lower one first */
async function race(
  changes: (round: number) => readonly Promise<{ readonly status: number }>[],
): Promise<readonly (readonly number[])[]> {
  const rounds: number[][] = []
  for (let round = 0; round < ROUNDS; round += 1)
    rounds.push((await Promise.all(changes(round))).map(({ status }) => status).toSorted((a, b) => a - b))
  return rounds
}

const everyRound = (...statuses: readonly number[]) => Array.from({ length: ROUNDS }, () => statuses)
const connection = (id: string, app: string) => ({
  ...{ id, app, resourceApp: 'notes0', clientId: `${app}-there`, resources: [NOTES], scopes: ['notes.read'] },
  assignments: { everyone: true },
})
const app = (id: string) => ({ id, name: id, kind: 'agent', auth: { method: 'client_secret_basic' } })
const user = (id: string, username: string, email?: string) => ({ id, username, email, groups: [] })
const denying = (id: string) => ({ id, when: { scope: ['todos.write'] }, effect: 'deny' })

async function made(answer: Promise<AdminAnswer>): Promise<void> {
  expect((await answer).status).toBe(201)
}

interface KeyFacts {
  readonly owner: string
  readonly purpose: string
  readonly state: string
}

async function countEvents(node: Admin, type: string): Promise<number> {
  return (await node('GET', `/audit-events?type=${type}&limit=200`)).body.items.length
}

/** Either the connection or the removal of its user came first, and the other was rejected. */
function expectOneFirst(rounds: readonly (readonly number[])[]): void {
  for (const both of rounds)
    expect([
      [201, 409],
      [204, 400],
    ]).toContainEqual(both)
}

describeOnDatabases('two nodes on $name', (kind) => {
  it('create one user of a name', async () => {
    const [one, other] = await startTwo(kind)
    const create = (node: Admin, body: ReturnType<typeof user>) => node('POST', '/users', { body })
    const statuses = await race((round) => {
      const name = `erin${round}@acme.test`
      // As users sign in with either, an address must not be the name of another user.
      const [second, email] = round % 2 === 0 ? [name] : [`fay${round}`, name.toUpperCase()]
      return [
        create(one, user(`usr_a${round}`, name)),
        create(other, user(`usr_b${round}`, second ?? name, email)),
      ]
    })
    expect(statuses).toEqual(everyRound(201, 409))
  })

  it('delete no user whom a new connection names', async () => {
    const [one, other] = await startTwo(kind)
    for (let round = 0; round < ROUNDS; round += 1) {
      await made(one('POST', '/apps', { body: app(`a${round}`) }))
      await made(one('POST', '/users', { body: user(`usr_${round}`, `frank${round}`) }))
    }
    const statuses = await race((round) => [
      one('POST', '/connections', {
        body: { ...connection(`c${round}`, `a${round}`), assignments: { users: [`usr_${round}`] } },
      }),
      other('DELETE', `/users/usr_${round}`, { ifMatch: '*' }),
    ])
    expectOneFirst(statuses)
  })

  it('remove no user of a directory whom a new connection names', async () => {
    const [one] = await startTwo(kind)
    const scim = async (method: string, path: string, body?: unknown) => {
      const headers = { authorization: `Bearer ${OKTA}`, 'content-type': 'application/scim+json' }
      const url = `${started[1]?.baseUrl}/scim/v2/Users${path}`
      return fetch(url, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
    }
    const ids: string[] = []
    for (let round = 0; round < ROUNDS; round += 1) {
      await made(one('POST', '/apps', { body: app(`a${round}`) }))
      const schemas = ['urn:ietf:params:scim:schemas:core:2.0:User']
      const provisioned = await scim('POST', '', { schemas, userName: `gil${round}@acme.test` })
      ids.push(String(((await provisioned.json()) as { id: unknown }).id))
    }
    const statuses = await race((round) => [
      one('POST', '/connections', {
        body: { ...connection(`c${round}`, `a${round}`), assignments: { users: [ids[round]] } },
      }),
      scim('DELETE', `/${ids[round]}`),
    ])
    expectOneFirst(statuses)
  })

  it('keep a promise that either of two policies keeps', async () => {
    const [one, other] = await startTwo(kind)
    const test = { name: 'no writing', who: 'user:alice', app: AGENT.id, at: 'todo0', ask: ['todos.write'] }
    const suite = { id: 'promise', tests: [{ ...test, expect: { outcome: 'deny' } }] }
    for (const id of ['first', 'second']) await made(one('POST', '/policies', { body: denying(id) }))
    await made(one('POST', '/policy-suites', { body: suite }))
    for (let round = 0; round < ROUNDS; round += 1) {
      const outcomes = await Promise.all([
        one('DELETE', '/policies/first', { ifMatch: '*' }),
        other('DELETE', '/policies/second', { ifMatch: '*' }),
      ])
      expect(outcomes.map(({ status }) => status).toSorted()).toEqual([204, 409])
      const gone = outcomes[0].status === 204 ? 'first' : 'second'
      await made((gone === 'first' ? one : other)('POST', '/policies', { body: denying(gone) }))
      const there = { status: 200 }
      for (const node of [one, other])
        await expect.poll(() => node('GET', `/policies/${gone}`), { timeout: 5000 }).toMatchObject(there)
    }
  })

  it('approve a request once', async () => {
    const [one, other] = await startTwo(kind)
    const ask = {
      user: 'usr_bob',
      app: AGENT.id,
      resourceApp: 'todo0',
      scopes: ['todos.read'],
      reason: 'once',
    }
    const ids: string[] = []
    for (let round = 0; round < ROUNDS; round += 1)
      ids.push((await one('POST', '/access-requests', { body: ask })).body.id)
    const decide = (node: Admin, verb: string, id: string | undefined) =>
      node('POST', `/access-requests/${id}/${verb}`, { body: { reason: 'a test' } })
    const statuses = await race((round) => [
      decide(one, 'approve', ids[round]),
      decide(other, 'decline', ids[round]),
    ])
    expect(statuses).toEqual(everyRound(200, 409))
  })

  it('grant an approved request once', async () => {
    const [one, other] = await startTwo(kind)
    const ask = {
      user: 'usr_bob',
      app: AGENT.id,
      resourceApp: 'todo0',
      scopes: ['todos.read'],
      reason: 'once',
    }
    const ids: string[] = []
    for (let round = 0; round < ROUNDS; round += 1)
      ids.push((await one('POST', '/access-requests', { body: ask })).body.id)
    const statuses = await race((round) =>
      [one, other].map((node) => node('POST', `/access-requests/${ids[round]}/approve`, { body: {} })),
    )
    expect(statuses).toEqual(everyRound(200, 409))
    const { items } = (await other('GET', '/access-grants?user=usr_bob')).body
    expect(items.map(({ request }: { request: string }) => request).toSorted()).toEqual(ids.toSorted())
    expect(await countEvents(one, 'request.approved')).toBe(ROUNDS)
  })

  it('decide in a review, or close it before', async () => {
    const [one, other] = await startTwo(kind)
    const { token } = (await one('POST', '/tokens', { body: { name: 'reviewer', role: 'reviewer' } })).body
    for (let round = 0; round < ROUNDS; round += 1) {
      const id = `c${round}`
      await made(one('POST', '/apps', { body: app(id) }))
      await made(one('POST', '/connections', { body: { ...connection(id, id), status: 'active' } }))
      const asked = { name: id, reason: 'a test', connections: [id] }
      const review = (await one('POST', '/reviews', { body: asked })).body.id
      const [decided, closed] = await Promise.all([
        one('POST', `/reviews/${review}/items/${id}/decide`, {
          ...{ token, body: { decision: 'revoke', reason: 'a test' } },
        }),
        other('POST', `/reviews/${review}/close`, { body: { undecided: 'suspend', reason: 'a test' } }),
      ])
      const { body } = await one('GET', `/reviews/${review}`)
      const [item] = (await one('GET', `/reviews/${review}/items`)).body.items
      expect([decided.status, item.decision?.decision]).toEqual(
        decided.status === 200 ? [200, 'revoke'] : [409, 'suspend'],
      )
      expect(body.state).toBe(closed.status === 200 ? 'closed' : 'open')
      const held = (await one('GET', `/connections/${id}`)).body.state.effective
      expect(held).toBe(decided.status === 200 ? 'revoked' : 'suspended')
    }
  })

  it('rotate a signing key once', async () => {
    const nodes = await startTwo(kind)
    for (const emergency of [false, true]) {
      const body = { emergency, reason: 'a test' }
      const before = await countEvents(nodes[0], 'key.rotated')
      const rotated = await Promise.all(
        nodes.map((node) => node('POST', '/keys/idp/id-jag/rotate', { body })),
      )
      expect(rotated.map(({ status }) => status)).toEqual([200, 200])
      expect(await countEvents(nodes[0], 'key.rotated')).toBe(before + 2)
      const listEach = () =>
        Promise.all(
          nodes.map(async (node) => {
            const { items } = (await node('GET', '/keys?limit=200')).body as { items: readonly KeyFacts[] }
            return items.filter(({ owner, purpose }) => owner === 'idp' && purpose === 'id-jag')
          }),
        )
      await expect
        .poll(async () => new Set((await listEach()).map((keys) => JSON.stringify(keys))).size)
        .toBe(1)
      const [keys = []] = await listEach()
      expect(keys.map(({ state }) => state)).toEqual(emergency ? ['current'] : ['current', 'next'])
    }
  })

  it('apply a document once, as both accept an invitation', async () => {
    const [one, other] = await startTwo(kind)
    for (let round = 0; round < ROUNDS; round += 1) {
      await made(one('POST', '/apps', { body: app(`a${round}`) }))
      const document = { idp: { connections: [connection(`c${round}`, `a${round}`)] } }
      const applied = await Promise.all(
        [one, other].map(async (node) => {
          const { etag } = await node('POST', '/configuration/plan', { body: { document } })
          return node('POST', '/configuration/apply', { body: { document, reason: 'a test' }, ifMatch: etag })
        }),
      )
      // The later one finds another plan, or nothing left to do.
      const statuses = applied.map(({ status }) => status).toSorted((a, b) => a - b)
      expect(statuses[0]).toBe(200)
      expect([200, 400, 412]).toContain(statuses[1])
    }
    expect(await countEvents(other, 'connection.created')).toBe(ROUNDS)
  })

  it('set a block while another one for the same user is lifted', async () => {
    const [one, other] = await startTwo(kind)
    const body = { kind: 'user', target: 'usr_bob', reason: 'a test' }
    let { id } = (await one('POST', '/blocks', { body })).body
    for (let round = 0; round < ROUNDS; round += 1) {
      const [ended, again, set] = await Promise.all([
        one('DELETE', `/blocks/${id}`),
        other('DELETE', `/blocks/${id}`),
        other('POST', '/blocks', { body }),
      ])
      expect([ended.status, again.status].toSorted((a, b) => a - b)).toEqual([204, 404])
      expect(set.status).toBe(201)
      const active = async (node: Admin) =>
        (await node('GET', '/blocks')).body.items.map((block: { id: string }) => block.id)
      for (const node of [one, other]) await expect.poll(() => active(node)).toEqual([set.body.id])
      id = set.body.id
    }
    expect(await countEvents(one, 'block.ended')).toBe(ROUNDS)
  })

  it('make all of many changes that have nothing to do with each other', async () => {
    const [one, other] = await startTwo(kind)
    const all = await Promise.all(
      Array.from({ length: 100 }, (_, index) => [
        one('POST', '/apps', { body: app(`a${index}`) }),
        other('POST', '/users', { body: user(`usr_${index}`, `user${index}`) }),
        other('POST', '/groups', { body: { id: `g${index}`, members: ['usr_alice'] } }),
      ]).flat(),
    )
    expect(new Set(all.map(({ status }) => status))).toEqual(new Set([201]))
  })

  it('keep both changes of an event stream', async () => {
    await startTwo(kind)
    const [one, other] = started.map(({ baseUrl }) => async (method: string, path: string, body?: object) => {
      const headers = { authorization: basic(RECEIVER), 'content-type': 'application/json' }
      const response = await fetch(`${baseUrl}/ssf/${path}`, {
        ...{ method, headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const text = await response.text()
      return {
        status: response.status,
        body: (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>,
      }
    })
    const created = await race(() => [one!('POST', 'streams', {}), other!('POST', 'streams', {})])
    expect(created).toEqual([[201, 409], ...everyRound(409, 409).slice(1)])
    const [{ stream_id }] = (await one!('GET', 'streams')).body as unknown as [{ stream_id: string }]
    const read = async (node: typeof one) => ({
      ...(await node!('GET', `streams?stream_id=${stream_id}`)).body,
      ...(await node!('GET', `status?stream_id=${stream_id}`)).body,
    })
    for (let round = 0; round < ROUNDS; round += 1) {
      const description = `round ${round}`
      const events = [`urn:test:${round}`]
      const [status, reason] = [round % 2 === 0 ? 'paused' : 'enabled', `reason ${round}`]
      const changes = await Promise.all([
        one!('PATCH', 'streams', { stream_id, description }),
        other!('PATCH', 'streams', { stream_id, events_requested: events }),
        other!('POST', 'status', { stream_id, status, reason }),
      ])
      expect(changes.map((change) => change.status)).toEqual([200, 200, 200])
      const all = { description, events_requested: events, status, reason }
      for (const node of [one, other]) await expect.poll(() => read(node)).toMatchObject(all)
    }
    expect(
      await race(() => [one, other].map((node) => node!('DELETE', `streams?stream_id=${stream_id}`))),
    ).toEqual([[204, 404], ...everyRound(404, 404).slice(1)])
  })

  it('block an app once for a user who stops it at both', async () => {
    const [admin] = await startTwo(kind)
    const browsers = await Promise.all(started.map(({ baseUrl }) => openAs(baseUrl, 'alice')))
    for (let round = 0; round < ROUNDS; round += 1) {
      const pages = await Promise.all(browsers.map((browser) => browser.open('/me')))
      const stopped = await Promise.all(
        browsers.map((browser, index) =>
          browser.send(pages[index]!, 'Stop acting for me (Agent0 at Todo0)', { act: 'stop' }),
        ),
      )
      for (const { status, text } of stopped) {
        expect(status).toBe(200)
        expect(text).toContain('Stopped by you')
      }
      const { items } = (await admin('GET', '/blocks')).body as unknown as { items: readonly object[] }
      expect(items).toMatchObject([{ target: 'agent0-todo0', onlyFor: 'usr_alice' }])
      const again = await browsers[0]!.send(stopped[0]!, 'Allow again (Agent0 at Todo0)', {
        act: 'allow-again',
      })
      expect(again.text).toContain('It may act for you again.')
      await expect.poll(async () => (await browsers[1]!.open('/me')).text).not.toContain('Stopped by you')
    }
  })
})
