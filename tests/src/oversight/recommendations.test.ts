// Recommendations over HTTP: each is raised by its real cause, shows its evidence, and can be muted until it reopens.
import { openStorage } from '@crosswalk/storage'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { type Admin, adminOf } from '../admin/admin.ts'
import { AGENT, company, TODO } from '../support/company.ts'
import { exchange, signInFor } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

const DAY_MS = 86_400_000
const START_MS = Date.parse('2026-06-01T12:00:00.000Z')
let server: TestServer
let admin: Admin
let nowMs = START_MS

interface Recommendation {
  readonly id: string
  readonly rule: string
  readonly subject: { readonly id: string }
}

const list = async (query = '', token?: string) => {
  // Findings are cached for five seconds.
  nowMs += 5_000
  return (await admin('GET', `/recommendations${query}`, token === undefined ? {} : { token })).body
}
const about = async (query = '', token?: string) =>
  ((await list(query, token)).items as readonly Recommendation[]).map(
    ({ rule, subject }) => `${rule} ${subject.id}`,
  )
const tokenFor = async (role: string, more: object = {}) =>
  String((await admin('POST', '/tokens', { body: { name: role, role, ...more } })).body.token)

/** Records an event that many days ago. */
async function grantInThePast(days: number, scopes: readonly string[]): Promise<void> {
  const storage = await openStorage(server.database)
  await storage.ledger.commit({
    log: 'idp',
    event: {
      ...{ schema: 'xaa.event/v1', id: `evt_${days}`, type: 'idjag.issued', category: 'decision' },
      ...{ severity: 'info', outcome: 'allow', time: new Date(START_MS - days * DAY_MS).toISOString() },
      actor: { kind: 'agent', id: AGENT.id },
      on_behalf_of: { user_ref: 'usr_alice' },
      delegation: { connection: 'agent0-todo0' },
      action: { verb: 'issue', scopes_granted: scopes },
    },
  })
  await storage.close()
}

async function changeWhatApprovedScopeMeans(): Promise<void> {
  const vault = {
    ...{ id: 'vault', name: 'Vault', issuer: 'https://vault.example', assignments: { everyone: true } },
    resources: [{ id: 'https://vault.example/api', scopes: ['vault.read'] }],
    scopeMeanings: { 'vault.read': { description: 'See names', needsApproval: true } },
  }
  await admin('POST', '/resource-apps', { body: vault })
  const connection = {
    ...{ id: 'agent0-vault', app: AGENT.id, resourceApp: 'vault', clientId: 'there', status: 'active' },
    ...{ resources: ['https://vault.example/api'], scopes: ['vault.read'] },
    expiresAt: new Date(START_MS + 90 * DAY_MS).toISOString(),
  }
  await admin('POST', '/connections', { body: connection })
  const { etag } = await admin('GET', '/connections/agent0-vault')
  const approval = { scopes: ['vault.read'], reason: 'names alone' }
  const path = '/connections/agent0-vault/approve-scopes'
  expect((await admin('POST', path, { body: approval, ifMatch: etag })).status).toBe(200)
  expect(await about('?rule=scope-meaning-changed')).toEqual([])
  const wider = { scopeMeanings: { 'vault.read': { description: 'See secrets' } } }
  const headers = { 'content-type': 'application/merge-patch+json' }
  const changed = await admin('PATCH', '/resource-apps/vault', { body: wider, ifMatch: '*', headers })
  expect(changed.status).toBe(200)
}

beforeAll(async () => {
  server = await startTestServer({ file: (baseUrl) => company(baseUrl), clock: { nowMs: () => nowMs } })
  admin = adminOf(server.baseUrl)
})
afterAll(() => server.stop())

it('is raised by events and by definitions', async () => {
  expect(await about()).toEqual([
    'agent-without-owner agent0',
    'kill-drill-missing kill-switch',
    'connection-without-end agent0-notes0',
    'connection-without-end agent0-todo0',
    'restore-drill-missing backup',
  ])
  await grantInThePast(61, ['todos.read'])
  await grantInThePast(30, ['todos.read'])
  const alice = await signInFor(server.baseUrl, 'alice')
  await exchange(server.baseUrl, alice.idToken, { resource: TODO, scope: 'todos.read todos.write' })
  const bob = await signInFor(server.baseUrl, 'bob')
  for (let count = 0; count < 20; count += 1) await exchange(server.baseUrl, bob.idToken, { resource: TODO })
  const stranger = { id: 'shadow-agent', secret: 'whatever it is' }
  for (let count = 0; count < 3; count += 1)
    await exchange(server.baseUrl, bob.idToken, { resource: TODO }, stranger)
  await changeWhatApprovedScopeMeans()
  expect(await about()).toEqual([
    'agent-without-owner agent0',
    'connection-unused agent0-notes0',
    'kill-drill-missing kill-switch',
    'refusal-burst agent0',
    'scope-meaning-changed agent0-vault',
    'unknown-client 127.0.0.1',
    'connection-without-end agent0-notes0',
    'connection-without-end agent0-todo0',
    'restore-drill-missing backup',
    'scope-first-use agent0-todo0',
  ])
  const { items, open } = await list('?rule=refusal-burst')
  expect(open).toEqual({ critical: 0, warning: 6, info: 4 })
  expect(items).toMatchObject([
    {
      app: 'agent0',
      severity: 'warning',
      sentence: 'Agent0 was denied 20 times in the last hour, for 1 user.',
      values: { refusals: 20, people: 1 },
      baseline: { refusals: 20, hours: 1 },
      action: { path: '/decisions?app=agent0&outcome=deny' },
      muted: null,
    },
  ])
  const [first] = (await list('?rule=scope-first-use')).items
  expect(first).toMatchObject({ subject: { scope: 'todos.write' }, samples: [{ kind: 'decision' }] })
  expect((await admin('GET', `/decisions/${String(first.samples[0].id)}`)).status).toBe(200)
  expect((await list('?limit=1')).next).toEqual(expect.any(String))
})

it('concerns the owners of the app, or the overseeing roles if it has none', async () => {
  const responder = await tokenFor('security-responder')
  expect(await about('?mine=true', responder)).toEqual([
    'refusal-burst agent0',
    'unknown-client 127.0.0.1',
    'scope-first-use agent0-todo0',
  ])
  const apps = (ids: readonly string[]) => tokenFor('app-owner', { apps: ids })
  expect(await about('', await apps(['other']))).toEqual([])
  const own = await about('?mine=true', await apps([AGENT.id]))
  expect(own).toContain('agent-without-owner agent0')
  expect(own).not.toContain('unknown-client 127.0.0.1')
})

it('is muted with a reason until a given time, which is recorded, and then reopens', async () => {
  const [burst] = (await list('?rule=refusal-burst')).items
  const mute = (body: object, token?: string) =>
    admin('POST', `/recommendations/${String(burst.id)}/mute`, {
      body,
      ...(token === undefined ? {} : { token }),
    })
  const until = new Date(nowMs + 60_000).toISOString()
  const body = { until, reason: 'a load test', falseAlarm: true }
  expect((await mute({ until })).status).toBe(400)
  expect((await mute({ ...body, until: new Date(nowMs).toISOString() })).status).toBe(400)
  for (const role of ['helpdesk', 'auditor'])
    expect((await mute(body, await tokenFor(role))).status).toBe(403)
  const other = await tokenFor('connection-manager', { apps: ['other'] })
  expect((await mute(body, other)).status).toBe(404)
  expect((await mute(body)).body).toMatchObject({
    muted: { by: 'admin', until, reason: 'a load test' },
    feedback: { muted: 1, falseAlarms: 1 },
  })
  expect(await about()).not.toContain('refusal-burst agent0')
  expect(await about('?state=muted')).toEqual(['refusal-burst agent0'])
  expect((await list()).open.warning).toBe(5)
  const unmute = () =>
    admin('POST', `/recommendations/${String(burst.id)}/unmute`, { body: { reason: 'it goes on' } })
  expect((await unmute()).body.muted).toBeNull()
  expect((await unmute()).status).toBe(404)
  expect((await mute({ ...body, falseAlarm: false })).body.feedback).toEqual({ muted: 1, falseAlarms: 0 })
  nowMs = Date.parse(until)
  expect(await about('?state=muted')).toEqual([])
  expect(await about()).toContain('refusal-burst agent0')
  const events = await admin('GET', '/audit-events?type=recommendation.muted,recommendation.unmuted')
  expect(events.body.items).toMatchObject([
    { type: 'recommendation.muted' },
    {
      type: 'recommendation.unmuted',
      reason: 'it goes on',
      target: { kind: 'recommendation', id: burst.id },
    },
    {
      type: 'recommendation.muted',
      reason: 'a load test',
      change: { rule: 'refusal-burst', falseAlarm: true },
    },
  ])
})

it('disappears once acted upon', async () => {
  const target = { kind: 'app', id: 'other' }
  const killed = await admin('POST', '/kill', { body: { target, reason: 'Drill: monthly' } })
  const lift = { body: { reason: 'Drill: monthly' } }
  expect((await admin('POST', `/kill/${String(killed.body.id)}/lift`, lift)).status).toBe(200)
  expect(await about('?rule=kill-drill-missing')).toEqual([])
  expect((await admin('POST', '/recommendations/hnt_none/mute', { body: {} })).status).toBe(400)
})

it('warns of an admin API token that expires within 14 days', async () => {
  const expiresAt = new Date(nowMs + 40 * DAY_MS).toISOString()
  await tokenFor('auditor', { name: 'nightly export', expiresAt })
  expect(await about('?rule=admin-token-expires-soon')).toEqual([])
  nowMs += 30 * DAY_MS
  expect((await list('?rule=admin-token-expires-soon')).items).toMatchObject([
    {
      ...{ subject: { kind: 'admin_token' }, severity: 'warning', values: { expiresAt } },
      sentence: 'The admin API token nightly export expires soon.',
      action: { path: '/settings/tokens' },
    },
  ])
})

it('asks for an access review when the oldest events are 90 days old, until one is opened', async () => {
  expect(await about('?rule=access-review-missing')).toEqual(['access-review-missing access-reviews'])
  const review = { name: 'First quarter', reason: 'quarterly' }
  expect((await admin('POST', '/reviews', { body: review })).status).toBe(201)
  expect(await about('?rule=access-review-missing')).toEqual([])
})
