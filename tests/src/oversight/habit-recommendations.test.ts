// Recommendations about unusual behaviour over HTTP: each is raised by requests, and disappears when its cause ends.
import { openStorage } from '@crosswalk/storage'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { type Admin, adminOf } from '../admin/admin.ts'
import { AGENT, company, NOTES, TODO } from '../support/company.ts'
import { exchange, redeem, signInFor, type Tokens } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** Some minutes after noon */
const START_MS = Date.parse('2026-06-01T12:03:00.000Z')
const VENDOR_API = { id: 'todo0-api', secret: 'todo0 api secret' }
const AGENT_THERE = 'agent0-at-vendor'

let server: TestServer
let admin: Admin
let nowMs = START_MS
let alice: Tokens
let carol: Tokens

const list = async (rule: string) => {
  // Findings are cached for five seconds.
  nowMs += 5_000
  return (await admin('GET', `/recommendations?rule=${rule}`)).body.items
}
const getIdJag = async (form: Readonly<Record<string, string>> = { resource: TODO }, tokens = alice) =>
  String((await exchange(server.baseUrl, tokens.idToken, form)).body.access_token)

let written = 0
/** Records a grant at that time, from an address of the agent's network */
async function grantAt(atMs: number): Promise<void> {
  const context = { ip: '192.0.2.1' }
  const storage = await openStorage(server.database)
  await storage.ledger.commit({
    log: 'idp',
    event: {
      ...{ schema: 'xaa.event/v1', id: `evt_${(written += 1)}`, type: 'idjag.issued', category: 'decision' },
      ...{ severity: 'info', outcome: 'allow', time: new Date(atMs).toISOString() },
      actor: { kind: 'agent', id: AGENT.id },
      on_behalf_of: { user_ref: 'usr_alice' },
      delegation: { connection: 'agent0-todo0' },
      decision_id: `dec_past${written}`,
      // By an app that is deleted, so that the final simulation skips it.
      decision: {
        request: { context, requesting_app: { id: 'https://' } },
        resolution: {},
        policies: [],
      } as never,
    },
  })
  await storage.close()
}

beforeAll(async () => {
  server = await startTestServer({
    file: (baseUrl) => company(baseUrl, { idp: { idTokenTtlSeconds: 3600 } }),
    clock: { nowMs: () => nowMs },
  })
  admin = adminOf(server.baseUrl)
  const policy = {
    id: 'mfa-soon',
    effect: 'require',
    when: {},
    require: { acr: ['mfa'] },
    state: 'report-only',
  }
  expect((await admin('POST', '/policies', { body: policy })).status).toBe(201)
  for (let day = 2; day < 16; day += 1) await grantAt(START_MS - day * DAY_MS - 6 * HOUR_MS)
})
afterAll(() => server.stop())

it('reports an app acting at a new hour, from a new network and for a new user', async () => {
  const rules = ['unusual-hours', 'network-first-use', 'user-first-use', 'report-only-differs']
  for (const rule of rules) expect(await list(rule)).toEqual([])
  alice = await signInFor(server.baseUrl, 'alice')
  for (let count = 0; count < 4; count += 1) await getIdJag()
  expect(await list('unusual-hours')).toEqual([])
  expect(await list('user-first-use')).toEqual([])
  carol = await signInFor(server.baseUrl, 'carol')
  await getIdJag({ resource: TODO }, carol)
  expect(await list('unusual-hours')).toMatchObject([
    { subject: { id: AGENT.id }, values: { idJags: 5, hour: '12:00', usedDays: 14, usualHours: '06:00' } },
  ])
  expect(await list('network-first-use')).toMatchObject([
    { subject: { id: AGENT.id }, values: { networks: '127.0.0.0/24' }, samples: expect.any(Array) },
  ])
  const [first] = await list('user-first-use')
  expect(first).toMatchObject({ subject: { id: 'agent0-todo0' }, values: { people: 1 } })
  expect((await admin('GET', `/decisions/${String(first.samples[0].id)}`)).body).toMatchObject({
    request: { subject: { ref: 'usr_carol' } },
  })
  expect(await list('report-only-differs')).toMatchObject([
    { subject: { kind: 'policy', id: 'mfa-soon' }, values: { differ: 5, examined: 5, people: 2 } },
  ])
})

it('reports replayed ID-JAGs, and those of another client', async () => {
  const idJag = await getIdJag()
  expect((await redeem(server.baseUrl, idJag)).status).toBe(200)
  for (let count = 0; count < 2; count += 1) await redeem(server.baseUrl, idJag)
  expect(await list('id-jag-reused')).toEqual([])
  expect(await list('id-jag-of-another-client')).toEqual([])
  await redeem(server.baseUrl, idJag)
  const other = await redeem(server.baseUrl, await getIdJag(), {}, VENDOR_API)
  expect(other.body.error).toBe('invalid_grant')
  expect(await list('id-jag-reused')).toMatchObject([
    { subject: { id: `vendor/${AGENT_THERE}` }, app: AGENT.id, values: { refusals: 3, code: 'XAA2209' } },
  ])
  const [mine] = await list('id-jag-of-another-client')
  expect(mine).toMatchObject({ subject: { id: 'vendor/todo0-api' }, app: null, values: { code: 'XAA2103' } })
  expect((await admin('GET', mine.action.path)).body.items).toHaveLength(1)
})

it('reports an access token that exceeds its ID-JAG', async () => {
  expect((await redeem(server.baseUrl, await getIdJag())).status).toBe(200)
  expect(await list('redeemed-for-more')).toEqual([])
  const [issued] = (await admin('GET', '/audit-events?type=idjag.issued&limit=1')).body.items
  // Our server never does that, so the event is forged.
  const storage = await openStorage(server.database)
  await storage.ledger.commit({
    log: 'as:vendor',
    event: {
      ...{ schema: 'xaa.event/v1', id: 'evt_wider', type: 'token.redeemed', category: 'decision' },
      ...{
        severity: 'info',
        outcome: 'allow',
        time: new Date(nowMs).toISOString(),
        decision_id: 'dec_wider',
      },
      actor: { kind: 'app', id: AGENT_THERE },
      delegation: { grant_id: issued.delegation.grant_id },
      action: { verb: 'x', scopes_granted: ['todos.read', 'todos.delete'] },
    },
  })
  await storage.close()
  expect(await list('redeemed-for-more')).toMatchObject([
    {
      ...{ severity: 'critical', subject: { id: `vendor/${AGENT_THERE}` }, app: AGENT.id },
      ...{ values: { accessTokens: 1, scopes: 'todos.delete' }, samples: [{ id: 'dec_wider' }] },
    },
  ])
})

it('reports an app that keeps requesting for a user whose session has ended', async () => {
  const body = { reason: 'a lost device' }
  expect((await admin('POST', '/users/usr_carol/suspend', { body })).status).toBe(200)
  expect((await admin('POST', '/users/usr_carol/resume', { body })).status).toBe(200)
  for (let count = 0; count < 9; count += 1) await getIdJag({ resource: TODO }, carol)
  expect(await list('asked-after-sign-out')).toEqual([])
  await getIdJag({ resource: TODO }, carol)
  expect(await list('asked-after-sign-out')).toMatchObject([
    { subject: { kind: 'app', id: AGENT.id }, values: { refusals: 10, code: 'XAA1205' } },
  ])
})

it('reports ID-JAGs that are never redeemed, until one is', async () => {
  nowMs += 2 * DAY_MS
  alice = await signInFor(server.baseUrl, 'alice')
  for (let count = 0; count < 20; count += 1) await getIdJag({ resource: NOTES })
  expect(await list('id-jag-never-redeemed')).toEqual([])
  nowMs += HOUR_MS
  expect(await list('id-jag-never-redeemed')).toMatchObject([
    { subject: { id: `vendor/${AGENT_THERE}` }, app: AGENT.id, values: { issued: 20, redeemed: 0 } },
  ])
  alice = await signInFor(server.baseUrl, 'alice')
  expect((await redeem(server.baseUrl, await getIdJag())).status).toBe(200)
  expect(await list('id-jag-never-redeemed')).toEqual([])
  expect(await list('id-jag-reused')).toEqual([])
})

it('reports scopes added over months to database connections', async () => {
  const scopes = Array.from({ length: 10 }, (_, index) => `vault.${index}`)
  const vault = {
    ...{ id: 'vault', name: 'Vault', issuer: 'https://vault.example', assignments: { everyone: true } },
    resources: [{ id: 'https://vault.example/api', scopes }],
  }
  await admin('POST', '/resource-apps', { body: vault })
  const connection = {
    ...{ id: 'agent0-vault', app: AGENT.id, resourceApp: 'vault', clientId: 'there', status: 'active' },
    ...{ resources: ['https://vault.example/api'], scopes: scopes.slice(0, 5) },
  }
  expect((await admin('POST', '/connections', { body: connection })).status).toBe(201)
  nowMs += 90 * DAY_MS
  const headers = { 'content-type': 'application/merge-patch+json' }
  const widen = (count: number) =>
    admin('PATCH', '/connections/agent0-vault', {
      body: { scopes: scopes.slice(0, count) },
      ...{ ifMatch: '*', headers },
    })
  expect((await widen(9)).status).toBe(200)
  expect(await list('scope-creep')).toEqual([])
  expect((await widen(10)).status).toBe(200)
  expect(await list('scope-creep')).toMatchObject([
    { subject: { id: AGENT.id }, values: { scopes: 10, before: 5, added: 5 } },
  ])
  nowMs += 90 * DAY_MS
  expect(await list('scope-creep')).toEqual([])
})
