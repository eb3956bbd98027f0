// OCSF export over HTTP: every event of a busy company has its own type, is complete, and contains no secrets.
import { AUDIT_EVENT_TYPES, OCSF_VERSION } from '@crosswalk/protocol'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { type Admin, ADMIN_TOKEN, adminOf } from '../admin/admin.ts'
import { AGENT, AGENT_AT_VENDOR, company, PASSWORD, TODO } from '../support/company.ts'
import { exchange, redeem, signInFor } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
let admin: Admin
const tokens: string[] = []

async function lines(query: string) {
  const response = await fetch(`${server.baseUrl}/admin/api/v1/audit-events${query}`, {
    headers: { authorization: `Bearer ${ADMIN_TOKEN}`, accept: 'application/x-ndjson' },
  })
  expect(response.status).toBe(200)
  return (await response.text()).trimEnd().split('\n')
}

beforeAll(async () => {
  server = await startTestServer({ file: (baseUrl) => company(baseUrl) })
  admin = adminOf(server.baseUrl)
  const { idToken } = await signInFor(server.baseUrl, 'alice')
  await exchange(server.baseUrl, idToken, { resource: TODO, scope: 'nothing' })
  const granted = await exchange(server.baseUrl, idToken, { resource: TODO })
  const redeemed = await redeem(server.baseUrl, String(granted.body.access_token))
  tokens.push(idToken, String(granted.body.access_token), String(redeemed.body.access_token))
  const { body: made } = await admin('POST', '/tokens', { body: { name: 'siem', role: 'auditor' } })
  tokens.push(made.token)
  await admin('POST', '/policies', { body: { id: 'p', effect: 'deny', when: { app: 'other' } } })
  await admin('POST', '/connections/agent0-todo0/suspend', { body: { reason: 'drill' } })
  await admin('POST', '/connections/agent0-todo0/resume', { body: {} })
  await admin('POST', '/kill', { body: { kind: 'app', target: 'other', reason: 'drill' } })
  await admin('POST', '/keys/rotate', { body: {} })
})
afterAll(() => server.stop())

it('maps each event to its type, in log order, without loss', async () => {
  const told = (await lines('?format=ocsf')).map((line) => JSON.parse(line))
  const own = new Map((await lines('')).map((line) => [JSON.parse(line).id, JSON.parse(line)]))
  expect(told.length).toBeGreaterThan(8)
  for (const event of told) {
    expect(AUDIT_EVENT_TYPES.has(event.metadata.event_code), event.metadata.event_code).toBe(true)
    expect(event.metadata.version).toBe(OCSF_VERSION)
    const { log, chain, seq, prevHash, hash, text: _, ...xaa } = own.get(event.metadata.uid)
    expect(event.unmapped).toEqual({ xaa, chain: { log, chain, seq, prevHash, hash } })
  }
  const classes = new Set(told.map(({ class_uid: uid }) => uid))
  expect([...classes].sort()).toEqual([3002, 3004, 6003])
})

it('has the filters and cursors of the other format', async () => {
  const denied = (await lines('?format=ocsf&type=idjag.denied')).map((line) => JSON.parse(line))
  expect(denied).toMatchObject([{ status_id: 2, status_code: 'XAA1601', type_uid: 600301 }])
  const { log, seq } = denied[0].unmapped.chain
  const rest = (await lines(`?format=ocsf&log=${log}&afterSeq=${seq}`)).map((line) => JSON.parse(line))
  expect(rest[0].metadata.sequence).toBe(seq + 1)
})

it.each([
  ['?format=ocsf', 'application/json', '/format'],
  ['?format=cef', 'application/x-ndjson', '/format'],
])('is refused for %s as %s', async (query, accept, at) => {
  const { status, body } = await admin('GET', `/audit-events${query}`, { headers: { accept } })
  expect({ status, at: body.errors?.[0]?.path }).toEqual({ status: 400, at })
})

it.each(['ndjson', 'ocsf'])('has no token and no secret in it: %s', async (format) => {
  const text = (await lines(`?format=${format}`)).join('\n')
  const secrets = [...tokens, AGENT.secret, AGENT_AT_VENDOR.secret, PASSWORD, ADMIN_TOKEN]
  for (const secret of secrets) expect(text).not.toContain(secret)
  // No compact JWS.
  expect(text).not.toMatch(/eyJ[\w-]+\.[\w-]+\./)
})
