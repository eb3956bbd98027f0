// Suspend, resume, revoke and block, observed at the token endpoints: effective before the response, on every database, for objects from the
// file and from the database.
import { randomBytes } from 'node:crypto'

import { decodeJwt } from 'jose'
import { afterEach, beforeEach, expect, it } from 'vitest'

import { describeOnDatabases } from '../../../tools/test-databases.ts'
import { AGENT, AGENT_AT_VENDOR, company, NOTES, PASSWORD, REDIRECT_URI, TODO } from '../support/company.ts'
import { basic, exchange, postForm, redeem, signInFor, type Tokens } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { type Admin, adminOf } from './admin.ts'

const KEY = randomBytes(32).toString('hex')

describeOnDatabases('acts on $name', ({ create }) => {
  let database: string
  let server: TestServer
  let admin: Admin
  let alice: Tokens
  beforeEach(async () => {
    database = await create()
    await start()
    alice = await signInFor(server.baseUrl, 'alice')
  })
  afterEach(async () => {
    expect(server.log.filter((line) => line.startsWith('fault'))).toEqual([])
    await server.stop()
  })
  async function start() {
    server = await startTestServer({ file: (baseUrl) => company(baseUrl), database, key: KEY })
    admin = adminOf(server.baseUrl)
  }

  const ask = (resource = TODO) => exchange(server.baseUrl, alice.idToken, { resource })
  async function codeOf(answer: { readonly headers: Headers }): Promise<string | undefined> {
    const id = answer.headers.get('crosswalk-decision') ?? ''
    const events = await server.events((reader) => reader.findByDecision(id))
    return events[0]?.event.code
  }
  async function issue(resource = TODO): Promise<string> {
    const { body } = await ask(resource)
    return String((await redeem(server.baseUrl, String(body.access_token))).body.access_token)
  }
  async function isLive(token: string): Promise<boolean> {
    const api = { id: AGENT_AT_VENDOR.id, secret: AGENT_AT_VENDOR.secret }
    const answer = await postForm(
      `${server.baseUrl}/as/vendor/introspect`,
      { token },
      { authorization: basic(api) },
    )
    return answer.body.active === true
  }
  const act = (path: string, reason = 'INC-1') => admin('POST', path, { body: { reason } })
  async function adminEvents() {
    return server.events(async (reader) =>
      (await reader.list({ log: 'admin', limit: 100 })).items.map(({ event }) => event),
    )
  }

  it('denies a suspended connection immediately, shows its state, and allows it once resumed', async () => {
    const token = await issue()
    expect(await act('/connections/agent0-todo0/suspend')).toMatchObject({
      status: 200,
      body: { held: { state: 'suspended', by: 'admin', reason: 'INC-1' }, revokedTokens: 0 },
    })
    const refused = await ask()
    expect(refused).toMatchObject({ status: 400, body: { error: 'access_denied' } })
    expect(await codeOf(refused)).toBe('XAA1403')
    expect((await ask(NOTES)).status).toBe(200)
    expect(await isLive(token)).toBe(true)
    // The definition still says active; `state.effective` tells.
    expect((await admin('GET', '/connections/agent0-todo0')).body).toMatchObject({
      status: 'active',
      state: { effective: 'suspended', held: { state: 'suspended' } },
    })
    expect((await admin('GET', '/connections?status=suspended')).body.items).toHaveLength(1)
    expect(await act('/connections/agent0-todo0/resume')).toMatchObject({ status: 200, body: { held: null } })
    expect((await ask()).status).toBe(200)
    expect((await admin('GET', '/connections/agent0-todo0')).body.state).toEqual({ effective: 'active' })
    const types = (await adminEvents()).map(({ type, reason, actor }) => ({ type, reason, actor }))
    const by = { reason: 'INC-1', actor: { kind: 'admin', id: 'admin' } }
    expect(types).toEqual([
      { type: 'connection.resumed', ...by },
      { type: 'connection.suspended', ...by },
    ])
  })

  it('revokes live tokens and outstanding ID-JAGs of a suspended connection on request, and no others', async () => {
    const [todo, notes] = [await issue(TODO), await issue(NOTES)]
    const outstanding = String((await ask()).body.access_token)
    await act('/connections/agent0-todo0/suspend')
    expect(await isLive(todo)).toBe(true)
    const body = { reason: 'INC-2', revokeTokens: true }
    expect(await admin('POST', '/connections/agent0-todo0/suspend', { body })).toMatchObject({
      status: 200,
      body: { held: { state: 'suspended', revokeTokens: true }, revokedTokens: 1 },
    })
    expect([await isLive(todo), await isLive(notes)]).toEqual([false, true])
    // Another administrator, or a review that is closed, may suspend it once more.
    expect((await act('/connections/agent0-todo0/suspend')).body.held.revokeTokens).toBe(true)
    expect(await codeOf(await redeem(server.baseUrl, outstanding))).toBe('XAA2216')
    // Resuming restores the connection, not the revoked tokens.
    await act('/connections/agent0-todo0/resume')
    expect(await isLive(todo)).toBe(false)
    expect(await isLive(await issue(TODO))).toBe(true)
  })

  it('revokes live tokens and outstanding ID-JAGs of a revoked connection, and no others', async () => {
    const [todo, notes] = [await issue(TODO), await issue(NOTES)]
    const outstanding = String((await ask()).body.access_token)
    expect(await act('/connections/agent0-todo0/revoke')).toMatchObject({
      status: 200,
      body: { held: { state: 'revoked' }, revokedTokens: 1, effectiveAt: expect.any(String) },
    })
    expect([await isLive(todo), await isLive(notes)]).toEqual([false, true])
    expect(await codeOf(await ask())).toBe('XAA1407')
    const late = await redeem(server.baseUrl, outstanding)
    expect(late).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    expect(await codeOf(late)).toBe('XAA2216')
    const [counts] = await adminEvents()
    expect(counts).toMatchObject({
      type: 'token.revoked',
      reason: 'INC-1',
      target: { kind: 'connection', id: 'agent0-todo0' },
      change: { revoked_tokens: 1 },
    })
    expect((await act('/connections/agent0-todo0/suspend')).status).toBe(409)
  })

  it('keeps suspensions and revocations across a restart', async () => {
    await act('/connections/agent0-todo0/suspend')
    await server.stop()
    await start()
    alice = await signInFor(server.baseUrl, 'alice')
    expect(await codeOf(await ask())).toBe('XAA1403')
    expect((await admin('GET', '/connections/agent0-todo0')).body.state.held.reason).toBe('INC-1')
  })

  it('ends sessions, refresh tokens, exchanges and live tokens of a suspended user, until resumed', async () => {
    const token = await issue()
    expect(await act('/users/usr_alice/suspend')).toMatchObject({
      status: 200,
      body: { revokedTokens: 1, endedSessions: true },
    })
    expect(await isLive(token)).toBe(false)
    expect((await ask()).status).toBe(400)
    const refresh = { grant_type: 'refresh_token', refresh_token: alice.refreshToken }
    const refreshed = await postForm(`${server.baseUrl}/token`, refresh, { authorization: basic(AGENT) })
    expect(refreshed.body.error).toBe('invalid_grant')
    await expect(signInFor(server.baseUrl, 'alice')).rejects.toThrow(/could not sign you in/)
    expect((await act('/users/usr_alice/resume')).status).toBe(200)
    alice = await signInFor(server.baseUrl, 'alice')
    expect((await ask()).status).toBe(200)
  })

  it('revokes tokens of a database connection when it is narrowed or removed', async () => {
    const app = { id: 'made-here', secret: 'a secret that was made up here' }
    const everyone = { everyone: true }
    const auth = { method: 'client_secret_basic', secret: app.secret }
    const made = { id: app.id, name: 'Made here', kind: 'web', redirectUris: [REDIRECT_URI], auth }
    const link = {
      id: 'made-here-todo0',
      app: app.id,
      resourceApp: 'todo0',
      clientId: 'todo0-api',
      resources: [TODO],
      scopes: ['todos.read'],
      assignments: everyone,
      status: 'active',
    }
    expect((await admin('POST', '/apps', { body: { ...made, assignments: everyone } })).status).toBe(201)
    expect((await admin('POST', '/connections', { body: link })).status).toBe(201)
    const { idToken } = await signInFor(server.baseUrl, 'alice', app)
    const api = { id: 'todo0-api', secret: 'todo0 api secret' }
    const issueOver = async () => {
      const { body } = await exchange(server.baseUrl, idToken, { resource: TODO }, app)
      const redeemed = await redeem(server.baseUrl, String(body.access_token), {}, api)
      expect(redeemed.status).toBe(200)
      return String(redeemed.body.access_token)
    }
    const change = async (method: string, body?: object) => {
      const { etag } = await admin('GET', `/connections/${link.id}`)
      return (await admin(method, `/connections/${link.id}`, { body, ifMatch: etag })).status
    }
    const liveToApi = async (token: string) => {
      const answer = await postForm(
        `${server.baseUrl}/as/vendor/introspect`,
        { token },
        { authorization: basic(api) },
      )
      return answer.body.active
    }
    const [first, other] = [await issueOver(), await issue()]
    expect(await liveToApi(first)).toBe(true)
    expect(await change('PATCH', { scopes: [] })).toBe(200)
    expect(await liveToApi(first)).toBe(true)
    expect(await change('PATCH', { status: 'draft' })).toBe(200)
    expect(await liveToApi(first)).toBe(false)
    expect(await change('PATCH', { status: 'active', scopes: ['todos.read'] })).toBe(200)
    const second = await issueOver()
    expect(await change('DELETE')).toBe(204)
    expect(await liveToApi(second)).toBe(false)
    // Part of the deletion, not of a later clean-up.
    expect((await adminEvents())[0]).toMatchObject({
      type: 'token.revoked',
      actor: { kind: 'admin', id: 'admin' },
      target: { kind: 'connection', id: link.id },
      change: { revoked_tokens: 1 },
    })
    expect(await isLive(other)).toBe(true)
  })

  it('revokes tokens of a database user who is deactivated', async () => {
    const definition = { id: 'usr_eve', username: 'eve', password: PASSWORD, groups: ['engineering'] }
    const { etag } = await admin('POST', '/users', { body: definition })
    alice = await signInFor(server.baseUrl, 'eve')
    const token = await issue()
    expect(await isLive(token)).toBe(true)
    const off = await admin('PATCH', '/users/usr_eve', { body: { active: false }, ifMatch: etag })
    expect(off).toMatchObject({ status: 200, body: { active: false, hasPassword: true } })
    expect(await isLive(token)).toBe(false)
    expect((await ask()).status).toBe(400)
    await expect(signInFor(server.baseUrl, 'eve')).rejects.toThrow(/could not sign you in/)
  })

  it('denies a suspended app everything, until resumed', async () => {
    const token = await issue()
    expect(await act('/apps/agent0/suspend')).toMatchObject({ status: 200, body: { revokedTokens: 1 } })
    expect(await isLive(token)).toBe(false)
    expect((await ask()).status).toBe(400)
    await expect(signInFor(server.baseUrl, 'alice')).rejects.toThrow()
    expect((await act('/apps/agent0/resume')).status).toBe(200)
    alice = await signInFor(server.baseUrl, 'alice')
    expect((await ask()).status).toBe(200)
  })

  it('returns 404 for unknown objects, and resumes objects that are not suspended', async () => {
    expect((await act('/connections/nothing/suspend')).status).toBe(404)
    expect((await act('/connections/agent0-todo0/resume')).status).toBe(200)
    expect((await admin('POST', '/connections/agent0-todo0/resume')).status).toBe(200)
  })

  it('serves an app, resource app, connection and authorization server right after creation', async () => {
    const resource = 'https://crm.test/api'
    const app = await admin('POST', '/apps', {
      body: {
        id: 'bot',
        name: 'Bot',
        kind: 'agent',
        redirectUris: [REDIRECT_URI],
        auth: { method: 'client_secret_basic' },
        assignments: { groups: ['night'] },
      },
    })
    expect((await admin('POST', '/groups', { body: { id: 'night', members: ['usr_alice'] } })).status).toBe(
      201,
    )
    const vendor = await admin('POST', '/authorization-servers', {
      body: {
        id: 'crm',
        trustedIssuers: [{ issuer: server.baseUrl, provisioning: 'jit' }],
        clients: [{ id: 'bot-at-crm', auth: { method: 'client_secret_post' } }],
        resources: [{ id: resource, scopes: ['read'] }],
      },
    })
    const issuer = `${server.baseUrl}/as/crm`
    expect(vendor.body).toMatchObject({ issuer })
    const night = { assignments: { groups: ['night'] } }
    const catalogue = {
      id: 'crm',
      name: 'CRM',
      issuer,
      resources: [{ id: resource, scopes: ['read'] }],
      ...night,
    }
    expect((await admin('POST', '/resource-apps', { body: catalogue })).status).toBe(201)
    const connection = {
      id: 'bot-crm',
      app: 'bot',
      resourceApp: 'crm',
      clientId: 'bot-at-crm',
      resources: [resource],
      scopes: ['read'],
      status: 'active',
      ...night,
    }
    expect((await admin('POST', '/connections', { body: connection })).status).toBe(201)

    const bot = { id: 'bot', secret: String(app.body.auth.secret) }
    const tokens = await signInFor(server.baseUrl, 'alice', bot)
    const granted = await exchange(server.baseUrl, tokens.idToken, { resource, audience: issuer }, bot)
    expect(granted).toMatchObject({ status: 200, body: { scope: 'read' } })
    const redeemed = await postForm(`${issuer}/token`, {
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion: String(granted.body.access_token),
      client_id: 'bot-at-crm',
      client_secret: String(vendor.body.clients[0].auth.secret),
    })
    expect(redeemed.status).toBe(200)
    expect(decodeJwt(String(redeemed.body.access_token))).toMatchObject({
      iss: issuer,
      aud: resource,
      scope: 'read',
    })

    const gone = await admin('DELETE', '/groups/night', { ifMatch: '*' })
    expect(gone).toMatchObject({ status: 409 })
    expect((await admin('PATCH', '/groups/night', { body: { members: [] }, ifMatch: '*' })).status).toBe(200)
    expect((await exchange(server.baseUrl, tokens.idToken, { resource, audience: issuer }, bot)).status).toBe(
      400,
    )
  })
})
