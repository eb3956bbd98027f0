import { GRANT_TYPE, TOKEN_TYPE } from '@crosswalk/protocol'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { beforeEach, describe, expect, it, test } from 'vitest'

import { clientSecret, clientSecretPost, privateKeyJwt, publicClient } from './client-auth.ts'
import type { LegEvent } from './leg-event.ts'
import type { XaaOptions } from './options.ts'
import type { Session } from './session.ts'
import { API, challenge, IDP, MockWorld, RAS, refuse, START_SECONDS } from './testing/mock-world.ts'
import { type AgentSession, xaa } from './xaa.ts'
import {
  AnswerRefused,
  BlockedByAdmin,
  DiscoveryFailed,
  InvalidOptions,
  NeedsMoreScope,
  SignInAgain,
  StepUpRequired,
  TokenRefused,
  Unavailable,
  XaaError,
} from './xaa-error.ts'

let world: MockWorld
let waits: number[]
beforeEach(async () => {
  world = await MockWorld.create()
  waits = []
})

function agent(options: Partial<XaaOptions> = {}) {
  return xaa({
    idp: IDP,
    client: { id: 'agent0', auth: clientSecret('idp:secret') },
    resources: { [RAS]: { clientId: 'agent0-at-todo0', auth: clientSecret('ras secret') } },
    fetch: world.fetch,
    nowMs: world.nowMs,
    sleepMs: async (ms) => void waits.push(ms),
    ...options,
  })
}

async function alice(options: Partial<XaaOptions> = {}): Promise<AgentSession> {
  const token = await world.idToken('alice')
  return agent(options).as({ getSubjectToken: () => token })
}

const tokenRequests = () => world.seen.filter(({ url }) => url.endsWith('/token'))
const caught = async (work: Promise<unknown>): Promise<unknown> =>
  await work.then(
    () => undefined,
    (error: unknown) => error,
  )

describe('the crossing', () => {
  it('follows no redirect with a token, an ID-JAG or credentials', async () => {
    const redirects = new Map<string, string | undefined>()
    const watching: typeof world.fetch = async (url, init) => {
      redirects.set(new URL(url).pathname, init?.redirect)
      return await world.fetch(url, init)
    }
    const todo = (await alice({ fetch: watching })).at(API, { scope: 'todos.read' })
    await todo.fetch('/todos')
    await todo.fetch(new Request(`${API}/by-request`))
    await todo.fetch('/by-option', { redirect: 'follow' })
    const path = new URL(API).pathname
    expect([...redirects.keys()]).toEqual(
      expect.arrayContaining(['/token', `${path}/todos`, `${path}/by-request`, `${path}/by-option`]),
    )
    expect(new Set(redirects.values())).toEqual(new Set(['manual']))
    await todo.fetch('/no-redirect', { redirect: 'error' })
    expect(redirects.get(`${path}/no-redirect`)).toBe('error')
  })

  it('waits for a server that hangs once, not once for each address of its metadata', async () => {
    for (const hanging of [IDP, API]) {
      const asked: string[] = []
      const fetch: typeof world.fetch = async (url, init) => {
        if (!url.startsWith(new URL(hanging).origin)) return await world.fetch(url, init)
        asked.push(url)
        throw new DOMException('no answer', 'TimeoutError')
      }
      const error = await caught((await alice({ fetch })).at(API).fetch('/todos'))
      expect(error).toBeInstanceOf(Unavailable)
      expect(error).toMatchObject({ leg: 'discovery', evidence: 'no answer in time' })
      expect(asked).toHaveLength(1)
    }
  })

  it('does not wait for the end of a refusal that never ends', async () => {
    const fetch: typeof world.fetch = async (url, init) => {
      if (url !== `${API}/todos`) return await world.fetch(url, init)
      const body = new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array(9)) })
      return new Response(body, {
        status: 401,
        headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
      })
    }
    const error = await caught((await alice({ fetch, timeoutMs: 1000 })).at(API).fetch('/todos'))
    expect(error).toMatchObject({ leg: 'resource', status: 401, oauthError: 'invalid_token' })
  })

  it('accepts an ID token as a string instead of a session', async () => {
    const token = await world.idToken('alice')
    const response = await agent().as(token).at(API, { scope: 'todos.read' }).fetch('/todos')
    expect(await response.json()).toMatchObject({ user: 'local-alice' })
  })

  it.each([undefined, null, {}, '', 42])('explains what a session is if it gets %j', (session) => {
    expect(() => agent().as(session as never)).toThrow(/getSubjectToken|ID token/)
  })

  it('throws if a secret is used in a template', async () => {
    const { value } = await (await alice()).at(API, { scope: 'todos.read' }).token()
    expect(() => `Bearer ${value}`).toThrow('reveal()')
    expect(() => 'Bearer ' + (value as never)).toThrow('reveal()')
    expect(JSON.stringify({ value })).toBe('{"value":"[redacted]"}')
    expect(`Bearer ${value.reveal()}`).toMatch(/^Bearer ey/)
  })

  it('CLI-02, CLI-04, CLI-10, CLI-13 takes the user from ID token to the API', async () => {
    const todo = (await alice()).at(API, { scope: 'todos.read' })
    const response = await todo.fetch('/todos')
    expect(await response.json()).toEqual({ user: 'local-alice', scopes: ['todos.read'], scheme: 'Bearer' })
    const [exchange, redemption] = tokenRequests()
    expect(exchange?.url).toBe(`${IDP}/token`)
    expect(Object.fromEntries(exchange?.form ?? [])).toEqual({
      grant_type: GRANT_TYPE.tokenExchange,
      requested_token_type: TOKEN_TYPE.idJag,
      subject_token: expect.stringMatching(/^eyJ/),
      subject_token_type: TOKEN_TYPE.idToken,
      audience: RAS,
      resource: API,
      scope: 'todos.read',
    })
    expect(redemption?.url).toBe(`${RAS}/token`)
    expect([...(redemption?.form.keys() ?? [])]).toEqual(['grant_type', 'assertion', 'resource'])
    expect(redemption?.form.get('grant_type')).toBe(GRANT_TYPE.jwtBearer)
    expect(world.seen.at(-1)?.url).toBe(`${API}/todos`)
  })

  it('CLI-11 form-urlencodes id and secret before Base64, each server with its own (CLI-01)', async () => {
    await (await alice()).at(API).token()
    const sent = tokenRequests().map(({ headers }) => headers.get('authorization') ?? '')
    expect(sent.map((header) => atob(header.replace('Basic ', '')))).toEqual([
      'agent0:idp%3Asecret',
      'agent0-at-todo0:ras%20secret',
    ])
  })

  it.each([
    ['is required by metadata', clientSecret('s'), ['client_secret_post']],
    ['is configured', clientSecretPost('s'), undefined],
  ])('sends the secret in the body when this %s', async (_, auth, methods) => {
    world.idpMetadata = methods === undefined ? {} : { token_endpoint_auth_methods_supported: methods }
    await (await alice({ client: { id: 'agent0', auth } })).at(API).token()
    const [exchange] = tokenRequests()
    expect(exchange?.form.get('client_secret')).toBe('s')
    expect(exchange?.headers.has('authorization')).toBe(false)
  })

  it.each([
    ['a public client', publicClient(), undefined, 'agent0'],
    ['a server without known methods', clientSecret('s'), ['private_key_jwt'], null],
    ['a server with both methods', clientSecret('s'), ['client_secret_post', 'client_secret_basic'], null],
  ])('sends no secret in the body for %s', async (_, auth, methods, clientId) => {
    world.idpMetadata = { token_endpoint_auth_methods_supported: methods }
    await (await alice({ client: { id: 'agent0', auth } })).at(API).token()
    const [exchange] = tokenRequests()
    expect(exchange?.form.get('client_secret')).toBeNull()
    expect(exchange?.headers.has('authorization')).toBe(clientId === null)
    expect(exchange?.form.get('client_id')).toBe(clientId)
  })

  it.each([
    ['clientSecret', () => clientSecret('')],
    ['clientSecretPost', () => clientSecretPost('')],
    ['clientSecret', () => clientSecret(undefined as unknown as string)],
  ])('%s refuses an empty secret', (name, build) => {
    expect(build).toThrow(`${name}: the secret is empty`)
  })

  it.each([
    ['a public JWK', { kty: 'EC', crv: 'P-256', x: 'x', y: 'y' }],
    ['a secret', 'secret'],
    ['nothing', null],
    ['broken JSON', '{'],
    ['an encrypted PEM', '-----BEGIN ENCRYPTED PRIVATE KEY-----'],
  ])('privateKeyJwt refuses %s', (_, key) => {
    expect(() => privateKeyJwt(key as string)).toThrow('needs a private JWK, its JSON text, or a PKCS#8 PEM')
  })

  it.each([0, 3601, NaN])('privateKeyJwt refuses a lifetime of %d seconds', (lifetimeSeconds) => {
    expect(() => privateKeyJwt('{}', { lifetimeSeconds })).toThrow(RangeError)
  })

  it.each([
    ['ES256', {}, {}],
    ['ES384', {}, { keyId: 'k9' }],
    ['EdDSA', {}, { audience: 'token-endpoint' }],
    ['RS256', {}, { lifetimeSeconds: 1 }],
    ['PS256', { algorithm: 'PS256' }, {}],
  ] as const)('signs with %s, the algorithm of a PEM or the given one', async (algorithm, given, more) => {
    const { exportPKCS8, generateKeyPair } = await import('jose')
    const { privateKey } = await generateKeyPair(algorithm, { extractable: true })
    const auth = privateKeyJwt(await exportPKCS8(privateKey), { ...given, ...more })
    await (await alice({ client: { id: 'agent0', auth } })).at(API).token()
    const assertion = tokenRequests()[0]?.form.get('client_assertion') ?? ''
    expect(decodeProtectedHeader(assertion)).toEqual({
      alg: algorithm,
      typ: 'client-authentication+jwt',
      ...('keyId' in more ? { kid: more.keyId } : {}),
    })
    expect(decodeJwt(assertion)).toMatchObject({
      aud: 'audience' in more ? `${IDP}/token` : IDP,
      exp: START_SECONDS + ('lifetimeSeconds' in more ? more.lifetimeSeconds : 60),
      jti: expect.stringMatching(/^[\w-]{22}$/),
    })
  })

  it.each([
    ['ES384', {}],
    ['ES512', {}],
    ['EdDSA', {}],
    ['RS256', {}],
    ['PS384', { alg: 'PS384' }],
  ])('signs with %s, the algorithm of a JWK with %j, and whole seconds', async (algorithm, label) => {
    const { exportJWK, generateKeyPair } = await import('jose')
    const { privateKey } = await generateKeyPair(algorithm, { extractable: true })
    const { build } = privateKeyJwt({ ...(await exportJWK(privateKey)), ...label })
    const about = { clientId: 'agent0', issuer: IDP, tokenEndpoint: `${IDP}/token` }
    const { params } = await build({ ...about, nowSeconds: START_SECONDS + 0.9 })
    const assertion = params['client_assertion'] ?? ''
    expect(params['client_id']).toBe('agent0')
    expect(decodeProtectedHeader(assertion).alg).toBe(algorithm)
    expect(decodeJwt(assertion)).toMatchObject({ iat: START_SECONDS, exp: START_SECONDS + 60 })
  })

  it('privateKeyJwt fails if the key does not match the given algorithm', async () => {
    const { exportPKCS8, generateKeyPair } = await import('jose')
    const { privateKey } = await generateKeyPair('ES256', { extractable: true })
    const auth = privateKeyJwt(await exportPKCS8(privateKey), { algorithm: 'RS256' })
    const session = await alice({ client: { id: 'agent0', auth } })
    expect(await caught(session.at(API).token())).toMatchObject({
      message: expect.stringContaining('the key does not match the algorithm'),
    })
  })

  it('CLI-12 signs a client assertion for the issuer only', async () => {
    const { exportJWK, generateKeyPair } = await import('jose')
    const { privateKey } = await generateKeyPair('ES256', { extractable: true })
    const auth = privateKeyJwt(JSON.stringify({ ...(await exportJWK(privateKey)), kid: 'a1' }))
    await (await alice({ client: { id: 'agent0', auth } })).at(API).token()
    const assertion = tokenRequests()[0]?.form.get('client_assertion') ?? ''
    expect(decodeProtectedHeader(assertion)).toEqual({
      alg: 'ES256',
      kid: 'a1',
      typ: 'client-authentication+jwt',
    })
    expect(decodeJwt(assertion)).toMatchObject({
      iss: 'agent0',
      sub: 'agent0',
      aud: IDP,
      exp: START_SECONDS + 60,
    })
  })

  it('CLI-03 sends a bare-origin issuer without a slash', async () => {
    world.idp = ({ form }) => refuse('access_denied', { seen: form.get('audience') })
    const registration = { clientId: 'x', auth: clientSecret('s'), tokenEndpoint: 'https://bare.test/token' }
    const session = await alice({ resources: { 'https://bare.test': registration } })
    await caught(session.at('https://api.test', { authorizationServer: 'https://bare.test' }).token())
    expect(tokenRequests()[0]?.form.get('audience')).toBe('https://bare.test')
    expect(tokenRequests()[0]?.form.get('resource')).toBe('https://api.test')
  })

  it.each([
    ['refresh_token', TOKEN_TYPE.refreshToken],
    ['saml2', TOKEN_TYPE.saml2],
  ] as const)('also exchanges a %s', async (type, urn) => {
    const session = agent().as({ getSubjectToken: () => ({ token: 'opaque-subject', type }) })
    await session.at(API).token()
    expect(tokenRequests()[0]?.form.get('subject_token_type')).toBe(urn)
  })

  it('cli-15 continues if metadata does not list the grant profile', async () => {
    world.rasMetadata = { grant_types_supported: [GRANT_TYPE.jwtBearer] }
    expect((await (await alice()).at(API).token()).tokenType).toBe('Bearer')
  })

  it('cli-17 accepts token responses without expires_in and scope', async () => {
    world.exchangeBody = { expires_in: undefined, scope: undefined }
    world.redemptionBody = { expires_in: undefined, scope: undefined }
    const token = await (await alice()).at(API).token()
    expect(token.expiresAt).toBe(START_SECONDS + 600)
  })

  it.each([
    [undefined, 300],
    ['60', 60],
    ['60s', 300],
    ['s60', 300],
    [0, 0],
    [-1, 300],
    [null, 300],
  ])('with expires_in %j, an opaque token lives for %i seconds', async (expires_in, seconds) => {
    world.redemptionBody = { expires_in, access_token: 'opaque' }
    expect((await (await alice()).at(API).token()).expiresAt).toBe(START_SECONDS + seconds)
  })

  it.each([
    [undefined, null],
    [true, 'todos.read'],
  ])('sends the scope to the authorization server only if told to: %s', async (sendScope, sent) => {
    const auth = clientSecret('ras secret')
    const registration = { clientId: 'agent0-at-todo0', auth, ...(sendScope === true ? { sendScope } : {}) }
    const session = await alice({ resources: { [RAS]: registration } })
    await session.at(API, { scope: ['todos.read'] }).token()
    expect(tokenRequests().at(-1)?.form.get('scope')).toBe(sent)
  })

  it('reports each leg, with claims and decision but without tokens', async () => {
    const events: LegEvent[] = []
    const fetch = async (url: string, init?: RequestInit) => {
      world.nowSeconds += 2
      return await world.fetch(url, init)
    }
    const session = await alice({ fetch, onLeg: (event) => events.push(event) })
    await session.at(API).fetch('/todos?x=1')
    expect(events.map(({ ms }) => ms)).toEqual(Array(6).fill(2000))
    expect(events.map(({ leg }) => leg)).toEqual([
      'discovery',
      'discovery',
      'discovery',
      'exchange',
      'redemption',
      'resource',
    ])
    expect(events[3]).toMatchObject({
      url: `${IDP}/token`,
      status: 200,
      claims: { aud: RAS },
      decisionId: expect.stringMatching(/^dec_x/),
    })
    expect(events[4]).toMatchObject({ claims: { sub: 'local-alice', aud: API } })
    expect(events[5]).toMatchObject({ method: 'GET', url: `${API}/todos`, status: 200 })
    expect(JSON.stringify(events)).not.toMatch(/eyJ[\w-]+\./)
  })

  it('reports why a leg failed', async () => {
    const events: LegEvent[] = []
    const session = await alice({ onLeg: (event) => events.push(event) })
    world.api = () => challenge(401, 'error="invalid_token"')
    await caught(session.at(API).fetch('/todos'))
    expect(events.at(-1)).toMatchObject({
      leg: 'resource',
      status: 401,
      error: 'invalid_token',
      code: expect.stringMatching(/^XAA3/),
    })
    world.ras = () => refuse('invalid_grant')
    await caught(session.at(API).token())
    expect(events.at(-1)).toMatchObject({
      leg: 'redemption',
      status: 400,
      error: 'invalid_grant',
      code: expect.stringMatching(/^XAA/),
    })
    world.ras = () => {
      throw new TypeError('fetch failed')
    }
    await caught(session.at(API).token())
    expect(events.at(-1)).toMatchObject({ leg: 'redemption', code: 'XAA5007' })
    expect(events.at(-1)).not.toHaveProperty('status')
  })
})

describe('discovery', () => {
  it('RS-16 requests RFC 8414 first, then both forms of OpenID Connect, and uses the one that names the issuer', async () => {
    const fetch = async (url: string, init?: RequestInit) => {
      const answer = await world.fetch(url, init)
      if (url === 'https://as.todo.test/.well-known/oauth-authorization-server/tenant')
        return Response.json({ issuer: 'https://as.todo.test', token_endpoint: 'https://as.todo.test/token' })
      return url === 'https://as.todo.test/tenant/.well-known/openid-configuration'
        ? Response.json({ issuer: RAS, token_endpoint: `${RAS}/token` })
        : answer
    }
    await (await alice({ fetch })).at(API).token()
    expect(world.seen.map(({ url }) => url).filter((url) => url.includes('as.todo.test/'))).toEqual([
      'https://as.todo.test/.well-known/oauth-authorization-server/tenant',
      'https://as.todo.test/.well-known/openid-configuration/tenant',
      'https://as.todo.test/tenant/.well-known/openid-configuration',
      `${RAS}/token`,
    ])
  })

  it('follows resource_metadata of the 401 if the well-known location has none', async () => {
    const announced = 'https://todo.test/meta'
    world.api = ({ headers }) =>
      headers.has('authorization') ? undefined : challenge(401, `resource_metadata="${announced}"`)
    const fetch = async (url: string, init?: RequestInit) => {
      if (url === announced) return Response.json({ resource: API, authorization_servers: [RAS] })
      if (url.includes('oauth-protected-resource')) return new Response(null, { status: 404 })
      return await world.fetch(url, init)
    }
    expect((await (await alice({ fetch })).at(API).fetch('')).status).toBe(200)
  })

  /** The response of the resource if its metadata is not at the well-known location. */
  const moved = (find: (url: string, method: string) => Response | undefined) => {
    return async (url: string, init?: RequestInit) => {
      const found = find(url, init?.method ?? 'GET')
      if (found !== undefined) return found
      if (url.includes('oauth-protected-resource')) return new Response(null, { status: 404 })
      return await world.fetch(url, init)
    }
  }

  it.each([
    ['https://todo.test/meta', 1],
    ['https://evil.test/meta', 0],
    ['https://todo.test:8443/meta', 0],
    ['http://todo.test/meta', 0],
    ['http://127.0.0.1/meta', 0],
  ])(
    'requests %s, which the resource announces, %i times: only its own origin is trusted',
    async (announced, times) => {
      const asked: string[] = []
      const fetch = moved((url) => {
        if (url === announced) {
          asked.push(url)
          return Response.json({ resource: API, authorization_servers: [RAS] })
        }
        return url === API ? challenge(401, `resource_metadata="${announced}"`) : undefined
      })
      const error = await caught((await alice({ fetch })).at(API).token())
      expect([asked.length, error === undefined]).toEqual([times, times === 1])
    },
  )

  it.each([404, 405])(
    'requests an endpoint that responds to GET with %i by POST, without token and body',
    async (status) => {
      const announced = 'https://todo.test/meta'
      const asked: unknown[] = []
      const fetch = moved((url, method) => {
        if (url === announced) return Response.json({ resource: API, authorization_servers: [RAS] })
        if (url !== API) return undefined
        return method === 'GET'
          ? new Response(null, { status })
          : challenge(401, `resource_metadata="${announced}"`)
      })
      const counting = async (url: string, init?: RequestInit) => {
        if (url === API && init?.method === 'POST') {
          asked.push(init.body)
          expect(new Headers(init.headers).has('authorization')).toBe(false)
        }
        return await fetch(url, init)
      }
      expect((await (await alice({ fetch: counting })).at(API).token()).tokenType).toBe('Bearer')
      expect(asked).toEqual([undefined])
    },
  )

  it.each([
    ['uses metadata at the root of the host if nothing else is announced', API, 'done'],
    ['but not if it names another resource', 'https://todo.test', 'XAA4001'],
  ])('%s', async (_, resource, outcome) => {
    const fetch = moved((url) => {
      if (url === 'https://todo.test/.well-known/oauth-protected-resource')
        return Response.json({ resource, authorization_servers: [RAS] })
      return url === API ? new Response(null, { status: 401 }) : undefined
    })
    const end = await (
      await alice({ fetch })
    )
      .at(API)
      .token()
      .then(
        () => 'done',
        (error: XaaError) => error.code,
      )
    expect(end).toBe(outcome)
  })

  test.each([
    ['cli-07 RAS metadata of another issuer', { rasMetadata: { issuer: 'https://evil.test' } }, 'XAA4003'],
    ['an issuer that differs by a slash', { rasMetadata: { issuer: `${RAS}/` } }, 'XAA4003'],
    ['IdP metadata of another issuer', { idpMetadata: { issuer: 'https://evil.test' } }, 'XAA4003'],
    ['RS-05 metadata of another resource', { prm: { resource: `${API}/` } }, 'XAA4006'],
    ['metadata that names no issuer', { rasMetadata: { issuer: undefined } }, 'XAA4003'],
    ['metadata that names no resource', { prm: { resource: undefined } }, 'XAA4006'],
    ['no authorization server', { prm: { authorization_servers: [] } }, 'XAA4001'],
    ['metadata without a token endpoint', { rasMetadata: { token_endpoint: undefined } }, 'XAA4001'],
    [
      'cli-09 an authorization server without registration',
      { prm: { authorization_servers: ['https://other.test'] } },
      'XAA5005',
    ],
    [
      'cli-10 an http token endpoint',
      { rasMetadata: { token_endpoint: 'http://as.todo.test/token' } },
      'XAA5006',
    ],
    [
      'a server that lists other grants only',
      { rasMetadata: { grant_types_supported: ['authorization_code'] } },
      'XAA5004',
    ],
  ])('%s stops before any credential is sent', async (_, change, code) => {
    Object.assign(world, change)
    const error = await caught((await alice()).at(API).fetch('/todos'))
    expect(error).toBeInstanceOf(DiscoveryFailed)
    expect(error).toMatchObject({ code })
    expect(tokenRequests()).toEqual([])
    expect(world.seen.filter(({ headers }) => headers.has('authorization'))).toEqual([])
  })

  it.each([
    ['http://as.todo.test', 'XAA5006', 0],
    ['https://as.todo.test?x=1', 'XAA5006', 0],
    ['https://as.todo.test', 'XAA4001', 2],
  ])(
    'an app without secrets asks only a secure issuer for metadata: of %s, %s after %i requests',
    async (issuer, code, requests) => {
      world.prm = { authorization_servers: [issuer] }
      const client = { id: 'agent0', auth: publicClient() }
      const session = xaa({ idp: IDP, client, fetch: world.fetch }).as(await world.idToken('alice'))
      expect(await caught(session.at(API).token())).toMatchObject({ code })
      expect(world.seen.filter(({ url }) => url.includes('as.todo.test'))).toHaveLength(requests)
    },
  )

  it('an app without secrets uses only the servers that the option resources lists', async () => {
    const auth = publicClient()
    const elsewhere = { 'https://other.test': { clientId: 'agent0', auth } }
    const session = await alice({ client: { id: 'agent0', auth }, resources: elsewhere })
    expect(await caught(session.at(API).token())).toMatchObject({ code: 'XAA5005' })
    expect(tokenRequests()).toEqual([])
  })

  it.each([
    [
      'one grant for ID-JAGs among others',
      { grant_types_supported: ['refresh_token', GRANT_TYPE.jwtBearer] },
    ],
    [
      'the ID-JAG profile, whatever its grants are',
      {
        grant_types_supported: ['authorization_code'],
        authorization_grant_profiles_supported: ['urn:ietf:params:oauth:grant-profile:id-jag'],
      },
    ],
  ])('uses a server that lists %s', async (_, rasMetadata) => {
    world.rasMetadata = rasMetadata
    expect((await (await alice()).at(API).token()).tokenType).toBe('Bearer')
  })

  it.each([
    [3599, 3],
    [3600, 6],
  ])('keeps metadata for an hour: after %i s it was requested %i times', async (seconds, requests) => {
    const app = agent()
    const request = async () =>
      await app
        .as(await world.idToken('alice'))
        .at(API)
        .token()
    await request()
    world.nowSeconds += seconds
    await request()
    expect(world.seen.filter(({ url }) => url.includes('/.well-known/'))).toHaveLength(requests)
  })

  it.each([
    ['it refuses the tokens of the former one', 'api', () => challenge(401, 'error="invalid_token"')],
    ['the former one is gone', 'ras', () => new Response(null, { status: 503 })],
  ] as const)('finds the new server of a resource that moved, once %s', async (_, who, refusal) => {
    const moved = 'https://new.todo.test'
    world.accessTokenSeconds = 60
    const clientThere = { clientId: 'agent0-at-todo0', auth: publicClient() }
    const fetch = async (url: string, init?: RequestInit) => {
      if (url === `${moved}/.well-known/oauth-authorization-server`)
        return Response.json({ issuer: moved, token_endpoint: `${moved}/token` })
      if (url === `${moved}/token`) return Response.json({ access_token: 'new', token_type: 'Bearer' })
      const token = new Headers(init?.headers).get('authorization')
      return token === 'Bearer new' ? new Response('done') : await world.fetch(url, init)
    }
    const todo = (await alice({ fetch, resources: { [RAS]: clientThere, [moved]: clientThere } })).at(API)
    expect((await todo.fetch('/todos')).status).toBe(200)
    world.prm = { authorization_servers: [moved] }
    world[who] = refusal
    if (who === 'ras') world.nowSeconds += world.accessTokenSeconds
    if (who === 'ras') expect(await caught(todo.fetch('/todos'))).toBeInstanceOf(Unavailable)
    expect(await (await todo.fetch('/todos')).text()).toBe('done')
  })

  it.each([
    [499, 'XAA4001'],
    [500, 'XAA5007'],
    [503, 'XAA5007'],
  ])('metadata of a server that responds with %i: %s', async (status, code) => {
    const fetch = async (url: string, init?: RequestInit) =>
      url.startsWith('https://as.todo.test/.well-known/')
        ? Response.json({ issuer: RAS, token_endpoint: `${RAS}/token` }, { status })
        : await world.fetch(url, init)
    expect(await caught((await alice({ fetch })).at(API).token())).toMatchObject({ code })
    expect(tokenRequests()).toEqual([])
  })

  it('shows both values if metadata names another resource or issuer', async () => {
    world.prm = { resource: `${API}/` }
    const error = await caught((await alice()).at(API).token())
    expect(error).toMatchObject({
      code: 'XAA4006',
      hint: expect.stringMatching(new RegExp(`^resource in https://\\S+: needs ${API}, has ${API}/\\.$`)),
    })
  })

  it('lists every address it tried, with the answer', async () => {
    const fetch = moved((url) =>
      url.startsWith('https://todo.test/') ? new Response(null, { status: 404 }) : undefined,
    )
    const error = await caught((await alice({ fetch })).at(API).token())
    const wellKnown = 'https://todo.test/.well-known/oauth-protected-resource'
    expect(error).toMatchObject({
      code: 'XAA4001',
      hint: `Tried GET ${wellKnown}/mcp: 404, GET ${API}: 404, POST ${API}: 404, GET ${wellKnown}: 404. Check the URL of the resource. If it publishes no metadata, name its issuer in the option authorizationServer.`,
    })
  })

  it('says which servers the option resources has instead', async () => {
    const registration = { clientId: 'agent0-at-todo', auth: clientSecret('s') }
    const error = await caught((await alice({ resources: { [`${RAS}/`]: registration } })).at(API).token())
    expect(error).toMatchObject({
      code: 'XAA5005',
      hint: `The option resources has no ${RAS}, only ${RAS}/. Add it, with the client id and the credentials of this app there.`,
    })
  })

  it('refuses a resource without a URL', async () => {
    const session = await alice()
    expect(() => session.at(undefined as never)).toThrow('undefined: must be an https URL')
  })

  it('names the server that the option resources lacks, if it has none', async () => {
    const session = xaa({ idp: IDP, client: { id: 'agent0', auth: clientSecret('s') }, fetch: world.fetch })
    expect(await caught(session.as('e30.e30.e30').at(API).token())).toMatchObject({
      code: 'XAA5005',
      hint: `The option resources has no ${RAS}. Add it, with the client id and the credentials of this app there.`,
    })
  })

  it('accepts an http token endpoint on a loopback host (CLI-21)', async () => {
    world.rasMetadata = { token_endpoint: 'http://127.0.0.1:9/token' }
    expect(await caught((await alice()).at(API).token())).toMatchObject({ code: 'XAA4005' })
    expect(world.count('http://127.0.0.1:9/token')).toBe(1)
  })

  it('never sends a secret to a server it is not meant for', async () => {
    const { resources: _, ...options } = { resources: undefined }
    const session = xaa({
      idp: IDP,
      client: { id: 'agent0', auth: clientSecret('s') },
      fetch: world.fetch,
      ...options,
    })
    expect(
      await caught(
        session
          .as({ getSubjectToken: () => 'x' })
          .at(API)
          .token(),
      ),
    ).toMatchObject({ code: 'XAA5005' })
    expect(tokenRequests()).toEqual([])
  })
})

describe('responses of the identity provider are checked', () => {
  test.each([
    [
      'cli-01 another issued_token_type',
      { exchangeBody: { issued_token_type: TOKEN_TYPE.accessToken } },
      /issued_token_type/,
    ],
    ['no issued_token_type', { exchangeBody: { issued_token_type: undefined } }, /issued_token_type/],
    ['token_type Bearer', { exchangeBody: { token_type: 'Bearer' } }, /token_type/],
    ['cli-03 an empty access_token', { exchangeBody: { access_token: '' } }, /empty/],
    ['an access_token that is no text', { exchangeBody: { access_token: 7 } }, /empty/],
    [
      'a byte more than the longest access_token',
      { exchangeBody: { access_token: 'x'.repeat(65_537) } },
      /longer than 64 KiB/,
    ],
    [
      'the longest access_token, if no JWT',
      { exchangeBody: { access_token: 'x'.repeat(65_536) } },
      /not a JWT/,
    ],
    ['no resource in the response', { exchangeBody: { resource: [] } }, /resource/],
    ['something other than a JWT', { exchangeBody: { access_token: 'abc' } }, /not a JWT/],
    ['another resource in the response', { exchangeBody: { resource: 'https://other.test' } }, /resource/],
    ['a JWT of another type', { idJagHeader: { typ: 'at+jwt' } }, /typ/],
    [
      'another iss',
      { idJagClaims: { iss: 'https://evil.test' } },
      /iss .*needs https:\/\/idp.*has https:\/\/evil\.test/,
    ],
    ['another aud', { idJagClaims: { aud: 'https://evil.test' } }, /aud .*has https:\/\/evil\.test/],
    ['a second aud', { idJagClaims: { aud: [RAS, 'https://evil.test'] } }, /aud/],
    ['the same aud twice', { idJagClaims: { aud: [RAS, RAS] } }, /aud/],
    [
      'another client_id',
      { idJagClaims: { client_id: 'agent0' } },
      /client_id of the ID-JAG: needs .+, has agent0$/,
    ],
    ['another resource', { idJagClaims: { resource: 'https://other.test' } }, /resource/],
    ['a second resource', { idJagClaims: { resource: [API, 'https://other.test'] } }, /resource/],
    [
      'exp 30 s ago',
      { idJagClaims: { exp: START_SECONDS - 30 } },
      new RegExp(
        `exp .*needs after ${START_SECONDS - 30} by the clock of this app, has ${START_SECONDS - 30}`,
      ),
    ],
    ['no exp', { idJagClaims: { exp: 'soon' } }, /exp/],
    ['a key that was not proved', { idJagClaims: { cnf: { jkt: 'x' } } }, /key/],
  ])('CLI-06 to CLI-09: %s is discarded, and nothing is sent to the RAS', async (_, change, evidence) => {
    Object.assign(world, change)
    const error = await caught((await alice()).at(API).fetch('/todos'))
    expect(error).toBeInstanceOf(AnswerRefused)
    expect(error).toMatchObject({ code: 'XAA5003', evidence: expect.stringMatching(evidence) })
    expect(world.count(`${RAS}/token`)).toBe(0)
    expect(world.count(`${API}/todos`)).toBe(0)
  })

  test.each([
    ['exp 29 s ago', { idJagClaims: { exp: START_SECONDS - 29 } }],
    ['aud as a list of one', { idJagClaims: { aud: [RAS] } }],
    ['resource as a list of one', { idJagClaims: { resource: [API] } }],
    ['application/ before typ', { idJagHeader: { typ: 'application/oauth-id-jag+jwt' } }],
    ['no resource claim', { idJagClaims: { resource: undefined } }],
    ['token_type in lower case', { exchangeBody: { token_type: 'n_a' } }],
  ])('%s is accepted', async (_, change) => {
    Object.assign(world, change)
    await caught((await alice()).at(API).token())
    expect(world.count(`${RAS}/token`)).toBe(1)
  })

  it.each([
    ['names it', {}, API],
    ['names none', { idJagClaims: { resource: undefined } }, null],
    ['is encrypted', { exchangeBody: { access_token: 'a.b.c.d.e' } }, API],
  ])(
    'the resource is sent to the RAS, unless the ID-JAG shows that it names none: it %s',
    async (_, change, sent) => {
      Object.assign(world, change)
      await caught((await alice()).at(API).token())
      expect(tokenRequests().at(-1)).toMatchObject({ url: `${RAS}/token` })
      expect(tokenRequests().at(-1)?.form.get('resource')).toBe(sent)
    },
  )

  test.each([
    ['an empty access_token', { access_token: '' }, /empty or malformed/],
    ['an access_token that is no text', { access_token: 7 }, /empty or malformed/],
    ['an access_token with a space', { access_token: 'two words' }, /empty or malformed/],
    ['an access_token with a line after it', { access_token: 'one\nCookie: x' }, /empty or malformed/],
    ['a byte more than the longest access_token', { access_token: 'x'.repeat(65_537) }, /longer than 64 KiB/],
    ['token_type mac', { token_type: 'mac' }, /neither Bearer nor DPoP/],
    ['a token_type that is no text', { token_type: { toString: 1 } }, /neither Bearer nor DPoP/],
    ['no token_type', { token_type: undefined }, /neither Bearer nor DPoP/],
    ['token_type DPoP without a key', { token_type: 'DPoP' }, /although the app proved no key/],
    ['another resource', { resource: ['https://other.test'] }, /resource/],
    ['a second resource', { resource: [API, 'https://other.test'] }, /resource/],
    ['a resource that is no text', { resource: 7 }, /resource/],
  ])('%s from the RAS never reaches the API', async (_, redemptionBody, evidence) => {
    Object.assign(world, { redemptionBody })
    const error = await caught((await alice()).at(API).fetch('/todos'))
    expect(error).toBeInstanceOf(AnswerRefused)
    expect(error).toMatchObject({
      code: 'XAA5003',
      leg: 'redemption',
      evidence: expect.stringMatching(evidence),
    })
    expect(world.count(`${API}/todos`)).toBe(0)
  })

  test.each([
    ['the longest access_token', { access_token: 'x'.repeat(65_536) }, { expiresAt: START_SECONDS + 600 }],
    ['token_type in lower case', { token_type: 'bearer' }, { tokenType: 'Bearer' }],
    ['its resource in a list', { resource: [API] }, { tokenType: 'Bearer' }],
    ['expires_in as text', { expires_in: '90' }, { expiresAt: START_SECONDS + 90 }],
    ['expires_in of no seconds', { expires_in: 0 }, { expiresAt: START_SECONDS }],
    ['a negative expires_in, and an exp', { expires_in: -1 }, { expiresAt: START_SECONDS + 600 }],
    ['an expires_in that is no number, and an exp', { expires_in: '9x' }, { expiresAt: START_SECONDS + 600 }],
    ['fewer scopes', { scope: 'todos.read' }, { scope: ['todos.read'] }],
    ['a scope that is no text', { scope: 7 }, { scope: ['todos.read', 'todos.write'] }],
  ])('%s from the RAS is accepted', async (_, redemptionBody, token) => {
    Object.assign(world, { redemptionBody })
    expect(await (await alice()).at(API).token()).toMatchObject(token)
  })
})

describe('responses of any length and shape', () => {
  const withLength = (bytes: number) => {
    const text = '{"error":"access_denied"}'
    return new Response(text.padEnd(bytes), { status: 400 })
  }
  it.each([
    [1_048_576, 'XAA5001'],
    [1_048_577, 'XAA5007'],
  ])('a response of %i bytes: %s', async (bytes, code) => {
    world.idp = () => withLength(bytes)
    expect(await caught((await alice()).at(API).token())).toMatchObject({ code })
  })

  it('a character that arrives in two parts is one', async () => {
    world.api = () => {
      const bytes = new TextEncoder().encode('{"code":"XAA3002","error":"é"}')
      const cut = bytes.indexOf(0xc3) + 1
      const body = new ReadableStream({
        start(controller) {
          for (const part of [bytes.slice(0, cut), bytes.slice(cut)]) controller.enqueue(part)
          controller.close()
        },
      })
      return new Response(body, { status: 401 })
    }
    expect(await caught((await alice()).at(API).fetch('/todos'))).toMatchObject({ code: 'XAA3002' })
  })
})

describe('tokens are cached per user and use (CLI-20)', () => {
  it('ten concurrent requests make one crossing', async () => {
    const todo = (await alice()).at(API)
    await Promise.all(Array.from({ length: 10 }, () => todo.fetch('/todos')))
    expect(tokenRequests()).toHaveLength(2)
    expect(world.count(`${API}/todos`)).toBe(10)
  })

  it('keeps users separate, even under one session id', async () => {
    const app = agent()
    const users = await Promise.all(['alice', 'carol', 'alice'].map(async (sub) => await world.idToken(sub)))
    const answers: unknown[] = []
    for (const token of users) {
      const session = app.as({ id: 's1', getSubjectToken: () => token })
      answers.push(await (await session.at(API).fetch('/todos')).json())
    }
    expect(answers.map((answer) => (answer as { user: string }).user)).toEqual([
      'local-alice',
      'local-carol',
      'local-alice',
    ])
    expect(tokenRequests()).toHaveLength(4)
  })

  it('keeps sessions of one user separate, but recognizes a session by its id', async () => {
    const app = agent()
    const token = await world.idToken('alice')
    const session = (id?: string): Session => ({
      ...(id === undefined ? {} : { id }),
      getSubjectToken: () => token,
    })
    for (const one of [session(), session(), session('s1'), session('s1'), session('s2')])
      await app.as(one).at(API).token()
    expect(tokenRequests()).toHaveLength(8)
  })

  it('crosses again for another set of scopes, but not for another order', async () => {
    const session = await alice()
    for (const scope of ['todos.read todos.write', ['todos.write', 'todos.read'], 'todos.read'])
      await session.at(API, { scope }).token()
    expect(tokenRequests()).toHaveLength(4)
  })

  it('crosses again after a new sign-in, whose acr may differ', async () => {
    let token = await world.idToken('alice')
    const session = agent().as({ getSubjectToken: () => token })
    await session.at(API).token()
    token = await world.idToken('alice', { auth_time: START_SECONDS + 1, acr: 'mfa' })
    await session.at(API).token()
    expect(tokenRequests()).toHaveLength(4)
  })

  it('gives no tokens after sign-out, and drops them on request', async () => {
    let token: string | undefined = await world.idToken('alice')
    const session = agent().as({ id: 's', getSubjectToken: () => token })
    await session.at(API).token()
    session.forget()
    await session.at(API).token()
    expect(tokenRequests()).toHaveLength(4)
    token = undefined
    const error = await caught(session.at(API).fetch('/todos'))
    expect(error).toBeInstanceOf(SignInAgain)
    expect(error).toMatchObject({ code: 'XAA5002' })
  })

  it.each([
    [569, 2],
    [570, 4],
  ])(
    'a token of 600 s is renewed 30 s before its end: after %i s there were %i token requests',
    async (s, count) => {
      const todo = (await alice()).at(API)
      await todo.token()
      world.nowSeconds += s
      await todo.token()
      expect(tokenRequests()).toHaveLength(count)
    },
  )

  it.each([
    [9, 2],
    [10, 4],
  ])('a token of 20 s is kept for 10 s: after %i s there were %i token requests', async (s, count) => {
    world.accessTokenSeconds = 20
    const todo = (await alice()).at(API)
    await todo.token()
    world.nowSeconds += s
    await todo.token()
    expect(tokenRequests()).toHaveLength(count)
  })

  it('keeps at most `maxSessions` sessions with an id, those used last', async () => {
    const app = agent({ maxSessions: 2 })
    const token = await world.idToken('alice')
    const requests: number[] = []
    for (const id of ['a', 'b', 'a', 'c', 'a', 'b']) {
      world.seen.length = 0
      await app
        .as({ id, getSubjectToken: () => token })
        .at(API)
        .token()
      requests.push(tokenRequests().length)
    }
    expect(requests).toEqual([2, 2, 0, 2, 0, 2])
  })

  it('drops the tokens of a session without an id on request, and no others', async () => {
    const app = agent()
    const token = await world.idToken('alice')
    const [one, other] = [app.as({ getSubjectToken: () => token }), app.as({ getSubjectToken: () => token })]
    for (const session of [one, other]) await session.at(API).token()
    one.forget()
    world.seen.length = 0
    await other.at(API).token()
    expect(tokenRequests()).toHaveLength(0)
    await one.at(API).token()
    expect(tokenRequests()).toHaveLength(2)
  })

  it.each([null, ''])('a session that returns %j is signed out', async (token) => {
    const error = await caught(
      agent()
        .as({ getSubjectToken: () => token })
        .at(API)
        .token(),
    )
    expect(error).toMatchObject({ name: 'SignInAgain', code: 'XAA5002' })
    expect(tokenRequests()).toEqual([])
  })

  it.each([
    { token: '', type: 'id_token' },
    { token: 7, type: 'id_token' },
    { token: 'x', type: 'access_token' },
  ])('a session must not return %j', async (given) => {
    const session = agent().as({ getSubjectToken: () => given as never })
    await expect(session.at(API).token()).rejects.toThrow(/^getSubjectToken\(\) must return/)
    expect(tokenRequests()).toEqual([])
  })
})

describe('renewal', () => {
  it('a 401 leads to exactly one new crossing, even for ten concurrent requests (REV-09)', async () => {
    const todo = (await alice()).at(API)
    const old = (await todo.token()).value.reveal()
    world.api = ({ headers }) =>
      headers.get('authorization') === `Bearer ${old}` ? challenge(401, 'error="invalid_token"') : undefined
    const answers = await Promise.all(Array.from({ length: 10 }, () => todo.fetch('/todos')))
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200))
    expect(tokenRequests()).toHaveLength(4)
  })

  it('a revoked token is dropped at the first 401, and the server that revoked it refuses a new one', async () => {
    const todo = (await alice()).at(API)
    expect((await todo.fetch('/todos')).status).toBe(200)
    world.api = () => challenge(401, 'error="invalid_token"')
    world.idp = () => refuse('access_denied')
    expect(await caught(todo.fetch('/todos'))).toBeInstanceOf(BlockedByAdmin)
    expect(world.count(`${API}/todos`)).toBe(2)
    // The old token is not used again.
    expect(await caught(todo.fetch('/todos'))).toBeInstanceOf(BlockedByAdmin)
    expect(world.count(`${API}/todos`)).toBe(2)
  })

  it('cli-13 two consecutive 401s end it', async () => {
    world.api = () => challenge(401, 'error="invalid_token"')
    const error = await caught((await alice()).at(API).fetch('/todos'))
    expect(error).toBeInstanceOf(TokenRefused)
    expect(world.count(`${API}/todos`)).toBe(2)
    expect(tokenRequests()).toHaveLength(4)
  })

  it.each([
    ['a stream', new Blob(['x']).stream()],
    [
      'an iterator',
      (async function* read() {
        yield 'x'
      })(),
    ],
  ])('never sends %s twice, since it would be empty', async (_, body) => {
    world.api = () => challenge(401, 'error="invalid_token"')
    const init = { method: 'POST', body: body as ReadableStream }
    await expect((await alice()).at(API).fetch('', init)).rejects.toThrow(TokenRefused)
    expect(world.count(API)).toBe(1)
  })

  it('asks the session again when the ID token has expired, and then accepts a refresh token (CLI-16)', async () => {
    const idToken = await world.idToken('alice', { exp: START_SECONDS })
    const reasons: string[] = []
    const session = agent().as({
      getSubjectToken: ({ reason }) => {
        reasons.push(reason)
        return reason === 'use' ? idToken : { token: 'the-refresh-token', type: 'refresh_token' }
      },
    })
    await session.at(API).token()
    await session.at(API).token()
    expect(reasons).toEqual(['use', 'expired', 'use', 'expired'])
    expect(tokenRequests()).toHaveLength(2)
    expect(tokenRequests()[0]?.form.get('subject_token')).toBe('the-refresh-token')
  })

  it.each([
    [START_SECONDS, 'SignInAgain'],
    [START_SECONDS + 1, undefined],
  ])('does not send the replacement of an expired token if it expires at %i', async (exp, name) => {
    const [expired, other] = [
      await world.idToken('alice', { exp: START_SECONDS }),
      await world.idToken('alice', { exp, nonce: 'n' }),
    ]
    const session = agent().as({ getSubjectToken: ({ reason }) => (reason === 'use' ? expired : other) })
    const error = await caught(session.at(API).token())
    expect(error === undefined ? undefined : (error as Error).name).toBe(name)
    expect(tokenRequests()).toHaveLength(name === undefined ? 2 : 0)
  })

  it('asks the session again when the subject token is rejected, and retries only with a different token', async () => {
    const [first, second] = [await world.idToken('alice'), await world.idToken('alice', { nonce: 'n' })]
    world.idp = ({ form }) => (form.get('subject_token') === first ? refuse('invalid_grant') : undefined)
    const renewing = agent().as({ getSubjectToken: ({ reason }) => (reason === 'rejected' ? second : first) })
    expect((await renewing.at(API).token()).tokenType).toBe('Bearer')
    const stubborn = agent().as({ getSubjectToken: () => first })
    world.seen.length = 0
    expect(await caught(stubborn.at(API).token())).toBeInstanceOf(SignInAgain)
    expect(tokenRequests()).toHaveLength(1)
  })

  describe('a session that returns a different token each time', () => {
    const refuseAll = () => refuse('invalid_grant', { error_description: 'refused' })

    it.each([
      ['another user', async (count: number) => await world.idToken(`user-${count}`)],
      ['another refresh token', (count: number) => ({ token: `r-${count}`, type: 'refresh_token' as const })],
    ])('%s is tried three times, then the last refusal is thrown', async (_, getToken) => {
      world.idp = refuseAll
      let count = 0
      const session = agent().as({ getSubjectToken: () => getToken((count += 1)) })
      const error = await caught(session.at(API).token())
      expect(error).toMatchObject({ name: 'SignInAgain', leg: 'exchange', oauthError: 'invalid_grant' })
      expect(world.count(`${IDP}/token`)).toBe(3)
    })

    it('expired tokens are also tried three times', async () => {
      let count = 0
      const session = agent().as({
        getSubjectToken: async () => await world.idToken(`user-${(count += 1)}`, { exp: START_SECONDS }),
      })
      expect(await caught(session.at(API).token())).toMatchObject({ name: 'SignInAgain', code: 'XAA1202' })
      expect(tokenRequests()).toEqual([])
    })

    it('uses the first accepted token, even the second one after the first request', async () => {
      const idToken = await world.idToken('alice', { exp: START_SECONDS })
      world.idp = ({ form }) => (form.get('subject_token') === 'r-2' ? undefined : refuse('invalid_grant'))
      const token = (count: number) => ({ token: `r-${count}`, type: 'refresh_token' as const })
      const answers = { use: idToken, expired: token(1), rejected: token(2) }
      const session = agent().as({ getSubjectToken: ({ reason }) => answers[reason] })
      expect((await session.at(API).token()).tokenType).toBe('Bearer')
    })
  })

  it('a refresh token that rotates each time is one sign-in if the session has an id (CLI-16)', async () => {
    const idToken = await world.idToken('alice', { exp: START_SECONDS })
    let count = 0
    const use = async (id: object) => {
      const session = agent().as({
        ...id,
        getSubjectToken: ({ reason }) =>
          reason === 'use' ? idToken : { token: `r-${(count += 1)}`, type: 'refresh_token' },
      })
      world.seen.length = 0
      await session.at(API).token()
      await session.at(API).token()
      return tokenRequests()
        .map(({ form }) => form.get('subject_token'))
        .filter((one) => one !== null)
    }
    expect(await use({ id: 'session-1' })).toEqual(['r-1'])
    // Nothing proves that the second is of the same user.
    expect(await use({})).toEqual(['r-2', 'r-3'])
  })

  it('the token of another user after an expired one is not kept for the first (CLI-20)', async () => {
    const expired = await world.idToken('alice', { exp: START_SECONDS })
    const carol = await world.idToken('carol')
    const app = agent()
    const session = (renewed: string) =>
      app.as({ id: 's1', getSubjectToken: ({ reason }) => (reason === 'use' ? expired : renewed) })
    const readUser = async (token: string) =>
      ((await (await session(token).at(API).fetch('/todos')).json()) as { user: string }).user
    expect(await readUser(carol)).toBe('local-carol')
    expect(await readUser(await world.idToken('alice', { nonce: 'n' }))).toBe('local-alice')
  })

  it('requests a new ID-JAG rather than caching one (CLI-17)', async () => {
    world.accessTokenSeconds = 20
    const todo = (await alice()).at(API)
    await todo.token()
    world.nowSeconds += 30
    await todo.token()
    expect(world.count(`${IDP}/token`)).toBe(2)
    expect(world.count(`${RAS}/token`)).toBe(2)
  })

  it('sends an ID-JAG twice only if that is known to work, and never again once refused (CLI-16)', async () => {
    const registration = { clientId: 'agent0-at-todo0', auth: clientSecret('s'), reusesIdJag: true }
    world.accessTokenSeconds = 20
    const todo = (await alice({ resources: { [RAS]: registration } })).at(API)
    await todo.token()
    world.nowSeconds += 30
    await todo.token()
    // The mock accepts each ID-JAG once: the second attempt fails, then one new crossing succeeds.
    expect(world.count(`${IDP}/token`)).toBe(2)
    expect(world.count(`${RAS}/token`)).toBe(3)
    for (const more of [1, 2]) {
      world.nowSeconds += 30
      await todo.token()
      expect([world.count(`${IDP}/token`), world.count(`${RAS}/token`)]).toEqual([2 + more, 3 + more])
    }
  })

  it('a new ID-JAG that is refused is not replaced, even where ID-JAGs are sent twice', async () => {
    const registration = { clientId: 'agent0-at-todo0', auth: clientSecret('s'), reusesIdJag: true }
    world.ras = () => refuse('invalid_grant')
    const session = await alice({ resources: { [RAS]: registration } })
    expect(await caught(session.at(API).token())).toMatchObject({ name: 'GrantRefused' })
    expect([world.count(`${IDP}/token`), world.count(`${RAS}/token`)]).toEqual([1, 1])
  })
})

describe('scope (STEP-08)', () => {
  it('cli-12 a 403 leads to one new crossing with the union of scopes', async () => {
    const todo = (await alice()).at(API, { scope: 'todos.read' })
    const response = await todo.fetch('/todos', { method: 'POST', body: '{}' })
    expect(response.status).toBe(200)
    const scopes = tokenRequests()
      .filter(({ url }) => url.startsWith(IDP))
      .map(({ form }) => form.get('scope'))
    expect(scopes).toEqual(['todos.read', 'todos.read todos.write'])
    await todo.fetch('/todos', { method: 'POST', body: '{}' })
    expect(tokenRequests()).toHaveLength(4)
    // The second call sends the wider token at once.
    expect(world.count(`${API}/todos`)).toBe(3)
  })

  it('repeats a request whose token was too narrow after another one got a wider token', async () => {
    const todo = (await alice()).at(API, { scope: 'todos.read' })
    let release = () => {}
    const held = new Promise<void>((resolve) => (release = resolve))
    let posts = 0
    world.api = async () => {
      posts += 1
      if (posts > 1) return undefined
      await held
      return challenge(403, 'error="insufficient_scope", scope="todos.write"')
    }
    const slow = todo.fetch('/todos', { method: 'POST', body: '{}' })
    await todo.fetch('/todos', { method: 'POST', body: '{}' })
    release()
    expect((await slow).status).toBe(200)
    expect(tokenRequests()).toHaveLength(4)
  })

  it('states what is missing if the organisation grants no more', async () => {
    world.allowed = ['todos.read']
    const todo = (await alice()).at(API, { scope: 'todos.read' })
    const error = await caught(todo.fetch('/todos', { method: 'POST', body: '{}' }))
    expect(error).toBeInstanceOf(NeedsMoreScope)
    expect(error).toMatchObject({
      code: 'XAA3004',
      missing: ['todos.write'],
      hint: expect.stringContaining('add them to the connection'),
    })
    expect(String(error)).toContain('needs todos.write')
    expect(world.count(`${API}/todos`)).toBe(2)
    expect((await todo.fetch('/todos')).status).toBe(200)
  })

  it('names only the scopes that the resource needs if the identity provider refuses a wider token', async () => {
    const todo = (await alice()).at(API, { scope: 'todos.read' })
    await todo.token()
    world.idp = () => refuse('invalid_scope')
    const error = await caught(todo.fetch('/todos', { method: 'POST', body: '{}' }))
    expect(error).toMatchObject({ name: 'NeedsMoreScope', leg: 'exchange', missing: ['todos.write'] })
    const page = `${IDP}/request`
    world.idp = () => Response.json({ error: 'invalid_scope', error_uri: page }, { status: 400 })
    expect(await caught(todo.fetch('/todos', { method: 'POST', body: '{}' }))).toMatchObject({
      ...{ missing: ['todos.write'], requestAccessUrl: page },
    })
    world.idp = () => refuse('access_denied')
    expect(await caught(todo.fetch('/todos', { method: 'POST', body: '{}' }))).toMatchObject({
      name: 'BlockedByAdmin',
      leg: 'exchange',
    })
  })

  it.each([
    ['XAA3009', 'XAA3009'],
    ['XAA1502', 'XAA3004'],
    [7, 'XAA3004'],
  ])(
    'a 403 of the API with the code %j: %s, with the scopes that the token lacks',
    async (code, expected) => {
      const scope = 'todos.read todos.write'
      const header = `Bearer error="insufficient_scope", scope="${scope}"`
      world.api = () => Response.json({ code }, { status: 403, headers: { 'www-authenticate': header } })
      world.allowed = ['todos.read']
      const todo = (await alice()).at(API, { scope: ['todos.read', 'todos.write'] })
      expect(await caught(todo.fetch('/todos'))).toMatchObject({ code: expected, missing: ['todos.write'] })
      expect(world.count(`${API}/todos`)).toBe(1)
    },
  )

  it('leaves any other 403 to the app', async () => {
    world.api = () => new Response('no', { status: 403 })
    expect((await (await alice()).at(API).fetch('/todos')).status).toBe(403)
    expect(world.count(`${API}/todos`)).toBe(1)
  })
})

describe('refusals are final (CLI-14, CLI-15)', () => {
  test.each([
    ['access_denied', BlockedByAdmin, 'XAA5001'],
    ['invalid_target', BlockedByAdmin, 'XAA1401'],
    ['unauthorized_client', BlockedByAdmin, 'XAA1104'],
    ['invalid_scope', NeedsMoreScope, 'XAA1602'],
    ['invalid_grant', SignInAgain, 'XAA1201'],
  ])('%s at the identity provider: one request, and no retry', async (error, type, code) => {
    world.idp = () => refuse(error)
    const thrown = await caught((await alice()).at(API).fetch('/todos'))
    expect(thrown).toBeInstanceOf(type)
    expect(thrown).toBeInstanceOf(XaaError)
    expect(thrown).toMatchObject({ code, decisionId: 'dec_no', leg: 'exchange', server: IDP })
    expect(tokenRequests()).toHaveLength(1)
    expect(waits).toEqual([])
  })

  it.each([
    ['access_denied', ['use']],
    ['invalid_grant', ['use', 'rejected']],
  ])(
    'after %s the session is asked for %j: only a rejected sign-in can be replaced',
    async (error, asked) => {
      const reasons: string[] = []
      world.idp = () => refuse(error)
      const session = agent().as({
        getSubjectToken: async ({ reason }) => {
          reasons.push(reason)
          return await world.idToken('alice', { nonce: reason })
        },
      })
      expect(await caught(session.at(API).token())).toBeInstanceOf(XaaError)
      expect(reasons).toEqual(asked)
    },
  )

  it.each(['access_denied', 'invalid_scope'])(
    '%s at the identity provider states where to request access, but not at another server',
    async (error) => {
      const uri = 'https://elsewhere.test/ask?app=agent0'
      world.idp = () => refuse(error, { error_uri: uri })
      expect(await caught((await alice()).at(API).token())).toMatchObject({
        requestAccessUrl: uri,
        docs: uri,
      })
      world.idp = () => refuse(error, { error_uri: 'http://elsewhere.test/ask' })
      expect(await caught((await alice()).at(API).token())).toMatchObject({
        requestAccessUrl: undefined,
        docs: undefined,
      })
      world.idp = () => undefined
      world.ras = () => refuse(error, { error_uri: uri })
      const refused = (await caught((await alice()).at(API).token())) as BlockedByAdmin
      expect([refused.leg, refused.docs, refused.requestAccessUrl]).toEqual(['redemption', uri, undefined])
    },
  )

  it('a rejected ID-JAG is not sent again', async () => {
    world.ras = () => refuse('invalid_grant')
    expect(await caught((await alice()).at(API).token())).toMatchObject({
      name: 'GrantRefused',
      code: 'XAA5008',
      message: expect.stringContaining('does not tell why'),
      hint: expect.not.stringContaining('not trusted'),
    })
    expect(world.count(`${RAS}/token`)).toBe(1)
  })

  it('CLI-19 step-up adds acr_values and max_age to the sign-in', async () => {
    world.idp = () => refuse('insufficient_user_authentication', { acr_values: 'mfa', max_age: 5 })
    const error = await caught((await alice()).at(API).token())
    expect(error).toBeInstanceOf(StepUpRequired)
    const stepUp = error as StepUpRequired
    expect(stepUp.signInParameters).toEqual({ acr_values: 'mfa', max_age: '5' })
    expect(stepUp.signInUrl(`${IDP}/auth?client_id=agent0`)).toBe(
      `${IDP}/auth?client_id=agent0&acr_values=mfa&max_age=5`,
    )
  })

  it.each([
    ['', 0, { max_age: '0' }],
    [7, '60', { max_age: '60' }],
    ['mfa', -1, { acr_values: 'mfa' }],
    ['mfa', 1.5, { acr_values: 'mfa' }],
    ['mfa', '5s', { acr_values: 'mfa' }],
    ['mfa', 's5', { acr_values: 'mfa' }],
    ['mfa', true, { acr_values: 'mfa' }],
  ])('acr_values %j and max_age %j of a step-up lead to %j', async (acr_values, max_age, parameters) => {
    world.idp = () => refuse('insufficient_user_authentication', { acr_values, max_age })
    const error = await caught((await alice()).at(API).token())
    expect((error as StepUpRequired).signInParameters).toEqual(parameters)
  })

  it('STEP-06 a step-up challenge by the API has the same effect', async () => {
    world.api = () =>
      challenge(401, 'error="insufficient_user_authentication", acr_values="mfa", max_age="60"')
    const error = await caught((await alice()).at(API).fetch('/todos'))
    expect(error).toMatchObject({ name: 'StepUpRequired', acrValues: 'mfa', maxAgeSeconds: 60 })
    expect(world.count(`${API}/todos`)).toBe(1)
  })

  describe('a step-up happens once (STEP-07)', () => {
    /** One session whose host signs in again: each time with a new token of the given strength. */
    function host() {
      const tokens: string[] = []
      const session = agent().as({ id: 'session-1', getSubjectToken: () => tokens.at(-1) })
      const signIn = async (claims: Readonly<Record<string, unknown>>) => {
        tokens.push(await world.idToken('alice', claims))
      }
      return { access: session.at(API), signIn }
    }
    const asksForMfa = ({ form }: { form: URLSearchParams }) =>
      decodeJwt(form.get('subject_token') ?? '').acr === 'mfa'
        ? undefined
        : refuse('insufficient_user_authentication', { acr_values: 'mfa' })

    it('and the new sign-in is used if it is strong enough', async () => {
      const { access, signIn } = host()
      world.idp = asksForMfa
      await signIn({ acr: 'pwd' })
      expect(await caught(access.token())).toBeInstanceOf(StepUpRequired)
      await signIn({ acr: 'mfa' })
      expect((await access.token()).tokenType).toBe('Bearer')
      await signIn({ acr: 'pwd' })
      expect(await caught(access.token())).toBeInstanceOf(StepUpRequired)
    })

    it('and is not required again if the new sign-in is equally weak, even with the same auth_time', async () => {
      const { access, signIn } = host()
      world.idp = asksForMfa
      await signIn({ acr: 'pwd', auth_time: 1 })
      expect(await caught(access.token())).toBeInstanceOf(StepUpRequired)
      expect(await caught(access.token())).toBeInstanceOf(StepUpRequired)
      await signIn({ acr: 'pwd', auth_time: 1, nonce: 'second' })
      const failed = await caught(access.token())
      expect(failed).toMatchObject({
        name: 'StepUpFailed',
        code: 'XAA1801',
        acrValues: 'mfa',
        leg: 'exchange',
      })
      expect(failed).not.toBeInstanceOf(StepUpRequired)
      expect(await caught(access.token())).toBeInstanceOf(StepUpRequired)
    })

    it('and a sign-in long after does not count as its answer', async () => {
      const { access, signIn } = host()
      world.idp = asksForMfa
      await signIn({ acr: 'pwd', auth_time: 1 })
      expect(await caught(access.token())).toBeInstanceOf(StepUpRequired)
      world.nowSeconds += 601
      await signIn({ acr: 'pwd', auth_time: 2 })
      expect(await caught(access.token())).toBeInstanceOf(StepUpRequired)
    })

    it('and one other refresh token does not count as a sign-in, since they rotate; two do', async () => {
      world.idp = () => refuse('insufficient_user_authentication', { acr_values: 'mfa' })
      let token = 'r-1'
      const session = agent().as({ getSubjectToken: () => ({ token, type: 'refresh_token' }) })
      const names: unknown[] = []
      for (token of ['r-1', 'r-1', 'r-2', 'r-2', 'r-3', 'r-3']) {
        const error = await caught(session.at(API).token())
        names.push((error as XaaError).name)
      }
      const required = Array(4).fill('StepUpRequired')
      expect(names).toEqual([...required, 'StepUpFailed', 'StepUpRequired'])
    })

    it('at the resource, too', async () => {
      const { access, signIn } = host()
      world.api = () => challenge(401, 'error="insufficient_user_authentication", acr_values="mfa"')
      await signIn({ auth_time: 1 })
      expect(await caught(access.fetch('/todos'))).toBeInstanceOf(StepUpRequired)
      await signIn({ auth_time: 2 })
      expect(await caught(access.fetch('/todos'))).toMatchObject({ name: 'StepUpFailed', leg: 'resource' })
      await signIn({ auth_time: 3 })
      expect(await caught(access.fetch('/todos'))).toBeInstanceOf(StepUpRequired)
      world.api = () => undefined
      expect((await access.fetch('/todos')).status).toBe(200)
    })
  })

  test.each([
    [503, undefined, [500]],
    [429, '2', [2000]],
    [503, '10', [10_000]],
    [503, '11', []],
  ])(
    'a %i (Retry-After %s) is retried once after %j ms, with a new ID-JAG at the RAS',
    async (status, after, ms) => {
      let faults = 0
      const fault = () => {
        faults += 1
        const headers = after === undefined ? {} : { 'retry-after': after }
        return faults === 1 ? new Response('{}', { status, headers }) : undefined
      }
      world.ras = fault
      const error = await caught((await alice()).at(API).token())
      expect(waits).toEqual(ms)
      if (ms.length === 0) expect(error).toBeInstanceOf(Unavailable)
      else expect(error).toBeUndefined()
      const assertions = world.seen.map(({ form }) => form.get('assertion')).filter((one) => one !== null)
      expect(new Set(assertions).size).toBe(1 + ms.length)
    },
  )

  it.each([
    [503, undefined, [500]],
    [429, '2', [2000]],
    [503, '10', [10_000]],
    [503, '11', []],
  ])('a %i (Retry-After %s) of the IdP is retried once after %j ms', async (status, after, ms) => {
    const headers = after === undefined ? {} : { 'retry-after': after }
    world.idp = () =>
      world.count(`${IDP}/token`) === 1 ? new Response('{}', { status, headers }) : undefined
    const error = await caught((await alice()).at(API).token())
    expect(waits).toEqual(ms)
    expect(error === undefined).toBe(ms.length === 1)
    expect(world.count(`${IDP}/token`)).toBe(1 + ms.length)
  })

  it('gives up after the second failure', async () => {
    world.idp = () => {
      throw new TypeError('fetch failed')
    }
    const error = await caught((await alice()).at(API).token())
    expect(error).toBeInstanceOf(Unavailable)
    expect(world.count(`${IDP}/token`)).toBe(2)
  })

  it('no error shows a token, whichever way it is printed', async () => {
    const token = await world.idToken('alice')
    world.idp = ({ form }) =>
      refuse('invalid_request', { error_description: `subject_token ${form.get('subject_token')} is bad` })
    const error = (await caught(
      agent()
        .as({ getSubjectToken: () => token })
        .at(API)
        .token(),
    )) as XaaError
    for (const text of [String(error), error.message, JSON.stringify(error), error.stack ?? ''])
      expect(text).not.toContain(token.slice(0, 30))
    expect(error.evidence).toContain('[redacted]')
    const held = await (await freshAlice()).at(API).token()
    expect(JSON.stringify(held)).not.toContain('eyJ')
    expect(() => `${held.value}`).toThrow('reveal()')
  })
})

async function freshAlice() {
  world.idp = () => undefined
  return await alice()
}

describe('DPoP (DPOP-14)', () => {
  it('proves one key on both legs and at the API, each with its own nonce (DPOP-15)', async () => {
    const nonces = { idp: 'n-idp', ras: 'n-ras', api: 'n-api' }
    const ask =
      (nonce: string, status: number) =>
      ({ headers }: { headers: Headers }) => {
        const proof = decodeJwt(headers.get('dpop') ?? '')
        if (proof.nonce === nonce) return undefined
        return new Response(status === 400 ? JSON.stringify({ error: 'use_dpop_nonce' }) : null, {
          status,
          headers: {
            'dpop-nonce': nonce,
            ...(status === 401 ? { 'www-authenticate': 'DPoP error="use_dpop_nonce", algs="ES256"' } : {}),
          },
        })
      }
    world.idp = ask(nonces.idp, 400)
    world.ras = ask(nonces.ras, 400)
    world.api = ask(nonces.api, 401)
    const todo = (await alice({ dpop: true })).at(API)
    const response = await todo.fetch('/todos?page=2')
    // cli-14: one retry with the nonce at each server
    expect(await response.json()).toMatchObject({ user: 'local-alice', scheme: 'DPoP' })
    expect([`${IDP}/token`, `${RAS}/token`, `${API}/todos?page=2`].map((url) => world.count(url))).toEqual([
      2, 2, 2,
    ])
    const proofs = world.seen.flatMap(({ headers }) => headers.get('dpop') ?? [])
    const keys = new Set(proofs.map((proof) => JSON.stringify(decodeProtectedHeader(proof).jwk)))
    expect(keys.size).toBe(1)
    expect(new Set(proofs.map((proof) => decodeJwt(proof).jti)).size).toBe(6)
    expect(decodeJwt(proofs.at(-1) ?? '')).toMatchObject({
      htm: 'GET',
      htu: `${API}/todos`,
      nonce: nonces.api,
      ath: expect.stringMatching(/^[\w-]{43}$/),
    })
  })

  test.each([
    ['CLI-07 an ID-JAG without cnf', { idJagClaims: { cnf: undefined } }],
    ['an ID-JAG bound to another key', { idJagClaims: { cnf: { jkt: 'x'.repeat(43) } } }],
    ['an encrypted ID-JAG, whose key is hidden,', { exchangeBody: { access_token: 'a.b.c.d.e' } }],
    ['a Bearer token', { redemptionBody: { token_type: 'Bearer' } }],
  ])('%s is a downgrade and stops', async (_, change) => {
    Object.assign(world, change)
    expect(await caught((await alice({ dpop: true })).at(API).token())).toBeInstanceOf(AnswerRefused)
  })

  it('DPOP-09 uses the grant for bound ID-JAGs only if the metadata lists it', async () => {
    world.rasMetadata = { grant_types_supported: [GRANT_TYPE.jwtBearer, GRANT_TYPE.jwtDpop] }
    await (await alice({ dpop: true })).at(API).token()
    expect(tokenRequests().at(-1)?.form.get('grant_type')).toBe(GRANT_TYPE.jwtDpop)
    await (await alice()).at(API).token()
    expect(tokenRequests().at(-1)?.form.get('grant_type')).toBe(GRANT_TYPE.jwtBearer)
    world.rasMetadata = {}
    await (await alice({ dpop: true })).at(API).token()
    expect(tokenRequests().at(-1)?.form.get('grant_type')).toBe(GRANT_TYPE.jwtBearer)
  })
})

describe('requests that the app aborts', () => {
  const reason = new Error('closed')

  it('asks no server if the app aborted before', async () => {
    const todo = (await alice()).at(API)
    const signal = AbortSignal.abort(reason)
    expect(await caught(todo.fetch('/todos', { signal }))).toBe(reason)
    expect(await caught(todo.fetch(new Request(`${API}/todos`, { signal })))).toBe(reason)
    expect(world.seen).toEqual([])
  })

  it('does not wait for a token any more, and leaves it to other requests', async () => {
    let issue = () => {}
    const hanging = new Promise<void>((resolve) => (issue = resolve))
    world.idp = async () => void (await hanging)
    const todo = (await alice()).at(API)
    const controller = new AbortController()
    const other = todo.fetch('/todos')
    const aborted = caught(todo.fetch('/todos', { signal: controller.signal }))
    controller.abort(reason)
    expect(await aborted).toBe(reason)
    issue()
    expect((await other).status).toBe(200)
    expect(tokenRequests()).toHaveLength(2)
    expect(world.count(`${API}/todos`)).toBe(1)
  })

  it.each([
    ['another token after a 401', 'GET', 'error="invalid_token"', 401],
    ['more scopes after a 403', 'POST', 'error="insufficient_scope", scope="todos.write"', 403],
  ])('does not wait for %s any more', async (_what, method, params, status) => {
    const controller = new AbortController()
    const todo = (await alice()).at(API, { scope: 'todos.read' })
    await todo.token()
    world.api = () => challenge(status, params)
    world.idp = async () => {
      controller.abort(reason)
      return await new Promise(() => {})
    }
    expect(await caught(todo.fetch('/todos', { method, signal: controller.signal }))).toBe(reason)
  })

  it('reports a failed token request to the app that aborted only by its reason', async () => {
    let fail = () => {}
    const hanging = new Promise<void>((resolve) => (fail = resolve))
    world.idp = async () => {
      await hanging
      return refuse('access_denied')
    }
    const controller = new AbortController()
    const aborted = caught((await alice()).at(API).fetch('/todos', { signal: controller.signal }))
    controller.abort(reason)
    expect(await aborted).toBe(reason)
    fail()
    await new Promise((resolve) => setTimeout(resolve))
  })
})

describe('the targets of requests', () => {
  it.each([
    ['/todos', `${API}/todos`],
    ['todos', `${API}/todos`],
    ['', API],
    ['?page=2', `${API}?page=2`],
    [`${API}/todos`, `${API}/todos`],
    [`${API}/todos#first`, `${API}/todos`],
  ])('%j goes to %s', async (input, url) => {
    await (await alice()).at(API).fetch(input)
    expect(world.seen.at(-1)?.url).toBe(url)
  })

  it('sends what a Request contains, with the token, and the same again after a 401', async () => {
    const sent: unknown[] = []
    const fetch = async (url: string, init: RequestInit = {}) => {
      if (url !== `${API}/todos`) return await world.fetch(url, init)
      const { method, headers, body } = new Request(url, init)
      sent.push([
        method,
        headers.get('x-trace'),
        headers.has('authorization'),
        await new Response(body).text(),
      ])
      return sent.length === 1 ? challenge(401, 'error="invalid_token"') : new Response('done')
    }
    const request = new Request(`${API}/todos`, {
      method: 'PUT',
      headers: { 'x-trace': '1' },
      body: '{"title":"milk"}',
    })
    expect(await (await (await alice({ fetch })).at(API).fetch(request)).text()).toBe('done')
    expect(sent).toEqual(Array(2).fill(['PUT', '1', true, '{"title":"milk"}']))
  })

  it.each([
    'https://evil.test/',
    'https://evil.test/mcp/todos',
    'http://todo.test/mcp/todos',
    'https://todo.test:8443/mcp/todos',
    'https://user@todo.test/mcp/todos',
    'https://:password@todo.test/mcp/todos',
    'https://todo.test/',
    'https://todo.test/mcpx',
    '/../admin',
    `${API}/%2e%2e/admin`,
  ])('%s is outside: no token is sent', async (input) => {
    const todo = (await alice()).at(API)
    await expect(todo.fetch(input)).rejects.toThrow(TypeError)
    expect(world.seen.filter(({ headers }) => headers.has('authorization'))).toEqual([])
  })
})

describe('options', () => {
  it('reports all problems together', () => {
    const bad = {
      idp: 'http://idp.example',
      client: { id: '', auth: clientSecret('s'), extra: 1 },
      resources: { [RAS]: { clientId: 'x' } },
      clockSkewSeconds: 301,
      dpop: 'yes',
      retry: true,
    } as unknown as XaaOptions
    expect(() => xaa(bad)).toThrow(InvalidOptions)
    try {
      xaa(bad)
    } catch (error) {
      expect((error as InvalidOptions).problems.map((problem) => problem.split(':')[0])).toEqual([
        'retry',
        'idp',
        'client.extra',
        'client.id',
        'resources["https',
        'clockSkewSeconds',
        'dpop',
      ])
    }
  })

  const auth = publicClient()
  const client = { id: 'agent0', auth }
  it.each([
    ['options', undefined],
    ['idp', { idp: undefined, client }],
    ['idp.issuer', { idp: { issuer: 7 }, client }],
    ['idp.tokenEndpoint', { idp: { issuer: IDP, tokenEndpoint: 'http://idp.test/token' }, client }],
    ['idp.tokenEndpoint', { idp: { issuer: IDP, tokenEndpoint: 7 }, client }],
    ['client', { idp: IDP }],
    ['client.id', { idp: IDP, client: { id: 7, auth } }],
    ['client.auth', { idp: IDP, client: { id: 'agent0', auth: {} } }],
    ['resources', { idp: IDP, client, resources: 7 }],
    [`resources["${RAS}"]`, { idp: IDP, client, resources: { [RAS]: 7 } }],
    [
      'resources["http://as.test"]',
      { idp: IDP, client, resources: { 'http://as.test': { clientId: 'x', auth } } },
    ],
    [`resources["${RAS}"].clientId`, { idp: IDP, client, resources: { [RAS]: { clientId: '', auth } } }],
    [
      `resources["${RAS}"].sendScope`,
      { idp: IDP, client, resources: { [RAS]: { clientId: 'x', auth, sendScope: 'yes' } } },
    ],
    ['clockSkewSeconds', { idp: IDP, client, clockSkewSeconds: -1 }],
    ['clockSkewSeconds', { idp: IDP, client, clockSkewSeconds: 301 }],
    ['clockSkewSeconds', { idp: IDP, client, clockSkewSeconds: '30' }],
    ['timeoutMs', { idp: IDP, client, timeoutMs: 0 }],
    ['maxSessions', { idp: IDP, client, maxSessions: 0 }],
    ['onLeg', { idp: IDP, client, onLeg: 7 }],
  ])('names %s, which is the only problem', (path, options) => {
    const problems = (() => {
      try {
        xaa(options as unknown as XaaOptions)
        return []
      } catch (error) {
        return (error as InvalidOptions).problems
      }
    })()
    expect(problems.map((problem) => problem.split(': ')[0])).toEqual([path])
  })

  it('accepts all options together', () => {
    const registration = {
      clientId: 'x',
      auth,
      tokenEndpoint: `${RAS}/token`,
      sendScope: false,
      reusesIdJag: true,
    }
    const options = { dpop: true, timeoutMs: 1, maxSessions: 1, onLeg: () => undefined }
    const idp = { issuer: IDP, tokenEndpoint: `${IDP}/token` }
    expect(() => xaa({ idp, client, resources: { [RAS]: registration }, ...options })).not.toThrow()
  })

  it('refuses a scope that is no list of scope tokens', async () => {
    const session = await alice()
    expect(() => session.at(API, { scope: 'a"b' })).toThrow('is not a scope token')
    expect(() => session.at(API, { scope: 'a b' })).not.toThrow()
  })

  it.each([0, 300])('accepts a clock skew of %i s', (clockSkewSeconds) => {
    expect(() => agent({ clockSkewSeconds })).not.toThrow()
  })

  it.each([
    [0, false],
    [1, true],
    [3600, true],
    [3601, false],
  ])('a client assertion that lasts %i s is accepted: %s', (lifetimeSeconds, accepted) => {
    const key = { kty: 'EC', crv: 'P-256', x: 'x', y: 'y', d: 'd' }
    const build = () => privateKeyJwt(key, { lifetimeSeconds })
    if (accepted) expect(build).not.toThrow()
    else expect(build).toThrow(RangeError)
  })

  it('refuses an invalid key', () => {
    expect(() => privateKeyJwt('not a key')).toThrow(TypeError)
    expect(() => privateKeyJwt({ kty: 'EC', crv: 'P-256', x: 'x', y: 'y' })).toThrow(TypeError)
  })
})
