// Decision counts over HTTP, on every database: in total, and per interval for a chart.
import { afterAll, beforeAll, expect, it } from 'vitest'

import { describeOnDatabases } from '../../../tools/test-databases.ts'
import { company, TODO } from '../support/company.ts'
import { exchange, signInFor } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { type Admin, adminOf } from './admin.ts'

interface Bucket {
  readonly since: string
  readonly outcomes: Readonly<Record<string, number>>
}

describeOnDatabases('counts of decisions on $name', ({ create }) => {
  let server: TestServer
  let admin: Admin
  let before: number
  beforeAll(async () => {
    server = await startTestServer({ database: await create(), file: (baseUrl) => company(baseUrl) })
    admin = adminOf(server.baseUrl)
    before = Date.now()
    for (const user of ['alice', 'alice', 'bob']) {
      const { idToken } = await signInFor(server.baseUrl, user)
      await exchange(server.baseUrl, idToken, { resource: TODO, scope: 'todos.read' })
    }
  })
  afterAll(() => server.stop())

  const sum = (buckets: readonly Bucket[], outcome: string) =>
    buckets.reduce((total, { outcomes }) => total + (outcomes[outcome] ?? 0), 0)

  it('splits the period into equal intervals that add up to the total', async () => {
    const since = new Date(before - 3_600_000).toISOString()
    const { body } = await admin('GET', `/decision-summary?since=${since}&buckets=4`)
    const buckets = body.buckets as readonly Bucket[]
    expect(buckets).toHaveLength(4)
    expect(buckets[0]?.since).toBe(since)
    const steps = buckets
      .slice(1)
      .map((one, at) => Date.parse(one.since) - Date.parse(buckets[at]?.since ?? ''))
    expect(Math.max(...steps) - Math.min(...steps)).toBeLessThanOrEqual(1)
    for (const outcome of ['allow', 'deny']) {
      expect(body.outcomes[outcome]).toBeGreaterThan(0)
      expect(sum(buckets, outcome)).toBe(body.outcomes[outcome])
    }
    // Everything happened just now.
    expect(sum(buckets.slice(0, 3), 'deny')).toBe(0)
  })

  it('counts nothing before the period, and no intervals unless requested', async () => {
    const until = new Date(before).toISOString()
    const earlier = await admin('GET', `/decision-summary?until=${until}&buckets=2`)
    expect(earlier.body).toMatchObject({ counted: 0, buckets: [{ outcomes: {} }, { outcomes: {} }] })
    const plain = await admin('GET', '/decision-summary')
    expect(plain.body.counted).toBeGreaterThan(0)
    expect(plain.body).not.toHaveProperty('buckets')
  })

  it('counts what the list shows: access, sign-ins, or both', async () => {
    const count = async (query: string) => {
      const { body: summary } = await admin('GET', `/decision-summary?buckets=2&${query}`)
      const { body: list } = await admin('GET', `/decisions?${query}`)
      return { counted: summary.counted, charted: sum(summary.buckets, 'allow'), listed: list.items.length }
    }
    // Three sign-ins, two allowed exchanges for alice, one denied for bob.
    expect(await count('about=access')).toEqual({ counted: 3, charted: 2, listed: 3 })
    expect(await count('about=sign-in')).toEqual({ counted: 3, charted: 3, listed: 3 })
    expect(await count('')).toEqual({ counted: 6, charted: 5, listed: 6 })
  })

  it.each([
    [1, 200],
    [100, 200],
    [0, 400],
    [101, 400],
  ])('responds to %i intervals with %i', async (buckets, status) => {
    expect((await admin('GET', `/decision-summary?buckets=${buckets}`)).status).toBe(status)
  })
})
