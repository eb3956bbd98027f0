// Policies that count grants by the hour, over HTTP: both edges of a limit, many at once, two processes, a restart.
import { randomBytes } from 'node:crypto'

import { afterEach, describe, expect, it } from 'vitest'

import { testDatabaseKinds } from '../../../tools/test-databases.ts'
import { adminOf } from '../admin/admin.ts'
import { company, NOTES, TODO } from '../support/company.ts'
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

describe.each(testDatabaseKinds())('on $name', (kind) => {
  it('grants as many as the limit says and not one more, until an hour after the first', async () => {
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
    // Another person has an hour of their own, and the simulator counts as the endpoint does.
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

  it('a deny by volume matches above its number, and refusals do not count', async () => {
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

  it('of many at once in one process, exactly as many as fit are granted', async () => {
    const server = await start({ database: await kind.create(), policies: [atMost(5)] })
    const { idToken } = await signInFor(server.baseUrl, 'alice')
    const statuses = await Promise.all(Array.from({ length: 40 }, () => ask(server, idToken)))
    expect(statuses.filter((status) => status === 200)).toHaveLength(5)
    expect(statuses.filter((status) => status === 429)).toHaveLength(35)
  })

  it('what another process granted counts as soon as it is in the log, and after a restart', async () => {
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
    expect(await ask(other, there.idToken)).toBe(429)
    const third = await start(world)
    const later = await signInFor(third.baseUrl, 'alice')
    expect(await ask(third, later.idToken)).toBe(429)
  })

  it('counts what was granted before there was a policy, from the moment there is one', async () => {
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
