// Bounded cost: while callers send schemas, policies, patterns and matrices crafted to be expensive, the server keeps serving other requests.
import { MAX_DOCUMENT_BYTES } from '@crosswalk/admin-api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { AGENT, company, TODO } from '../support/company.ts'
import { exchange, signInFor } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { type Admin, type AdminAnswer, adminOf } from './admin.ts'

// On a slow machine the worker thread is slow too; all that matters is that no other request waits.

/** The longest that one request may block others. */
const LONGEST_MS = 250

let server: TestServer
let admin: Admin
let auditor: string

beforeAll(async () => {
  server = await startTestServer({
    file: (baseUrl) => company(baseUrl),
  })
  admin = adminOf(server.baseUrl)
  auditor = (await admin('POST', '/tokens', { body: { name: 'auditor', role: 'auditor' } })).body.token
  // Start the thread before measuring.
  expect((await simulate({ idp: {} })).status).toBe(200)
})
afterAll(async () => {
  expect(server.log.filter((line) => line.startsWith('fault'))).toEqual([])
  await server.stop()
})

/**
 * The longest that the event loop of this process, which also runs the server, was busy without a break, as if this were
 * a quiet machine. Measured in CPU time, so that other load on the machine counts only if it slows down the core.
 */
async function longestBusy(work: () => Promise<unknown>): Promise<number> {
  const before = measureSlowness()
  let [longest, last] = [0, process.threadCpuUsage()]
  const look = () => {
    const now = process.threadCpuUsage()
    longest = Math.max(longest, cpuMsSince(last, now))
    last = now
  }
  const timer = setInterval(look, 5)
  try {
    await work()
  } finally {
    clearInterval(timer)
  }
  look()
  return longest / Math.max(1, before, measureSlowness())
}

const many = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, at) => make(at))

const SAMPLE = JSON.stringify(many(30_000, (at) => ({ id: `usr_${at}`, email: `u${at}@acme.test` })))
/** What parsing `SAMPLE` takes on a quiet machine */
const SAMPLE_MS = 20

/** How many times the CPU time of a quiet machine the same work takes: cores and memory are shared. */
function measureSlowness(): number {
  const start = process.threadCpuUsage()
  expect(JSON.parse(SAMPLE)).toHaveLength(30_000)
  return cpuMsSince(start, process.threadCpuUsage()) / SAMPLE_MS
}

type CpuUsage = ReturnType<typeof process.threadCpuUsage>

function cpuMsSince(start: CpuUsage, end: CpuUsage): number {
  return (end.user - start.user + end.system - start.system) / 1000
}

async function attack(send: () => Promise<AdminAnswer>): Promise<AdminAnswer> {
  const answers: AdminAnswer[] = []
  const busy = await longestBusy(async () => answers.push(await send()))
  expect(busy).toBeLessThan(LONGEST_MS)
  const health = await fetch(`${server.baseUrl}/healthz`)
  expect(health.status).toBe(200)
  return answers[0] as AdminAnswer
}

function simulate(draft: object, token?: string) {
  const question = { app: AGENT.id, user: 'alice', audience: `${server.baseUrl}/as/vendor`, resource: [TODO] }
  const as = token === undefined ? {} : { token }
  return admin('POST', '/simulate', { ...as, body: JSON.stringify({ ...question, draft }) })
}

function withSchemas(schemas: readonly object[]) {
  const types = schemas.map((schema, index) => ({ type: index === 0 ? 'payment' : `t${index}`, schema }))
  const [todo0] = (company(server.baseUrl).idp as { resourceApps: object[] }).resourceApps
  return { idp: { resourceApps: [{ ...todo0, authorizationDetailsTypes: types }] } }
}

function doubling(levels: number): object {
  const $defs: Record<string, object> = { [`a${levels}`]: { required: ['never'] } }
  for (let level = 0; level < levels; level += 1) {
    const next = { $ref: `#/$defs/a${level + 1}` }
    $defs[`a${level}`] = { anyOf: [next, next] }
  }
  return { $ref: '#/$defs/a0', $defs }
}

const fan = (to: string) => ({ anyOf: Array.from({ length: 60 }, () => ({ $ref: `#/$defs/${to}` })) })

const SCHEMAS: readonly (readonly [string, object])[] = [
  ['forks forty times', doubling(40)],
  ['forks fourteen times', doubling(14)],
  [
    'is a fan of fans',
    { ...fan('b'), $defs: { b: fan('c'), c: { anyOf: many(60, () => ({ required: ['x'] })) } } },
  ],
  ['has a thousand branches', { oneOf: many(1000, () => ({ type: 'string' })) }],
  [
    'has a thousand members',
    { properties: Object.fromEntries(many(900, (at) => [`p${at}`, { minimum: 1 }] as const)) },
  ],
  [
    'has huge patterns',
    { patternProperties: Object.fromEntries(many(190, (at) => [`(a{30}){30}${at}`, true] as const)) },
  ],
  ['is nested a thousand deep', JSON.parse(`${'{"not":'.repeat(1000)}{}${'}'.repeat(1000)}`) as object],
]

describe('an authorization details schema in a draft', () => {
  it.each(SCHEMAS)(
    'that %s is rejected from an auditor without blocking other requests',
    async (_, schema) => {
      const { status, body } = await attack(() => simulate(withSchemas([schema]), auditor))
      expect({ status, detail: body.detail }).toEqual({ status: 400, detail: expect.any(String) })
      expect(body.errors?.[0]?.problem ?? body.detail).toMatch(/cannot be used|too deep|deep/)
    },
  )

  it('evaluates twenty schemas at each limit without blocking other requests', async () => {
    const schema = (at: number) => ({ oneOf: many(190, () => ({ type: 'string', minLength: at })) })
    const { status } = await attack(() => simulate(withSchemas(many(20, schema)), auditor))
    expect(status).toBe(200)
  })
})

describe('an authorization details schema in a definition', () => {
  it.each(SCHEMAS)(
    'that %s is rejected from an administrator without blocking other requests',
    async (_, schema) => {
      const body = { id: 'vault', name: 'Vault', issuer: 'https://vault.example' }
      const types = [{ type: 'payment', schema }]
      const answer = await attack(() =>
        admin('POST', '/resource-apps', { body: { ...body, authorizationDetailsTypes: types } }),
      )
      expect(answer).toMatchObject({
        status: 400,
        body: { detail: expect.stringMatching(/cannot be used|deep/) },
      })
      expect((await admin('GET', '/resource-apps/vault')).status).toBe(404)
    },
  )

  it('accepts twenty schemas at the limit one by one, and evaluates a request against them without blocking others', async () => {
    const schema = (at: number) => ({
      anyOf: many(190, () => ({ required: ['type'], minProperties: at + 2 })),
    })
    const types = many(20, (at) => ({ type: `t${at}`, schema: schema(at) }))
    const resource = 'https://vault.example/api'
    const vault = {
      ...{ id: 'vault', name: 'Vault', issuer: 'https://vault.example', assignments: { everyone: true } },
      ...{ resources: [{ id: resource, scopes: ['vault.read'] }], authorizationDetailsTypes: types },
    }
    expect((await attack(() => admin('POST', '/resource-apps', { body: vault }))).status).toBe(201)
    const connection = {
      ...{ id: 'agent0-vault', app: AGENT.id, resourceApp: 'vault', clientId: 'agent0', status: 'active' },
      ...{ resources: [resource], scopes: ['vault.read'], assignments: { everyone: true } },
      authorizationDetailsTypes: types.map(({ type }) => type),
    }
    expect((await admin('POST', '/connections', { body: connection })).status).toBe(201)
    const { idToken } = await signInFor(server.baseUrl, 'alice')
    const details = many(20, (at) => ({ type: `t${at}`, a: 1 }))
    const busy = await longestBusy(async () => {
      const answer = await exchange(server.baseUrl, idToken, {
        ...{ audience: 'https://vault.example', resource },
        authorization_details: JSON.stringify(details),
      })
      expect(answer.body.error).toBe('invalid_authorization_details')
    })
    expect(busy).toBeLessThan(LONGEST_MS)
  })
})

describe('the preview of a connection to a draft', () => {
  const RESOURCES = many(14_000, (at) => `urn:r:${at}`)
  const schema = (at: number) => ({ oneOf: many(190, () => ({ type: 'object', minProperties: at })) })

  it.each([
    [
      'sixty schemas at the limit',
      [TODO],
      { authorizationDetailsTypes: many(60, (at) => ({ type: `t${at}`, schema: schema(at) })) },
    ],
    ['fourteen thousand resources', RESOURCES, {}],
  ])('with %s does not block other requests', async (_, resources, more) => {
    const connection = { id: 'x', app: AGENT.id, resourceApp: 'draft', status: 'active', resources }
    const resourceApp = {
      ...{ id: 'draft', name: 'Draft', issuer: 'https://draft.example', ...more },
      resources: resources.map((id) => ({ id, scopes: [] })),
    }
    const body = JSON.stringify({ connection, resourceApp, user: 'alice' })
    const answer = await attack(() => admin('POST', '/connection-preview', { token: auditor, body }))
    expect(answer).toMatchObject({
      status: 200,
      body: { decision: { resolution: { resource_app: 'draft' } } },
    })
  })
})

const POLICY = { effect: 'deny', when: { app: AGENT.id } }

describe('policies', () => {
  it('rejects ten thousand in a draft without blocking other requests', async () => {
    const draft = (count: number) => ({
      idp: {
        policies: many(count, (at) => ({
          ...POLICY,
          id: `p${at}`,
          when: { 'time.within': '07:00-20:00 Europe/Berlin' },
        })),
      },
    })
    const { status, body } = await attack(() => simulate(draft(10_000), auditor))
    expect({ status, problem: body.errors?.[0]?.problem }).toEqual({
      status: 400,
      problem: 'there are 10000 policies, more than 2000',
    })
    expect((await attack(() => simulate(draft(2000), auditor))).status).toBe(200)
  })

  it.each([
    ['time windows', { 'time.within': many(500, (at) => `07:00-20:00 Nowhere/Zone${at}`) }],
    ['networks', { network: many(500, () => '300.0.0.0/8') }],
    ['unknown clauses', Object.fromEntries(many(50, (at) => [`tyme.within${at}`, 'x'] as const))],
    ['a long name', { ['x'.repeat(500_000)]: 'x' }],
  ])('checks %s without blocking other requests', async (_, when) => {
    const policy = { ...POLICY, id: 'p', when }
    const { status, body } = await attack(() =>
      admin('POST', '/policy-check', { token: auditor, body: policy }),
    )
    expect(status).toBe(200)
    expect(body.problems.length).toBeGreaterThan(0)
  })

  it.each([
    [
      'values of a clause',
      500,
      (count: number) => ({ network: many(count, (at) => `10.0.${at % 250}.0/24`) }),
    ],
    [
      'clauses',
      50,
      (count: number) => Object.fromEntries(many(count, (at) => [`user.attributes.a${at}`, 'x'] as const)),
    ],
  ])('%s: at most %i', async (_, most, when) => {
    const check = (count: number) =>
      admin('POST', '/policy-check', {
        token: auditor,
        body: { ...POLICY, id: 'p', when: when(count) },
      })
    expect((await check(most)).body.problems).toEqual([])
    expect((await check(most + 1)).status).toBe(400)
  })
})

describe('bulk questions', () => {
  it('reads a document of the maximum size without blocking other requests', async () => {
    const user = (at: number) => ({ id: `usr_${at}`, username: `u${at}`, email: `u${at}@acme.test` })
    const text = JSON.stringify({ document: { idp: { users: many(30_000, user) } } })
    expect(text.length).toBeGreaterThan(0.9 * MAX_DOCUMENT_BYTES)
    // Not parsed here: this process also runs the server, so parsing would count as the server's time.
    let status = 0
    const busy = await longestBusy(async () => {
      const response = await fetch(`${server.baseUrl}/admin/api/v1/configuration/plan`, {
        method: 'POST',
        headers: { authorization: `Bearer ${auditor}`, 'content-type': 'application/json' },
        body: text,
      })
      status = response.status
      await response.body?.cancel()
    })
    // On a slow machine the deadline ends the thread first.
    expect([200, 422]).toContain(status)
    expect(busy).toBeLessThan(LONGEST_MS)
  })

  it('applies a document with five thousand users without blocking other requests', async () => {
    const apply = async (round: number) => {
      const user = (at: number) => ({ id: `usr_n${at}`, username: `n${at}`, email: `n${at}@r${round}.test` })
      const document = { idp: { users: many(5000, user) } }
      const { etag } = await admin('POST', '/configuration/plan', { body: { document } })
      const body = { document, reason: 'a new branch' }
      const answers: AdminAnswer[] = []
      const busy = await longestBusy(async () =>
        answers.push(await admin('POST', '/configuration/apply', { body, ifMatch: etag })),
      )
      expect(answers[0]).toMatchObject({ status: 200, body: { changes: { length: 5000 } } })
      return busy
    }
    // In proportion: the maximum is six times as many.
    const limit = 0.3 * LONGEST_MS
    // Garbage collection can exceed so low a limit, but not each time.
    let busy = await apply(0)
    for (let round = 1; round < 4 && busy >= limit; round += 1) busy = Math.min(busy, await apply(round))
    expect(busy).toBeLessThan(limit)
  })

  it('evaluates a matrix and policy tests of the maximum size without blocking other requests', async () => {
    const users = many(600, (at) => ({ id: `usr_u${at}`, username: `u${at}`, groups: ['engineering'] }))
    const draft = { idp: { users } }
    const { status, body } = await attack(() =>
      admin('POST', '/simulate/matrix', { token: auditor, body: { groups: ['engineering'], draft } }),
    )
    expect({ status, rows: body.rows?.length }).toEqual({ status: 200, rows: 603 })
  })

  it('queues a few such requests, and answers the rest with 503 and Retry-After', async () => {
    const answers = await Promise.all(many(20, () => ({})).map(() => simulate({ idp: {} }, auditor)))
    const refused = answers.filter(({ status }) => status !== 200)
    expect(answers.length - refused.length).toBeGreaterThan(0)
    expect(refused.length).toBeGreaterThan(0)
    for (const { status, headers, body } of refused)
      expect({ status, type: body.type, again: headers.get('retry-after') }).toEqual({
        status: 503,
        type: 'urn:crosswalk:problem:busy',
        again: '2',
      })
    expect((await simulate({ idp: {} }, auditor)).status).toBe(200)
  })
})

// Last, because matrices become longer by these resources.
describe('names that do not exist', () => {
  it('thirty thousand resources of a connection are compared with ten thousand without blocking other requests', async () => {
    const list = (count: number, kind: string) => many(count, (at) => `urn:${kind}:${at}`)
    const catalogue = list(10_000, 'there').map((id) => ({ id, scopes: [] }))
    const shop = { id: 'shop', name: 'Shop', issuer: 'https://shop.example', resources: catalogue }
    expect((await admin('POST', '/resource-apps', { body: shop })).status).toBe(201)
    const connection = (resources: readonly string[]) => ({
      ...{ id: 'agent0-shop', app: AGENT.id, resourceApp: 'shop', clientId: 'agent0', scopes: [] },
      ...{ status: 'active', resources },
    })
    const { status, body } = await attack(() =>
      admin('POST', '/connections', { body: connection(list(30_000, 'gone')) }),
    )
    expect({ status, errors: body.errors.length, first: body.errors[0].problem }).toEqual({
      ...{ status: 400, errors: 100 },
      first: 'urn:gone:0 is not a resource of resource app shop',
    })
    const known = await attack(() =>
      admin('POST', '/connections', { body: connection(list(10_000, 'there')) }),
    )
    expect(known.status).toBe(201)
  })
})
