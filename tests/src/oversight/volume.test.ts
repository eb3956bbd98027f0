// Policies with hourly limits, over HTTP: both edges of a limit, concurrency, two processes, a restart.
import { randomBytes } from 'node:crypto'

import { afterEach, describe, expect, it } from 'vitest'

import { describeOnDatabases } from '../../../tools/test-databases.ts'
import { adminOf } from '../admin/admin.ts'
import { AGENT, company, NOTES, TODO } from '../support/company.ts'
import { exchange, signInFor } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

const HOUR_MS = 3_600_000
const started: TestServer[] = []
afterEach(async () => {
  for (const server of started.splice(0).reverse()) await server.stop()
})

const atMost = (perHour: number, more = {}) => ({
  id: 'volume',
  effect: 'limit',
  limit: { perHour },
  ...more,
})

interface World {
  readonly database: string
  readonly policies: readonly object[]
  readonly clock?: { nowMs(): number }
  readonly key?: string
}

async function start({ policies, key = randomBytes(32).toString('hex'), ...options }: World) {
  const server = await startTestServer({
    file: (baseUrl) => company(baseUrl, { idp: { policies } }),
    key,
    ...options,
  })
  started.push(server)
  return server
}

const ask = async ({ baseUrl }: TestServer, idToken: string, resource = TODO) =>
  (await exchange(baseUrl, idToken, { resource })).status

describeOnDatabases('on $name', (kind) => {
  it('grants exactly the limit, until an hour after the first grant', async () => {
    let nowMs = Date.now()
    const server = await start({
      database: await kind.create(),
      policies: [atMost(2)],
      clock: { nowMs: () => nowMs },
    })
    const { idToken } = await signInFor(server.baseUrl, 'alice')
    expect(await ask(server, idToken)).toBe(200)
    nowMs += 1000
    expect(await ask(server, idToken, NOTES)).toBe(200)
    const refused = await exchange(server.baseUrl, idToken, { resource: TODO })
    expect(refused).toMatchObject({ status: 429, body: { error: 'slow_down' } })
    const admin = adminOf(server.baseUrl)
    const { body: decision } = await admin('GET', `/decisions/${refused.headers.get('crosswalk-decision')}`)
    expect(decision).toMatchObject({ code: 'XAA1904' })
    expect(decision.checks.find(({ id }: { id: string }) => id === 'policy.volume')).toMatchObject({
      result: 'fail',
      expected: { perHour: 2 },
      actual: { volumeLastHour: 2 },
      ref: 'volume',
    })
    const explained = await admin('POST', '/explain', { body: { decisionId: decision.decision_id } })
    expect(explained.body.now).toMatchObject({ code: 'XAA1904' })
    // Each user is counted separately, and the simulator counts like the endpoint.
    const carol = await signInFor(server.baseUrl, 'carol')
    expect(await ask(server, carol.idToken)).toBe(200)
    const simulate = async (user: string, at: number) =>
      (
        await admin('POST', '/simulate', {
          body: {
            app: 'agent0',
            user,
            audience: `${server.baseUrl}/as/vendor`,
            resource: TODO,
            at: new Date(at).toISOString(),
          },
        })
      ).body.code
    expect([await simulate('alice', nowMs), await simulate('carol', nowMs)]).toEqual(['XAA1904', 'XAA0000'])
    nowMs += HOUR_MS - 1001
    const again = await signInFor(server.baseUrl, 'alice')
    expect(await ask(server, again.idToken)).toBe(429)
    expect(await simulate('alice', nowMs)).toBe('XAA1904')
    nowMs += 1
    expect(await simulate('alice', nowMs)).toBe('XAA0000')
    expect(await ask(server, again.idToken)).toBe(200)
    expect(await ask(server, again.idToken)).toBe(429)
  })

  it('a deny by volume matches above its number, and denials do not count', async () => {
    const deny = { id: 'many', effect: 'deny', when: { app: 'agent0', 'volume.perHour.over': 1 } }
    const server = await start({ database: await kind.create(), policies: [deny] })
    const { idToken } = await signInFor(server.baseUrl, 'alice')
    for (const scope of ['nothing', 'nothing', 'nothing'])
      await exchange(server.baseUrl, idToken, { resource: TODO, scope })
    expect([await ask(server, idToken), await ask(server, idToken)]).toEqual([200, 200])
    expect(await exchange(server.baseUrl, idToken, { resource: TODO })).toMatchObject({
      status: 400,
      body: { error: 'access_denied' },
    })
  })

  it('of many concurrent requests in one process, exactly the limit is granted', async () => {
    const server = await start({ database: await kind.create(), policies: [atMost(5)] })
    const { idToken } = await signInFor(server.baseUrl, 'alice')
    const statuses = await Promise.all(Array.from({ length: 40 }, () => ask(server, idToken)))
    expect(statuses.filter((status) => status === 200)).toHaveLength(5)
    expect(statuses.filter((status) => status === 429)).toHaveLength(35)
  })

  it('grants of another process count once they are in the log, and after a restart', async () => {
    const world = {
      database: await kind.create(),
      policies: [atMost(3)],
      key: randomBytes(32).toString('hex'),
    }
    const [one, other] = [await start(world), await start(world)]
    const { idToken } = await signInFor(one.baseUrl, 'alice')
    const there = await signInFor(other.baseUrl, 'alice')
    expect(await ask(one, idToken)).toBe(200)
    expect(await ask(other, there.idToken)).toBe(200)
    expect(await ask(one, idToken)).toBe(200)
    expect((await askReachable(other.baseUrl, there.idToken)).body.resources).toEqual([])
    expect(await ask(other, there.idToken)).toBe(429)
    const third = await start(world)
    const later = await signInFor(third.baseUrl, 'alice')
    expect(await ask(third, later.idToken)).toBe(429)
  })

  it('counts grants from before the policy existed', async () => {
    const server = await start({ database: await kind.create(), policies: [] })
    const admin = adminOf(server.baseUrl)
    const { idToken } = await signInFor(server.baseUrl, 'alice')
    for (const _ of [1, 2]) expect(await ask(server, idToken)).toBe(200)
    const made = await admin('POST', '/policies', { body: atMost(2, { state: 'report-only' }) })
    expect(made.status).toBe(201)
    expect(await ask(server, idToken)).toBe(200)
    const enforced = await admin('PATCH', '/policies/volume', {
      body: { state: 'enforced' },
      ifMatch: made.etag,
    })
    expect(enforced.status).toBe(200)
    expect(await ask(server, idToken)).toBe(429)
  })
})

describe('simulator, reach and reviews count like the token endpoint', () => {
  async function startWorld(policy: object) {
    const server = await startTestServer({
      file: (baseUrl) => {
        const file = company(baseUrl, { idp: { policies: [policy] } }) as { idp: { connections: object[] } }
        // An approval does not change a file connection.
        file.idp.connections.shift()
        return file as unknown as Record<string, unknown>
      },
    })
    started.push(server)
    const admin = adminOf(server.baseUrl)
    const assignments = { users: [], groups: ['engineering'] }
    const connection = { id: 'agent0-todo0', app: AGENT.id, resourceApp: 'todo0', assignments }
    const there = {
      clientId: 'agent0-at-vendor',
      resources: [TODO],
      scopes: ['todos.read'],
      status: 'active',
    }
    const made = await admin('POST', '/connections', { body: { ...connection, ...there } })
    expect(made.status).toBe(201)
    return { server, admin, connection: { ...connection, ...there } }
  }

  type Judging = Awaited<ReturnType<typeof startWorld>> & { readonly idToken: string; readonly count: number }

  const allowed = (outcome: unknown) => outcome === 'allow'
  const finds = (items: readonly { readonly resource?: string }[]) =>
    items.some(({ resource }) => resource === TODO)

  const judges: Readonly<Record<string, (judging: Judging) => Promise<boolean>>> = {
    simulate: async ({ admin, server }) => {
      const about = { app: AGENT.id, user: 'alice', audience: `${server.baseUrl}/as/vendor`, resource: TODO }
      return allowed((await admin('POST', '/simulate', { body: about })).body.outcome)
    },
    'what-can': async ({ admin }) =>
      finds((await admin('GET', `/what-can?app=${AGENT.id}&user=alice`)).body.items),
    'who-can': async ({ admin }) =>
      (await admin('GET', '/who-can?resource=todo0')).body.items.some(
        ({ username }: { username: string }) => username === 'alice',
      ),
    preview: async ({ admin, connection }) => {
      const answer = await admin('POST', '/connection-preview', { body: { connection, user: 'alice' } })
      return allowed(answer.body.decision.outcome)
    },
    'check of an approval': async ({ admin }) => {
      const about = { user: 'alice', app: AGENT.id, resourceApp: 'todo0', scopes: ['todos.read'] }
      const asked = await admin('POST', '/access-requests', { body: { ...about, reason: 'sprint' } })
      const approved = await admin('POST', `/access-requests/${asked.body.id}/approve`, { body: {} })
      return allowed(approved.body.check.outcome)
    },
    'test of policy': async ({ admin, count }) => {
      const given = { grants_last_hour: count }
      const test = { name: 'it', who: 'user:alice', app: AGENT.id, at: 'todo0', expect: { outcome: 'allow' } }
      const answer = await admin('POST', '/policy-tests', { body: { suite: 's', given, tests: [test] } })
      return answer.body.passed as boolean
    },
    'what may I ask for': async ({ server, idToken }) => {
      const { status, body } = await askReachable(server.baseUrl, idToken)
      expect(status).toBe(200)
      return finds(body.resources as { resource?: string }[])
    },
  }

  it.each([
    ['a deny', { id: 'many', effect: 'deny', when: { 'volume.perHour.over': 1 } }],
    ['a limit', atMost(2)],
  ])('with %s', async (_, policy) => {
    const world = await startWorld(policy)
    const { idToken } = await signInFor(world.server.baseUrl, 'alice')
    for (const count of [0, 1, 2]) {
      const said: [string, boolean][] = []
      for (const [name, judge] of Object.entries(judges))
        said.push([name, await judge({ ...world, idToken, count })])
      const granted = (await ask(world.server, idToken)) === 200
      expect(granted).toBe(count < 2)
      expect(said).toEqual(Object.keys(judges).map((name) => [name, granted]))
    }
  })
})

async function askReachable(baseUrl: string, idToken: string) {
  const credentials = btoa(`${encodeURIComponent(AGENT.id)}:${encodeURIComponent(AGENT.secret)}`)
  const type = 'urn:ietf:params:oauth:token-type:id_token'
  const response = await fetch(`${baseUrl}/reachable-resources`, {
    method: 'POST',
    headers: { authorization: `Basic ${credentials}` },
    body: new URLSearchParams({ subject_token: idToken, subject_token_type: type }),
  })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}
