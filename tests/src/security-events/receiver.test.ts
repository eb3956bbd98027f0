// Security events of an external transmitter at a Resource AS: what accepted events revoke, and the RFC 8935 error of rejected ones. Each
// rejected event differs from the valid one in one respect.
import { randomUUID } from 'node:crypto'

import { SECURITY_EVENT } from '@crosswalk/protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { type Admin, adminOf } from '../admin/admin.ts'
import {
  idJagClaims,
  idJagHeader,
  makeKey,
  signJwt,
  type TestKey,
} from '../protocol/support/foreign-issuer.ts'
import { AGENT_AT_VENDOR, company, NOTES } from '../support/company.ts'
import { basic, postForm, redeem } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

const A = 'https://a.idp.test'
const SILENT = 'https://silent.idp.test'
const OFF = 'https://off.idp.test'
const TENANTS = 'https://tenants.idp.test'
const PARTLY = 'https://partly.idp.test'
const SET_HEADER = { typ: 'secevent+jwt' }

type Json = Readonly<Record<string, unknown>>

let server: TestServer
let admin: Admin
let key: TestKey
let otherKey: TestKey
const clock = { offsetMs: 0, nowMs: () => Date.now() + clock.offsetMs }

beforeAll(async () => {
  key = await makeKey('k')
  otherKey = await makeKey('k')
  const trust = (issuer: string, change: Json = {}) => ({
    issuer,
    jwks: { keys: [key.publicJwk] },
    subject: ['iss_sub', 'email'],
    emailDomains: ['acme.test'],
    provisioning: 'jit',
    securityEvents: {},
    ...change,
  })
  server = await startTestServer({
    clock,
    file: (baseUrl) =>
      company(baseUrl, {
        authorizationServer: {
          trustedIssuers: [
            trust(A),
            trust(SILENT, { securityEvents: undefined }),
            trust(OFF, { active: false }),
            trust(TENANTS, { tenant: 'one' }),
            trust(TENANTS, { tenant: 'two' }),
            trust(PARTLY),
            trust(PARTLY, { tenant: 'closed', securityEvents: undefined }),
          ],
        },
      }),
  })
  admin = adminOf(server.baseUrl)
})
afterAll(async () => {
  expect(server.log.filter((line) => line.includes('fault'))).toEqual([])
  await server.stop()
})

const vendor = () => `${server.baseUrl}/as/vendor`
const user = (sub: string, iss = A) => ({ format: 'iss_sub', iss, sub })

async function getToken(claims: Json = {}, issuer = A): Promise<string> {
  const world = { baseUrl: server.baseUrl, clock }
  const answer = await redeem(
    server.baseUrl,
    await signJwt(key, idJagClaims(world, issuer, claims), idJagHeader),
  )
  expect(answer.status).toBe(200)
  return String(answer.body.access_token)
}

async function isActive(token: string): Promise<boolean> {
  const authorization = basic(AGENT_AT_VENDOR)
  return (await postForm(`${vendor()}/introspect`, { token }, { authorization })).body.active === true
}

function setClaims(change: Json = {}): Json {
  return {
    iss: A,
    aud: vendor(),
    jti: randomUUID(),
    iat: Math.floor(clock.nowMs() / 1000),
    sub_id: user('nobody'),
    events: { [SECURITY_EVENT.sessionRevoked]: {} },
    ...change,
  }
}

interface Pushed {
  readonly status: number
  readonly body: unknown
}

async function push(set: string, headers: Readonly<Record<string, string>> = {}): Promise<Pushed> {
  const response = await fetch(`${vendor()}/security-events`, {
    method: 'POST',
    headers: { 'content-type': 'application/secevent+jwt', ...headers },
    body: set,
  })
  const text = await response.text()
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) }
}

const send = async (change: Json = {}, header: Json = SET_HEADER, by = key) =>
  push(await signJwt(by, setClaims(change), header))

describe('REV-05: an event revokes', () => {
  const subjects: readonly (readonly [string, (sub: string) => Json])[] = [
    ['the tokens of a user', (sub) => ({ sub_id: user(sub) })],
    [
      'of a user, also at another receiver',
      (sub) => ({ aud: ['https://other.test', vendor()], sub_id: user(sub) }),
    ],
    ['of a user by opaque id', (sub) => ({ sub_id: { format: 'opaque', id: sub } })],
    [
      'of a user under several names',
      (sub) => ({
        sub_id: {
          format: 'aliases',
          identifiers: [{ format: 'phone_number', phone_number: '+1' }, user(sub)],
        },
      }),
    ],
    [
      'of a user and session',
      (sub) => ({
        sub_id: { format: 'complex', user: user(sub), session: { format: 'opaque', id: 's' } },
      }),
    ],
    [
      'of a user at one client',
      (sub) => ({
        sub_id: {
          format: 'complex',
          user: user(sub),
          application: { format: 'opaque', id: AGENT_AT_VENDOR.id },
        },
      }),
    ],
    ['of a user by verified e-mail', (sub) => ({ sub_id: { format: 'email', email: `${sub}@ACME.test` } })],
  ]
  it.each(subjects)('%s, and no other user’s', async (_, describeSubject) => {
    const sub = `u-${randomUUID().slice(0, 8)}`
    const claims = { sub, email: `${sub}@acme.test`, email_verified: true }
    const [mine, other] = [await getToken(claims), await getToken({ sub: `${sub}-other` })]
    expect(await send(describeSubject(sub))).toEqual({ status: 202, body: undefined })
    expect([await isActive(mine), await isActive(other)]).toEqual([false, true])
  })

  const types: readonly (readonly [string, Json, boolean])[] = [
    [SECURITY_EVENT.sessionRevoked, {}, true],
    [SECURITY_EVENT.accountDisabled, { reason: 'hijacking' }, true],
    [SECURITY_EVENT.accountPurged, {}, true],
    [SECURITY_EVENT.tokenClaimsChange, { claims: { role: 'x' } }, true],
    [SECURITY_EVENT.credentialChange, { credential_type: 'password', change_type: 'update' }, true],
    [SECURITY_EVENT.credentialChange, { credential_type: 'app', change_type: 'create' }, false],
    [SECURITY_EVENT.assuranceLevelChange, { change_direction: 'decrease' }, true],
    [SECURITY_EVENT.assuranceLevelChange, { change_direction: 'increase' }, false],
    [SECURITY_EVENT.verification, { state: 's' }, false],
    ['https://unknown.test/event', {}, false],
  ]
  it.each(types)('for %s with %j: %s', async (type, body, dies) => {
    const sub = `t-${randomUUID().slice(0, 8)}`
    const token = await getToken({ sub })
    expect((await send({ sub_id: user(sub), events: { [type]: body } })).status).toBe(202)
    expect(await isActive(token)).toBe(!dies)
  })

  it('nothing if it verifies the stream, and no user is recorded, also for an issuer of several tenants', async () => {
    const jti = randomUUID()
    const sub_id = { format: 'opaque', id: 'app:todo0' }
    const sent = await send({ iss: TENANTS, jti, sub_id, events: { [SECURITY_EVENT.verification]: {} } })
    expect(sent).toEqual({ status: 202, body: undefined })
    const { body } = await admin('GET', '/audit-events?type=security_event.received&limit=50')
    const mine = body.items.filter((item: { change: Json }) => item.change.security_event === jti)
    expect(mine).toMatchObject([{ change: { effective: false } }])
    expect(mine[0]).not.toHaveProperty('on_behalf_of')
  })

  it('one ID-JAG and its access token, by jti', async () => {
    const [jti, otherJti] = [randomUUID(), randomUUID()]
    const [mine, other] = [await getToken({ sub: 'j', jti }), await getToken({ sub: 'j', jti: otherJti })]
    await send({ sub_id: { format: 'jwt_id', iss: A, jti } })
    expect([await isActive(mine), await isActive(other)]).toEqual([false, true])
  })

  it('one resource of a connection, or everything of the issuer', async () => {
    const [todo, notes] = [
      await getToken({ sub: 'r' }),
      await getToken({ sub: 'r', resource: NOTES, scope: 'notes.read' }),
    ]
    const application = { format: 'opaque', id: AGENT_AT_VENDOR.id }
    await send({
      sub_id: { format: 'complex', application },
      events: { [SECURITY_EVENT.connectionRevoked]: { resources: [NOTES] } },
    })
    expect([await isActive(todo), await isActive(notes)]).toEqual([true, false])
    await send({
      sub_id: { format: 'uri', uri: A },
      events: { [SECURITY_EVENT.accessRevoked]: {} },
    })
    expect(await isActive(todo)).toBe(false)
  })

  it('earlier ID-JAGs and no later ones; a replayed old event changes nothing', async () => {
    clock.offsetMs += 5000
    const sub = 'later'
    const world = { baseUrl: server.baseUrl, clock }
    const before = await signJwt(key, idJagClaims(world, A, { sub }), idJagHeader)
    const set = await signJwt(key, setClaims({ sub_id: user(sub) }), SET_HEADER)
    expect((await push(set)).status).toBe(202)
    expect((await redeem(server.baseUrl, before)).body.error).toBe('invalid_grant')
    clock.offsetMs += 3000
    await getToken({ sub })
    clock.offsetMs += 400_000
    const later = await getToken({ sub })
    expect((await push(set)).status).toBe(202)
    expect(await isActive(later)).toBe(true)
  })

  it('nothing the second time: redelivered, it affects no later token, and gets the same response', async () => {
    clock.offsetMs += 5000
    const jti = randomUUID()
    const sub = `again-${jti.slice(0, 8)}`
    const claims = { sub, email: `${sub}@acme.test`, email_verified: true }
    const before = await getToken(claims)
    const set = await signJwt(key, setClaims({ jti, sub_id: user(sub) }), SET_HEADER)
    expect(await push(set)).toEqual({ status: 202, body: undefined })
    expect(await isActive(before)).toBe(false)
    clock.offsetMs += 3000
    const since = await getToken(claims)
    for (const wait of [0, 1000, 20_000, 400_000]) {
      clock.offsetMs += wait
      const token = wait === 400_000 ? await getToken(claims) : since
      expect(await push(set)).toEqual({ status: 202, body: undefined })
      expect(await isActive(token)).toBe(true)
    }
    const { body } = await admin('GET', '/audit-events?type=security_event.received&limit=50')
    const mine = body.items.filter((item: { change: Json }) => item.change.security_event === jti)
    expect(mine).toHaveLength(1)
    // A new event about the same user revokes later tokens.
    expect((await send({ sub_id: user(sub) })).status).toBe(202)
    expect((await push(set)).status).toBe(202)
  })

  it('no token of a later sign-in, even if it arrives late', async () => {
    clock.offsetMs += 5000
    const sub = `late-${randomUUID().slice(0, 8)}`
    const set = await signJwt(key, setClaims({ sub_id: user(sub) }), SET_HEADER)
    clock.offsetMs += 90_000
    const later = await getToken({ sub })
    expect((await push(set)).status).toBe(202)
    expect(await isActive(later)).toBe(true)
  })

  it('and is recorded once, with its effect', async () => {
    const jti = randomUUID()
    await getToken({ sub: 'audited' })
    const set = await signJwt(key, setClaims({ jti, sub_id: user('audited') }), SET_HEADER)
    await push(set)
    await push(set)
    const { body } = await admin('GET', '/audit-events?type=security_event.received&limit=50')
    const mine = body.items.filter((item: { change: Json }) => item.change.security_event === jti)
    expect(mine).toHaveLength(1)
    expect(mine[0]).toMatchObject({
      severity: 'warning',
      actor: { kind: 'system', id: A },
      on_behalf_of: { user_ref: 'audited' },
      change: { effective: true, revoked_tokens: 1, events: [SECURITY_EVENT.sessionRevoked] },
    })
  })
})

describe('REV-07: an issuer revokes only its own grants', () => {
  it.each([
    ['a user of another issuer', { sub_id: user('alice', SILENT) }],
    ['a grant of another issuer', { sub_id: { format: 'jwt_id', iss: SILENT, jti: 'j' } }],
    ['everything of another issuer', { sub_id: { format: 'uri', uri: SILENT } }],
    [
      'a user of another issuer in a complex subject',
      {
        sub_id: { format: 'complex', user: user('alice', SILENT) },
      },
    ],
  ])('not %s', async (_, change) => {
    const token = await getToken({ sub: 'alice' }, SILENT)
    const { status, body } = await send(change)
    expect({ status, body }).toMatchObject({ status: 400, body: { err: 'invalid_issuer' } })
    expect(await isActive(token)).toBe(true)
  })

  it('in the named tenant, and in none if it is ambiguous', async () => {
    const [one, two] = [
      await getToken({ sub: 'alice', tenant: 'one' }, TENANTS),
      await getToken({ sub: 'alice', tenant: 'two' }, TENANTS),
    ]
    const named = (tenant: string) => ({
      iss: TENANTS,
      sub_id: { format: 'complex', user: user('alice', TENANTS), tenant: { format: 'opaque', id: tenant } },
    })
    const anywhere = await send({ iss: TENANTS, sub_id: user('alice', TENANTS) })
    expect(anywhere).toMatchObject({ status: 400, body: { err: 'invalid_issuer' } })
    expect((await send(named('three'))).status).toBe(400)
    expect([await isActive(one), await isActive(two)]).toEqual([true, true])
    expect((await send(named('one'))).status).toBe(202)
    expect([await isActive(one), await isActive(two)]).toEqual([false, true])
  })

  it('in no tenant whose own entry accepts no events, though the entry for all tenants does', async () => {
    const token = await getToken({ sub: 'alice', tenant: 'closed' }, PARTLY)
    const named = {
      format: 'complex',
      user: user('alice', PARTLY),
      tenant: { format: 'opaque', id: 'closed' },
    }
    for (const sub_id of [named, user('alice', PARTLY)])
      expect(await send({ iss: PARTLY, sub_id })).toMatchObject({
        status: 400,
        body: { err: 'invalid_issuer' },
      })
    expect(await isActive(token)).toBe(true)
  })
})

describe('REV-05: an event is rejected for', () => {
  const cases: readonly (readonly [string, string, () => Promise<Pushed>])[] = [
    ['another audience', 'invalid_audience', () => send({ aud: 'https://other.test' })],
    ['two other audiences', 'invalid_audience', () => send({ aud: [`${vendor()}/`, 'https://other.test'] })],
    ['an untrusted issuer', 'invalid_issuer', () => send({ iss: 'https://evil.test' })],
    ['a trusted issuer without permission to send events', 'invalid_issuer', () => send({ iss: SILENT })],
    ['a disabled issuer', 'invalid_issuer', () => send({ iss: OFF })],
    ['a wrong signature', 'authentication_failed', () => send({}, SET_HEADER, otherKey)],
    ['an unknown key', 'invalid_key', async () => send({}, SET_HEADER, await makeKey('unknown'))],
    ['an unlisted algorithm', 'invalid_key', async () => send({}, SET_HEADER, await makeKey('k', 'PS512'))],
    [
      'no algorithm',
      'invalid_key',
      async () => {
        const parts = [{ alg: 'none', typ: 'secevent+jwt' }, setClaims()].map((part) =>
          Buffer.from(JSON.stringify(part)).toString('base64url'),
        )
        return push(`${parts.join('.')}.AA`)
      },
    ],
    ['no typ', 'invalid_request', () => send({}, {})],
    ['the typ of an ID-JAG', 'invalid_request', () => send({}, idJagHeader)],
    [
      'an ID-JAG',
      'invalid_request',
      async () => push(await signJwt(key, idJagClaims({ baseUrl: server.baseUrl, clock }, A), idJagHeader)),
    ],
    ['an expiry, as other tokens have', 'invalid_request', () => send({ exp: 4_000_000_000 })],
    ['a sub, as other tokens have', 'invalid_request', () => send({ sub: 'alice' })],
    ['no jti', 'invalid_request', () => send({ jti: undefined })],
    ['no iat', 'invalid_request', () => send({ iat: undefined })],
    ['a time in the future', 'invalid_request', () => send({ iat: Math.floor(clock.nowMs() / 1000) + 90 })],
    [
      'a time too long ago',
      'invalid_request',
      () => send({ iat: Math.floor(clock.nowMs() / 1000) - 604_800 - 90 }),
    ],
    ['no events', 'invalid_request', () => send({ events: {} })],
    ['invalid events', 'invalid_request', () => send({ events: { [SECURITY_EVENT.sessionRevoked]: 1 } })],
    [
      'a subject without its members',
      'invalid_request',
      () => send({ sub_id: { format: 'iss_sub', iss: A } }),
    ],
    ['no subject, though access ends', 'invalid_request', () => send({ sub_id: undefined })],
    ['a subject without a format', 'invalid_request', () => send({ sub_id: { id: 'x' } })],
    ['no token', 'invalid_request', () => push('')],
    ['no JWT', 'invalid_request', () => push('{}')],
    ['an oversized body', 'invalid_request', () => push('a'.repeat(20_000))],
    [
      'another content type',
      'invalid_request',
      async () => push(await signJwt(key, setClaims(), SET_HEADER), { 'content-type': 'application/jwt' }),
    ],
  ]
  it.each(cases)('%s: %s', async (_, err, attempt) => {
    const { status, body } = await attempt()
    expect({ status, body }).toMatchObject({ status: 400, body: { err } })
    expect(typeof (body as Json).description).toBe('string')
    // Positive control: without that difference it is accepted.
    expect((await send()).status).toBe(202)
  })

  it('another method, with an Allow header', async () => {
    const response = await fetch(`${vendor()}/security-events`)
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST'])
  })
})

it('an unknown subject is acknowledged without effect', async () => {
  for (const sub_id of [
    { format: 'did', url: 'did:example:1' },
    { format: 'complex', device: { format: 'opaque', id: 'd' } },
    { format: 'email', email: 'alice@other.test' },
  ])
    expect((await send({ sub_id })).status).toBe(202)
})
