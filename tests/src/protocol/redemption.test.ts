// Redemption over HTTP: the request, the access token, and who can use it.
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify, type JSONWebKeySet } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { AGENT_AT_VENDOR, company, NOTES, TODO } from '../support/company.ts'
import { basic, exchange, postForm, redeem, signInFor } from '../support/flow.ts'
import { expectRefused } from './support/expect-refused.ts'
import { idJagClaims, idJagHeader, makeKey, signJwt, type TestKey } from './support/foreign-issuer.ts'
import { startWorld, type World } from './support/world.ts'

const FOREIGN = 'https://idp.foreign.test'
const API = { id: 'todo0-api', secret: 'secret of the API' }
const OTHER = { id: 'other-at-vendor', secret: 'secret of another' }

let world: World
let key: TestKey
const secretOf = ({ secret }: { secret: string }) => ({ method: 'client_secret_basic', secret })
const vendor =
  (change: Readonly<Record<string, unknown>> = {}) =>
  (baseUrl: string) => {
    const trustedIssuers = [
      { issuer: baseUrl, provisioning: 'jit' },
      { issuer: FOREIGN, jwks: { keys: [key.publicJwk] }, provisioning: 'jit' },
    ]
    const clients = [
      { id: AGENT_AT_VENDOR.id, auth: secretOf(AGENT_AT_VENDOR) },
      { id: OTHER.id, auth: secretOf(OTHER) },
      { id: API.id, auth: secretOf(API), introspects: [TODO] },
    ]
    const file = company(baseUrl, {
      authorizationServer: { trustedIssuers, clients, authorizationDetailsTypes: ['todo_list'], ...change },
    })
    const [first] = file.authorizationServers as Record<string, unknown>[]
    return { ...file, authorizationServers: [first, { ...first, id: 'second' }] }
  }
const idJag = (change = {}) => signJwt(key, idJagClaims(world, FOREIGN, change), idJagHeader)
const spend = async (change = {}, form: Readonly<Record<string, string>> = {}) =>
  redeem(world.baseUrl, await idJag(change), form)

beforeAll(async () => {
  key = await makeKey('k1')
  world = await startWorld(vendor())
})
beforeEach(() => world.redefine(vendor()))
afterAll(async () => {
  expect(world.faults).toEqual([])
  await world.stop()
})

describe('the request', () => {
  it('accepts the two assertion grant types and no other (RAS-02)', async () => {
    expect((await spend()).status).toBe(200)
    for (const grant_type of [
      'urn:ietf:params:oauth:grant-type:token-exchange',
      'client_credentials',
      'refresh_token',
      'authorization_code',
    ])
      await expectRefused(world, await spend({}, { grant_type }), {
        error: 'unsupported_grant_type',
        code: 'XAA2001',
      })
    const bound = await spend({}, { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-dpop' })
    await expectRefused(world, bound, { error: 'invalid_grant', code: 'XAA2215' })
  })

  it('accepts each parameter once, except resource', async () => {
    const send = async (name: string, value: string) =>
      postForm(
        `${world.baseUrl}/as/vendor/token`,
        new URLSearchParams([
          ['grant_type', 'urn:ietf:params:oauth:grant-type:jwt-bearer'],
          ['assertion', await idJag()],
          ['scope', 'todos.read'],
          ['resource', TODO],
          [name, value],
        ]),
        { authorization: basic(AGENT_AT_VENDOR) },
      )
    const refused = { error: 'invalid_request', code: 'XAA2002' }
    await expectRefused(world, await send('assertion', await idJag()), { ...refused, saw: 'assertion' })
    await expectRefused(world, await send('scope', 'todos.write'), { ...refused, saw: 'scope' })
    expect((await send('resource', TODO)).status).toBe(200)
  })

  it('works for the named client at this server only (RAS-12, RAS-14, SEC-21, SEC-22, SEC-25, JAG-27)', async () => {
    const grant = await idJag()
    await expectRefused(world, await redeem(world.baseUrl, grant, {}, OTHER), {
      error: 'invalid_grant',
      code: 'XAA2103',
    })
    const form = { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: grant }
    const headers = { authorization: basic(AGENT_AT_VENDOR) }
    const elsewhere = await postForm(`${world.baseUrl}/as/second/token`, form, headers)
    await expectRefused(world, elsewhere, { error: 'invalid_grant', code: 'XAA2211' })
    const both = [`${world.baseUrl}/as/vendor`, `${world.baseUrl}/as/second`]
    await expectRefused(world, await spend({ aud: both }), { error: 'invalid_grant', code: 'XAA2212' })
    await expectRefused(world, await spend({ client_id: undefined }), {
      error: 'invalid_grant',
      code: 'XAA2210',
    })
    expect((await redeem(world.baseUrl, grant)).status).toBe(200)
  })

  it('gives every failing assertion the same response, and never redirects (RAS-39, RAS-43, SEC-31)', async () => {
    const wrong = await makeKey('k1')
    const answers = [
      await spend({ iss: 'https://unknown.test' }),
      await redeem(world.baseUrl, await signJwt(wrong, idJagClaims(world, FOREIGN), idJagHeader)),
      await spend({ exp: 1, iat: 0 }),
      await spend({ aud: 'https://elsewhere.test' }),
      await redeem(world.baseUrl, 'garbage'),
    ]
    expect(new Set(answers.map(({ status, body }) => JSON.stringify([status, body]))).size).toBe(1)
    const codes = await Promise.all(answers.map(async (answer) => (await world.findDecision(answer)).code))
    expect(codes).toEqual(['XAA2202', 'XAA2203', 'XAA2206', 'XAA2211', 'XAA2201'])
    for (const { headers } of answers) expect(headers.get('location')).toBeNull()
  })

  it('distinguishes a bad grant from a scope or resource outside it (RAS-33, RAS-23, RAS-25)', async () => {
    await expectRefused(world, await spend({}, { scope: 'todos.write' }), {
      error: 'invalid_scope',
      code: 'XAA2401',
    })
    await expectRefused(world, await spend({}, { resource: NOTES }), {
      error: 'invalid_target',
      code: 'XAA2217',
    })
    await expectRefused(world, await spend({ scope: undefined }), { error: 'invalid_scope', code: 'XAA2403' })
    await expectRefused(world, await spend({ resource: 'https://else.test' }), {
      error: 'invalid_grant',
      code: 'XAA2213',
    })
    expect((await spend({}, { scope: 'todos.read', resource: TODO })).status).toBe(200)
  })

  it('grants the intersection of claim, parameters and configuration (RAS-24, RAS-25, RAS-28, SEC-30)', async () => {
    const scope = 'todos.read todos.write unknown.scope'
    const all = await spend({ scope, resource: [TODO, NOTES] })
    expect(all.body).toMatchObject({ scope: 'todos.read todos.write', resource: [TODO, NOTES] })
    expect((await spend({ scope }, { scope: 'todos.write' })).body.scope).toBe('todos.write')
    const wider = await spend({ scope: 'todos.read' }, { scope: 'todos.read todos.write' })
    expect(wider).toMatchObject({ status: 200, body: { scope: 'todos.read' } })
    expect(await world.findDecision(wider)).toMatchObject({
      code: 'XAA0001',
      narrowed: [{ scope: 'todos.write', by: 'scope of the ID-JAG', code: 'XAA2401' }],
    })
    const notes = await spend(
      { scope: 'todos.read notes.read', resource: [TODO, NOTES] },
      { resource: NOTES },
    )
    expect(notes.body).toMatchObject({ scope: 'notes.read', resource: NOTES })
  })

  it('grants authorization details of known types as claimed, and no scopes for them (RAS-27, RAR-04, RAR-06, AT-06)', async () => {
    const details = [{ type: 'todo_list', list: 'inbox' }]
    const answer = await spend({ scope: undefined, authorization_details: details })
    expect(answer.body).toMatchObject({ authorization_details: details, scope: '' })
    const token = String(answer.body.access_token)
    expect(decodeJwt(token)).toMatchObject({ authorization_details: details })
    expect(decodeJwt(token)).not.toHaveProperty('scope')
    const unknown = await spend({ authorization_details: [...details, { type: 'payment' }] })
    await expectRefused(world, unknown, { error: 'invalid_authorization_details', code: 'XAA2221' })
    await expectRefused(world, await spend({ authorization_details: 'text' }), {
      error: 'invalid_grant',
      code: 'XAA2210',
    })
  })

  it('narrows authorization details to those requested, and rejects any that the ID-JAG lacks (RAR-01, RAR-04, RAR-07)', async () => {
    const [inbox, work] = [
      { type: 'todo_list', list: 'inbox', most: { items: [1, 2] } },
      { type: 'todo_list', list: 'work' },
    ]
    const ask = async (asked: unknown, claims: object = { authorization_details: [inbox, work] }) =>
      spend(claims, { authorization_details: typeof asked === 'string' ? asked : JSON.stringify(asked) })
    const granted = async (asked: unknown) => {
      const { status, body } = await ask(asked)
      const inToken = decodeJwt(String(body.access_token)).authorization_details
      expect([status, inToken]).toEqual([200, body.authorization_details])
      return body.authorization_details
    }
    expect(await granted([work])).toEqual([work])
    expect(await granted([work, inbox, work])).toEqual([inbox, work])
    expect(await granted([{ most: { items: [1, 2] }, list: 'inbox', type: 'todo_list' }])).toEqual([inbox])
    expect(await granted('[]')).toBeUndefined()
    expect(await granted('')).toEqual([inbox, work])

    const refused = { error: 'invalid_authorization_details', code: 'XAA2221' }
    const beyond = [
      [{ ...inbox, list: 'other' }],
      [{ ...inbox, most: { items: [2, 1] } }],
      [{ type: 'todo_list' }],
      [work, { ...work, more: true }],
      [{ type: 'payment' }],
    ]
    for (const asked of beyond) await expectRefused(world, await ask(asked), refused)
    for (const text of ['[', '{}', '"work"', '[{}]', '[null]', '[{"type":"a","type":"todo_list"}]'])
      await expectRefused(world, await ask(text), { ...refused, saw: 'a JSON array of objects' })
    await expectRefused(world, await ask([work], {}), refused)
  })

  it('accepts an ID-JAG once, or ten times if configured, each with its own record (RAS-18)', async () => {
    const [once, often] = [await idJag(), await idJag()]
    const outcomes = async (assertion: string) => {
      const answers = await Promise.all(Array.from({ length: 12 }, () => redeem(world.baseUrl, assertion)))
      const [refused] = answers.filter(({ status }) => status !== 200)
      if (refused === undefined) throw new Error('nothing was refused')
      await expectRefused(world, refused, { error: 'invalid_grant', code: 'XAA2209', saw: 'a jti that was' })
      const granted = answers.filter(({ status }) => status === 200)
      const ids = granted.map(({ body }) => decodeJwt(String(body.access_token)).jti)
      expect(new Set(ids).size).toBe(granted.length)
      return granted.length
    }
    expect(await outcomes(once)).toBe(1)
    world.redefine(vendor({ replay: 'until-expiry' }))
    expect(await outcomes(often)).toBe(10)
    const stolen = { id: OTHER.id, secret: OTHER.secret }
    await expectRefused(world, await redeem(world.baseUrl, await idJag(), {}, stolen), {
      error: 'invalid_grant',
      code: 'XAA2103',
    })
    world.redefine(vendor())
    await expectRefused(world, await redeem(world.baseUrl, often), {
      error: 'invalid_grant',
      code: 'XAA2209',
    })
  })

  it('may reject a valid ID-JAG by local rules (RAS-34, RAS-16)', async () => {
    expect((await spend()).status).toBe(200)
    world.redefine(vendor({ maxIdJagLifetimeSeconds: 60 }))
    await expectRefused(world, await spend(), { error: 'invalid_grant', code: 'XAA2208' })
    world.redefine(vendor({ resources: [{ id: TODO, scopes: ['todos.write'] }] }))
    await expectRefused(world, await spend(), { error: 'invalid_scope', code: 'XAA2403' })
  })

  it('accepts both formats of act, and grants nothing for it (ACT-06, AT-05)', async () => {
    const act = { sub: 'agent', iss: FOREIGN, act: { sub: 'agent before' } }
    const answer = await spend({ act })
    expect(decodeJwt(String(answer.body.access_token))).toMatchObject({ act, scope: 'todos.read' })
    for (const bad of ['agent', { iss: FOREIGN }, [act]])
      await expectRefused(world, await spend({ act: bad }), { error: 'invalid_grant', code: 'XAA2218' })
  })

  it('compares aud_tenant with its own tenant, if it has one (TEN-06)', async () => {
    world.redefine(vendor({ audTenant: 't-42' }))
    expect((await spend({ aud_tenant: 't-42' })).status).toBe(200)
    await expectRefused(world, await spend({ aud_tenant: 't-43' }), {
      error: 'invalid_grant',
      code: 'XAA2214',
    })
  })
})

describe('the access token', () => {
  it('ras-ok-06: is issued by this server for the resource only, and nothing else is issued (AT-01 to AT-04, AT-09, AT-10, RAS-35 to RAS-38)', async () => {
    const answer = await spend({ auth_time: 1_700_000_000, acr: 'mfa', amr: ['otp'] })
    const { access_token: token, ...rest } = answer.body
    expect(rest).toEqual({ token_type: 'Bearer', expires_in: 600, scope: 'todos.read', resource: TODO })
    expect([answer.headers.get('cache-control'), answer.headers.get('pragma')]).toEqual([
      'no-store',
      'no-cache',
    ])
    const issuer = `${world.baseUrl}/as/vendor`
    const keys = (await (await fetch(`${issuer}/jwks`)).json()) as JSONWebKeySet
    const { payload } = await jwtVerify(String(token), createLocalJWKSet(keys), {
      issuer,
      audience: TODO,
      typ: 'at+jwt',
      currentDate: new Date(world.clock.nowMs()),
    })
    expect(payload).toEqual({
      iss: issuer,
      sub: expect.stringMatching(/^acc_/),
      aud: TODO,
      client_id: AGENT_AT_VENDOR.id,
      jti: expect.stringMatching(/.{22,}/),
      iat: expect.any(Number),
      exp: (payload.iat ?? 0) + 600,
      scope: 'todos.read',
      auth_time: 1_700_000_000,
      acr: 'mfa',
      amr: ['otp'],
    })
  })

  it('is recorded with its origin, and without the tokens (AT-08, RAS-42, SEC-26, SEC-36)', async () => {
    const grant = await idJag()
    const { headers, body } = await redeem(world.baseUrl, grant)
    const id = headers.get('crosswalk-decision') ?? ''
    const [recorded] = await world.storage.events.findByDecision(id)
    expect(recorded?.event).toMatchObject({
      type: 'token.redeemed',
      outcome: 'allow',
      delegation: { issuer: FOREIGN },
    })
    for (const secret of [grant, String(body.access_token), decodeJwt(grant).jti])
      expect(recorded?.body).not.toContain(secret)
    const { jti = '' } = decodeJwt(String(body.access_token))
    expect(await world.storage.accessTokens.find('vendor', jti)).toMatchObject({
      issuer: FOREIGN,
      issuerSubject: 'alice',
      clientId: AGENT_AT_VENDOR.id,
      decisionId: id,
    })
  })

  it('ends immediately with its trusted issuer or its client (SEC-33, REV-08)', async () => {
    const token = String((await spend()).body.access_token)
    const live = async () => {
      const headers = { authorization: basic(API) }
      return (await postForm(`${world.baseUrl}/as/vendor/introspect`, { token }, headers)).body.active
    }
    const foreign = { issuer: FOREIGN, jwks: { keys: [key.publicJwk] }, provisioning: 'jit' }
    const agent = { id: AGENT_AT_VENDOR.id, auth: secretOf(AGENT_AT_VENDOR) }
    const api = { id: API.id, auth: secretOf(API), introspects: [TODO] }
    const revoked: Readonly<Record<string, unknown>>[] = [
      { trustedIssuers: [] },
      { trustedIssuers: [{ ...foreign, active: false }] },
      { trustedIssuers: [{ ...foreign, tenant: 't1' }] },
      { clients: [api] },
      { clients: [{ ...agent, active: false }, api] },
      { clients: [{ ...agent, issuers: [world.baseUrl] }, api] },
    ]
    for (const change of revoked) {
      world.redefine(vendor())
      expect(await live()).toBe(true)
      world.redefine(vendor(change))
      expect(await live(), JSON.stringify(change)).toBe(false)
    }
  })

  it('is revoked with its issuer or its user, and no others (AT-08)', async () => {
    const live = async (token: string) => {
      const form = { token }
      const { body } = await postForm(`${world.baseUrl}/as/vendor/introspect`, form, {
        authorization: basic(AGENT_AT_VENDOR),
      })
      return body.active
    }
    const { idToken } = await signInFor(world.baseUrl, 'alice')
    const ours = await exchange(world.baseUrl, idToken, { resource: TODO })
    const kept = String((await redeem(world.baseUrl, String(ours.body.access_token))).body.access_token)
    for (const selector of [{ issuer: FOREIGN }, { issuer: FOREIGN, issuerSubject: 'alice' }]) {
      const token = String((await spend()).body.access_token)
      expect([await live(token), await live(kept)]).toEqual([true, true])
      await world.storage.accessTokens.revoke(
        { authorizationServer: 'vendor', ...selector },
        world.clock.nowMs(),
      )
      expect([await live(token), await live(kept)]).toEqual([false, true])
    }
  })

  it('contains the verified claims, not those of a second parse (SEC-07, RAS-06)', async () => {
    const [header, payload, signature] = (await idJag()).split('.')
    const doubled = Buffer.from(payload ?? '', 'base64url')
      .toString()
      .replace(/}$/, ',"sub":"mallory"}')
    const text = `${header}.${Buffer.from(doubled).toString('base64url')}.${signature}`
    await expectRefused(world, await redeem(world.baseUrl, text), {
      error: 'invalid_grant',
      code: 'XAA2201',
      saw: 'payload',
    })
    expect((await redeem(world.baseUrl, `${header}.${payload}.${signature}`)).status).toBe(200)
  })

  it('is introspected by an API with its own details, by the client with all (AT-06, REV-02)', async () => {
    const detail = (...locations: readonly string[]) => ({ type: 'todo_list', locations })
    const [anywhere, ofTodo, ofNotes, ofBoth] = [
      { type: 'todo_list' },
      detail(TODO),
      detail(NOTES),
      detail(TODO, NOTES),
    ]
    const apis = { todo: [TODO], notes: [NOTES], both: [NOTES, TODO] }
    const secret = 'secret of an API'
    world.redefine(
      vendor({
        resources: [TODO, NOTES].map((id) => ({ id, scopes: ['todos.read'] })),
        clients: [
          { id: AGENT_AT_VENDOR.id, auth: secretOf(AGENT_AT_VENDOR) },
          ...Object.entries(apis).map(([id, introspects]) => ({
            id,
            auth: secretOf({ secret }),
            introspects,
          })),
        ],
      }),
    )
    const shown = async (token: string, client: { readonly id: string; readonly secret: string }) => {
      const headers = { authorization: basic(client) }
      const { body } = await postForm(`${world.baseUrl}/as/vendor/introspect`, { token }, headers)
      return body.active === true ? body.authorization_details : 'inactive'
    }
    const claimed = { resource: [TODO, NOTES], authorization_details: [anywhere, ofTodo, ofNotes, ofBoth] }
    const token = String((await spend(claimed)).body.access_token)
    expect(await shown(token, AGENT_AT_VENDOR)).toEqual([anywhere, ofTodo, ofNotes, ofBoth])
    expect(await shown(token, { id: 'todo', secret })).toEqual([anywhere, ofTodo, ofBoth])
    expect(await shown(token, { id: 'notes', secret })).toEqual([anywhere, ofNotes, ofBoth])
    expect(await shown(token, { id: 'both', secret })).toEqual([anywhere, ofTodo, ofNotes, ofBoth])
    const elsewhere = { ...claimed, authorization_details: [ofNotes] }
    const other = String((await spend(elsewhere)).body.access_token)
    expect(await shown(other, { id: 'notes', secret })).toEqual([ofNotes])
    expect(await shown(other, { id: 'todo', secret })).toBeUndefined()
  })

  it('may be opaque, with the same introspection (AT-02, AT-05, REV-02)', async () => {
    world.redefine(vendor({ accessTokenFormat: 'opaque' }))
    const token = String((await spend({ acr: 'mfa', amr: ['otp', 'pwd'] })).body.access_token)
    expect(() => decodeProtectedHeader(token)).toThrow()
    const headers = { authorization: basic(AGENT_AT_VENDOR) }
    const { body } = await postForm(`${world.baseUrl}/as/vendor/introspect`, { token }, headers)
    expect(body).toMatchObject({
      active: true,
      aud: TODO,
      scope: 'todos.read',
      client_id: AGENT_AT_VENDOR.id,
      acr: 'mfa',
      amr: ['otp', 'pwd'],
    })
  })
})

describe('two servers in one process', () => {
  it('have separate keys, clients and accounts, like two tenants (TEN-04, TEN-09, SEC-25)', async () => {
    const other = { ...AGENT_AT_VENDOR, secret: 'the same client id, another secret' }
    const own = await startWorld((baseUrl) => {
      const file = vendor()(baseUrl)
      const [first, second] = file.authorizationServers as [object, object]
      return {
        ...file,
        authorizationServers: [first, { ...second, clients: [{ id: other.id, auth: secretOf(other) }] }],
      }
    })
    const spendAt = async (server: string, client: typeof other) => {
      const aud = `${own.baseUrl}/as/${server}`
      const assertion = await signJwt(key, idJagClaims(own, FOREIGN, { aud }), idJagHeader)
      const form = { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion }
      return postForm(`${aud}/token`, form, { authorization: basic(client) })
    }
    const [atVendor, atSecond] = [await spendAt('vendor', AGENT_AT_VENDOR), await spendAt('second', other)]
    expect([atVendor.status, atSecond.status]).toEqual([200, 200])
    const refused = { status: 401, error: 'invalid_client', code: 'XAA2101' }
    await expectRefused(own, await spendAt('vendor', other), refused)
    await expectRefused(own, await spendAt('second', AGENT_AT_VENDOR), refused)
    const [first, second] = [atVendor, atSecond].map(({ body }) => String(body.access_token)) as [
      string,
      string,
    ]
    expect(decodeProtectedHeader(first).kid).not.toBe(decodeProtectedHeader(second).kid)
    expect(decodeJwt(first).sub).not.toBe(decodeJwt(second).sub)
    const ask = (server: string, token: string, client: typeof other) =>
      postForm(`${own.baseUrl}/as/${server}/introspect`, { token }, { authorization: basic(client) })
    expect((await ask('vendor', first, AGENT_AT_VENDOR)).body.active).toBe(true)
    expect((await ask('second', first, other)).body).toEqual({ active: false })
    await own.stop()
  })
})
