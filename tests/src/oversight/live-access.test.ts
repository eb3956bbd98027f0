// Live access tokens over HTTP: the list agrees with introspection, and revocation takes effect there immediately, for no other tokens.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { type Admin, adminOf } from '../admin/admin.ts'
import { AGENT_AT_VENDOR, company, NOTES, TODO } from '../support/company.ts'
import { basic, exchange, postForm, redeem, signInFor } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
let admin: Admin
const idTokens: Record<string, string> = {}

beforeAll(async () => {
  server = await startTestServer({ file: withSecondServer })
  admin = adminOf(server.baseUrl)
  for (const name of ['alice', 'carol']) idTokens[name] = (await signInFor(server.baseUrl, name)).idToken
})
afterAll(() => server.stop())

function withSecondServer(baseUrl: string) {
  const file = company(baseUrl) as { authorizationServers: object[] }
  return { ...file, authorizationServers: [...file.authorizationServers, { id: 'second' }] }
}

async function makeAccessToken(name: string, resource: string): Promise<string> {
  const { body } = await exchange(server.baseUrl, idTokens[name] ?? '', { resource })
  const answer = await redeem(server.baseUrl, String(body.access_token))
  expect(answer.status).toBe(200)
  return String(answer.body.access_token)
}

async function isActive(token: string): Promise<boolean> {
  const authorization = basic(AGENT_AT_VENDOR)
  const answer = await postForm(`${server.baseUrl}/as/vendor/introspect`, { token }, { authorization })
  return answer.body.active === true
}

interface View {
  readonly id: string
  readonly user: string
  readonly resource: readonly string[]
}

async function list(query = ''): Promise<readonly View[]> {
  const { status, body } = await admin('GET', `/access-tokens${query}`)
  expect(status).toBe(200)
  return body.items as View[]
}

const revoke = (body: object) =>
  admin('POST', '/access-tokens/revoke', { body: { reason: 'INC-7', ...body } })

async function findRevocation() {
  const { body } = await admin('GET', '/audit-events?type=token.revoked&limit=1')
  return body.items[0]
}

describe('live access tokens', () => {
  it('are listed with user, origin and expiry', async () => {
    await makeAccessToken('alice', TODO)
    const [view] = await list()
    expect(view).toMatchObject({
      authorizationServer: 'vendor',
      format: 'jwt',
      client: AGENT_AT_VENDOR.id,
      issuer: server.baseUrl,
      subject: 'usr_alice',
      user: 'usr_alice',
      connections: ['agent0-todo0'],
      resource: [TODO],
      scope: ['todos.read', 'todos.write'],
      dpop: false,
    })
    const { expiresAt, decision } = view as unknown as Record<string, string>
    expect(Date.parse(expiresAt ?? '')).toBeGreaterThan(Date.now())
    const { body } = await admin('GET', `/decisions/${decision}`)
    expect(body).toMatchObject({ outcome: 'allow', stage: 'ras.redemption' })
  })

  it('are found by user, app, connection, client and server, in pages', async () => {
    await makeAccessToken('carol', NOTES)
    const users = async (query: string) => (await list(query)).map(({ user }) => user)
    expect(await users('')).toEqual(['usr_carol', 'usr_alice'])
    expect(await users('?user=carol')).toEqual(['usr_carol'])
    expect(await users('?app=agent0')).toEqual(['usr_carol', 'usr_alice'])
    expect(await users('?app=other')).toEqual([])
    expect(await users('?connection=agent0-todo0')).toEqual(['usr_alice'])
    expect(await users('?connection=agent0-todo0&user=carol')).toEqual([])
    expect(await users('?client=nobody')).toEqual([])
    expect(await users('?authorizationServer=vendor&subject=usr_alice')).toEqual(['usr_alice'])
    const first = await admin('GET', '/access-tokens?limit=1')
    expect((await users(`?cursor=${String(first.body.next)}`)).length).toBe(1)
  })

  it('are revoked one by one', async () => {
    const [mine, other] = [await makeAccessToken('alice', TODO), await makeAccessToken('alice', TODO)]
    const [newest] = await list()
    expect((await revoke({ id: newest?.id })).body).toEqual({ revokedTokens: 1 })
    expect([await isActive(mine), await isActive(other)]).toEqual([true, false])
    expect((await list()).map(({ id }) => id)).not.toContain(newest?.id)
    const event = await findRevocation()
    expect(event).toMatchObject({ target: { kind: 'access_token', id: newest?.id }, reason: 'INC-7' })
    expect(event.change).toEqual({ revoked_tokens: 1, ended_sessions: false })
  })

  it('are revoked by filter, and new ones can still be issued', async () => {
    const [alice, carol] = [await makeAccessToken('alice', TODO), await makeAccessToken('carol', TODO)]
    const { body } = await revoke({ user: 'carol', connection: 'agent0-todo0' })
    expect(body).toEqual({ revokedTokens: 1 })
    const filter = 'user=carol&connection=agent0-todo0'
    expect((await findRevocation()).target).toEqual({ kind: 'access_tokens', id: filter })
    expect([await isActive(alice), await isActive(carol)]).toEqual([true, false])
    expect(await isActive(await makeAccessToken('carol', TODO))).toBe(true)
  })

  it('are never revoked without a filter, or by an unknown name', async () => {
    const before = (await list()).length
    expect(before).toBeGreaterThan(0)
    expect((await revoke({})).status).toBe(400)
    const unknown = await revoke({ user: 'nobody' })
    expect(unknown.status).toBe(400)
    expect(unknown.body.errors).toMatchObject([{ path: '/user' }])
    expect(await admin('GET', '/access-tokens?user=unknown')).toMatchObject({
      status: 400,
      body: { errors: [{ path: '/user' }] },
    })
    const revocations = async () => (await admin('GET', '/audit-events?type=token.revoked')).body.items
    const recorded = await revocations()
    expect((await revoke({ id: 'unknown' })).status).toBe(404)
    expect(await revocations()).toEqual(recorded)
    expect((await admin('GET', '/access-tokens?cursor=nonsense')).status).toBe(400)
    expect((await list()).length).toBe(before)
  })
})
