// Where the library's endpoints must respond like our other ones. Each refusal is next to the same request in valid
// form.
import { describe, expect, test } from 'vitest'

import { introspect, obtainTokens, post, redeem, refresh } from './testing/flow.ts'
import { AGENT0, createWorld, ORIGIN, type World } from './testing/world.ts'

const FORM = 'application/x-www-form-urlencoded'

async function ask(world: World, path: string, request: RequestInit) {
  const { status, headers, body } = await world.signIn.fetch(new Request(`${ORIGIN}${path}`, request))
  const text = await new Response(body).text()
  return { status, headers, json: (text === '' ? {} : JSON.parse(text)) as Record<string, unknown> }
}

describe.each([
  ['/introspect', { token: 'unknown' }, 200],
  ['/revoke', { token: 'unknown' }, 200],
  [
    '/par',
    {
      response_type: 'code',
      scope: 'openid',
      redirect_uri: AGENT0.callback,
      code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
      code_challenge_method: 'S256',
    },
    201,
  ],
] as const)('%s', (path, form, success) => {
  test.each([
    ['no credentials', {}],
    ['a token instead of credentials', { authorization: 'Bearer x' }],
    ['Basic that is not base64', { authorization: 'Basic !!!' }],
    ['Basic without a colon', { authorization: `Basic ${btoa('agent0')}` }],
  ])('does not authenticate a client with %s (REV-01, REV-02)', async (_, headers) => {
    const world = await createWorld()
    const body = new URLSearchParams(form)
    const refused = await ask(world, path, { method: 'POST', headers, body })
    expect([refused.status, refused.json['error']]).toEqual([401, 'invalid_client'])
    expect(refused.headers.has('www-authenticate')).toBe('authorization' in headers)
    expect(refused.headers.get('cache-control')).toBe('no-store')
    expect((await post(world, path, AGENT0, { ...form, client_id: 'agent0' })).status).toBe(success)
  })

  test('refuses two authentication methods in one request (IDP-27)', async () => {
    const world = await createWorld()
    const twice = await post(world, path, AGENT0, { ...form, client_assertion: 'x' })
    expect([twice.status, twice.json['error']]).toEqual([400, 'invalid_request'])
  })

  test('lists its methods for OPTIONS outside of browsers', async () => {
    const world = await createWorld()
    const { status, headers } = await ask(world, path, { method: 'OPTIONS' })
    expect([status, headers.get('allow'), headers.get('cache-control')]).toEqual([
      204,
      'POST, OPTIONS',
      'no-store',
    ])
  })
})

test('a JWT is never active, because our access tokens are opaque (REV-02, SEC-03)', async () => {
  const world = await createWorld()
  const tokens = await obtainTokens(world, world.browse(), 'alice', AGENT0)
  const ofJwt = await introspect(world, AGENT0, tokens['id_token'])
  expect([ofJwt.status, ofJwt.json, ofJwt.headers.get('cache-control')]).toEqual([
    200,
    { active: false },
    'no-store',
  ])
  expect((await introspect(world, AGENT0, tokens['access_token'])).json['active']).toBe(true)
})

test('introspection authenticates its callers, so a public client may only revoke (REV-01, REV-02)', async () => {
  const world = await createWorld()
  const form = { token: 'unknown', client_id: 'native' }
  const asked = async (path: string) => {
    const { status, json } = await ask(world, path, { method: 'POST', body: new URLSearchParams(form) })
    return [status, json['error']]
  }
  expect(await asked('/introspect')).toEqual([401, 'invalid_client'])
  expect(await asked('/revoke')).toEqual([200, undefined])
})

test('userinfo accepts a POST with the content type of a form and no body (OIDC Core 5.3.1)', async () => {
  const world = await createWorld()
  const tokens = await obtainTokens(world, world.browse(), 'alice', AGENT0)
  const authorization = `Bearer ${tokens['access_token']}`
  const asked = await ask(world, '/userinfo', {
    method: 'POST',
    headers: { authorization, 'content-type': FORM },
  })
  expect([asked.status, asked.json['sub']]).toEqual([200, 'usr_alice'])
  const otherType = { authorization, 'content-type': 'application/json' }
  expect((await ask(world, '/userinfo', { method: 'POST', headers: otherType, body: '{}' })).status).toBe(400)
})

test('userinfo supports HEAD like GET without the body, and otherwise only POST', async () => {
  const world = await createWorld()
  const { access_token } = await obtainTokens(world, world.browse(), 'alice', AGENT0)
  for (const token of [access_token, 'x']) {
    const headers = { authorization: `Bearer ${token}` }
    const [got, asked] = [
      await ask(world, '/userinfo', { headers }),
      await ask(world, '/userinfo', { method: 'HEAD', headers }),
    ]
    expect([asked.status, asked.json]).toEqual([token === 'x' ? 401 : 200, {}])
    expect([asked.status, ...asked.headers]).toEqual([got.status, ...got.headers])
  }
  const refused = await ask(world, '/userinfo', { method: 'PUT' })
  expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST, OPTIONS'])
})

test.each(['Basic YTpi', 'Negotiate x', ''])(
  'userinfo challenges a request with %j without an error code (RS-03)',
  async (authorization) => {
    const world = await createWorld()
    const asked = await ask(world, '/userinfo', { headers: { authorization } })
    const challenge = asked.headers.get('www-authenticate')
    expect([asked.status, challenge?.includes('Bearer realm='), challenge?.includes('error=')]).toEqual([
      401,
      true,
      false,
    ])
    const bad = await ask(world, '/userinfo', { headers: { authorization: 'Bearer x' } })
    expect([bad.status, bad.headers.get('www-authenticate')?.includes('error="invalid_token"')]).toEqual([
      401,
      true,
    ])
  },
)

test('codes and tokens with U+0000 are invalid, and cause no database fault (RT-02, REV-01, REV-02)', async () => {
  const world = await createWorld()
  const tokens = await obtainTokens(world, world.browse(), 'alice', AGENT0, {
    scope: 'openid offline_access',
  })
  const spoilt = `${tokens['refresh_token']}\0`
  expect((await redeem(world, AGENT0, 'a\0b')).json['error']).toBe('invalid_grant')
  expect((await refresh(world, AGENT0, spoilt)).json['error']).toBe('invalid_grant')
  expect((await introspect(world, AGENT0, spoilt)).json).toEqual({ active: false })
  expect((await post(world, '/revoke', AGENT0, { token: spoilt })).status).toBe(200)
  expect(await world.signIn.findRefreshToken(spoilt, 'agent0')).toMatchObject({ accepted: false })
  expect(world.faults).toEqual([])
  expect((await refresh(world, AGENT0, tokens['refresh_token'])).status).toBe(200)
})
