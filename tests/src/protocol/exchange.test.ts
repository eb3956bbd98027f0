// Token exchange over HTTP: what prevents it, its response, and the claims of the ID-JAG.
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { AGENT, AGENT_AT_VENDOR, company, NOTES, TODO } from '../support/company.ts'
import { basic, exchange, postForm, signInFor, type Tokens } from '../support/flow.ts'
import { expectRefused, type Refusal } from './support/expect-refused.ts'
import { startWorld, type World } from './support/world.ts'

const TX = 'urn:ietf:params:oauth:grant-type:token-exchange'
const REFRESH = { subject_token_type: 'urn:ietf:params:oauth:token-type:refresh_token' }
type Objects = Record<string, unknown>[]

let world: World
let alice: Tokens
const ask = (form: Readonly<Record<string, string>> = { resource: TODO }, token = alice.idToken) =>
  exchange(world.baseUrl, token, form)

/** The company with one object of the IdP changed. */
const withIdp =
  (list: string, id: string, change: Readonly<Record<string, unknown>>) => (baseUrl: string) => {
    const idp = company(baseUrl).idp as Record<string, Objects>
    const changed = idp[list]?.map((one) => (one.id === id ? { ...one, ...change } : one))
    return company(baseUrl, { idp: { [list]: changed } })
  }

beforeAll(async () => {
  world = await startWorld(company)
})
beforeEach(async () => {
  world.redefine(company)
  alice = await signInFor(world.baseUrl, 'alice')
})
afterAll(async () => {
  expect(world.faults).toEqual([])
  await world.stop()
})

it('an exchange is observed again if the user changed while they were read (IDP-18)', async () => {
  let reads = 0
  world.onUserRead(() => {
    reads += 1
    // The session reads the user first.
    if (reads === 2) world.redefine(withIdp('users', 'usr_alice', { groups: ['sales'] }))
  })
  const answer = await ask()
  world.onUserRead(() => {})
  expect(reads).toBe(4)
  expect((await world.findDecision(answer)).code).toBe('XAA1502')
})

describe('an exchange is denied for', () => {
  it.each([
    [
      'idp-tex-35: a disabled user (IDP-18, REV-03)',
      withIdp('users', 'usr_alice', { active: false }),
      'invalid_grant',
      'XAA1205',
    ],
    [
      'a user removed from the requesting app (IDP-18)',
      withIdp('apps', AGENT.id, { assignments: {} }),
      'access_denied',
      'XAA1501',
      { error: 'invalid_grant', code: 'XAA1205' },
    ],
    [
      'idp-tex-36: a user not assigned to the resource app (IDP-22, IDP-35)',
      withIdp('resourceApps', 'todo0', { assignments: {} }),
      'access_denied',
      'XAA1502',
    ],
    [
      'a user removed from the connection (IDP-22)',
      withIdp('connections', 'agent0-todo0', { assignments: {} }),
      'access_denied',
      'XAA1503',
    ],
    [
      'idp-tex-37: a suspended connection (IDP-22, REV-03)',
      withIdp('connections', 'agent0-todo0', { status: 'suspended' }),
      'access_denied',
      'XAA1403',
    ],
    [
      'an expired connection (IDP-22)',
      withIdp('connections', 'agent0-todo0', { expiresAt: '2024-01-01T00:00:00Z' }),
      'access_denied',
      'XAA1404',
    ],
    [
      'a removed connection (IDP-24, REV-03)',
      withIdp('connections', 'agent0-todo0', { app: 'other' }),
      'invalid_target',
      'XAA1401',
    ],
    [
      'a removed client id mapping (CID-01, CID-02)',
      withIdp('connections', 'agent0-todo0', { clientId: undefined, status: 'draft' }),
      'access_denied',
      'XAA1402',
    ],
    [
      'a disabled app (IDP-18, IDP-24)',
      withIdp('apps', AGENT.id, { active: false }),
      'unauthorized_client',
      'XAA1104',
    ],
    [
      'a disabled resource app',
      withIdp('resourceApps', 'todo0', { active: false }),
      'invalid_target',
      'XAA1307',
    ],
  ] as const)('%s, for ID token and refresh token alike (RT-03, RT-07)', async (...row) => {
    const [, file, error, code, ofRefreshToken = { error, code }] = row as readonly [...typeof row, Refusal?]
    const byRefresh = () => ask({ resource: TODO, ...REFRESH }, alice.refreshToken)
    expect([(await ask()).status, (await byRefresh()).status]).toEqual([200, 200])
    world.redefine(file)
    await expectRefused(world, await ask(), { error, code })
    await expectRefused(world, await byRefresh(), ofRefreshToken)
  })

  it('idp-tex-24: denies an expired ID token by the clock of the server (IDP-14)', async () => {
    const own = await startWorld(company)
    const { idToken } = await signInFor(own.baseUrl, 'alice')
    const { exp = 0 } = decodeJwt(idToken)
    // Time passes during the test, so ten seconds inside the skew, then past it. The tests of the pure rule cover the edges.
    own.clock.moveSeconds(exp + 20 - Math.floor(own.clock.nowMs() / 1000))
    expect((await exchange(own.baseUrl, idToken, { resource: TODO })).status).toBe(200)
    own.clock.moveSeconds(11)
    const refused = await exchange(own.baseUrl, idToken, { resource: TODO })
    await expectRefused(own, refused, { error: 'invalid_grant', code: 'XAA1202' })
    await own.stop()
  })

  it('an emergency key rotation invalidates ID tokens of the old key (IDP-14, IDP-40)', async () => {
    const own = await startWorld(company)
    const before = await signInFor(own.baseUrl, 'alice')
    expect((await exchange(own.baseUrl, before.idToken, { resource: TODO })).status).toBe(200)
    await own.idp?.signingKeys.rotate('id-token', { emergency: true })
    const refused = await exchange(own.baseUrl, before.idToken, { resource: TODO })
    await expectRefused(own, refused, { error: 'invalid_grant', code: 'XAA1201' })
    const after = await signInFor(own.baseUrl, 'alice')
    expect((await exchange(own.baseUrl, after.idToken, { resource: TODO })).status).toBe(200)
    await own.stop()
  })
})

describe('the request', () => {
  it('idp-tex-62: an ID-JAG cannot be redeemed at its issuer (IDP-36, JAG-27)', async () => {
    const { body } = await ask()
    const form = {
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion: String(body.access_token),
    }
    const answer = await postForm(`${world.baseUrl}/token`, form, { authorization: basic(AGENT) })
    await expectRefused(world, answer, { error: 'unsupported_grant_type', code: 'XAA1006' })
  })

  it('idp-tex-63: a hundred exchanges have a hundred jti values (JAG-08)', async () => {
    const answers = await Promise.all(Array.from({ length: 100 }, () => ask()))
    const ids = answers.map(({ body }) => decodeJwt(String(body.access_token)).jti)
    expect(new Set(ids).size).toBe(100)
    for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9_-]{22,64}$/)
  })

  it('idp-tex-50, meta-02: the profile is announced only with an IdP, or with a trusted one (META-08)', async () => {
    const bare = await startWorld((baseUrl) => {
      const { idp: _none, ...rest } = company(baseUrl, { authorizationServer: { trustedIssuers: [] } })
      return rest
    })
    expect(
      (
        await fetch(`${bare.baseUrl}/token`, {
          method: 'POST',
          body: new URLSearchParams({ grant_type: TX }),
        })
      ).status,
    ).toBe(404)
    expect((await fetch(`${bare.baseUrl}/.well-known/openid-configuration`)).status).toBe(404)
    const metadata = await (
      await fetch(`${bare.baseUrl}/.well-known/oauth-authorization-server/as/vendor`)
    ).json()
    expect(metadata).toMatchObject({ grant_types_supported: [] })
    expect(metadata).not.toHaveProperty('authorization_grant_profiles_supported')
    await bare.stop()
  })

  it('accepts only a form POST (IDP-01)', async () => {
    const form = new URLSearchParams({
      grant_type: TX,
      requested_token_type: 'urn:ietf:params:oauth:token-type:id-jag',
      audience: `${world.baseUrl}/as/vendor`,
      resource: TODO,
      subject_token: alice.idToken,
      subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
    })
    const send = async (url: string, init: RequestInit) => {
      const response = await fetch(url, {
        ...init,
        headers: { authorization: basic(AGENT), ...init.headers },
      })
      const body = (await response.json()) as Record<string, unknown>
      return { status: response.status, headers: response.headers, body }
    }
    const url = `${world.baseUrl}/token`
    expect((await send(url, { method: 'POST', body: form })).status).toBe(200)
    const unread = { error: 'invalid_request', code: 'XAA1000' }
    await expectRefused(world, await send(`${url}?${form}`, { method: 'GET' }), { ...unread, status: 405 })
    await expectRefused(world, await send(url, { method: 'PUT', body: form }), { ...unread, status: 405 })
    await expectRefused(
      world,
      await send(`${url}?${form}`, { method: 'POST', body: new URLSearchParams({ x: '1' }) }),
      unread,
    )
    const json = { 'content-type': 'application/json' }
    const asJson = await send(url, {
      method: 'POST',
      body: JSON.stringify(Object.fromEntries(form)),
      headers: json,
    })
    await expectRefused(world, asJson, unread)
  })

  it('accepts each parameter once, except resource (IDP-02)', async () => {
    const send = (name: string, value: string) =>
      postForm(
        `${world.baseUrl}/token`,
        new URLSearchParams([
          ['grant_type', TX],
          ['requested_token_type', 'urn:ietf:params:oauth:token-type:id-jag'],
          ['audience', `${world.baseUrl}/as/vendor`],
          ['resource', TODO],
          ['scope', 'todos.read'],
          ['subject_token', alice.idToken],
          ['subject_token_type', 'urn:ietf:params:oauth:token-type:id_token'],
          [name, value],
        ]),
        { authorization: basic(AGENT) },
      )
    const refused = { error: 'invalid_request', code: 'XAA1004' }
    await expectRefused(world, await send('subject_token', ''), { ...refused, saw: 'subject_token' })
    await expectRefused(world, await send('scope', 'todos.write'), { ...refused, saw: 'scope' })
    expect((await send('resource', TODO)).status).toBe(200)
  })

  it('accepts exactly the issuer as audience, nothing similar (IDP-05, IDP-07, SEC-24)', async () => {
    const issuer = `${world.baseUrl}/as/vendor`
    expect((await ask({ audience: issuer, resource: TODO })).status).toBe(200)
    const near = { error: 'invalid_target', code: 'XAA1302' }
    await expectRefused(world, await ask({ audience: `${issuer}/`, resource: TODO }), near)
    await expectRefused(world, await ask({ audience: issuer.replace('http', 'HTTP'), resource: TODO }), near)
    await expectRefused(world, await ask({ audience: 'https://evil.test', resource: TODO }), {
      error: 'invalid_target',
      code: 'XAA1301',
    })
    await expectRefused(world, await ask({ audience: TODO, resource: TODO }), {
      error: 'invalid_target',
      code: 'XAA1301',
    })
  })

  it('rejects an actor named by the client, as token or claim (ACT-02, ACT-04, JAG-26)', async () => {
    const actor = {
      actor_token: alice.idToken,
      actor_token_type: 'urn:ietf:params:oauth:token-type:id_token',
    }
    const refused = { error: 'invalid_request', code: 'XAA1005' }
    await expectRefused(world, await ask({ resource: TODO, ...actor }), refused)
    await expectRefused(
      world,
      await ask({ resource: TODO, actor_token_type: actor.actor_token_type }),
      refused,
    )
    const named = await ask({ resource: TODO, act: '{"sub":"me"}', client_id: AGENT.id })
    expect(decodeJwt(String(named.body.access_token))).not.toHaveProperty('act')
  })

  it('takes client, subject and tenant only from registration and sign-in (CID-02, TEN-02, JAG-26)', async () => {
    const wishes = {
      resource: TODO,
      tenant: 'other',
      aud_tenant: 'other',
      sub: 'usr_carol',
      client_id: AGENT.id,
      requested_subject: 'usr_carol',
    }
    const claims = decodeJwt(String((await ask(wishes)).body.access_token))
    expect(claims).toMatchObject({ sub: 'usr_alice', client_id: AGENT_AT_VENDOR.id })
    expect([claims.tenant, claims.aud_tenant]).toEqual([undefined, undefined])
  })
})

describe('the response', () => {
  it('has the specified members, with resource and scope as granted (IDP-28 to IDP-32, IDP-20)', async () => {
    const { status, headers, body } = await ask({ resource: TODO, scope: 'todos.read' })
    expect(status).toBe(200)
    expect([headers.get('content-type'), headers.get('cache-control'), headers.get('pragma')]).toEqual([
      'application/json',
      'no-store',
      'no-cache',
    ])
    const { access_token: idJag, ...rest } = body
    expect(rest).toEqual({
      issued_token_type: 'urn:ietf:params:oauth:token-type:id-jag',
      token_type: 'N_A',
      expires_in: 300,
      scope: 'todos.read',
      resource: TODO,
    })
    expect(decodeJwt(String(idJag))).toMatchObject({ resource: TODO, scope: 'todos.read' })
  })

  it('contains an ID-JAG with the claims of the draft and no others (JAG-01 to JAG-09, JAG-16, JAG-19, JAG-23)', async () => {
    const metadata = (await (await fetch(`${world.baseUrl}/.well-known/openid-configuration`)).json()) as {
      issuer: string
    }
    const idJag = String((await ask()).body.access_token)
    const claims = decodeJwt(idJag)
    const source = decodeJwt(alice.idToken)
    expect(decodeProtectedHeader(idJag)).toEqual({
      typ: 'oauth-id-jag+jwt',
      alg: 'ES256',
      kid: expect.stringMatching(/./),
    })
    expect(claims).toEqual({
      iss: metadata.issuer,
      sub: 'usr_alice',
      aud: `${world.baseUrl}/as/vendor`,
      client_id: AGENT_AT_VENDOR.id,
      jti: expect.stringMatching(/^.{22,64}$/),
      iat: expect.any(Number),
      exp: (claims.iat ?? 0) + 300,
      resource: TODO,
      scope: 'todos.read todos.write',
      auth_time: source.auth_time,
      ...(source.acr === undefined ? {} : { acr: source.acr }),
      amr: source.amr,
      email: 'alice@acme.test',
      email_verified: true,
    })
    expect(Number.isInteger(claims.iat)).toBe(true)
  })

  it('gives each user the same unique subject at a resource app, for every requesting app (JAG-04, JAG-05)', async () => {
    world.redefine(withIdp('resourceApps', 'todo0', { subject: 'pairwise' }))
    const carol = await signInFor(world.baseUrl, 'carol')
    const subject = async (token: string, form = { resource: TODO }) =>
      decodeJwt(String((await ask(form, token)).body.access_token)).sub
    const ofAlice = await subject(alice.idToken)
    expect(await subject(alice.idToken)).toBe(ofAlice)
    expect(await subject(carol.idToken)).not.toBe(ofAlice)
    expect(ofAlice).not.toContain('alice')
    expect(await subject(alice.idToken, { resource: NOTES })).toBe('usr_alice')
  })

  it('contains the configured tenants (JAG-15, JAG-17, TEN-01)', async () => {
    world.redefine(withIdp('resourceApps', 'todo0', { tenant: 'acme', audTenant: 't-42' }))
    expect(decodeJwt(String((await ask()).body.access_token))).toMatchObject({
      tenant: 'acme',
      aud_tenant: 't-42',
    })
  })

  it('for a refresh token, states the user as they are now and the original sign-in (RT-04, RT-05)', async () => {
    const email = 'alice.chen@acme.test'
    world.redefine(withIdp('users', 'usr_alice', { email }))
    const { body } = await ask({ resource: TODO, ...REFRESH }, alice.refreshToken)
    const { auth_time, amr } = decodeJwt(alice.idToken)
    expect(decodeJwt(String(body.access_token))).toMatchObject({ sub: 'usr_alice', email, auth_time, amr })
  })

  it('grants authorization details in token and response, and rejects anything but a small array (IDP-33, RAR-02, RAR-07, JAG-13)', async () => {
    world.redefine((baseUrl) => {
      const { resourceApps, connections } = company(baseUrl).idp as Record<string, Objects>
      const types = { authorizationDetailsTypes: ['todo_list'] }
      return company(baseUrl, {
        idp: {
          resourceApps: resourceApps?.map((one) => ({ ...one, ...types })),
          connections: connections?.map((one) => ({ ...one, ...types })),
        },
      })
    })
    const details = [{ type: 'todo_list', list: 'inbox' }]
    const detailed = (value: unknown) => ask({ resource: TODO, authorization_details: JSON.stringify(value) })
    const { body } = await detailed(details)
    expect(body.authorization_details).toEqual(details)
    expect(decodeJwt(String(body.access_token)).authorization_details).toEqual(details)
    const bad = { error: 'invalid_authorization_details', code: 'XAA1308' }
    await expectRefused(world, await detailed([{ type: 'unknown' }]), bad)
    await expectRefused(world, await detailed({ type: 'todo_list' }), bad)
    const nested = (levels: number) => JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`) as unknown
    expect((await detailed([{ type: 'todo_list', deep: nested(9) }])).status).toBe(200)
    await expectRefused(world, await detailed([{ type: 'todo_list', deep: nested(10) }]), bad)
    await expectRefused(world, await detailed([{ type: 'todo_list', deep: nested(500) }]), bad)
    await expectRefused(world, await detailed([{ type: 'todo_list', long: 'x'.repeat(8192) }]), bad)
    await expectRefused(world, await detailed(Array.from({ length: 51 }, () => details[0])), bad)
  })

  it('is recorded with app, user and access, and without any token (IDP-38, SEC-26, SEC-36)', async () => {
    const answer = await ask()
    const id = answer.headers.get('crosswalk-decision') ?? ''
    const [recorded] = await world.storage.events.findByDecision(id)
    expect(recorded?.event).toMatchObject({
      type: 'idjag.issued',
      outcome: 'allow',
      actor: { client_id: AGENT.id },
      on_behalf_of: { user_ref: 'usr_alice' },
      delegation: { connection: 'agent0-todo0' },
    })
    const idJag = String(answer.body.access_token)
    for (const part of [alice.idToken, idJag, decodeJwt(idJag).jti, idJag.split('.')[2]])
      expect(recorded?.body).not.toContain(part)
    const refused = await ask({ resource: TODO, scope: 'nothing.known' })
    const [event] = await world.storage.events.findByDecision(refused.headers.get('crosswalk-decision') ?? '')
    expect(event?.event).toMatchObject({ type: 'idjag.denied', outcome: 'deny' })
    expect(event?.body).not.toContain(alice.idToken)
  })

  it('distinguishes a bad token from missing permission, with OAuth error codes (IDP-34, IDP-35, SEC-31)', async () => {
    const bad = await ask(undefined, `${alice.idToken.slice(0, -4)}AAAA`)
    await expectRefused(world, bad, { error: 'invalid_grant', code: 'XAA1201' })
    const bob = await signInFor(world.baseUrl, 'bob')
    const denied = await ask(undefined, bob.idToken)
    await expectRefused(world, denied, { error: 'access_denied', code: 'XAA1502' })
    for (const { body, headers } of [bad, denied]) {
      expect(Object.keys(body).sort()).toEqual(['error', 'error_description'])
      expect(JSON.stringify(body)).not.toMatch(/alice|bob|signature|XAA|vendor/)
      expect(headers.get('cache-control')).toBe('no-store')
    }
  })
})
