// Sign-in over HTTP: authorization requests, codes, refresh tokens and sign-out.
import { createHash } from 'node:crypto'

import { createLocalJWKSet, decodeJwt, type JSONWebKeySet, jwtVerify } from 'jose'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'

import { type Jar, renderCookies } from '../support/cookie-jar.ts'
import { AGENT, company, PASSWORD, REDIRECT_URI } from '../support/company.ts'
import { basic, type ClientCredentials, postForm, signInFor } from '../support/flow.ts'
import { signIn } from '../support/form-walker.ts'
import { expectRefused } from './support/expect-refused.ts'
import { startWorld, type World } from './support/world.ts'

const OTHER: ClientCredentials = { id: 'other', secret: 'other secret' }
const SECOND_URI = 'http://127.0.0.1:7777/second'
const REFUSED = { error: 'invalid_grant', code: 'XAA1009' }
type Form = Readonly<Record<string, string | undefined>>

let world: World
beforeAll(async () => {
  world = await startWorld((baseUrl) => {
    const { apps } = company(baseUrl).idp as Record<string, Record<string, unknown>[]>
    const publicApp = { ...apps?.[0], id: 'native', auth: { method: 'none' } }
    const redirectUris = [REDIRECT_URI, SECOND_URI]
    return company(baseUrl, {
      idp: { apps: [...(apps ?? []).map((app) => ({ ...app, redirectUris })), publicApp] },
    })
  })
})
afterEach(() => vi.useRealTimers())
afterAll(async () => {
  expect(world.faults).toEqual([])
  await world.stop()
})

function request(change: Form = {}): Promise<Response> {
  const parameters: Form = {
    client_id: AGENT.id,
    response_type: 'code',
    redirect_uri: REDIRECT_URI,
    scope: 'openid',
    state: 'the-state',
    nonce: 'the-nonce',
    code_challenge: createHash('sha256').update('v'.repeat(50)).digest('base64url'),
    code_challenge_method: 'S256',
    ...change,
  }
  const query = new URLSearchParams(
    Object.entries(parameters).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
  return fetch(`${world.baseUrl}/authorize?${query}`, { redirect: 'manual' })
}

const askedToSignIn = (response: Response) =>
  new URL(response.headers.get('location') ?? '', world.baseUrl).pathname.startsWith('/sign-in/')

/** The error that the app receives at its redirect URI. */
function errorAtApp(response: Response): string | null {
  const location = response.headers.get('location') ?? ''
  expect(location.startsWith(`${REDIRECT_URI}?`)).toBe(true)
  return new URL(location).searchParams.get('error')
}

const walk = (extra: Readonly<Record<string, string>> = {}, jar: Jar = new Map()) =>
  signIn(
    {
      authorizationEndpoint: `${world.baseUrl}/authorize`,
      clientId: AGENT.id,
      redirectUri: REDIRECT_URI,
      username: 'alice',
      password: PASSWORD,
      extra,
    },
    jar,
  )

const token = (form: Readonly<Record<string, string>>, client = AGENT) =>
  postForm(`${world.baseUrl}/token`, form, { authorization: basic(client) })
const redeemCode = (
  { code, codeVerifier }: { code: string | null; codeVerifier: string },
  change = {},
  client = AGENT,
) =>
  token(
    {
      grant_type: 'authorization_code',
      code: code ?? '',
      redirect_uri: REDIRECT_URI,
      code_verifier: codeVerifier,
      ...change,
    },
    client,
  )
const refresh = (value: string, client = AGENT) =>
  token({ grant_type: 'refresh_token', refresh_token: value }, client)

describe('authorization requests', () => {
  it.each([
    ['oidc-01: an unregistered redirect_uri', 'https://evil.test/callback'],
    ['oidc-02: a longer path', `${REDIRECT_URI}/x`],
    ['oidc-02: an added query', `${REDIRECT_URI}?a=b`],
  ])('%s leads to an error page, never a redirect', async (_name, redirect_uri) => {
    const response = await request({ redirect_uri })
    expect([response.status, response.headers.get('location')]).toEqual([400, null])
    expect(askedToSignIn(await request())).toBe(true)
  })

  it.each([
    ['oidc-03: no response_type', { response_type: undefined }, 'invalid_request'],
    [
      'oidc-04: a public client without PKCE',
      { client_id: 'native', code_challenge: undefined, code_challenge_method: undefined },
      'invalid_request',
    ],
    [
      'a confidential client without PKCE',
      { code_challenge: undefined, code_challenge_method: undefined },
      'invalid_request',
    ],
    ['oidc-05: plain PKCE', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['only unknown scopes', { scope: 'todos.read', nonce: undefined }, 'invalid_scope'],
    ['a malformed scope', { scope: 'openid "email"' }, 'invalid_scope'],
    ['prompt=none beside another prompt', { prompt: 'none login' }, 'invalid_request'],
    ['a negative max_age', { max_age: '-1' }, 'invalid_request'],
    ['claims that are not JSON', { claims: '{' }, 'invalid_request'],
    ['a request object', { request: 'e30.e30.' }, 'request_not_supported'],
    [
      'oidc-05: PKCE without a method, which means plain',
      { code_challenge_method: undefined },
      'invalid_request',
    ],
    ['oidc-10: prompt=none without a session', { prompt: 'none' }, 'login_required'],
  ])('%s is returned to the app as an error', async (_name, change, error) => {
    expect(errorAtApp(await request(change))).toBe(error)
    expect(askedToSignIn(await request())).toBe(true)
  })

  it('oidc-14: ignores an unknown parameter', async () => {
    expect(askedToSignIn(await request({ extra: 'foobar' }))).toBe(true)
    expect((await walk({ extra: 'foobar' })).code).not.toBeNull()
  })

  it('oidc-13: returns state and nonce, and the issuer once (META-15)', async () => {
    const { parameters, ...rest } = await walk()
    expect([...parameters.keys()].sort()).toEqual(['code', 'iss', 'state'])
    expect(parameters.getAll('iss')).toEqual([world.baseUrl])
    const { body } = await redeemCode(rest)
    expect(decodeJwt(String(body.id_token)).nonce).toBe('nonce')
  })
})

describe('the age of a sign-in', () => {
  const authTimeOf = async (walked: Awaited<ReturnType<typeof walk>>) =>
    Number(decodeJwt(String((await redeemCode(walked)).body.id_token)).auth_time)

  it('oidc-11: prompt=login asks again within a session, and auth_time advances', async () => {
    const jar: Jar = new Map()
    vi.useFakeTimers({ toFake: ['Date'] })
    const first = await authTimeOf(await walk({}, jar))
    vi.setSystemTime(Date.now() + 5000)
    expect(await authTimeOf(await walk({}, jar))).toBe(first)
    expect(await authTimeOf(await walk({ prompt: 'login' }, jar))).toBe(first + 5)
  })

  it('oidc-12: max_age asks again once the sign-in is older (STEP-04)', async () => {
    const jar: Jar = new Map()
    vi.useFakeTimers({ toFake: ['Date'] })
    const first = await authTimeOf(await walk({}, jar))
    expect(await authTimeOf(await walk({ max_age: '3' }, jar))).toBe(first)
    vi.setSystemTime(Date.now() + 5000)
    expect(await authTimeOf(await walk({ max_age: '3' }, jar))).toBe(first + 5)
  })
})

describe('codes', () => {
  it('oidc-06: a wrong code_verifier', async () => {
    const { codeVerifier: _right, ...walked } = await walk()
    await expectRefused(world, await redeemCode({ ...walked, codeVerifier: 'w'.repeat(50) }), REFUSED)
    expect((await redeemCode(await walk())).status).toBe(200)
  })

  it('oidc-07: a code used twice, which takes the tokens of the first use along', async () => {
    const walked = await walk()
    const { body } = await redeemCode(walked)
    const userinfo = () =>
      fetch(`${world.baseUrl}/userinfo`, {
        headers: { authorization: `Bearer ${String(body.access_token)}` },
      })
    expect((await userinfo()).status).toBe(200)
    await expectRefused(world, await redeemCode(walked), REFUSED)
    expect((await userinfo()).status).toBe(401)
    await expectRefused(world, await refresh(String(body.refresh_token)), REFUSED)
  })

  it('oidc-08: the code of another client', async () => {
    await expectRefused(world, await redeemCode(await walk(), {}, OTHER), REFUSED)
    expect((await redeemCode(await walk())).status).toBe(200)
  })

  it('oidc-09: another redirect_uri, though registered', async () => {
    await expectRefused(world, await redeemCode(await walk(), { redirect_uri: SECOND_URI }), REFUSED)
    expect((await redeemCode(await walk())).status).toBe(200)
  })

  it('oidc-28: the ID token names client, time and access token (CLI-05)', async () => {
    const { body } = await redeemCode(await walk())
    const keys = (await (await fetch(`${world.baseUrl}/jwks`)).json()) as JSONWebKeySet
    const { payload } = await jwtVerify(String(body.id_token), createLocalJWKSet(keys), {
      issuer: world.baseUrl,
      audience: AGENT.id,
    })
    const digest = createHash('sha256').update(String(body.access_token)).digest()
    expect(payload).toMatchObject({
      aud: AGENT.id,
      azp: AGENT.id,
      at_hash: digest.subarray(0, 16).toString('base64url'),
    })
    expect(payload.auth_time).toBeLessThanOrEqual(payload.iat ?? 0)
  })
})

describe('refresh tokens', () => {
  it('oidc-21: rotate, and a used one ends its family (RT-06)', async () => {
    const { refreshToken: first } = await signInFor(world.baseUrl, 'alice')
    const second = String((await refresh(first)).body.refresh_token)
    expect(second).not.toBe(first)
    const third = String((await refresh(second)).body.refresh_token)
    await expectRefused(world, await refresh(first), REFUSED)
    await expectRefused(world, await refresh(third), REFUSED)
  })

  it('oidc-22: are of no use to another client (RT-09)', async () => {
    const { refreshToken } = await signInFor(world.baseUrl, 'alice')
    await expectRefused(world, await refresh(refreshToken, OTHER), REFUSED)
    expect((await refresh(refreshToken)).status).toBe(200)
  })

  it('oidc-23: end with their revocation, and the grant with them (RT-07)', async () => {
    const { refreshToken, accessToken } = await signInFor(world.baseUrl, 'alice')
    const kept = await signInFor(world.baseUrl, 'alice')
    const { revocation_endpoint: endpoint = '' } = (await (
      await fetch(`${world.baseUrl}/.well-known/openid-configuration`)
    ).json()) as Record<string, string>
    const revoked = await postForm(endpoint, { token: refreshToken }, { authorization: basic(AGENT) })
    expect(revoked.status).toBe(200)
    await expectRefused(world, await refresh(refreshToken), REFUSED)
    const userinfo = await fetch(`${world.baseUrl}/userinfo`, {
      headers: { authorization: `Bearer ${accessToken}` },
    })
    expect(userinfo.status).toBe(401)
    expect((await refresh(kept.refreshToken)).status).toBe(200)
  })
})

describe('sign-out', () => {
  async function endSession(query: Readonly<Record<string, string>>, jar: Jar): Promise<Response> {
    const cookie = renderCookies(jar)
    const { end_session_endpoint: endpoint = '' } = (await (
      await fetch(`${world.baseUrl}/.well-known/openid-configuration`)
    ).json()) as Record<string, string>
    return fetch(`${endpoint}?${new URLSearchParams(query)}`, { redirect: 'manual', headers: { cookie } })
  }

  it('oidc-25: leads nowhere that is not registered', async () => {
    const jar: Jar = new Map()
    const { body } = await redeemCode(await walk({}, jar))
    const evil = { id_token_hint: String(body.id_token), post_logout_redirect_uri: 'https://evil.test/' }
    const response = await endSession(evil, jar)
    expect([response.status, response.headers.get('location')]).toEqual([400, null])
    expect((await walk({ prompt: 'none' }, jar)).code).not.toBeNull()
  })

  it('oidc-26: a tampered id_token_hint signs no one out', async () => {
    const jar: Jar = new Map()
    const { body } = await redeemCode(await walk({}, jar))
    const [header, , signature] = String(body.id_token).split('.')
    const other = Buffer.from(
      JSON.stringify({ ...decodeJwt(String(body.id_token)), sub: 'usr_carol' }),
    ).toString('base64url')
    const response = await endSession({ id_token_hint: `${header}.${other}.${signature}` }, jar)
    expect(response.status).toBe(400)
    expect((await walk({ prompt: 'none' }, jar)).code).not.toBeNull()
  })
})
