// Global Token Revocation (Okta: Universal Logout) at a Resource AS: what an accepted request revokes, and the status of refused ones. Each
// refused request differs from the valid one in one respect.
import { randomUUID } from 'node:crypto'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { describeOnDatabases } from '../../../tools/test-databases.ts'
import { adminOf } from '../admin/admin.ts'
import {
  idJagClaims,
  idJagHeader,
  makeKey,
  signJwt,
  type TestKey,
} from '../protocol/support/foreign-issuer.ts'
import { AGENT_AT_VENDOR, company } from '../support/company.ts'
import { basic, postForm, readMetadata, redeem } from '../support/flow.ts'
import { runSql } from '../support/run-sql.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

const OKTA = 'https://acme.okta.test'
const EVENTS_ONLY = 'https://events-only.idp.test'
const NOT_SET = 'https://not-set.idp.test'
const OFF = 'https://off.idp.test'
const TENANTS = 'https://tenants.idp.test'
const AWAY = 'http://127.0.0.1:9'
const HEADER = { typ: 'global-token-revocation+jwt' }

type Json = Readonly<Record<string, unknown>>

let server: TestServer
let key: TestKey
let otherKey: TestKey
const clock = { offsetMs: 0, nowMs: () => Date.now() + clock.offsetMs }

beforeAll(async () => {
  key = await makeKey('k')
  otherKey = await makeKey('k')
})

function file(baseUrl: string) {
  const trust = (issuer: string, change: Json = {}) => ({
    issuer,
    jwks: { keys: [key.publicJwk] },
    provisioning: 'jit',
    globalTokenRevocation: true,
    ...change,
  })
  const trustedIssuers = [
    trust(OKTA, { subject: ['iss_sub', 'email'], emailDomains: ['acme.test'] }),
    trust(EVENTS_ONLY, { globalTokenRevocation: false, securityEvents: {} }),
    trust(NOT_SET, { globalTokenRevocation: undefined }),
    trust(OFF, { active: false }),
    trust(TENANTS, { tenant: 'one' }),
    trust(TENANTS, { tenant: 'two' }),
    trust(AWAY, { jwks: undefined, jwksUri: 'http://127.0.0.1:9/keys' }),
  ]
  return company(baseUrl, { authorizationServer: { trustedIssuers } })
}

const vendor = () => `${server.baseUrl}/as/vendor`
const endpoint = () => `${vendor()}/global-token-revocation`
const named = (sub: string, iss = OKTA) => ({ sub_id: { format: 'iss_sub', iss, sub } })
const newUser = () => `u-${randomUUID().slice(0, 8)}`

function buildIdJag(claims: Json = {}, issuer = OKTA): Promise<string> {
  return signJwt(key, idJagClaims({ baseUrl: server.baseUrl, clock }, issuer, claims), idJagHeader)
}

async function getToken(claims: Json = {}, issuer = OKTA): Promise<string> {
  const { status, body } = await redeem(server.baseUrl, await buildIdJag(claims, issuer))
  expect(status).toBe(200)
  return String(body.access_token)
}

async function isActive(token: string): Promise<boolean> {
  const authorization = basic(AGENT_AT_VENDOR)
  return (await postForm(`${vendor()}/introspect`, { token }, { authorization })).body.active === true
}

/** The JWT of Okta, changed as told. */
function sign(change: Json = {}, header: Json = HEADER, by = key): Promise<string> {
  const now = Math.floor(clock.nowMs() / 1000)
  const claims = { jti: randomUUID(), iss: OKTA, sub: 'app at Okta', aud: endpoint(), iat: now }
  return signJwt(by, { ...claims, exp: now + 300, nbf: now - 300, ...change }, header)
}

interface Answer {
  readonly status: number
  readonly error: unknown
  readonly headers: Headers
}

async function post(jwt: string | undefined, body: unknown, headers: Json = {}): Promise<Answer> {
  const response = await fetch(endpoint(), {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(jwt === undefined ? {} : { authorization: `Bearer ${jwt}` }),
      ...headers,
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  const text = await response.text()
  const error = text === '' ? undefined : JSON.parse(text).error
  return { status: response.status, error, headers: response.headers }
}

/** A request as Okta sends it. */
const send = async (body: unknown = named('nobody'), claims: Json = {}) => post(await sign(claims), body)

async function listRecorded(jti: string): Promise<readonly Json[]> {
  const { body } = await adminOf(server.baseUrl)('GET', '/audit-events?type=security_event.received&limit=50')
  return body.items.filter((item: { change: Json }) => item.change['security_event'] === jti)
}

describeOnDatabases('REV-06: Global Token Revocation, on $name', (kind) => {
  beforeAll(async () => {
    server = await startTestServer({ clock, file, database: await kind.create() })
  })
  afterAll(async () => {
    expect(server.log.filter((line) => line.includes('fault') && !line.includes('lost a table'))).toEqual([])
    await server.stop()
  })

  describe('revokes', () => {
    it.each<[string, (sub: string) => Json]>([
      ['a user by issuer and subject', named],
      ['a user by address', (sub) => ({ sub_id: { format: 'email', email: `${sub}@ACME.test` } })],
      ['a user in a body of earlier drafts', (sub) => ({ subject: named(sub).sub_id })],
    ])('the access tokens of %s, and no other user’s', async (_, describeUser) => {
      const sub = newUser()
      const [mine, other] = [
        await getToken({ sub, email: `${sub}@acme.test`, email_verified: true }),
        await getToken({ sub: `${sub}-other` }),
      ]
      expect(await send(describeUser(sub))).toMatchObject({ status: 204, error: undefined })
      expect([await isActive(mine), await isActive(other)]).toEqual([false, true])
    })

    it('ID-JAGs from before the request, and not those of a new sign-in', async () => {
      clock.offsetMs += 5000
      const sub = newUser()
      const before = await buildIdJag({ sub })
      expect((await send(named(sub))).status).toBe(204)
      const refused = await redeem(server.baseUrl, before)
      expect(refused.body.error).toBe('invalid_grant')
      const decision = refused.headers.get('crosswalk-decision') ?? ''
      const [recorded] = await server.events((reader) => reader.findByDecision(decision))
      expect(recorded?.event.code).toBe('XAA2216')
      clock.offsetMs += 3000
      expect(await isActive(await getToken({ sub }))).toBe(true)
    })

    it('and records the request once, with its effect', async () => {
      const [jti, sub] = [randomUUID(), newUser()]
      await getToken({ sub })
      expect((await send(named(sub), { jti })).status).toBe(204)
      expect(await listRecorded(jti)).toMatchObject([
        {
          severity: 'warning',
          actor: { kind: 'system', id: OKTA },
          on_behalf_of: { user_ref: sub },
          change: { request: 'global-token-revocation', effective: true, revoked_tokens: 1 },
        },
      ])
    })

    it('an unknown subject too, because an ID-JAG may be outstanding', async () => {
      const sub = newUser()
      const idJag = await buildIdJag({ sub })
      expect((await send(named(sub))).status).toBe(204)
      expect((await redeem(server.baseUrl, idJag)).body.error).toBe('invalid_grant')
    })
  })

  describe('is refused with', () => {
    const cases: readonly (readonly [string, number, string | undefined, () => Promise<Answer>])[] = [
      ['no credentials', 401, undefined, () => post(undefined, named('nobody'))],
      [
        'Basic credentials',
        401,
        undefined,
        () => post(undefined, named('nobody'), { authorization: basic(AGENT_AT_VENDOR) }),
      ],
      ['no JWT', 401, 'invalid_token', () => post('x', named('nobody'))],
      ['an access token', 401, 'invalid_token', async () => post(await getToken(), named('nobody'))],
      ['an ID-JAG', 401, 'invalid_token', async () => post(await buildIdJag(), named('nobody'))],
      ['no typ', 401, 'invalid_token', async () => post(await sign({}, {}), named('nobody'))],
      [
        'the typ of security events',
        401,
        'invalid_token',
        async () => post(await sign({}, { typ: 'secevent+jwt' }), named('nobody')),
      ],
      [
        'a wrong signature',
        401,
        'invalid_token',
        async () => post(await sign({}, HEADER, otherKey), named('nobody')),
      ],
      [
        'an unknown key',
        401,
        'invalid_token',
        async () => post(await sign({}, HEADER, await makeKey('unknown')), named('nobody')),
      ],
      [
        'an unlisted algorithm',
        401,
        'invalid_token',
        async () => post(await sign({}, HEADER, await makeKey('k', 'PS512')), named('nobody')),
      ],
      [
        'no algorithm',
        401,
        'invalid_token',
        async () => {
          const [, claims] = (await sign()).split('.')
          const header = Buffer.from(JSON.stringify({ alg: 'none', ...HEADER })).toString('base64url')
          return post(`${header}.${claims}.AA`, named('nobody'))
        },
      ],
      ['an untrusted issuer', 401, 'invalid_token', () => send(undefined, { iss: 'https://evil.test' })],
      [
        'an issuer that may send events only',
        401,
        'invalid_token',
        () => send(undefined, { iss: EVENTS_ONLY }),
      ],
      ['an issuer without the setting', 401, 'invalid_token', () => send(undefined, { iss: NOT_SET })],
      ['a disabled issuer', 401, 'invalid_token', () => send(undefined, { iss: OFF })],
      ['the server as audience', 401, 'invalid_token', () => send(undefined, { aud: vendor() })],
      [
        'a second audience',
        401,
        'invalid_token',
        () => send(undefined, { aud: [endpoint(), 'https://other.test'] }),
      ],
      [
        'a past exp',
        401,
        'invalid_token',
        () => send(undefined, { exp: Math.floor(clock.nowMs() / 1000) - 90 }),
      ],
      [
        'a distant exp',
        401,
        'invalid_token',
        () => send(undefined, { exp: Math.floor(clock.nowMs() / 1000) + 7200 }),
      ],
      ['no iat', 401, 'invalid_token', () => send(undefined, { iat: undefined })],
      ['no jti', 401, 'invalid_token', () => send(undefined, { jti: undefined })],
      ['a user of another issuer', 403, 'access_denied', () => send(named('alice', EVENTS_ONLY))],
      [
        'a user in any of several tenants',
        403,
        'access_denied',
        () => send(named('alice', TENANTS), { iss: TENANTS }),
      ],
      [
        'an address without account',
        404,
        'invalid_request',
        () => send({ sub_id: { format: 'email', email: 'nobody@acme.test' } }),
      ],
      ['an opaque id', 400, 'invalid_request', () => send({ sub_id: { format: 'opaque', id: 'alice' } })],
      [
        'everything of the issuer',
        400,
        'invalid_request',
        () => send({ sub_id: { format: 'uri', uri: OKTA } }),
      ],
      [
        'a subject without its members',
        400,
        'invalid_request',
        () => send({ sub_id: { format: 'iss_sub' } }),
      ],
      ['an oversized subject', 400, 'invalid_request', () => send(named('s'.repeat(256)))],
      ['an additional member', 400, 'invalid_request', () => send({ ...named('nobody'), tenant: 'one' })],
      ['no body', 400, 'invalid_request', () => send('')],
      ['a repeated member', 400, 'invalid_request', () => send('{"sub_id":{},"sub_id":{}}')],
      [
        'a form',
        400,
        'invalid_request',
        async () => post(await sign(), 'sub_id=x', { 'content-type': 'application/x-www-form-urlencoded' }),
      ],
      ['an oversized body', 413, 'invalid_request', () => send(`{"sub_id":"${'x'.repeat(16 * 1024)}"}`)],
    ]
    it.each(cases)('%s: %i %s', async (_, status, error, attempt) => {
      const refused = await attempt()
      expect(refused).toMatchObject({ status, error })
      const challenge = error === undefined ? 'Bearer' : `Bearer error="${error}"`
      expect(refused.headers.get('www-authenticate')).toBe(status === 401 ? challenge : null)
      expect(refused.headers.get('cache-control')).toBe('no-store')
      // Positive control: without that difference it is accepted.
      expect((await send()).status).toBe(204)
    })

    it('keys that cannot be read now: 503', async () => {
      const { status, headers } = await send(named('alice', AWAY), { iss: AWAY })
      expect([status, headers.get('retry-after')]).toEqual([503, '5'])
    })

    it('another method', async () => {
      const response = await fetch(endpoint())
      expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST'])
    })

    it('an address that the issuer may not assert: 404, and the user keeps access (REV-07)', async () => {
      const sub = newUser()
      const email = `${sub}@acme.test`
      const token = await getToken({ sub, email, email_verified: true })
      const body = { sub_id: { format: 'email', email } }
      expect((await send(body, { iss: TENANTS })).status).toBe(403)
      expect((await send({ sub_id: { format: 'email', email: 'alice@other.test' } })).status).toBe(404)
      expect(await isActive(token)).toBe(true)
      expect((await send(body)).status).toBe(204)
      expect(await isActive(token)).toBe(false)
    })

    it('the same subject at another issuer, which keeps access (REV-07)', async () => {
      const sub = newUser()
      const [here, there] = [await getToken({ sub }), await getToken({ sub }, EVENTS_ONLY)]
      expect((await send(named(sub))).status).toBe(204)
      expect([await isActive(here), await isActive(there)]).toEqual([false, true])
    })
  })

  describe('accepts a JWT once', () => {
    it('and not again, for the same user or another', async () => {
      clock.offsetMs += 5000
      const [sub, victim] = [newUser(), newUser()]
      const jwt = await sign()
      expect((await post(jwt, named(sub))).status).toBe(204)
      clock.offsetMs += 3000
      const later = await getToken({ sub })
      const other = await getToken({ sub: victim })
      for (const body of [named(sub), named(victim)])
        expect(await post(jwt, body)).toMatchObject({ status: 401, error: 'invalid_token' })
      expect([await isActive(later), await isActive(other)]).toEqual([true, true])
    })

    it('until the end of the clock skew, although its key is deleted when it expires', async () => {
      const now = Math.floor(clock.nowMs() / 1000)
      const jwt = await sign({ exp: now - 20 })
      expect((await post(jwt, named(newUser()))).status).toBe(204)
      await runSql(server.database, `delete from replay_keys where expires_at < ${now}`)
      expect((await post(jwt, named(newUser()))).status).toBe(401)
    })

    it('even if it is sent for many users at once', async () => {
      const users = Array.from({ length: 8 }, newUser)
      const tokens = await Promise.all(users.map((sub) => getToken({ sub })))
      const jwt = await sign()
      const answers = await Promise.all(users.map((sub) => post(jwt, named(sub))))
      expect(answers.filter(({ status }) => status === 204)).toHaveLength(1)
      expect(answers.filter(({ status }) => status === 401)).toHaveLength(7)
      const active = await Promise.all(tokens.map(isActive))
      expect(active.filter((one) => !one)).toHaveLength(1)
    })

    it('but after a refusal it is still unused', async () => {
      const jwt = await sign()
      expect((await post(jwt, { sub_id: { format: 'opaque', id: 'x' } })).status).toBe(400)
      expect((await post(jwt, named('nobody'))).status).toBe(204)
    })
  })

  it('is told to try again if the database fails, and may then repeat the request, for the same user only', async () => {
    const [jti, sub] = [randomUUID(), newUser()]
    const token = await getToken({ sub })
    const jwt = await sign({ jti })
    const { database } = server
    await runSql(database, 'alter table received_withdrawals rename to lost')
    const failed = await post(jwt, named(sub))
    expect([failed.status, failed.headers.get('retry-after')]).toEqual([503, '2'])
    expect(await isActive(token)).toBe(true)
    await runSql(database, 'alter table lost rename to received_withdrawals')
    expect((await post(jwt, named(newUser()))).status).toBe(401)
    expect((await post(jwt, named(sub))).status).toBe(204)
    expect(await isActive(token)).toBe(false)
    expect((await post(jwt, named(sub))).status).toBe(401)
    expect(await listRecorded(jti)).toHaveLength(1)
  })

  it('is announced in the metadata', async () => {
    const metadata = await readMetadata(`${server.baseUrl}/.well-known/oauth-authorization-server/as/vendor`)
    expect(metadata).toMatchObject({
      global_token_revocation_endpoint: endpoint(),
      global_token_revocation_endpoint_auth_methods_supported: ['global-token-revocation+jwt'],
    })
  })
})
