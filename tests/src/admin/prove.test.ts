// Proving a connection from the console over real HTTP, with the browser's part scripted: the result of each leg, who may
// continue a run, and that nothing of it remains.
import { TOTP } from 'otpauth'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { keepCookies, renderCookies } from '../support/cookie-jar.ts'
import { AGENT, AGENT_AT_VENDOR, company, NOTES, PASSWORD, TODO } from '../support/company.ts'
import { walk } from '../support/form-walker.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { type Admin, adminOf } from './admin.ts'

const SECRET = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'
const MANAGER_APP = 'other'

let offsetMs = 0
const clock = { nowMs: () => Date.now() + offsetMs }

/** A browser with a console session. */
class Staff {
  readonly jar = new Map<string, string>()

  async signIn(username: string): Promise<this> {
    const person = { username, password: PASSWORD, redirectUri: 'none:' }
    await walk(`${server.baseUrl}/admin/sign-in`, person, this.jar)
    return this
  }

  call(method: string, path: string, body?: unknown) {
    const headers = { cookie: this.cookie(), 'crosswalk-console': '1' }
    return adminOf(server.baseUrl)(method, path, { token: null, headers, body })
  }

  cookie(): string {
    return renderCookies(this.jar)
  }

  /** Begins a proof and signs in as another user. @returns the URL that the browser is redirected to */
  async leaveAs(username: string, input: object = {}, connection = 'agent0-todo0') {
    const credential = { kind: 'secret', secret: AGENT.secret }
    const begun = await this.call('POST', `/connections/${connection}/prove`, { credential, ...input })
    expect(begun.status, begun.text).toBe(200)
    const [, value = ''] = /crosswalk_console_proof=([^;]+)/.exec(begun.headers.get('set-cookie') ?? '') ?? []
    this.jar.set('crosswalk_console_proof', value)
    return { id: String(begun.body.id), back: await this.signInAs(username, begun.body.url) }
  }

  async signInAs(username: string, url: string): Promise<string> {
    const redirectUri = `${server.baseUrl}/admin/prove/callback`
    const person = { username, password: PASSWORD, redirectUri, code: nextCode }
    return (await walk(url, person, this.jar)).arrivedAt ?? ''
  }

  async comeBack(url: string) {
    const response = await fetch(url, { redirect: 'manual', headers: { cookie: this.cookie() } })
    keepCookies(response, this.jar)
    return {
      status: response.status,
      to: response.headers.get('location') ?? '',
      page: await response.text(),
    }
  }

  async prove(username: string, input: object = {}, connection = 'agent0-todo0') {
    const { id, back } = await this.leaveAs(username, input, connection)
    const { status, to } = await this.comeBack(back)
    expect({ status, to }).toEqual({ status: 303, to: `/admin/connections/${connection}/prove?run=${id}` })
    return (await this.call('GET', `/connections/${connection}/proofs/${id}`)).body
  }
}

function nextCode(): string {
  offsetMs += 30_000
  return new TOTP({ secret: SECRET }).generate({ timestamp: clock.nowMs() })
}

let server: TestServer
let admin: Admin
let ada: Staff
beforeAll(async () => {
  server = await startTestServer({ clock, file: buildFile })
  admin = adminOf(server.baseUrl)
  ada = await new Staff().signIn('ada')
})
afterAll(async () => {
  expect(server.log.filter((line) => line.startsWith('fault'))).toEqual([])
  await server.stop()
})

function buildFile(baseUrl: string) {
  const file = company(baseUrl, { users: { carol: { totpSecret: SECRET } } })
  const idp = file['idp'] as Record<'users' | 'apps' | 'connections', Record<string, unknown>[]>
  const staff = ['ada', 'grace', 'aude', 'max'].map((name) => ({
    id: `usr_${name}`,
    username: name,
    password: PASSWORD,
  }))
  const one = (name: string) => ({ users: [`usr_${name}`] })
  const roles = {
    owner: one('ada'),
    administrator: one('grace'),
    auditor: one('aude'),
    'connection-manager': { ...one('max'), apps: [MANAGER_APP] },
  }
  const service = { id: 'nightly', name: 'Nightly', kind: 'service', auth: { method: 'none' } }
  return {
    ...file,
    admin: { ...(file['admin'] as object), roles, proofCredentials: keptCredentials(baseUrl) },
    authorizationServers: withClientByPost(file['authorizationServers']),
    idp: {
      ...idp,
      users: [...idp.users, ...staff],
      apps: [...idp.apps, service],
      connections: [
        ...idp.connections.map((connection) =>
          connection['id'] === 'agent0-notes0'
            ? { ...connection, clientId: BY_POST.id, conditions: { acr: ['mfa'] } }
            : connection,
        ),
        {
          id: 'other-todo0',
          app: MANAGER_APP,
          resourceApp: 'todo0',
          resources: [TODO],
          scopes: ['todos.read'],
        },
        { id: 'nightly-todo0', app: 'nightly', resourceApp: 'todo0', clientId: 'nightly', resources: [TODO] },
      ],
    },
  }
}

/** Registered to send its secret in the body. */
const BY_POST = {
  id: 'agent0-by-post',
  auth: { method: 'client_secret_post', secret: AGENT_AT_VENDOR.secret },
}

function withClientByPost(servers: unknown) {
  const [vendor, ...others] = servers as readonly { readonly clients: readonly object[] }[]
  return [{ ...vendor, clients: [...(vendor?.clients ?? []), BY_POST] }, ...others]
}

/** All for agent0, except the one of `other`, which is for a different server. */
function keptCredentials(baseUrl: string) {
  const vendor = `${baseUrl}/as/vendor`
  return [
    { issuer: baseUrl, clientId: AGENT.id, secret: AGENT.secret, keptIn: 'vault entry agent0' },
    { issuer: vendor, clientId: AGENT_AT_VENDOR.id, secret: AGENT_AT_VENDOR.secret },
    { issuer: vendor, clientId: MANAGER_APP, secret: 'the secret of another server' },
  ]
}

const AT_VENDOR = { atResource: { kind: 'secret', secret: AGENT_AT_VENDOR.secret } }
const readDecision = async (id: string) => (await admin('GET', `/decisions/${id}`)).body

describe('a proof', () => {
  it('runs every leg, proves the connection, and leaves nothing behind', async () => {
    const session = ada.jar.get('crosswalk_session')
    const proof = await ada.prove('alice', { ...AT_VENDOR, scope: ['todos.read'], call: true })
    expect(proof).toMatchObject({ state: 'done', by: 'usr_ada', user: 'usr_alice', steppedUp: false })
    expect(proof.legs).toMatchObject([
      { leg: 'sign-in', outcome: 'done', server: server.baseUrl },
      { leg: 'exchange', outcome: 'done', scope: ['todos.read'], decision: expect.any(String) },
      { leg: 'redemption', outcome: 'done', server: `${server.baseUrl}/as/vendor`, scope: ['todos.read'] },
      // Nothing listens there: the result says so, and earlier legs still count as proved.
      { leg: 'resource', outcome: 'refused', server: TODO, problem: expect.stringContaining('ECONNREFUSED') },
    ])
    expect(proof).not.toHaveProperty('accessTokenEndsAt')
    const facts = await admin('GET', '/connection-facts?ids=agent0-todo0')
    expect(facts.body.items[0].lastUsedAt).toEqual(expect.any(String))
    const live = await admin('GET', '/access-tokens?user=usr_alice')
    expect(live.body.items, 'the access token is revoked').toEqual([])
    expect(ada.jar.get('crosswalk_session'), 'her own sign-in stays').toBe(session)
    expect(ada.jar.get('crosswalk_trial_session')).toBe('')
    expect((await ada.call('GET', '/whoami')).body).toMatchObject({ id: 'usr_ada' })
    const events = await admin('GET', '/audit-events?connection=agent0-todo0&limit=50')
    const of = (type: string) => events.body.items.find((event: { type: string }) => event.type === type)
    for (const type of ['connection.proof_started', 'connection.proof_finished'])
      expect(of(type)).toMatchObject({ source: { ip: '127.0.0.1' } })
    for (const secret of [AGENT.secret, AGENT_AT_VENDOR.secret, PASSWORD]) {
      expect(JSON.stringify(proof) + events.text).not.toContain(secret)
      expect(server.log.join('\n')).not.toContain(secret)
    }
  })

  it('uses secrets from the configuration, and shows their location but never their value', async () => {
    const kept = { kind: 'kept' }
    const proof = await ada.prove('alice', { credential: kept, atResource: kept })
    expect(proof.legs.map(({ outcome }: { outcome: string }) => outcome)).toEqual(['done', 'done', 'done'])
    const places = await ada.call('GET', '/connections/agent0-todo0/proof-credentials')
    expect(places.body).toEqual({
      atIdp: {
        issuer: server.baseUrl,
        clientId: AGENT.id,
        kept: true,
        keptIn: 'vault entry agent0',
        hosted: true,
      },
      atResource: {
        issuer: `${server.baseUrl}/as/vendor`,
        clientId: AGENT_AT_VENDOR.id,
        kept: true,
        keptIn: expect.stringMatching(/\.(yaml|json)$/),
        hosted: true,
      },
    })
    for (const secret of [AGENT.secret, AGENT_AT_VENDOR.secret])
      expect(JSON.stringify(proof) + places.text + server.log.join('\n')).not.toContain(secret)
  })

  it.each([
    ['no credential at the resource', 'alice', {}, ['done', 'done', 'skipped'], {}],
    [
      'another secret of the app',
      'alice',
      { credential: { kind: 'secret', secret: 'not it' } },
      ['refused'],
      { status: 401, error: 'invalid_client', fix: expect.any(String) },
    ],
    [
      'another secret at the resource',
      'alice',
      { atResource: { kind: 'secret', secret: 'not it' } },
      ['done', 'done', 'refused'],
      { code: 'XAA2101', error: 'invalid_client' },
    ],
    ['a user it is not for', 'bob', AT_VENDOR, ['done', 'refused', 'skipped'], { error: 'access_denied' }],
    [
      'a scope beyond it',
      'alice',
      { ...AT_VENDOR, scope: ['todos.delete'] },
      ['done', 'refused', 'skipped'],
      { error: 'invalid_scope' },
    ],
  ])('with %s reports which leg failed and why', async (_, who, input, outcomes, refusal) => {
    const { legs } = await ada.prove(who, input)
    expect(legs.map(({ outcome }: { outcome: string }) => outcome)).toEqual(outcomes)
    const refused = legs.find(({ outcome }: { outcome: string }) => outcome === 'refused')
    if (!outcomes.includes('refused')) return expect(refused).toBeUndefined()
    expect(refused).toMatchObject(refusal)
    expect(await readDecision(refused.decision)).toMatchObject({
      outcome: 'deny',
      decision_id: refused.decision,
    })
  })

  it('follows a step-up as an app would, with a second sign-in', async () => {
    const { id, back } = await ada.leaveAs('carol', { ...AT_VENDOR, resource: NOTES }, 'agent0-notes0')
    const again = await ada.comeBack(back)
    expect({ status: again.status, acr: new URL(again.to).searchParams.get('acr_values') }).toEqual({
      status: 303,
      acr: 'mfa',
    })
    expect((await ada.comeBack(await ada.signInAs('carol', again.to))).status).toBe(303)
    const { body } = await ada.call('GET', `/connections/agent0-notes0/proofs/${id}`)
    expect(body).toMatchObject({ state: 'done', steppedUp: true, user: 'usr_carol' })
    expect(body.legs.map(({ outcome }: { outcome: string }) => outcome)).toEqual(['done', 'done', 'done'])
    const places = await ada.call('GET', '/connections/agent0-notes0/proof-credentials')
    expect(places.body.atResource).toMatchObject({ clientId: BY_POST.id, inBody: true })
  })

  it('ends if the identity provider redirects back without a code', async () => {
    const { back, id } = await ada.leaveAs('bob', AT_VENDOR)
    const answer = new URL(back)
    answer.searchParams.delete('code')
    answer.searchParams.set('error', 'access_denied')
    expect((await ada.comeBack(answer.href)).status).toBe(303)
    const { body } = await ada.call('GET', `/connections/agent0-todo0/proofs/${id}`)
    expect(body.legs).toMatchObject([{ leg: 'sign-in', outcome: 'refused', error: 'access_denied' }])
    expect(body.user).toBe('usr_bob')
  })
})

describe('a return', () => {
  it.each([
    ['without state', ''],
    ['with a state that no one made', `&state=${'A'.repeat(22)}`],
  ])('%s is rejected', async (_, state) => {
    const { status, page } = await ada.comeBack(`${server.baseUrl}/admin/prove/callback?code=abc${state}`)
    expect({ status, page: page.includes('cannot continue') }).toEqual({ status: 400, page: true })
  })

  it('works once', async () => {
    const { back } = await ada.leaveAs('alice')
    expect((await ada.comeBack(back)).status).toBe(303)
    expect((await ada.comeBack(back)).status).toBe(400)
  })

  it('is rejected in another console session, whose browser learns nothing', async () => {
    const grace = await new Staff().signIn('grace')
    await grace.leaveAs('alice')
    const { back, id } = await ada.leaveAs('alice')
    const { status, page } = await grace.comeBack(back)
    expect({ status, page: page.includes('started elsewhere') }).toEqual({ status: 400, page: true })
    expect((await ada.call('GET', `/connections/agent0-todo0/proofs/${id}`)).body.state).toBe('waiting')
    expect((await ada.comeBack(back)).status).toBe(303)
  })

  it('is useless after the console session has ended, and so is its code', async () => {
    const grace = await new Staff().signIn('grace')
    const { back, id } = await grace.leaveAs('alice')
    await fetch(`${server.baseUrl}/admin/sign-out`, {
      method: 'POST',
      headers: { cookie: grace.cookie(), 'crosswalk-console': '1' },
    })
    const { status, page } = await grace.comeBack(back)
    expect({ status, page: page.includes('console session has ended') }).toEqual({
      status: 400,
      page: true,
    })
    const form = { grant_type: 'authorization_code', code: new URL(back).searchParams.get('code') ?? '' }
    const answer = await fetch(`${server.baseUrl}/token`, {
      method: 'POST',
      body: new URLSearchParams({ ...form, client_id: AGENT.id, client_secret: AGENT.secret }),
    })
    expect(((await answer.json()) as { error: string }).error).toMatch(/^invalid_(grant|request)$/)
    expect((await ada.call('GET', `/connections/agent0-todo0/proofs/${id}`)).body.legs).toEqual([])
  })
})

describe('starting a proof', () => {
  const begin = (input: object = {}) => ({ credential: { kind: 'secret', secret: AGENT.secret }, ...input })

  it.each([
    ['a role that may not', 'aude', 'agent0-todo0', begin(), 403],
    ['a role about other apps', 'max', 'agent0-todo0', begin(), 404],
    ['an app to which no one signs in', 'ada', 'nightly-todo0', begin(), 409],
    ['a key that is none', 'ada', 'agent0-todo0', { credential: { kind: 'private_key', key: 'x' } }, 400],
    ['no credential', 'ada', 'agent0-todo0', {}, 400],
    ['no such connection', 'ada', 'nothing', begin(), 404],
    [
      'a kept secret of the app at another server',
      'max',
      'other-todo0',
      { credential: { kind: 'kept' } },
      400,
    ],
  ])('requires more than %s', async (_, who, connection, body, status) => {
    const staff = who === 'ada' ? ada : await new Staff().signIn(who)
    expect((await staff.call('POST', `/connections/${connection}/prove`, body)).status).toBe(status)
  })

  it.each([
    ['a connection manager sees where they are', 'max', 'other-todo0', 200],
    ['not for connections of other apps', 'max', 'agent0-todo0', 404],
    ['an auditor does not', 'aude', 'agent0-todo0', 403],
  ])('locations of secrets: %s', async (_, who, connection, status) => {
    const staff = await new Staff().signIn(who)
    const { status: answered, body } = await staff.call('GET', `/connections/${connection}/proof-credentials`)
    expect(answered).toBe(status)
    if (status === 200) expect(body.atIdp).toMatchObject({ clientId: MANAGER_APP, kept: false })
  })

  it('requires a console session and a request from a console page', async () => {
    const path = '/connections/agent0-todo0/prove'
    const byToken = await admin('POST', path, { body: begin() })
    expect(byToken).toMatchObject({ status: 409, body: { detail: expect.stringContaining('console') } })
    const headers = { cookie: ada.cookie() }
    expect((await admin('POST', path, { token: null, headers, body: begin() })).status).toBe(403)
  })

  it('expires if the user does not sign in within five minutes', async () => {
    const { back, id } = await ada.leaveAs('alice')
    offsetMs += 301_000
    expect((await ada.comeBack(back)).status).toBe(400)
    const { body } = await ada.call('GET', `/connections/agent0-todo0/proofs/${id}`)
    expect(body.state).toBe('expired')
  })
})
