import { createHash } from 'node:crypto'

import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose'
import { describe, expect, test } from 'vitest'

import {
  buildAuthorizationUrl,
  introspect,
  obtainTokens,
  post,
  redeem,
  signInAs,
  toForm,
  VERIFIER,
} from './testing/flow.ts'
import { AGENT0, createSigningKey, createWorld, NATIVE, ORIGIN, PORTAL, type World } from './testing/world.ts'

const OTHER_VERIFIER = VERIFIER.toUpperCase()

const verifyIdToken = ({ keys }: World, token: string | undefined) =>
  jwtVerify(token ?? '', createLocalJWKSet({ keys: keys.map(({ d: _d, ...rest }) => rest) }))

describe('successful flow', () => {
  test('the app gets its state, a code and the issuer, each once (RFC 9207)', async () => {
    const world = await createWorld()
    const { left } = await signInAs(world.browse(), 'alice', AGENT0)
    expect(left?.href.startsWith(`${AGENT0.callback}?`)).toBe(true)
    expect([...(left?.searchParams.keys() ?? [])].sort()).toEqual(['code', 'iss', 'state'])
    expect(left?.searchParams.get('state')).toBe('state-1')
    expect(left?.searchParams.get('iss')).toBe('https://idp.acme.test')
  })

  test('the ID token states the user, app, time and method, and binds the access token', async () => {
    const world = await createWorld()
    const before = Math.floor(Date.now() / 1000)
    const tokens = await obtainTokens(world, world.browse(), 'alice', AGENT0)
    const { payload, protectedHeader } = await verifyIdToken(world, tokens['id_token'])
    expect(protectedHeader).toEqual({ alg: 'ES256', kid: world.keys[0]?.kid, typ: 'JWT' })
    const { iat = 0, exp, auth_time, sid, at_hash, ...rest } = payload
    expect(rest).toEqual({
      iss: 'https://idp.acme.test',
      sub: 'usr_alice',
      aud: 'agent0',
      azp: 'agent0',
      nonce: 'nonce-1',
      acr: 'pwd',
      amr: ['pwd'],
      email: 'alice@acme.test',
      email_verified: true,
      name: 'Alice <Chen>',
      preferred_username: 'alice',
    })
    expect(exp).toBe(iat + 600)
    expect(auth_time).toBeGreaterThanOrEqual(before)
    expect(auth_time).toBeLessThanOrEqual(iat)
    expect(sid).toMatch(/^[\w-]+\.[\w-]{16}$/)
    const digest = createHash('sha256')
      .update(tokens['access_token'] ?? '')
      .digest()
    expect(at_hash).toBe(digest.subarray(0, 16).toString('base64url'))
  })

  test('claims follow the requested scopes, and nonce is only echoed', async () => {
    const world = await createWorld()
    const tokens = await obtainTokens(world, world.browse(), 'alice', AGENT0, {
      scope: 'openid',
      nonce: undefined,
    })
    const { payload } = await verifyIdToken(world, tokens['id_token'])
    expect(Object.keys(payload).sort()).toEqual(
      ['acr', 'amr', 'at_hash', 'aud', 'auth_time', 'azp', 'exp', 'iat', 'iss', 'sid', 'sub'].sort(),
    )
    expect(tokens['refresh_token']).toBeUndefined()
  })

  test('a request without scope gets the minimal one, which the response states', async () => {
    const world = await createWorld()
    const tokens = await obtainTokens(world, world.browse(), 'alice', AGENT0, {
      scope: undefined,
      nonce: undefined,
    })
    expect(tokens['scope']).toBe('openid')
    expect(tokens['refresh_token']).toBeUndefined()
    await verifyIdToken(world, tokens['id_token'])
  })

  test('tokens are signed with the current key, and older ID tokens stay valid as hints', async () => {
    const world = await createWorld()
    const first = await obtainTokens(world, world.browse(), 'alice', AGENT0)
    world.keys.unshift(await createSigningKey('ES384'))
    const second = await obtainTokens(world, world.browse(), 'alice', AGENT0)
    expect(decodeProtectedHeader(second['id_token'] ?? '')).toMatchObject({
      alg: 'ES384',
      kid: world.keys[0]?.kid,
    })
    const digest = createHash('sha384')
      .update(second['access_token'] ?? '')
      .digest()
    const { payload } = await verifyIdToken(world, second['id_token'])
    expect(payload['at_hash']).toBe(digest.subarray(0, 24).toString('base64url'))
    const page = await world.browse().open(`${ORIGIN}/session/end?id_token_hint=${first['id_token']}`)
    expect(page.status).toBe(200)
  })

  test('userinfo returns claims for the scopes of the access token', async () => {
    const world = await createWorld()
    const { access_token } = await obtainTokens(world, world.browse(), 'alice', AGENT0)
    const response = await world.signIn.fetch(
      new Request(`${ORIGIN}/userinfo`, { headers: { authorization: `Bearer ${access_token}` } }),
    )
    expect(await response.json()).toEqual({
      sub: 'usr_alice',
      name: 'Alice <Chen>',
      preferred_username: 'alice',
      email: 'alice@acme.test',
      email_verified: true,
    })
  })

  test('the claims parameter selects single claims, for this request only (OpenID Connect Core section 5.5)', async () => {
    const world = await createWorld()
    const browser = world.browse()
    await signInAs(browser, 'alice', AGENT0)
    const obtain = async (claims?: object) => {
      const asked = claims === undefined ? {} : { claims: JSON.stringify(claims) }
      const back = await browser.open(buildAuthorizationUrl(AGENT0, { scope: 'openid', ...asked }))
      const { json: tokens } = await redeem(world, AGENT0, back.left?.searchParams.get('code'))
      const headers = { authorization: `Bearer ${tokens['access_token']}` }
      const response = await world.signIn.fetch(new Request(`${ORIGIN}/userinfo`, { headers }))
      const { name, email } = (await verifyIdToken(world, tokens['id_token'])).payload
      return [{ name, email }, await response.json()]
    }
    expect(await obtain({ id_token: { name: null }, userinfo: { email: { essential: true } } })).toEqual([
      { name: 'Alice <Chen>', email: undefined },
      { sub: 'usr_alice', email: 'alice@acme.test' },
    ])
    expect(await obtain({ userinfo: { groups: null, nope: null } })).toEqual([{}, { sub: 'usr_alice' }])
    expect(await obtain()).toEqual([{}, { sub: 'usr_alice' }])
  })

  test('a confidential app authenticates by header or body, a public one by PKCE', async () => {
    const world = await createWorld()
    for (const app of [AGENT0, PORTAL, NATIVE]) {
      const tokens = await obtainTokens(world, world.browse(), 'alice', app)
      expect(Object.keys(tokens)).toContain('id_token')
    }
  })

  test.each([
    [
      'registered without a port: any port',
      'http://127.0.0.1/callback',
      'http://127.0.0.1:53123/callback',
      200,
    ],
    ['registered without a port: no other path', 'http://127.0.0.1/callback', 'http://127.0.0.1:53123/', 400],
    [
      'registered without a port: no other name',
      'http://127.0.0.1/callback',
      'http://localhost:53123/callback',
      400,
    ],
    [
      'registered with a port: that port',
      'http://127.0.0.1:4004/callback',
      'http://127.0.0.1:53123/callback',
      400,
    ],
  ])('loopback redirects of an app with a secret, %s', async (_, registered, callback, status) => {
    const world = await createWorld()
    const portal = world.apps.get('portal')
    if (portal === undefined) throw new Error('no such app')
    world.apps.set('portal', { ...portal, redirectUris: [registered] })
    const app = { ...PORTAL, callback }
    const browser = world.browse()
    const page = await browser.open(buildAuthorizationUrl(app))
    expect(page.status).toBe(status)
    if (status !== 200) return
    const back = await browser.submit(page, { username: 'alice', password: 'correct horse alice' })
    const code = back.left?.searchParams.get('code')
    const withoutSecret = {
      ...app,
      authenticate: (_headers: Headers, body: URLSearchParams) => body.set('client_id', 'portal'),
    }
    expect((await redeem(world, withoutSecret, code)).json['error']).toBe('invalid_client')
    expect((await redeem(world, app, code)).status).toBe(200)
  })

  test('ID tokens live as long as their app says, by default as long as those of the IdP', async () => {
    const world = await createWorld()
    const portal = world.apps.get('portal')
    if (portal === undefined) throw new Error('no such app')
    world.apps.set('portal', { ...portal, idTokenTtlSeconds: 28_800 })
    const lifetimeOf = async (app: typeof PORTAL) => {
      const tokens = await obtainTokens(world, world.browse(), 'alice', app)
      const { iat = 0, exp = 0 } = decodeJwt(tokens['id_token'] ?? '')
      return exp - iat
    }
    expect([await lifetimeOf(PORTAL), await lifetimeOf(AGENT0)]).toEqual([28_800, 600])
  })

  test('sign-in pages, codes, tokens and sessions live as long as documented', async () => {
    const world = await createWorld()
    await world.browse().open(buildAuthorizationUrl(AGENT0))
    await signInAs(world.browse(), 'alice', PORTAL)
    await obtainTokens(world, world.browse(), 'alice', AGENT0)
    const lifetimesOf = (model: string) =>
      world.store.list(model).map(({ payload: { iat, exp } }) => Number(exp) - Number(iat))
    expect(lifetimesOf('Interaction')).toEqual([3600])
    expect(lifetimesOf('AuthorizationCode')).toEqual([60, 60])
    expect(lifetimesOf('AccessToken')).toEqual([600])
    expect(lifetimesOf('RefreshToken')).toEqual([14 * 86_400])
    expect(lifetimesOf('Session')).toEqual([12 * 3600, 12 * 3600])
    expect(lifetimesOf('Grant')).toEqual([90 * 86_400, 90 * 86_400])
  })

  test('a pushed request works once, and only for its app', async () => {
    const world = await createWorld()
    const query = new URL(buildAuthorizationUrl(AGENT0, { scope: 'openid offline_access' })).searchParams
    const pushed = await post(world, '/par', AGENT0, Object.fromEntries(query))
    expect(pushed.status).toBe(201)
    const { request_uri } = pushed.json
    const browser = world.browse()
    const foreign = await browser.open(`${ORIGIN}/authorize?${toForm({ client_id: 'portal', request_uri })}`)
    expect(foreign.left?.searchParams.get('code') ?? null).toBeNull()
    const page = await browser.open(`${ORIGIN}/authorize?${toForm({ client_id: 'agent0', request_uri })}`)
    const back = await browser.submit(page, { username: 'alice', password: 'correct horse alice' })
    const tokens = await redeem(world, AGENT0, back.left?.searchParams.get('code'))
    expect(tokens.json['refresh_token']).toEqual(expect.any(String))
    const again = await browser.open(`${ORIGIN}/authorize?${toForm({ client_id: 'agent0', request_uri })}`)
    expect(again.left?.searchParams.get('code') ?? null).toBeNull()
  })
})

test.each([
  // Registered without a port
  ['a public app', NATIVE, 'http://127.0.0.1', true],
  ['a public app at another of its redirect URIs', NATIVE, 'https://native.example', true],
  ['a stranger, about a public app', NATIVE, 'https://stranger.example', false],
  ['an app with a secret, which no page can keep', AGENT0, new URL(AGENT0.callback).origin, false],
])('which pages may read the responses: %s', async (_, app, origin, mayRead) => {
  const world = await createWorld()
  const native = world.apps.get(NATIVE.id)
  if (native === undefined) throw new Error('no such app')
  const redirectUris = [...native.redirectUris, 'https://native.example/callback']
  world.apps.set(NATIVE.id, { ...native, redirectUris })
  const body = toForm({ client_id: app.id, redirect_uri: app.callback, response_type: 'code' })
  const headers = new Headers({ origin })
  app.authenticate(headers, body)
  const request = new Request(`${ORIGIN}/par`, { method: 'POST', headers, body })
  const response = await world.signIn.fetch(request)
  expect(response.headers.get('access-control-allow-origin')).toBe(mayRead ? origin : null)
})

test('an ID token hints at its user only for the app that it was issued to', async () => {
  const world = await createWorld()
  const browser = world.browse()
  const { id_token } = await obtainTokens(world, browser, 'alice', AGENT0)
  const ask = async (app: typeof AGENT0) => {
    const hint = { prompt: 'none', id_token_hint: id_token }
    const { left } = await browser.open(buildAuthorizationUrl(app, hint))
    return left?.searchParams.get('error') ?? 'signed in'
  }
  expect([await ask(AGENT0), await ask(PORTAL)]).toEqual(['signed in', 'invalid_request'])
})

describe('refused authorization requests', () => {
  test.each([
    ['no PKCE', { code_challenge: undefined, code_challenge_method: undefined }, 'invalid_request'],
    ['plain PKCE', { code_challenge: VERIFIER, code_challenge_method: 'plain' }, 'invalid_request'],
    [
      'a challenge without method, which would mean plain',
      { code_challenge_method: undefined },
      'invalid_request',
    ],
    ['implicit', { response_type: 'id_token' }, 'unsupported_response_type'],
    ['token in the front channel', { response_type: 'token' }, 'unsupported_response_type'],
    ['a request object', { request: 'eyJhbGciOiJub25lIn0.e30.' }, 'request_not_supported'],
    ['an unknown prompt', { prompt: 'dance' }, 'invalid_request'],
    ['prompt=none without session', { prompt: 'none' }, 'login_required'],
  ])('%s: reported to the app', async (_, change, error) => {
    const world = await createWorld()
    const { left } = await world.browse().open(buildAuthorizationUrl(AGENT0, change))
    expect(left?.origin).toBe(new URL(AGENT0.callback).origin)
    const answer = new URLSearchParams(left?.search || left?.hash.slice(1))
    expect(answer.get('error')).toBe(error)
    expect([answer.getAll('state'), answer.getAll('iss')]).toEqual([['state-1'], ['https://idp.acme.test']])
  })

  test.each([
    ['request', 'request_not_supported', 'query'],
    ['registration', 'registration_not_supported', 'query'],
    ['registration', 'registration_not_supported', 'fragment'],
  ])('the parameter %s: %s, explained in the %s', async (name, error, response_mode) => {
    const world = await createWorld()
    const change = { [name]: '{}', response_mode }
    const { left } = await world.browse().open(buildAuthorizationUrl(AGENT0, change))
    const answer = new URLSearchParams(response_mode === 'query' ? left?.search : left?.hash.slice(1))
    expect(answer.get('error')).toBe(error)
    expect(answer.getAll('error_description')).toEqual([expect.stringContaining(`without ${name}`)])
  })

  test.each([
    ['unregistered', 'https://evil.example/callback'],
    ['suffix', `${AGENT0.callback}/more`],
    ['query added', `${AGENT0.callback}?more=1`],
    ['fragment added', `${AGENT0.callback}#more`],
    ['another port', 'http://127.0.0.1:4005/callback'],
    ['another loopback name', 'http://localhost:4004/callback'],
    ['user information', 'http://127.0.0.1:4004@evil.example/callback'],
    ['path tricks', 'http://127.0.0.1:4004/x/../callback'],
    ['case', 'http://127.0.0.1:4004/Callback'],
    ['none', undefined],
  ])('redirect URI %s: reported to the user, never followed', async (_, redirect_uri) => {
    const world = await createWorld()
    const page = await world.browse().open(buildAuthorizationUrl(AGENT0, { redirect_uri }))
    expect([page.status, page.left, page.headers.get('location')]).toEqual([400, undefined, null])
    expect(page.text).toMatch(/Reference/)
    if (redirect_uri !== undefined) expect(page.text).toContain(`redirect_uris: ${redirect_uri}`)
    expect(page.text).not.toContain('undefined')
  })

  test('a redirect URI with words is not repeated on the page', async () => {
    const world = await createWorld()
    const change = { redirect_uri: 'https://evil.example/ call this number' }
    const page = await world.browse().open(buildAuthorizationUrl(AGENT0, change))
    expect([page.status, page.text]).toEqual([400, expect.not.stringContaining('call this number')])
  })

  test.each([
    ['unknown app', { client_id: 'nobody' }],
    ['no app', { client_id: undefined }],
  ])('%s: reported to the user', async (_, change) => {
    const world = await createWorld()
    const page = await world.browse().open(buildAuthorizationUrl(AGENT0, change))
    expect([page.status, page.left]).toEqual([400, undefined])
    expect(page.text).not.toContain('undefined')
    expect(world.faults).toEqual([])
  })

  test('an inactive app is unknown', async () => {
    const world = await createWorld()
    const app = world.apps.get('agent0')
    if (app) world.apps.set('agent0', { ...app, active: false })
    const page = await world.browse().open(buildAuthorizationUrl(AGENT0))
    expect([page.status, page.left]).toEqual([400, undefined])
  })
})

describe('refused codes', () => {
  test.each([
    ['wrong verifier', { code_verifier: OTHER_VERIFIER }, 'invalid_grant'],
    ['no verifier', { code_verifier: undefined }, 'invalid_grant'],
    ['another redirect URI', { redirect_uri: `${AGENT0.callback}2` }, 'invalid_grant'],
    ['no redirect URI', { redirect_uri: undefined }, 'invalid_request'],
    ['another code', { code: 'x'.repeat(43) }, 'invalid_grant'],
    ['no code', { code: undefined }, 'invalid_request'],
  ])('%s', async (_, change, error) => {
    const world = await createWorld()
    const { left } = await signInAs(world.browse(), 'alice', AGENT0)
    const code = left?.searchParams.get('code')
    const refused = await redeem(world, AGENT0, code, change)
    expect([refused.status, refused.json['error']]).toEqual([400, error])
    expect(refused.headers.get('cache-control')).toBe('no-store')
    expect((await redeem(world, AGENT0, code)).status).toBe(200)
  })

  test('of another app', async () => {
    const world = await createWorld()
    const { left } = await signInAs(world.browse(), 'alice', AGENT0)
    const code = left?.searchParams.get('code')
    const stolen = await redeem(world, PORTAL, code, { redirect_uri: AGENT0.callback })
    expect([stolen.status, stolen.json['error']]).toEqual([400, 'invalid_grant'])
    expect((await redeem(world, AGENT0, code)).status).toBe(200)
  })

  test('used twice: the tokens of the first use are revoked (RFC 6749 section 4.1.2)', async () => {
    const world = await createWorld()
    const { left } = await signInAs(world.browse(), 'alice', AGENT0, { scope: 'openid offline_access' })
    const code = left?.searchParams.get('code')
    const first = await redeem(world, AGENT0, code)
    const { sid } = decodeJwt<{ sid: string }>(first.json['id_token'] ?? '')
    expect((await introspect(world, AGENT0, first.json['access_token'])).json['active']).toBe(true)
    expect(await world.signIn.findSession(sid)).toBeDefined()
    expect((await redeem(world, AGENT0, code)).json['error']).toBe('invalid_grant')
    expect(await world.signIn.findSession(sid)).toBeUndefined()
    expect((await introspect(world, AGENT0, first.json['access_token'])).json).toEqual({ active: false })
    expect((await introspect(world, AGENT0, first.json['refresh_token'])).json).toEqual({ active: false })
  })

  test('used twice concurrently: one wins, and its tokens are revoked', async () => {
    const world = await createWorld()
    const { left } = await signInAs(world.browse(), 'alice', AGENT0, { scope: 'openid offline_access' })
    const code = left?.searchParams.get('code')
    const answers = await Promise.all([redeem(world, AGENT0, code), redeem(world, AGENT0, code)])
    const statuses = answers.map(({ status }) => status).sort()
    expect(statuses.at(-1)).toBe(400)
    for (const { json } of answers.filter(({ status }) => status === 200)) {
      expect((await introspect(world, AGENT0, json['access_token'])).json).toEqual({ active: false })
    }
  })

  test('without a client secret, or with a wrong one', async () => {
    const world = await createWorld()
    const { left } = await signInAs(world.browse(), 'alice', AGENT0)
    const code = left?.searchParams.get('code')
    const nobody = await post(world, '/token', undefined, {
      grant_type: 'authorization_code',
      client_id: 'agent0',
    })
    expect([nobody.status, nobody.json['error']]).toEqual([401, 'invalid_client'])
    const wrong = await post(world, '/token', undefined, {
      grant_type: 'authorization_code',
      client_id: 'agent0',
      client_secret: 'compared-by-verifySecret',
      code: code ?? '',
      code_verifier: VERIFIER,
      redirect_uri: AGENT0.callback,
    })
    expect([wrong.status, wrong.json['error']]).toEqual([401, 'invalid_client'])
  })
})
