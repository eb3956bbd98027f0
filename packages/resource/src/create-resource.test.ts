import { JWT_TYP } from '@crosswalk/protocol'
import {
  base64url,
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  type JWK,
  type JWTPayload,
  SignJWT,
} from 'jose'
import { beforeAll, beforeEach, describe, expect, it, test } from 'vitest'

import { createResource, type Requirement } from './create-resource.ts'
import { InvalidResourceOptions, type ResourceOptions } from './options.ts'
import { createUsedProofs, type UsedProofs } from './used-proofs.ts'

const API = 'https://todo.test/mcp'
const ISSUER = 'https://as.todo.test/tenant'
const START = 1_800_000_000

type Pair = Awaited<ReturnType<typeof generateKeyPair>>
let keys: Pair
let otherKeys: Pair
let dpopKeys: Pair
let jwk: JWK
let jkt: string
let nowSeconds: number
/** Requests to the authorization server */
let asked: { url: string; body: string }[]
let served: JWK[]
let active: boolean
let reachable: boolean

beforeAll(async () => {
  keys = await generateKeyPair('ES256')
  otherKeys = await generateKeyPair('ES256')
  dpopKeys = await generateKeyPair('ES256')
  jwk = await exportJWK(dpopKeys.publicKey)
  jkt = await calculateJwkThumbprint(jwk)
})

beforeEach(async () => {
  nowSeconds = START
  asked = []
  served = [{ ...(await exportJWK(keys.publicKey)), kid: 'k1' }]
  active = true
  reachable = true
})

const fetch = async (url: string, init: RequestInit = {}): Promise<Response> => {
  asked.push({ url, body: String(init.body ?? '') })
  await Promise.resolve()
  if (!reachable) throw new TypeError('fetch failed')
  if (url === 'https://as.todo.test/.well-known/oauth-authorization-server/tenant')
    return Response.json({
      issuer: ISSUER,
      jwks_uri: `${ISSUER}/jwks`,
      introspection_endpoint: `${ISSUER}/introspect`,
    })
  if (url === `${ISSUER}/jwks`) return Response.json({ keys: served })
  if (url === `${ISSUER}/introspect`)
    return Response.json(
      active ? { active, sub: 'u1', client_id: 'c1', aud: API, exp: START + 600, scope: 's1' } : { active },
    )
  return new Response(null, { status: 404 })
}

function resource(options: Partial<ResourceOptions> = {}) {
  return createResource({ resource: API, issuer: ISSUER, fetch, nowMs: () => nowSeconds * 1000, ...options })
}

interface Minting {
  readonly header?: Readonly<Record<string, unknown>>
  readonly claims?: Readonly<Record<string, unknown>>
  readonly key?: Pair
}

async function mint({ header = {}, claims = {}, key = keys }: Minting = {}): Promise<string> {
  const all = {
    iss: ISSUER,
    sub: 'u1',
    aud: API,
    client_id: 'c1',
    jti: 'j1',
    scope: 's1',
    iat: START,
    exp: START + 600,
  }
  return await new SignJWT({ ...all, ...claims } as JWTPayload)
    .setProtectedHeader({ alg: 'ES256', typ: JWT_TYP.accessToken, kid: 'k1', ...header })
    .sign(key.privateKey)
}

function request(headers: Readonly<Record<string, string>> = {}, url = API): Request {
  return new Request(url, { method: 'POST', headers })
}

async function answer(
  headers: Readonly<Record<string, string>>,
  {
    options = {},
    requirement = {},
    url = API,
  }: { options?: Partial<ResourceOptions>; requirement?: Requirement; url?: string } = {},
) {
  const guard = resource(options)
  const verified = await guard.verify(request(headers, url), requirement)
  if (verified.accepted) return { status: 200, xaa: verified.value, challenge: null }
  const response = guard.challenge(verified.refusal)
  const body = (await response.json()) as { error?: string; code?: string }
  return { status: response.status, challenge: response.headers.get('www-authenticate'), ...body }
}

const METADATA = 'resource_metadata="https://todo.test/.well-known/oauth-protected-resource/mcp"'

// Anyone can name such a key in a token.
test.each<[string, JWK]>([
  ['ES256', { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' }],
  ['EdDSA', { kty: 'OKP', crv: 'Ed25519', x: 'AA' }],
  ['RS256', { kty: 'RSA', n: 'A'.repeat(171), e: 'AQAB' }],
])('a token that names an unusable key of the issuer for %s is refused', async (alg, unusable) => {
  served = [...served, { ...unusable, kid: 'k2' }]
  const good = await mint()
  const [, claims] = good.split('.')
  const header = JSON.stringify({ alg, typ: JWT_TYP.accessToken, kid: 'k2' })
  const bad = `${base64url.encode(header)}.${claims}.${'A'.repeat(86)}`
  expect(await answer({ authorization: `Bearer ${bad}` })).toMatchObject({ status: 401, code: 'XAA3008' })
  expect(await answer({ authorization: `Bearer ${good}` })).toMatchObject({ status: 200 })
})

describe('a valid token', () => {
  it('RS-02, RS-14 provides user, client, actor and scopes', async () => {
    const token = await mint({ claims: { act: { sub: 'agent0' }, decision_id: 'dec_1', scope: 's1 s2' } })
    expect(await answer({ authorization: `Bearer ${token}` })).toMatchObject({
      xaa: { user: 'u1', client: 'c1', actor: 'agent0', scopes: ['s1', 's2'], decisionId: 'dec_1' },
    })
  })

  it('names the client by azp where Keycloak or Auth0 issued it, but client_id counts first', async () => {
    const client = async (claims: object) =>
      await answer({ authorization: `Bearer ${await mint({ claims: { azp: 'c2', ...claims } })}` })
    expect(await client({ client_id: undefined })).toMatchObject({ xaa: { client: 'c2', actor: 'c2' } })
    expect(await client({})).toMatchObject({ xaa: { client: 'c1' } })
  })

  it('names the client as the actor if the actor has no name', async () => {
    const token = await mint({ claims: { act: {} } })
    expect(await answer({ authorization: `Bearer ${token}` })).toMatchObject({ xaa: { actor: 'c1' } })
  })

  test.each([
    ['an address', { email: 'a@b.test' }, { email: 'a@b.test', emailVerified: false }],
    [
      'a verified address',
      { email: 'a@b.test', email_verified: true },
      { email: 'a@b.test', emailVerified: true },
    ],
    [
      'an address that a text calls verified',
      { email: 'a@b.test', email_verified: 'false' },
      { email: 'a@b.test', emailVerified: false },
    ],
    [
      'a subject of an issuer',
      { sub_id: { format: 'iss_sub', iss: ISSUER, sub: 'a' } },
      { issuer: ISSUER, subject: 'a' },
    ],
    ['a subject identifier of another format', { sub_id: { format: 'x', iss: ISSUER, sub: 'a' } }, {}],
  ])('with %s identifies the user by what is certain', async (_, claims, identity) => {
    const { xaa } = await answer({ authorization: `Bearer ${await mint({ claims })}` })
    expect(xaa?.identity).toEqual(identity)
  })

  test.each([
    ['aud as a list', { claims: { aud: ['https://other.test', API] } }],
    ['typ with application/', { header: { typ: 'application/at+jwt' } }],
    ['exp 29 s ago', { claims: { exp: START - 29 } }],
    ['no scope', { claims: { scope: undefined } }],
  ])('%s is accepted', async (_, minting) => {
    expect(await answer({ authorization: `bearer ${await mint(minting)}` })).toMatchObject({ status: 200 })
  })
})

describe('a request without a token (rs-01, RS-03)', () => {
  test.each([
    ['no header', {}],
    ['another scheme', { authorization: 'Basic dTpw' }],
  ])('%s: a challenge without error', async (_, headers) => {
    const refused = await answer(headers as Record<string, string>)
    expect(refused).toMatchObject({ status: 401, code: 'XAA3001', challenge: `Bearer ${METADATA}` })
    expect(refused).not.toHaveProperty('error')
  })

  it('names the required scope if it is known', async () => {
    expect(await answer({}, { requirement: { scope: ['s1', 's2'] } })).toMatchObject({
      challenge: `Bearer scope="s1 s2", ${METADATA}`,
    })
  })

  test.each([
    ['rs-12 a token in the query', {}, `${API}?access_token=x`],
    ['a token in the query beside one in the header', { authorization: 'Bearer x' }, `${API}?access_token=x`],
    ['two tokens', { authorization: 'Bearer a, Bearer b' }, API],
    ['no token after the scheme', { authorization: 'Bearer' }, API],
    ['a token of 16385 characters', { authorization: `Bearer ${'a'.repeat(16_385)}` }, API],
  ])('%s is malformed: 400', async (_, headers, url) => {
    expect(await answer(headers as Record<string, string>, { url })).toMatchObject({
      status: 400,
      error: 'invalid_request',
      challenge: `Bearer error="invalid_request", error_description="The request is malformed.", ${METADATA}`,
    })
  })
})

describe('an invalid token: 401 invalid_token', () => {
  test.each([
    ['rs-03 for another resource', { claims: { aud: 'https://other.test/mcp' } }, 'XAA3002'],
    ['for our resource with a slash', { claims: { aud: `${API}/` } }, 'XAA3002'],
    ['rs-06 expired 30 s ago', { claims: { exp: START - 30 } }, 'XAA3003'],
    ['rs-07 of another issuer', { claims: { iss: 'https://evil.test' } }, 'XAA3008'],
    ['RS-01 an ID-JAG', { header: { typ: JWT_TYP.idJag } }, 'XAA3005'],
    ['RS-01 an ID token', { header: { typ: 'JWT' }, claims: { client_id: undefined } }, 'XAA3006'],
    [
      'RS-01 an ID token without typ',
      { header: { typ: undefined }, claims: { client_id: undefined } },
      'XAA3006',
    ],
    ['typ JWT', { header: { typ: 'JWT' } }, 'XAA3008'],
    ['without client_id and azp', { claims: { client_id: undefined } }, 'XAA3008'],
    ['with a client that is not text', { claims: { client_id: undefined, azp: ['c1'] } }, 'XAA3008'],
    ['with a malformed scope', { claims: { scope: 's1 "' } }, 'XAA3008'],
    ['without sub', { claims: { sub: undefined } }, 'XAA3008'],
    ['without exp', { claims: { exp: undefined } }, 'XAA3008'],
    ['not yet valid', { claims: { nbf: START + 31 } }, 'XAA3008'],
    ['with an unknown cnf', { claims: { cnf: { 'x5t#S256': 'x' } } }, 'XAA3008'],
  ])('%s', async (_, minting, code) => {
    const refused = await answer({ authorization: `Bearer ${await mint(minting)}` })
    expect(refused).toMatchObject({ status: 401, error: 'invalid_token', code })
    expect(refused.challenge).toMatch(
      /^Bearer error="invalid_token", error_description="[^"]+", resource_metadata=/,
    )
  })

  it('signed by another key', async () => {
    const token = await mint({ key: otherKeys })
    expect(await answer({ authorization: `Bearer ${token}` })).toMatchObject({ status: 401, code: 'XAA3008' })
  })

  it.each(['x', 'x'.repeat(16_384)])('rs-02 garbage', async (token) => {
    expect(await answer({ authorization: `Bearer ${token}` })).toMatchObject({
      status: 401,
      error: 'invalid_token',
    })
  })

  it('rs-10 alg none, and HS256 with the public key as secret', async () => {
    const [, payload] = (await mint()).split('.')
    const header = (alg: string) => base64url.encode(JSON.stringify({ alg, typ: 'at+jwt', kid: 'k1' }))
    const secret = new TextEncoder().encode(JSON.stringify(served[0]).padEnd(32))
    const forged = await new SignJWT({ iss: ISSUER, aud: API })
      .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid: 'k1' })
      .sign(secret)
    for (const token of [`${header('none')}.${payload}.`, forged])
      expect(await answer({ authorization: `Bearer ${token}` })).toMatchObject({
        status: 401,
        error: 'invalid_token',
      })
  })

  it('an algorithm that is not allowed', async () => {
    const refused = await answer(
      { authorization: `Bearer ${await mint()}` },
      { options: { algorithms: ['PS256'] } },
    )
    expect(refused).toMatchObject({ status: 401, code: 'XAA3008' })
  })
})

describe('insufficient access', () => {
  it('rs-15 scope: 403 that lists all required scopes', async () => {
    const refused = await answer(
      { authorization: `Bearer ${await mint()}` },
      { requirement: { scope: ['s1', 's2'] } },
    )
    expect(refused).toMatchObject({ status: 403, error: 'insufficient_scope', code: 'XAA3004' })
    expect(refused.challenge).toContain('scope="s1 s2", resource_metadata=')
  })

  it('quotes the name of a scope, so that it cannot add a parameter', async () => {
    const refused = await answer(
      { authorization: `Bearer ${await mint()}` },
      { requirement: { scope: ['s1", x="\\'] } },
    )
    expect(refused.challenge).toContain(String.raw`scope="s1\", x=\"\\", resource_metadata=`)
  })

  test.each([
    ['acr', { acr: 'pwd' }, { acr: ['mfa', 'hwk'] }, 'acr_values="mfa hwk"'],
    ['no acr', {}, { acr: ['mfa'] }, 'acr_values="mfa"'],
    ['sign-in 61 s ago', { auth_time: START - 61 }, { maxAuthAgeSeconds: 60 }, 'max_age="60"'],
    ['no auth_time', {}, { maxAuthAgeSeconds: 60 }, 'max_age="60"'],
    ['auth_time as text', { auth_time: String(START) }, { maxAuthAgeSeconds: 60 }, 'max_age="60"'],
  ])('RS-12 %s: 401 with the requirements', async (_, claims, requirement, params) => {
    const refused = await answer({ authorization: `Bearer ${await mint({ claims })}` }, { requirement })
    expect(refused).toMatchObject({ status: 401, error: 'insufficient_user_authentication' })
    expect(refused.challenge).toContain(params)
  })

  it('a sign-in 60 s ago with the right acr suffices', async () => {
    const token = await mint({ claims: { acr: 'mfa', auth_time: START - 60 } })
    const requirement = { acr: ['mfa'], maxAuthAgeSeconds: 60 }
    expect(await answer({ authorization: `Bearer ${token}` }, { requirement })).toMatchObject({ status: 200 })
  })
})

describe('keys of the issuer', () => {
  it('are fetched once for ten concurrent requests, and cached', async () => {
    const guard = resource()
    const authorization = `Bearer ${await mint()}`
    const verified = await Promise.all(
      Array.from({ length: 10 }, () => guard.verify(request({ authorization }))),
    )
    expect(verified.every(({ accepted }) => accepted)).toBe(true)
    nowSeconds += 599
    await guard.verify(request({ authorization }))
    expect(asked.map(({ url }) => url)).toEqual([expect.stringContaining('.well-known'), `${ISSUER}/jwks`])
  })

  it('are fetched again for an unknown kid, but at most every 10 s', async () => {
    const guard = resource()
    const unknown = `Bearer ${await mint({ header: { kid: 'k2' }, key: otherKeys })}`
    const fetches = () => asked.filter(({ url }) => url.endsWith('/jwks')).length
    expect((await guard.verify(request({ authorization: unknown }))).accepted).toBe(false)
    for (let i = 0; i < 5; i += 1) await guard.verify(request({ authorization: unknown }))
    expect(fetches()).toBe(1)
    served.push({ ...(await exportJWK(otherKeys.publicKey)), kid: 'k2' })
    nowSeconds += 10
    expect((await guard.verify(request({ authorization: unknown }))).accepted).toBe(true)
    expect(fetches()).toBe(2)
  })

  it('a clock that is set back keeps no removed key, and delays no new one', async () => {
    const guard = resource({ clockSkewSeconds: 60 })
    const next = { ...(await exportJWK(otherKeys.publicKey)), kid: 'k2' }
    const removed = `Bearer ${await mint()}`
    const added = `Bearer ${await mint({ header: { kid: 'k2' }, key: otherKeys })}`
    const verify = async (authorization: string) => (await guard.verify(request({ authorization }))).accepted
    expect(await verify(removed)).toBe(true)
    served.push(next)
    nowSeconds -= 10
    expect(await verify(added)).toBe(true)
    served = [next]
    nowSeconds -= 600
    expect([await verify(removed), await verify(added)]).toEqual([false, true])
  })

  it('are requested at most once a second from an unreachable issuer', async () => {
    reachable = false
    let nowMs = START * 1000
    const guard = resource({ nowMs: () => nowMs })
    const authorization = `Bearer ${await mint({ claims: { exp: START + 99_999 } })}`
    const verify = async () => (await guard.verify(request({ authorization }))).accepted
    await Promise.all(Array.from({ length: 10 }, verify))
    const onceAsked = asked.length
    for (let i = 0; i < 5; i += 1) expect(await verify()).toBe(false)
    reachable = true
    nowMs += 999
    expect([await verify(), asked.length]).toEqual([false, onceAsked])
    nowMs += 1
    expect(await verify()).toBe(true)
    // Keys that are too old count as missing.
    reachable = false
    nowMs += 3_600_000
    expect(await verify()).toBe(false)
    const asOnceMore = asked.length
    nowMs += 999
    expect([await verify(), asked.length]).toEqual([false, asOnceMore])
    nowMs += 1
    reachable = true
    expect(await verify()).toBe(true)
  })

  it('lead to 503 if they cannot be fetched, never to success; cached ones are used for an hour', async () => {
    reachable = false
    const guard = resource()
    const authorization = `Bearer ${await mint({ claims: { exp: START + 99_999 } })}`
    const refused = await guard.verify(request({ authorization }))
    expect(refused).toMatchObject({ refusal: { status: 503, error: 'temporarily_unavailable' } })
    reachable = true
    nowSeconds += 10
    expect((await guard.verify(request({ authorization }))).accepted).toBe(true)
    reachable = false
    nowSeconds += 3599
    expect((await guard.verify(request({ authorization }))).accepted).toBe(true)
    nowSeconds += 1
    expect((await guard.verify(request({ authorization }))).accepted).toBe(false)
  })
})

describe('introspection (RS-13)', () => {
  const introspection = { clientId: 'api', clientSecret: 'secret' }

  it('ignores results about a token of another issuer', async () => {
    const saying = (iss?: string) => async (url: string, init?: RequestInit) =>
      url === `${ISSUER}/introspect`
        ? Response.json({ active, sub: 'u1', client_id: 'c1', aud: API, exp: START + 600, iss })
        : await fetch(url, init)
    const ask = async (iss?: string) =>
      await answer({ authorization: 'Bearer opaque' }, { options: { introspection, fetch: saying(iss) } })
    for (const iss of ['https://as.other.test', `${ISSUER}/`])
      expect(await ask(iss)).toMatchObject({ status: 401, code: 'XAA3008' })
    expect(await ask(ISSUER)).toMatchObject({ status: 200 })
    expect(await ask()).toMatchObject({ status: 200 })
  })

  it('follows no redirect when it sends credentials or fetches keys', async () => {
    const redirects: (string | undefined)[] = []
    const watching = async (url: string, init?: RequestInit) => {
      redirects.push(init?.redirect)
      return await fetch(url, init)
    }
    const headers = { authorization: `Bearer ${await mint()}` }
    expect(await answer(headers, { options: { introspection, fetch: watching } })).toMatchObject({
      status: 200,
    })
    expect(redirects.length).toBeGreaterThanOrEqual(3)
    expect(new Set(redirects)).toEqual(new Set(['manual']))
  })

  it('rs-16 a revoked token is refused once the cached result is half a second old', async () => {
    const guard = resource({ introspection })
    const authorization = `Bearer ${await mint()}`
    const verify = async () => await guard.verify(request({ authorization }))
    expect((await verify()).accepted).toBe(true)
    active = false
    nowSeconds += 0.499
    expect((await verify()).accepted).toBe(true)
    nowSeconds += 0.001
    expect(await verify()).toMatchObject({
      refusal: { status: 401, error: 'invalid_token', code: 'XAA3007' },
    })
  })

  it('a clock that is set back does not keep a revoked token live', async () => {
    const guard = resource({ introspection })
    const authorization = `Bearer ${await mint()}`
    expect((await guard.verify(request({ authorization }))).accepted).toBe(true)
    active = false
    nowSeconds -= 60
    expect(await guard.verify(request({ authorization }))).toMatchObject({ refusal: { code: 'XAA3007' } })
  })

  it('introspects once for ten concurrent requests', async () => {
    const guard = resource({ introspection })
    const authorization = `Bearer ${await mint()}`
    await Promise.all(Array.from({ length: 10 }, () => guard.verify(request({ authorization }))))
    expect(asked.filter(({ url }) => url.endsWith('/introspect'))).toHaveLength(1)
  })

  it('accepts opaque tokens', async () => {
    const taken = await answer({ authorization: 'Bearer opaque' }, { options: { introspection } })
    expect(taken).toMatchObject({ xaa: { user: 'u1', client: 'c1', scopes: ['s1'] } })
    const options = { introspection, resource: 'https://todo.test/other' }
    expect(await answer({ authorization: 'Bearer opaque' }, { options })).toMatchObject({ code: 'XAA3002' })
  })

  it.each<readonly [string, object, number, string | undefined]>([
    ['of type Bearer', { token_type: 'Bearer' }, 200, undefined],
    ['of type access_token, as some servers say', { token_type: 'access_token' }, 200, undefined],
    ['bound to a key', { token_type: 'DPoP', cnf: { jkt: 'A'.repeat(43) } }, 401, 'XAA3010'],
    ['of type DPoP whose key the server does not state', { token_type: 'DPoP' }, 401, 'XAA3008'],
    ['of type dpop whose key the server does not state', { token_type: 'dpop' }, 401, 'XAA3008'],
  ])('RS-10 judges an opaque token %s, sent as Bearer', async (_, more, status, code) => {
    const saying = async (url: string, init?: RequestInit) =>
      url === `${ISSUER}/introspect`
        ? Response.json({ active, sub: 'u1', client_id: 'c1', aud: API, exp: START + 600, ...more })
        : await fetch(url, init)
    const options = { introspection, fetch: saying }
    const answered = await answer({ authorization: 'Bearer opaque' }, { options })
    expect(answered.status).toBe(status)
    if (code !== undefined) expect(answered).toMatchObject({ code })
  })

  it.each([
    [629.999, undefined],
    [630, 'XAA3003'],
  ])(
    'accepts an opaque token until the end of the skew: after %d s of 600 the refusal is %s',
    async (later, code) => {
      const guard = resource({ introspection, clockSkewSeconds: 30 })
      nowSeconds += later
      const verified = await guard.verify(request({ authorization: 'Bearer opaque' }))
      expect(verified.accepted ? undefined : verified.refusal.code).toBe(code)
    },
  )

  it('asks a server in the same program each time, and refuses every request while it fails', async () => {
    let said: 'active' | 'inactive' | 'fault' = 'active'
    const given: string[] = []
    const introspect = async (token: string) => {
      given.push(token)
      if (said === 'fault') throw new Error('no database')
      return { active: said === 'active' }
    }
    const guard = resource({ introspect })
    const token = await mint()
    const verify = async () => await guard.verify(request({ authorization: `Bearer ${token}` }))
    expect((await verify()).accepted).toBe(true)
    said = 'inactive'
    expect(await verify()).toMatchObject({ refusal: { status: 401, code: 'XAA3007' } })
    said = 'fault'
    expect(await verify()).toMatchObject({ refusal: { status: 503, code: 'XAA5007' } })
    expect(given).toEqual([token, token, token])
    expect(asked.filter(({ url }) => url.endsWith('/introspect'))).toEqual([])
  })

  it('does not introspect a token that is invalid anyway', async () => {
    const introspect = async () => expect.unreachable()
    const options = { introspect }
    const authorization = `Bearer ${await mint({ claims: { exp: START - 31 } })}`
    expect(await answer({ authorization }, { options })).toMatchObject({ code: 'XAA3003' })
  })

  it('calls a token expired, not revoked, if only its server considers it expired, within the skew', async () => {
    const guard = resource({ introspect: async () => ({ active: false }) })
    const verify = async (exp: number) =>
      await guard.verify(request({ authorization: `Bearer ${await mint({ claims: { exp } })}` }))
    expect(await verify(START)).toMatchObject({ refusal: { code: 'XAA3003' } })
    expect(await verify(START + 1)).toMatchObject({ refusal: { code: 'XAA3007' } })
  })

  it('accepts only one kind of introspection', () => {
    const introspect = async () => ({ active: true })
    expect(() => resource({ introspect, introspection })).toThrow('introspection and introspect')
    expect(() => resource({ introspect: true as unknown as typeof introspect })).toThrow('must be a function')
  })

  it('fails closed: 503', async () => {
    const options = { introspection: { ...introspection, endpoint: 'https://as.todo.test/gone' } }
    expect(await answer({ authorization: `Bearer ${await mint()}` }, { options })).toMatchObject({
      status: 503,
      challenge: null,
    })
  })
})

const METADATA_DOCUMENT = { issuer: ISSUER, jwks_uri: `${ISSUER}/jwks` }

it.each<readonly [string, (signal: AbortSignal | null | undefined) => Response | Promise<Response>]>([
  [
    'metadata names an endpoint without TLS',
    () => Response.json({ ...METADATA_DOCUMENT, jwks_uri: 'http://as.todo.test/tenant/jwks' }),
  ],
  [
    'a response is longer than a mebibyte',
    () => Response.json({ ...METADATA_DOCUMENT, padding: 'x'.repeat(1_048_576) }),
  ],
  [
    'the server does not answer in time',
    (signal) =>
      signal
        ? new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))))
        : Response.json(METADATA_DOCUMENT),
  ],
])('refuses with 503 and a time to retry if %s', async (_, describeIssuer) => {
  const given = async (url: string, init?: RequestInit) =>
    url.includes('/.well-known/') ? await describeIssuer(init?.signal) : await fetch(url, init)
  const guard = resource({ fetch: given, timeoutMs: 20 })
  const verified = await guard.verify(request({ authorization: `Bearer ${await mint()}` }))
  if (verified.accepted) return expect.unreachable()
  expect(guard.renderRefusal(verified.refusal)).toMatchObject({
    status: 503,
    headers: { 'retry-after': '2' },
  })
  expect(asked).toEqual([])
})

it('ignores keys from the metadata of another issuer, wherever it is served (META-09)', async () => {
  const metadata = async (issuer: string) => {
    const given = async (url: string, init?: RequestInit) =>
      url.includes('/.well-known/')
        ? Response.json({ issuer, jwks_uri: `${ISSUER}/jwks` })
        : await fetch(url, init)
    const guard = resource({ fetch: given })
    return await guard.verify(request({ authorization: `Bearer ${await mint()}` }))
  }
  expect(await metadata('https://as.evil.test')).toMatchObject({ refusal: { status: 503, code: 'XAA5007' } })
  expect(await metadata(ISSUER)).toMatchObject({ accepted: true })
})

interface Proving {
  readonly claims?: Readonly<Record<string, unknown>>
  readonly header?: Readonly<Record<string, unknown>>
  readonly key?: Pair
}

describe('bound tokens (RS-10, DPOP-11, DPOP-12)', () => {
  const hash = async (token: string) =>
    base64url.encode(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(token))))

  async function prove(token: string, { claims = {}, header = {}, key = dpopKeys }: Proving = {}) {
    const all = { jti: 'p1', htm: 'POST', htu: API, iat: START, ath: await hash(token) }
    return await new SignJWT({ ...all, ...claims } as JWTPayload)
      .setProtectedHeader({ alg: 'ES256', typ: JWT_TYP.dpopProof, jwk, ...header })
      .sign(key.privateKey)
  }
  const bound = async () => await mint({ claims: { cnf: { jkt } } })

  test.each([
    ['that is valid', {}],
    ['iat 300 s ago', { claims: { iat: START - 300 } }],
    ['htu with a query', { claims: { htu: `${API}?x=1` } }],
  ])('a proof %s is accepted', async (_, proving) => {
    const token = await bound()
    const headers = { authorization: `DPoP ${token}`, dpop: await prove(token, proving) }
    expect(await answer(headers)).toMatchObject({ status: 200 })
  })

  it('dpop-31 a bound token as Bearer is refused', async () => {
    const token = await bound()
    const refused = await answer({ authorization: `Bearer ${token}`, dpop: await prove(token) })
    expect(refused).toMatchObject({ status: 401, error: 'invalid_token', code: 'XAA3010' })
    expect(refused.challenge).toMatch(/^DPoP error="invalid_token".*algs="ES256 /)
  })

  test.each<readonly [string, Proving]>([
    ['dpop-32 without ath', { claims: { ath: undefined } }],
    ['dpop-32 with the ath of another token', { claims: { ath: 'x'.repeat(43) } }],
    ['dpop-34 301 s old', { claims: { iat: START - 301 } }],
    ['301 s early', { claims: { iat: START + 301 } }],
    ['for another method', { claims: { htm: 'GET' } }],
    ['for another URL', { claims: { htu: `${API}/x` } }],
    ['of another typ', { header: { typ: 'JWT' } }],
    ['without jti', { claims: { jti: undefined } }],
    ['of more than 8192 characters', { claims: { padding: 'x'.repeat(8192) } }],
  ])('a proof %s is refused', async (_, proving) => {
    const token = await bound()
    const headers = { authorization: `DPoP ${token}`, dpop: await prove(token, proving) }
    expect(await answer(headers)).toMatchObject({ status: 401, error: 'invalid_dpop_proof', code: 'XAA3010' })
  })

  it('dpop-33 a proof by another key is refused, even with the right jwk in its header', async () => {
    const token = await bound()
    const otherJwk = await exportJWK(otherKeys.publicKey)
    for (const header of [{ jwk: otherJwk }, {}]) {
      const dpop = await prove(token, { key: otherKeys, header })
      const refused = await answer({ authorization: `DPoP ${token}`, dpop })
      expect(refused).toMatchObject({ status: 401, error: 'invalid_dpop_proof' })
    }
  })

  it('dpop-35 a missing proof is refused', async () => {
    expect(await answer({ authorization: `DPoP ${await bound()}` })).toMatchObject({
      status: 401,
      error: 'invalid_dpop_proof',
    })
  })

  it('a key that is not for signatures is refused', async () => {
    const token = await bound()
    const dpop = await prove(token, { header: { jwk: { ...jwk, use: 'enc' } } })
    expect(await answer({ authorization: `DPoP ${token}`, dpop })).toMatchObject({
      error: 'invalid_dpop_proof',
    })
  })

  it('a private key in the header is refused', async () => {
    const { privateKey } = await generateKeyPair('ES256', { extractable: true })
    const token = await bound()
    const dpop = await prove(token, { header: { jwk: await exportJWK(privateKey) } })
    expect(await answer({ authorization: `DPoP ${token}`, dpop })).toMatchObject({
      error: 'invalid_dpop_proof',
    })
  })

  it('a proof is accepted once', async () => {
    const guard = resource()
    const token = await bound()
    const headers = { authorization: `DPoP ${token}`, dpop: await prove(token) }
    const verified = await Promise.all([1, 2, 3].map(() => guard.verify(request(headers))))
    expect(verified.filter(({ accepted }) => accepted)).toHaveLength(1)
  })

  it('the jti of another key is no earlier use', async () => {
    const guard = resource()
    const other = await generateKeyPair('ES256', { extractable: true })
    const otherJwk = await exportJWK(other.publicKey)
    const otherBound = await mint({ claims: { cnf: { jkt: await calculateJwkThumbprint(otherJwk) } } })
    const take = async (token: string, proving?: Proving) => {
      const dpop = await prove(token, proving)
      return (await guard.verify(request({ authorization: `DPoP ${token}`, dpop }))).accepted
    }
    expect(await take(await bound())).toBe(true)
    expect(await take(otherBound, { key: other, header: { jwk: otherJwk } })).toBe(true)
    expect(await take(otherBound, { key: other, header: { jwk: otherJwk } })).toBe(false)
  })

  it('a captured proof is useless later, as long as it would be fresh', async () => {
    const guard = resource()
    const token = await bound()
    const proof = (jti: string) => prove(token, { claims: { jti } })
    const take = async (dpop: string, url = API) =>
      (await guard.verify(request({ authorization: `DPoP ${token}`, dpop }, url))).accepted
    const captured = await proof('captured')
    expect(await take(captured)).toBe(true)
    expect(await take(captured, `${API}?x=1`)).toBe(false)
    for (const laterSeconds of [10, 290, 300]) {
      nowSeconds = START + laterSeconds
      expect([laterSeconds, await take(captured)]).toEqual([laterSeconds, false])
      expect(await take(await proof(`other ${laterSeconds}`))).toBe(true)
    }
  })

  it('a proof from a clock that is ahead is remembered until it is too old', async () => {
    const guard = resource()
    const token = await bound()
    const dpop = await prove(token, { claims: { iat: START + 300 } })
    const take = async () => (await guard.verify(request({ authorization: `DPoP ${token}`, dpop }))).accepted
    expect(await take()).toBe(true)
    nowSeconds = START + 599
    expect(await take()).toBe(false)
  })

  it.each<readonly [string, Readonly<Record<string, unknown>>, Requirement, string]>([
    ['an expired token', { exp: START - 31 }, {}, 'error="invalid_token"'],
    ['a missing scope', {}, { scope: ['s2'] }, 'error="insufficient_scope"'],
    ['a sign-in that is too weak', {}, { acr: ['mfa'] }, 'error="insufficient_user_authentication"'],
  ])('a challenge for %s has the scheme of the request', async (_, claims, requirement, error) => {
    const token = await mint({ claims })
    const plain = await answer({ authorization: `Bearer ${token}` }, { requirement })
    expect(plain.challenge).toMatch(new RegExp(`^Bearer .*${error}`))
    const boundToken = await mint({ claims: { ...claims, cnf: { jkt } } })
    const headers = { authorization: `DPoP ${boundToken}`, dpop: await prove(boundToken) }
    expect((await answer(headers, { requirement })).challenge).toMatch(new RegExp(`^DPoP .*${error}`))
  })

  it('an unbound token is refused with the DPoP scheme, and if binding is required', async () => {
    const token = await mint()
    const headers = { authorization: `DPoP ${token}`, dpop: await prove(token) }
    expect(await answer(headers)).toMatchObject({ status: 401, error: 'invalid_token' })
    const options = { dpop: 'required' } as const
    expect(await answer({ authorization: `Bearer ${token}` }, { options })).toMatchObject({ code: 'XAA3010' })
  })

  it('compares htu with the public URL, whatever host a proxy requested', async () => {
    const token = await bound()
    const headers = { authorization: `DPoP ${token}`, dpop: await prove(token) }
    expect(await answer(headers, { url: 'http://10.0.0.7:8080/mcp' })).toMatchObject({ status: 200 })
  })

  it('compares htu with the path as sent, if a proxy strips the beginning of it', async () => {
    const [options, url] = [{ strippedPath: '/mcp' }, 'http://10.0.0.7:8080/tools?x=1']
    const headersFor = async (htu: string) => {
      const token = await bound()
      return { authorization: `DPoP ${token}`, dpop: await prove(token, { claims: { htu } }) }
    }
    expect(await answer(await headersFor(`${API}/tools`), { url, options })).toMatchObject({ status: 200 })
    expect(await answer(await headersFor('https://todo.test/tools'), { url, options })).toMatchObject({
      error: 'invalid_dpop_proof',
    })
    expect(await answer(await headersFor(`${API}/tools`), { url })).toMatchObject({
      error: 'invalid_dpop_proof',
    })
  })
})

describe('the memory of used proofs, when full,', () => {
  const use = (used: UsedProofs, ...proofs: readonly [string, number, string][]) =>
    Promise.all(proofs.map(([key, end, jkt]) => used.use(key, end, jkt)))

  it('deletes the expired, and tells each proof from another until then', async () => {
    let ms = 0
    const used = createUsedProofs(() => ms, 2)
    expect(await use(used, ['a', 10, 'k'], ['a', 10, 'k'], ['b', 10, 'k'])).toEqual([true, false, true])
    ms = 11_000
    expect(await use(used, ['a', 20, 'k'], ['b', 20, 'k'], ['a', 20, 'k'])).toEqual([true, true, false])
  })

  it('refuses proofs as old as those it deleted, of the same key only', async () => {
    const used = createUsedProofs(() => 0, 2)
    await use(used, ['victim', 10, 'k'], ['x', 600, 'other'], ['y', 600, 'other'])
    expect(await use(used, ['victim', 10, 'k'])).toEqual([false])
    expect(await use(used, ['later', 11, 'k'], ['third', 10, 'l'])).toEqual([true, true])
  })

  it('refuses proofs of any key as old as those of keys that it cannot list', async () => {
    const used = createUsedProofs(() => 0, 1)
    await use(used, ['a', 10, 'k'], ['b', 20, 'l'], ['c', 30, 'm'])
    expect(await use(used, ['a', 10, 'k'], ['new', 10, 'n'])).toEqual([false, false])
    expect(await use(used, ['new', 11, 'n'])).toEqual([true])
  })
})

describe('metadata (RS-04, rs-18)', () => {
  it('is at the path-inserted URL and states resource and issuer, without offline_access (RS-07)', async () => {
    const guard = resource({ scopes: ['s1', 'offline_access'], name: 'Todo0' })
    expect(guard.metadataPath).toBe('/.well-known/oauth-protected-resource/mcp')
    const found = guard.findMetadata(new Request(`https://todo.test${guard.metadataPath}`))
    expect(found?.status).toBe(200)
    expect(JSON.parse(found?.body ?? '')).toMatchObject({
      resource: API,
      authorization_servers: [ISSUER],
      bearer_methods_supported: ['header'],
      scopes_supported: ['s1'],
      resource_name: 'Todo0',
    })
    expect(guard.findMetadata(new Request('https://todo.test/mcp'))).toBeUndefined()
    // A server of Node.js knows only the path.
    expect(guard.findMetadata({ method: 'GET', url: guard.metadataPath })).toEqual(found)
    expect(guard.findMetadata({ method: 'GET', url: '/mcp' })).toBeUndefined()
  })

  test.each([
    [API, '', 200],
    [API, '?', 200],
    [API, '?x=1&access_token=y', 200],
    [API, '/', undefined],
    [API, '/?x=1', undefined],
    [`${API}?tenant=a`, '', 200],
    [`${API}?tenant=a`, '&x=1', undefined],
  ])('of %s with %j appended to its URL: %s', (api, behind, status) => {
    const guard = resource({ resource: api })
    expect(guard.findMetadata({ method: 'GET', url: `${guard.metadataUrl}${behind}` })?.status).toBe(status)
    // The query identifies the resource.
    const other = guard.metadataUrl.replace(/\?.*$/, '?tenant=b')
    expect(guard.findMetadata({ method: 'GET', url: other })?.status).toBe(api === API ? 200 : undefined)
  })

  test.each([
    ['required', true],
    ['optional', false],
  ] as const)('with DPoP %s says that binding is required: %s', (dpop, required) => {
    expect(resource({ dpop }).metadata).toMatchObject({ dpop_bound_access_tokens_required: required })
  })

  test.each([
    ['HEAD', 200],
    ['OPTIONS', 204],
    ['POST', 405],
  ])('answers %s with %i', (method, status) => {
    const guard = resource()
    expect(guard.findMetadata({ method, url: guard.metadataUrl })?.status).toBe(status)
  })
})

describe('a long response', () => {
  const isLive = async (headers: Readonly<Record<string, string>>, options = {}) =>
    resource(options).isLive(request(headers))
  const ofToken = async (minting: Minting = {}) => ({ authorization: `Bearer ${await mint(minting)}` })

  it('may continue while its token is live', async () => {
    expect(await isLive(await ofToken())).toBe(true)
    expect(await isLive(await ofToken({ claims: { exp: START - 31 } }))).toBe(false)
    expect(await isLive({})).toBe(false)
  })

  it('ends with the token at its server', async () => {
    const opaque = { authorization: 'Bearer opaque' }
    const options = { introspection: { clientId: 'api', clientSecret: 's' } }
    expect(await isLive(opaque, options)).toBe(true)
    active = false
    expect(await isLive(opaque, options)).toBe(false)
  })

  it.each([
    [-1, true, true],
    [-1, false, false],
    [0, false, true],
    [29, false, true],
    [30, true, false],
  ])(
    'to a call may continue %i seconds after an expiry, if active is %s: %s',
    async (after, isActive, may) => {
      active = isActive
      const guard = resource({ introspection: { clientId: 'api', clientSecret: 's' } })
      const head = request({ authorization: 'Bearer opaque' })
      expect(await guard.mayContinue(head, { expiresAt: START - after })).toBe(may)
    },
  )

  it('ends while the server is unreachable, because the token may be revoked', async () => {
    reachable = false
    expect(await isLive(await ofToken())).toBe(false)
  })
})

describe('options', () => {
  it('reports all problems together', () => {
    const bad = {
      resource: 'http://todo.example',
      issuer: 'https://as.test?x',
      algorithms: ['HS256'],
      audience: 'x',
      clockSkewSeconds: 61,
      introspection: { clientId: 'x', freshnessSeconds: 61 },
    } as unknown as ResourceOptions
    try {
      createResource(bad)
      expect.unreachable()
    } catch (error) {
      expect(error).toBeInstanceOf(InvalidResourceOptions)
      expect((error as InvalidResourceOptions).problems.map((one) => one.split(':')[0])).toEqual([
        'audience',
        'resource',
        'issuer',
        'algorithms',
        'clockSkewSeconds',
        'introspection.clientSecret',
        'introspection.freshnessSeconds',
      ])
    }
  })

  it.each([
    ['timeoutMs', { timeoutMs: 0 }, { timeoutMs: 60_000 }],
    ['timeoutMs', { timeoutMs: 60_001 }, { timeoutMs: 1 }],
    ['jwksUri', { jwksUri: 'http://as.todo.test/jwks' }, { jwksUri: 'https://as.todo.test/jwks' }],
    [
      'jwks and jwksUri',
      { jwks: { keys: [] }, jwksUri: 'https://as.todo.test/jwks' },
      { jwks: { keys: [] } },
    ],
    ['dpop', { dpop: 'Required' }, { dpop: 'required' }],
    ['introspection.endpoint', { endpoint: 'http://as.test/i' }, { endpoint: 'https://as.test/i' }],
    ['introspection.maxEntries', { maxEntries: 0 }, { maxEntries: 1 }],
    ['algorithms', { algorithms: [] }, { algorithms: ['ES256'] }],
    ['algorithms', { algorithms: ['ES256', 'HS256'] }, { algorithms: ['ES256', 'PS256'] }],
    ['algorithms', { algorithms: 'ES256' }, { algorithms: ['EdDSA'] }],
    ['jwks', { jwks: {} }, { jwks: { keys: [] } }],
    ['introspection', { introspection: 'api' }, { introspection: { clientId: 'api', clientSecret: 's' } }],
    ['clockSkewSeconds', { clockSkewSeconds: '30' }, { clockSkewSeconds: 30 }],
  ])('refuses %s in %j, but accepts %j', (option, wrong, right) => {
    const open = (given: object) => {
      const introspection = { clientId: 'api', clientSecret: 's', ...given }
      return resource(option.startsWith('introspection.') ? { introspection } : given)
    }
    expect(() => open(wrong)).toThrow(`\n- ${option}: `)
    expect(() => open(right)).not.toThrow()
  })

  it.each(['/mcp', '/m', 'mcp', '/', '/mcp/', '/mcp?x', '/other'])(
    'strippedPath %j is the path of the resource, or above',
    (strippedPath) => {
      const open = () => resource({ resource: 'https://todo.test/mcp/v1', strippedPath })
      if (strippedPath === '/mcp') expect(open).not.toThrow()
      else expect(open).toThrow(/strippedPath: must be the beginning of the path of `resource`/)
    },
  )

  it('reports refusals without the token', async () => {
    const reports: unknown[] = []
    const token = await mint({ claims: { exp: START - 31 } })
    await answer(
      { authorization: `Bearer ${token}` },
      { options: { onRefused: (report) => reports.push(report) } },
    )
    expect(reports).toEqual([
      { code: 'XAA3003', status: 401, detail: expect.stringMatching(/^expired: exp \d+, now \d+/) },
    ])
  })

  it('reports a requirement that is checked later, and refuses even if the report fails', async () => {
    const codes: string[] = []
    const guard = resource({
      onRefused: ({ code }) => {
        codes.push(code)
        throw new Error('the log is full')
      },
    })
    const verified = await guard.verify(request({ authorization: `Bearer ${await mint()}` }))
    if (!verified.accepted) return expect.unreachable()
    expect(guard.check(verified.value, { scope: ['s2'] })).toMatchObject({ refusal: { status: 403 } })
    expect(codes).toEqual(['XAA3004'])
  })
})
