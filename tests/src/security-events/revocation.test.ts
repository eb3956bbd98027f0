// Access that a company revokes at its IdP ends at a vendor with its own authorization server, informed only by signed security events over
// HTTP.
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'

import { adminOf } from '../admin/admin.ts'
import { AGENT, company, NOTES, PASSWORD, TODO } from '../support/company.ts'
import { exchange, redeem, signInFor } from '../support/flow.ts'
import { startTestServer } from '../support/server.ts'
import { type Parties, startParties } from './two-parties.ts'

/** Time limit for asynchronous effects */
const PATIENCE = { timeout: 20_000, interval: 50 }

let parties: Parties
let alice: string

beforeAll(async () => {
  parties = await startParties()
  alice = await parties.signIn('alice')
})
afterAll(() => parties.stop())

const untilDead = (...tokens: readonly string[]) =>
  vi.waitFor(
    async () => expect(await Promise.all(tokens.map(parties.isActive))).toEqual(tokens.map(() => false)),
    { timeout: 20_000, interval: 20 },
  )

/** Access can be granted again once the second of the event has passed. */
const refreshAccessToken = (idToken = alice, resource = TODO) =>
  vi.waitFor(() => parties.getAccessToken(idToken, resource), { timeout: 20_000, interval: 100 })

async function act(path: string, body: object = { reason: 'test' }): Promise<Record<string, unknown>> {
  const answer = await parties.admin('POST', path, { body })
  expect([200, 201]).toContain(answer.status)
  return answer.body as Record<string, unknown>
}

describe('REV-04: tokens at an external authorization server end with', () => {
  it('a revoked connection, as do its ID-JAGs; others stay live', async () => {
    const [todo, notes] = [await refreshAccessToken(), await refreshAccessToken(alice, NOTES)]
    const out = String((await parties.exchange(alice)).body.access_token)
    await act('/connections/agent0-todo0/revoke')
    await untilDead(todo)
    expect(await parties.isActive(notes)).toBe(true)
    const refused = await parties.redeem(out)
    expect([refused.status, refused.body.error]).toEqual([400, 'invalid_grant'])
    const record = await parties.vendorAdmin('GET', `/decisions/${refused.headers.get('crosswalk-decision')}`)
    expect(record.body.code).toBe('XAA2216')
    await act('/connections/agent0-todo0/resume')
    expect(await parties.isActive(await refreshAccessToken())).toBe(true)
    expect(await parties.isActive(todo)).toBe(false)
  })

  it('a suspended user, and no other user', async () => {
    const carol = await parties.signIn('carol')
    const [hers, other] = [await refreshAccessToken(carol), await refreshAccessToken()]
    await act('/users/usr_carol/suspend')
    await untilDead(hers)
    expect(await parties.isActive(other)).toBe(true)
    await act('/users/usr_carol/resume')
  })

  it('a suspended app', async () => {
    const tokens = [await refreshAccessToken(), await refreshAccessToken(alice, NOTES)]
    await act(`/apps/${AGENT.id}/suspend`)
    await untilDead(...tokens)
    await act(`/apps/${AGENT.id}/resume`)
  })

  it.each([
    ['a block of the user', { kind: 'user', target: 'alice' }],
    ['a block of everything', { kind: 'everything' }],
  ])('%s', async (_, block) => {
    const token = await refreshAccessToken()
    const { id } = await act('/blocks', { ...block, reason: 'test' })
    await untilDead(token)
    await parties.admin('DELETE', `/blocks/${String(id)}`)
  })

  it('a kill of the connection, whose response says when the vendor was informed', async () => {
    const token = await refreshAccessToken()
    const target = { kind: 'connection', id: 'agent0-todo0' }
    const { id, told } = await act('/kill', { target, reason: 'drill' })
    expect(told).toEqual([
      { stream: 'app:todo0', audience: parties.vendorIssuer, acknowledgedMs: expect.any(Number) },
    ])
    // Acknowledged means revoked, so no waiting is needed.
    expect(await parties.isActive(token)).toBe(false)
    await act(`/kill/${String(id)}/lift`)
  })
})

it('REV-08: tokens of an issuer end when the vendor no longer trusts it, and do not return with the trust', async () => {
  const token = await refreshAccessToken()
  const setTrust = async (active: boolean) => {
    const { body, etag: ifMatch } = await parties.vendorAdmin('GET', '/authorization-servers/vendor')
    const trustedIssuers = [{ ...body.trustedIssuers[0], active }]
    const changed = await parties.vendorAdmin('PATCH', '/authorization-servers/vendor', {
      body: { trustedIssuers },
      ifMatch,
    })
    expect(changed.status).toBe(200)
  }
  await setTrust(false)
  expect(await parties.isActive(token)).toBe(false)
  await setTrust(true)
  expect(await parties.isActive(token)).toBe(false)
  expect(await parties.isActive(await refreshAccessToken())).toBe(true)
})

it('REV-04: a user who leaves a group, or whose access grant is revoked, loses tokens there; no other user does', async () => {
  const dan = { id: 'usr_dan', username: 'dan', password: PASSWORD, groups: ['engineering'] }
  expect((await parties.admin('POST', '/users', { body: dan })).status).toBe(201)
  const first = await refreshAccessToken(await parties.signIn('dan'))
  const { etag: ifMatch } = await parties.admin('GET', '/users/usr_dan')
  const left = await parties.admin('PATCH', '/users/usr_dan', { body: { groups: [] }, ifMatch })
  expect(left.status).toBe(200)
  await untilDead(first)
  const { id } = await act('/access-grants', {
    ...{ user: 'usr_dan', connection: 'agent0-todo0', scopes: ['todos.read'], reason: 'test' },
  })
  const [his, other] = [await refreshAccessToken(await parties.signIn('dan')), await refreshAccessToken()]
  await act(`/access-grants/${String(id)}/revoke`)
  await untilDead(his)
  expect(await parties.isActive(other)).toBe(true)
})

it('REV-04: a database user who is deactivated, gets a new password or is removed loses tokens there', async () => {
  const created = await parties.admin('POST', '/users', {
    body: {
      id: 'usr_eve',
      username: 'eve',
      password: 'correct horse battery staple',
      groups: ['engineering'],
    },
  })
  expect(created.status).toBe(201)
  const change = async (body: object) => {
    const { headers } = await parties.admin('GET', '/users/usr_eve')
    const ifMatch = String(headers.get('etag'))
    expect((await parties.admin('PATCH', '/users/usr_eve', { body, ifMatch })).status).toBe(200)
  }
  const first = await refreshAccessToken(await parties.signIn('eve'))
  await change({ password: 'another battery staple' })
  await untilDead(first)
  await change({ password: 'correct horse battery staple' })
  const second = await refreshAccessToken(await parties.signIn('eve'))
  await change({ active: false })
  await untilDead(second)
})

it('REV-04: a user with a new address loses tokens where the old one named them', async () => {
  const byAddress = await startParties({ resourceApp: { subject: 'user.email' } })
  const { admin } = byAddress
  const known = (email: string) => ({ email, emailVerified: true })
  const eve = { id: 'usr_eve', username: 'eve', password: PASSWORD, groups: ['engineering'] }
  await admin('POST', '/users', { body: { ...eve, ...known('eve@acme.test') } })
  const change = async (body: object) => {
    const { etag: ifMatch } = await admin('GET', '/users/usr_eve')
    expect((await admin('PATCH', '/users/usr_eve', { body, ifMatch })).status).toBe(200)
  }
  const token = await byAddress.getAccessToken(await byAddress.signIn('eve'))
  await change({ name: 'Eve' })
  await change(known('evelyn@acme.test'))
  await vi.waitFor(async () => expect(await byAddress.isActive(token)).toBe(false), PATIENCE)
  const { body: page } = await byAddress.vendorAdmin(
    'GET',
    '/audit-events?type=security_event.received&limit=9',
  )
  expect(page.items).toHaveLength(1)
  expect(page.items[0].on_behalf_of).toMatchObject({ user_ref: 'eve@acme.test' })
  await byAddress.stop()
})

it('a suspended connection sends an event: earlier ID-JAGs are denied, live tokens expire', async () => {
  const token = await refreshAccessToken()
  const outstanding = String((await parties.exchange(alice)).body.access_token)
  await act('/connections/agent0-todo0/suspend')
  await vi.waitFor(async () => {
    const { body } = await parties.vendorAdmin('GET', '/audit-events?type=security_event.received&limit=1')
    expect(body.items[0].change).toMatchObject({
      events: ['urn:crosswalk:secevent:event-type:connection-suspended'],
      effective: true,
      revoked_tokens: 0,
    })
  }, PATIENCE)
  expect(await parties.redeem(outstanding)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
  expect(await parties.isActive(token)).toBe(true)
  await act('/connections/agent0-todo0/resume')
})

it('REV-04: IdP and authorization server in one process exchange events over HTTP, like any two', async () => {
  const server = await startTestServer({
    file: (baseUrl) => {
      const securityEvents = { endpoint: `${baseUrl}/as/vendor/security-events` }
      const trust = { issuer: baseUrl, subject: ['iss_sub'], provisioning: 'jit', securityEvents: {} }
      const file = company(baseUrl, { authorizationServer: { trustedIssuers: [trust] } }) as {
        idp: { resourceApps: object[] }
      }
      const resourceApps = file.idp.resourceApps.map((app) => ({ ...app, securityEvents }))
      return { ...file, idp: { ...file.idp, resourceApps } }
    },
  })
  const admin = adminOf(server.baseUrl)
  const { idToken } = await signInFor(server.baseUrl, 'alice')
  const granted = await exchange(server.baseUrl, idToken, { resource: TODO })
  const redeemed = await redeem(server.baseUrl, String(granted.body.access_token))
  expect(redeemed.status).toBe(200)
  const revoked = await admin('POST', '/connections/agent0-todo0/revoke', { body: { reason: 'test' } })
  // Already revoked here; the event finds nothing left.
  expect(revoked.body.revokedTokens).toBe(1)
  await vi.waitFor(async () => {
    const { body } = await admin('GET', '/audit-events?type=security_event.received&limit=1')
    expect(body.items[0]?.change).toMatchObject({ effective: true, revoked_tokens: 0 })
  }, PATIENCE)
  await vi.waitFor(
    async () =>
      expect((await admin('GET', '/security-event-streams')).body.items).toMatchObject([
        { id: 'app:todo0', pending: 0, delivered: 1, lastError: null },
      ]),
    PATIENCE,
  )
  await server.stop()
})
