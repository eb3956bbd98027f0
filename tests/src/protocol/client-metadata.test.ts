// Client ID metadata documents at both servers: what a document allows, what it never allows, and that it is fetched as untrusted input.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

import { decodeJwt } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { AGENT, company, PASSWORD, REDIRECT_URI, TODO } from '../support/company.ts'
import { type Answer, basic, postForm } from '../support/flow.ts'
import { signIn } from '../support/form-walker.ts'
import { expectRefused } from './support/expect-refused.ts'
import { makeKey, type TestKey } from './support/foreign-issuer.ts'
import { ASSERTION_TYPE, makeClientAssertion } from './support/proofs.ts'
import { startWorld, type World } from './support/world.ts'

const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange'
const BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
const PROFILE = 'urn:ietf:params:oauth:grant-profile:id-jag'

interface Page {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: unknown
}

let publisher: Server
let origin: string
let pages: Record<string, Page | undefined> = {}
let hits: string[] = []
let world: World
let [key, another]: TestKey[] = []

const agentUrl = () => `${origin}/agent.json`

function document(url: string, change: Readonly<Record<string, unknown>> = {}): Page {
  const body = {
    client_id: url,
    client_name: 'Self-described agent',
    redirect_uris: [REDIRECT_URI],
    grant_types: ['authorization_code', 'refresh_token', EXCHANGE, BEARER],
    authorization_grant_profiles_supported: [PROFILE],
    token_endpoint_auth_method: 'private_key_jwt',
    jwks: { keys: [key?.publicJwk] },
    ...change,
  }
  return { body }
}

interface Definitions {
  /** At the Resource AS */
  readonly allow?: readonly string[]
  readonly connection?: Readonly<Record<string, unknown>>
}

/** The company's connection from the document's client to Todo0, which knows it by the same id. */
function described(baseUrl: string, { allow, connection }: Definitions = {}): Record<string, unknown> {
  const host = new URL(origin).host
  return company(baseUrl, {
    idp: { clientMetadata: { allow: [host], assignments: { everyone: true } } },
    connection: { app: agentUrl(), clientId: agentUrl(), ...connection },
    authorizationServer: { clientMetadata: { allow: allow ?? [host] } },
  })
}

beforeAll(async () => {
  ;[key, another] = [await makeKey('one'), await makeKey('two')]
  publisher = createServer((request, response) => {
    const path = request.url ?? '/'
    hits.push(path)
    const { status, headers, body } = pages[path] ?? { status: 404, body: {} }
    response.writeHead(status ?? 200, { 'content-type': 'application/json', ...headers })
    response.end(typeof body === 'string' ? body : JSON.stringify(body))
  })
  await new Promise<void>((resolve) => publisher.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(publisher.address() as AddressInfo).port}`
  world = await startWorld(described)
})
beforeEach(() => {
  pages = { '/agent.json': document(agentUrl()) }
  hits = []
  // Documents cached by the previous test have expired.
  world.clock.moveSeconds(61)
  world.redefine(described)
})
afterAll(async () => {
  expect(world.faults).toEqual([])
  await world.stop()
  publisher.closeAllConnections()
  await new Promise((resolve) => publisher.close(resolve))
})

interface Caller {
  readonly url?: string
  readonly signedBy?: TestKey | undefined
}

async function authenticate(issuer: string, { url = agentUrl(), signedBy = key }: Caller) {
  if (signedBy === undefined) throw new Error('no key')
  const now = Math.floor(world.clock.nowMs() / 1000)
  return {
    client_assertion_type: ASSERTION_TYPE,
    client_assertion: await makeClientAssertion({
      clientId: url,
      audience: issuer,
      key: signedBy,
      claims: { iat: now, exp: now + 60 },
    }),
  }
}

async function signInAs(username: string, at: World = world, scope?: string) {
  return signIn({
    ...(scope === undefined ? {} : { scope }),
    authorizationEndpoint: `${at.baseUrl}/authorize`,
    clientId: agentUrl(),
    redirectUri: REDIRECT_URI,
    username,
    password: PASSWORD,
  })
}

async function tokensOf(username: string, scope?: string, caller: Caller = {}) {
  const { code, codeVerifier, page } = await signInAs(username, world, scope)
  if (code === null) throw new Error(page)
  const { body } = await postForm(`${world.baseUrl}/token`, {
    grant_type: 'authorization_code',
    code,
    redirect_uri: REDIRECT_URI,
    code_verifier: codeVerifier,
    ...(await authenticate(world.baseUrl, caller)),
  })
  expect(body).toHaveProperty('id_token')
  return body
}

const idTokenOf = async (username: string, caller?: Caller) =>
  String((await tokensOf(username, undefined, caller)).id_token)

async function exchangeAs(idToken: string, caller: Caller = {}): Promise<Answer> {
  return postForm(`${world.baseUrl}/token`, {
    grant_type: EXCHANGE,
    requested_token_type: 'urn:ietf:params:oauth:token-type:id-jag',
    audience: `${world.baseUrl}/as/vendor`,
    resource: TODO,
    subject_token: idToken,
    subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
    ...(await authenticate(world.baseUrl, caller)),
  })
}

async function redeemAs(idJag: string, caller: Caller = {}): Promise<Answer> {
  const issuer = `${world.baseUrl}/as/vendor`
  return postForm(`${issuer}/token`, {
    grant_type: BEARER,
    assertion: idJag,
    ...(await authenticate(issuer, caller)),
  })
}

const unknown = { status: 401, error: 'invalid_client' }

describe('an unregistered client', () => {
  it('signs a user in, exchanges, redeems, and gets an active token (CID-03, CID-05, CID-07, CLI-25, META-13)', async () => {
    const idToken = await idTokenOf('alice')
    expect(decodeJwt(idToken).aud).toBe(agentUrl())
    const issued = await exchangeAs(idToken)
    expect(issued.status).toBe(200)
    const idJag = String(issued.body.access_token)
    expect(decodeJwt(idJag)).toMatchObject({ client_id: agentUrl(), resource: TODO })
    const redeemed = await redeemAs(idJag)
    expect(redeemed).toMatchObject({ status: 200, body: { token_type: 'Bearer' } })
    const ask = async () =>
      postForm(
        `${world.baseUrl}/as/vendor/introspect`,
        { token: String(redeemed.body.access_token) },
        { authorization: basic({ id: 'todo0-api', secret: 'todo0 api secret' }) },
      )
    expect((await ask()).body).toMatchObject({ active: true, client_id: agentUrl() })
    world.redefine((baseUrl) => described(baseUrl, { allow: [`${origin}/other.json`] }))
    expect((await ask()).body).toEqual({ active: false })
  })

  it('learns what it may request, with each assertion once', async () => {
    const form = {
      subject_token: await idTokenOf('alice'),
      subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
      ...(await authenticate(world.baseUrl, {})),
    }
    const ask = async () => postForm(`${world.baseUrl}/reachable-resources`, form)
    expect(await ask()).toMatchObject({ status: 200, body: { resources: [{ resource: TODO }] } })
    expect(await ask()).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
  })

  it('is fetched once for many requests, by its exact URL (CID-06)', async () => {
    const idToken = await idTokenOf('alice')
    await Promise.all([exchangeAs(idToken), exchangeAs(idToken), exchangeAs(idToken)])
    expect(hits).toEqual(['/agent.json'])
    const spelled = `${origin}/%61gent.json`
    const saw = 'status (404)'
    await expectRefused(world, await exchangeAs(idToken, { url: spelled }), {
      ...unknown,
      code: 'XAA1101',
      saw,
    })
    expect(hits).toEqual(['/agent.json', '/%61gent.json'])
  })

  it('gets nothing without a connection, whatever its document claims (CID-08)', async () => {
    const idToken = await idTokenOf('alice')
    world.redefine((baseUrl) => described(baseUrl, { connection: { app: 'other' } }))
    await expectRefused(world, await exchangeAs(idToken), { error: 'invalid_target', code: 'XAA1401' })
  })

  it('signs in, and exchanges for, only users the administrator assigned (CID-08)', async () => {
    const clientMetadata = { allow: [agentUrl()], assignments: { users: ['usr_carol'] } }
    const narrow = await startWorld((baseUrl) => {
      const file = described(baseUrl) as { idp: object }
      return { ...file, idp: { ...file.idp, clientMetadata } }
    })
    // It chose its name, so users also see its host.
    const shown = `You have no access to Self-described agent (${new URL(origin).host})`
    expect((await signInAs('alice', narrow)).page).toContain(shown)
    expect((await signInAs('carol', narrow)).code).not.toBeNull()
    await narrow.stop()
    const idToken = await idTokenOf('bob')
    await expectRefused(world, await exchangeAs(idToken), { error: 'access_denied', code: 'XAA1502' })
  })

  it.each([
    [['authorization_code', 'refresh_token'], 'openid offline_access', true],
    [['authorization_code'], 'openid', false],
  ])('with the grants %j gets the scope "%s"', async (grants, scope, isRefreshable) => {
    const change = { grant_types: grants, authorization_grant_profiles_supported: undefined }
    pages = { '/agent.json': document(agentUrl(), change) }
    const { scope: granted, refresh_token } = await tokensOf('alice', 'openid offline_access')
    expect([granted, refresh_token !== undefined]).toEqual([scope, isRefreshable])
  })

  it('cannot sign users in if its document does not list that grant', async () => {
    expect((await signInAs('alice')).code).not.toBeNull()
    world.clock.moveSeconds(61)
    pages = { '/agent.json': document(agentUrl(), { grant_types: [EXCHANGE, BEARER] }) }
    const { code, page } = await signInAs('alice')
    expect(code).toBeNull()
    expect(page).toContain('redirect_uri')
  })

  it('is rejected with redirect URIs that its document does not list', async () => {
    pages = { '/agent.json': document(agentUrl(), { redirect_uris: ['http://127.0.0.1:7778/callback'] }) }
    const { code, page } = await signInAs('alice')
    expect(code).toBeNull()
    expect(page).toContain('redirect_uri')
  })
})

describe('a client registered under the URL of its document', () => {
  it('has the registered keys, and its document is not read', async () => {
    pages = { '/agent.json': { status: 503, body: {} } }
    await expectRefused(world, await exchangeAs('x'), {
      ...{ status: 503, error: 'temporarily_unavailable', code: 'XAA1106' },
      saw: 'status (503)',
    })
    const auth = { method: 'private_key_jwt', jwks: { keys: [another?.publicJwk] } }
    world.redefine((baseUrl) => {
      const { idp, authorizationServers } = described(baseUrl) as {
        idp: { apps: readonly object[] }
        authorizationServers: readonly { clients: readonly object[] }[]
      }
      const app = {
        name: 'Agent',
        kind: 'agent',
        redirectUris: [REDIRECT_URI],
        assignments: { everyone: true },
      }
      const [vendor] = authorizationServers
      return {
        idp: { ...idp, apps: [...idp.apps, { id: agentUrl(), auth, ...app }] },
        authorizationServers: [
          { ...vendor, clients: [...(vendor?.clients ?? []), { id: agentUrl(), auth }] },
        ],
      }
    })
    hits = []
    const registered = { signedBy: another }
    const issued = await exchangeAs(await idTokenOf('alice', registered), registered)
    expect(issued.status).toBe(200)
    expect((await redeemAs(String(issued.body.access_token), registered)).status).toBe(200)
    for (const [answer, code] of [
      [await exchangeAs('x'), 'XAA1102'],
      [await redeemAs('x'), 'XAA2101'],
    ] as const)
      await expectRefused(world, answer, { ...unknown, code, saw: 'unknown-kid' })
    expect(hits).toEqual([])
  })
})

describe('an error before sign-in (RFC 9700 section 4.11.2)', () => {
  const ask = async (clientId: string, change: Readonly<Record<string, string>>) => {
    const query = new URLSearchParams({
      ...{ client_id: clientId, redirect_uri: REDIRECT_URI, response_type: 'code', scope: 'openid' },
      ...{ state: 'the state', code_challenge: 'x'.repeat(43), code_challenge_method: 'S256', ...change },
    })
    const response = await fetch(`${world.baseUrl}/authorize?${query}`, { redirect: 'manual' })
    return {
      status: response.status,
      location: response.headers.get('location'),
      page: await response.text(),
    }
  }

  it.each([
    ['prompt=none', { prompt: 'none' }, 'login_required'],
    ['an unknown response type', { response_type: 'token' }, 'unsupported_response_type'],
    ['plain PKCE', { code_challenge_method: 'plain' }, 'invalid_request'],
  ])('with %s redirects directly only to a registered app', async (_, change, error) => {
    const registered = await ask(AGENT.id, change)
    expect(registered.status).toBe(303)
    expect(registered.location).toContain(`error=${error}`)
    const described = await ask(agentUrl(), change)
    expect([described.status, described.location]).toEqual([400, null])
    expect(described.page).toContain(error)
    const back = /href="([^"]*)">Back to Self-described agent/.exec(described.page)?.[1] ?? ''
    expect(back.startsWith(REDIRECT_URI)).toBe(true)
    expect(back).toContain(`error=${error}`)
  })

  it('is not sent as a self-submitting form either', async () => {
    const described = await ask(agentUrl(), { prompt: 'none', response_mode: 'form_post' })
    expect(described.status).toBe(400)
    expect(described.page).toContain('login_required')
    expect(described.page).not.toContain('<form')
    expect((await ask(AGENT.id, { prompt: 'none', response_mode: 'form_post' })).page).toContain('<form')
  })
})

describe('an unusable document (CID-04, CID-05)', () => {
  const refusals: readonly [string, () => Page | undefined, string][] = [
    ['a 404', () => undefined, 'status (404)'],
    ['a success other than 200', () => ({ ...document(agentUrl()), status: 203 }), 'status (203)'],
    [
      'a redirect to a good one',
      () => ({ status: 302, headers: { location: `${origin}/good.json` }, body: '' }),
      'redirect (302)',
    ],
    ['an HTML page', () => ({ headers: { 'content-type': 'text/html' }, body: '<p>' }), 'content-type'],
    ['invalid JSON', () => ({ body: '{"client_id"' }), 'not-json'],
    ['more than 5 KiB', () => document(agentUrl(), { note: 'x'.repeat(5 * 1024) }), 'too-large'],
    ['another client_id', () => document(`${origin}/good.json`), 'client_id'],
    ['a secret', () => document(agentUrl(), { client_secret: 'open to all' }), 'client_secret'],
    [
      'a method with a shared secret',
      () => document(agentUrl(), { token_endpoint_auth_method: 'client_secret_basic' }),
      'token_endpoint_auth_method',
    ],
    [
      'the profile without its grant types (CLI-25)',
      () => document(agentUrl(), { grant_types: [EXCHANGE] }),
      'grant_types',
    ],
  ]
  it.each(refusals)('%s', async (_, page, saw) => {
    pages = { '/agent.json': page(), '/good.json': document(`${origin}/good.json`) }
    for (const [answer, code] of [
      [await exchangeAs('x'), 'XAA1101'],
      [await redeemAs('x'), 'XAA2101'],
    ] as const)
      await expectRefused(world, answer, { ...unknown, code, saw })
    // Errors are not cached: the next request fetches again and succeeds.
    pages = { '/agent.json': document(agentUrl()) }
    await expectRefused(world, await exchangeAs('x'), { error: 'invalid_grant', code: 'XAA1201' })
    await expectRefused(world, await redeemAs('x'), { error: 'invalid_grant', code: 'XAA2201' })
  })

  const failures: readonly [number, string][] = [
    [500, 'status (500)'],
    [503, 'status (503)'],
    [429, 'status (429)'],
  ]
  it.each(failures)(
    'a host that responds with %d: a temporary refusal, and no sign-in now',
    async (status, saw) => {
      pages = { '/agent.json': { status, body: {} } }
      const refusal = { status: 503, error: 'temporarily_unavailable', saw } as const
      await expectRefused(world, await exchangeAs('x'), { ...refusal, code: 'XAA1106' })
      await expectRefused(world, await redeemAs('x'), { ...refusal, code: 'XAA2105' })
      for (const path of ['/par', '/introspect', '/revoke', '/as/vendor/introspect']) {
        const issuer = `${world.baseUrl}${path.startsWith('/as/') ? '/as/vendor' : ''}`
        const answer = await postForm(`${world.baseUrl}${path}`, {
          token: 'x',
          ...(await authenticate(issuer, {})),
        })
        expect([path, answer.status, answer.body.error]).toEqual([path, 503, 'temporarily_unavailable'])
        expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
      }
      const query = new URLSearchParams({
        client_id: agentUrl(),
        redirect_uri: REDIRECT_URI,
        response_type: 'code',
      })
      const page = await fetch(`${world.baseUrl}/authorize?${query}`, { headers: { accept: 'text/html' } })
      expect(page.status).toBe(503)
      expect(await page.text()).toContain('try again later')
      pages = { '/agent.json': document(agentUrl()) }
      expect((await signInAs('alice')).code).not.toBeNull()
    },
  )

  it('a URL outside the allow-list is not even fetched (SEC-13)', async () => {
    world.redefine((baseUrl) => described(baseUrl, { allow: [`${origin}/other.json`] }))
    await expectRefused(world, await redeemAs('x'), { ...unknown, code: 'XAA2101', saw: 'unknown client' })
    const secret = await postForm(
      `${world.baseUrl}/as/vendor/token`,
      { grant_type: BEARER, assertion: 'x' },
      { authorization: basic({ id: agentUrl(), secret: 'guess' }) },
    )
    expect((await world.findDecision(secret)).request.requesting_app).toBeNull()
    expect(hits).toEqual([])
  })
})

describe('a document with a valid format and useless contents', () => {
  it.each<readonly [string, Readonly<Record<string, unknown>>]>([
    ['incomplete keys', { jwks: { keys: [{ kty: 'EC' }] } }],
    ['keys of an unknown kty', { jwks: { keys: [{ kty: 'new', kid: 'k' }] } }],
    [
      'redirects of several kinds',
      { redirect_uris: [REDIRECT_URI, 'com.example.agent:/cb', 'https://a.example/'] },
    ],
    ['foreign grant types', { grant_types: ['implicit', EXCHANGE, BEARER], redirect_uris: [] }],
    ['a script as its name', { client_name: '<script>alert(1)</script>' }],
  ])('%s: causes no server error', async (_, change) => {
    pages = { '/agent.json': document(agentUrl(), change) }
    const query = new URLSearchParams({
      client_id: agentUrl(),
      response_type: 'code',
      redirect_uri: REDIRECT_URI,
      scope: 'openid',
      code_challenge: 'x'.repeat(43),
      code_challenge_method: 'S256',
    })
    const page = await fetch(`${world.baseUrl}/authorize?${query}`)
    expect(page.status).toBeLessThan(500)
    expect(await page.text()).not.toContain('<script>')
    for (const answer of [await exchangeAs('x'), await redeemAs('x')]) expect(answer.status).toBeLessThan(500)
  })
})

describe('the keys of a document', () => {
  it('are required: no other key, no secret, no client_id alone (CID-07)', async () => {
    pages = {
      '/agent.json': document(agentUrl(), { jwks: { keys: [{ ...another?.publicJwk, kid: 'one' }] } }),
    }
    for (const [answer, code] of [
      [await exchangeAs('x'), 'XAA1102'],
      [await redeemAs('x'), 'XAA2101'],
    ] as const)
      await expectRefused(world, answer, { ...unknown, code, saw: 'signature' })
    const named = await postForm(`${world.baseUrl}/as/vendor/token`, {
      grant_type: BEARER,
      assertion: 'x',
      client_id: agentUrl(),
    })
    await expectRefused(world, named, { ...unknown, code: 'XAA2101', saw: 'private_key_jwt' })
    const secret = await postForm(
      `${world.baseUrl}/as/vendor/token`,
      { grant_type: BEARER, assertion: 'x' },
      { authorization: basic({ id: agentUrl(), secret: 'guess' }) },
    )
    await expectRefused(world, secret, { ...unknown, code: 'XAA2101', saw: 'private_key_jwt' })
    for (const answer of [named, secret])
      expect((await world.findDecision(answer)).request.requesting_app?.client_id).toBe(agentUrl())
  })

  it('take effect after a change with the next fetch (CID-08)', async () => {
    const idToken = await idTokenOf('alice')
    expect((await exchangeAs(idToken)).status).toBe(200)
    pages = { '/agent.json': document(agentUrl(), { jwks: { keys: [another?.publicJwk] } }) }
    world.clock.moveSeconds(61)
    expect((await exchangeAs(idToken)).status).toBe(401)
    expect((await exchangeAs(idToken, { signedBy: another })).status).toBe(200)
  })

  it('may be at a jwks_uri, fetched under the same rules as everything else', async () => {
    pages = {
      '/agent.json': document(agentUrl(), { jwks: undefined, jwks_uri: `${origin}/jwks` }),
      '/jwks': { body: { keys: [key?.publicJwk] } },
    }
    const refused = { error: 'invalid_grant', code: 'XAA2201' }
    await expectRefused(world, await redeemAs('x'), refused)
    expect(hits).toEqual(['/agent.json', '/jwks'])
  })

  it('tok-cla-06: allow no grant type that the document does not list (IDP-24, RAS-05)', async () => {
    const { id_token, refresh_token } = await tokensOf('alice')
    const idToken = String(id_token)
    const idJag = String((await exchangeAs(idToken)).body.access_token)
    const refresh = async () =>
      postForm(`${world.baseUrl}/token`, {
        grant_type: 'refresh_token',
        refresh_token: String(refresh_token),
        ...(await authenticate(world.baseUrl, {})),
      })
    const signInOnly = {
      grant_types: ['authorization_code'],
      authorization_grant_profiles_supported: undefined,
    }
    pages = { '/agent.json': document(agentUrl(), signInOnly) }
    world.clock.moveSeconds(61)
    const refusal = { error: 'unauthorized_client' } as const
    await expectRefused(world, await exchangeAs(idToken), { ...refusal, code: 'XAA1104' })
    await expectRefused(world, await redeemAs(idJag), { ...refusal, code: 'XAA2102' })
    await expectRefused(world, await refresh(), { ...refusal, code: 'XAA1108' })
    pages = { '/agent.json': document(agentUrl()) }
    world.clock.moveSeconds(61)
    expect((await refresh()).status).toBe(200)
  })

  it('decide: without any, a client can neither exchange nor redeem (D11)', async () => {
    const open = { token_endpoint_auth_method: 'none', jwks: undefined }
    pages = { '/agent.json': document(agentUrl(), open) }
    const exchanged = await postForm(`${world.baseUrl}/token`, {
      grant_type: EXCHANGE,
      requested_token_type: 'urn:ietf:params:oauth:token-type:id-jag',
      audience: `${world.baseUrl}/as/vendor`,
      subject_token: 'x',
      subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
      client_id: agentUrl(),
    })
    await expectRefused(world, exchanged, { error: 'unauthorized_client', code: 'XAA1104' })
    const redeemed = await postForm(`${world.baseUrl}/as/vendor/token`, {
      grant_type: BEARER,
      assertion: 'x',
      client_id: agentUrl(),
    })
    await expectRefused(world, redeemed, { error: 'unauthorized_client', code: 'XAA2102' })
    expect((await signInAs('alice')).code).not.toBeNull()
  })
})

describe('metadata', () => {
  const read = async (at: World, path: string) =>
    (await at.fetch(new Request(`${at.baseUrl}${path}`))).json() as Promise<Record<string, unknown>>
  const PATHS = [
    '/.well-known/openid-configuration',
    '/.well-known/oauth-authorization-server/as/vendor',
  ] as const

  it('announces support only if an allow-list is configured (CID-09)', async () => {
    const plain = await startWorld((baseUrl) => company(baseUrl))
    for (const path of PATHS) {
      expect(await read(world, path)).toMatchObject({ client_id_metadata_document_supported: true })
      expect(await read(plain, path)).not.toHaveProperty('client_id_metadata_document_supported')
    }
    await plain.stop()
  })
})
