// One Resource Authorization Server for every client: agents with ID-JAGs, everything else with authorization codes through the MCP SDK's own
// provider, and a company that allows only the former.
import * as server1 from '@crosswalk/mcp/server-v1'
import type { Ports } from '@crosswalk/storage'
import { createResourceAs, type EmbeddedResourceAs, type SignInRequest } from '@crosswalk/resource-as'
import { createWorld, type World } from '@crosswalk/testkit'
import { InMemoryOAuthClientProvider } from '@modelcontextprotocol/sdk/examples/client/simpleOAuthClientProvider.js'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { type OAuthClientProvider, UnauthorizedError } from '@modelcontextprotocol/sdk/client/auth.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { decodeJwt } from 'jose'
import * as openid from 'openid-client'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { readSnippets } from '../packages/snippets.ts'
import { runSnippet } from './support/run-snippet.ts'

const PAGE = new URL('../../../docs/how-to/one-server-for-every-client.md', import.meta.url)
const ISSUER = 'https://as.todo0.test'
const MCP = 'https://todo0.test/mcp'
const AGENT = 'agent0-at-todo0'
const EDITOR = 'https://editor.test/client.json'
const LOOPBACK = 'http://127.0.0.1/callback'
const WEB = { id: 'web', secret: 'the secret of the web app', redirectUri: 'https://web.test/callback' }

interface User {
  readonly email: string
  readonly active?: boolean
  readonly identity?: { readonly issuer: string; readonly subject: string; readonly tenant?: string }
}

let world: World
let server: EmbeddedResourceAs
/** The service's own user table */
let users: Map<string, User>
let requireIdJag: boolean
/** Allowed redirect URIs for dynamic registration; none disables it */
let redirects: string[]
/** The user in the service's own cookie; none leads to its sign-in page */
let signedIn: string | undefined
let asked: SignInRequest[]
let ports: Ports
let describeEditor: () => object
let editorStatus: number

beforeEach(async () => {
  users = new Map()
  requireIdJag = false
  redirects = []
  signedIn = undefined
  asked = []
  world = await createWorld({
    users: ['alice', 'bob'],
    resources: [{ id: 'todo0', resource: MCP, runs: 'nothing' }],
    connections: [{ from: 'agent0', to: 'todo0' }],
  })
  users.set('u-alice', { email: 'alice@acme.test', identity: { issuer: world.idp, subject: 'usr_alice' } })
  users.set('u-dana', { email: 'dana@elsewhere.test' })
  ports = await world.openPorts()
  await startServer()
  editorStatus = 200
  describeEditor = () => ({
    client_id: EDITOR,
    client_name: 'Editor',
    redirect_uris: [LOOPBACK],
    token_endpoint_auth_method: 'none',
    grant_types: ['authorization_code'],
  })
  world.mount(ISSUER, (request) => server.fetch(request))
  world.mount('https://editor.test', async () => Response.json(describeEditor(), { status: editorStatus }))
  world.mount('https://todo0.test', (request) => mcp()(request))
})
afterEach(() => world.close())

/** Restarts on the same database, as after a change of its definition */
async function startServer(): Promise<void> {
  server = await createResourceAs(
    {
      issuer: ISSUER,
      trustedIssuers: [{ issuer: world.idp, emailDomains: ['acme.test'], requireIdJag }],
      clients: [
        { id: AGENT, auth: { method: 'client_secret_basic', secret: world.secretOf(AGENT) } },
        {
          id: WEB.id,
          name: 'Web app',
          auth: { method: 'client_secret_basic', secret: WEB.secret },
          redirectUris: [WEB.redirectUri, LOOPBACK],
        },
      ],
      clientMetadata: { allow: ['editor.test'] },
      resources: [
        {
          id: MCP,
          name: 'Todo lists',
          scopes: ['todos.read', 'todos.write'],
          scopeDescriptions: { 'todos.read': 'Read your todo lists' },
        },
      ],
      authorizationCode: {
        displayName: 'Todo0',
        ...(redirects.length === 0 ? {} : { dynamicRegistration: { redirects } }),
      },
      users: {
        byId: (id) => {
          const { active = true, ...user } = users.get(id) ?? {}
          return users.has(id) ? { id, active, ...user } : undefined
        },
        bySubject: ({ issuer, subject }) =>
          [...users].find(
            ([, { identity }]) => identity?.issuer === issuer && identity.subject === subject,
          )?.[0],
      },
      signIn: (visit) => {
        asked.push(visit)
        return signedIn === undefined
          ? Response.redirect(`https://todo0.test/login?to=${encodeURIComponent(visit.returnTo)}`, 303)
          : { account: signedIn, authTime: Math.floor(world.nowMs() / 1000) }
      },
    },
    { ...ports, onDecision: () => undefined },
  )
}

const mcp = () =>
  server1.xaaMcp({
    resource: server.resourceOptions(MCP),
    tools: { list_todos: 'todos.read' },
    server: ({ xaa }) => {
      const made = new McpServer({ name: 'todo0', version: '1.0.0' })
      made.registerTool('list_todos', {}, () => ({ content: [{ type: 'text', text: xaa.user }] }))
      return made
    },
  }).fetch

/** Like a browser: opens the page, and presses a button of its form. */
async function open(url: string | URL): Promise<{ response: Response; page: string }> {
  const response = await world.fetch(String(url), { redirect: 'manual' })
  return { response, page: await response.clone().text() }
}

const unescape = (text: string) => text.replaceAll('&amp;', '&').replaceAll('&quot;', '"')
const attribute = (page: string, pattern: RegExp) => unescape(pattern.exec(page)?.[1] ?? '')

async function press(page: string, decision: 'allow' | 'deny', headers: Record<string, string> = {}) {
  const body = new URLSearchParams({
    request: attribute(page, /name="request" value="([^"]*)"/),
    decision,
  })
  const action = attribute(page, /<form method="post" action="([^"]*)"/)
  return world.fetch(action, { method: 'POST', body, headers, redirect: 'manual' })
}

/** The response at the app's redirect URI */
const returned = (response: Response) => new URL(response.headers.get('location') ?? 'https://none.test')
const resultOf = (response: Response) => Object.fromEntries(returned(response).searchParams)

/** The unmodified MCP SDK: its provider, transport and discovery. */
function createEditor(port = 33_418, document: string | undefined = EDITOR) {
  let opened: URL | undefined
  const provider = new InMemoryOAuthClientProvider(
    LOOPBACK.replace('127.0.0.1', `127.0.0.1:${port}`),
    { client_name: 'Editor', redirect_uris: [LOOPBACK], token_endpoint_auth_method: 'none' },
    (url) => void (opened = url),
    document,
  )
  const connect = async () => {
    const client = new Client({ name: 'editor', version: '1.0.0' })
    const transport = new StreamableHTTPClientTransport(new URL(MCP), {
      authProvider: provider as unknown as OAuthClientProvider,
      fetch: world.fetch as typeof fetch,
    })
    return { client, transport }
  }
  return {
    provider,
    /** @returns the page that the SDK opens for the user */
    async ask(): Promise<URL> {
      const { client, transport } = await connect()
      await expect(client.connect(transport as never)).rejects.toThrow(UnauthorizedError)
      if (opened === undefined) throw new Error('the SDK opened no browser')
      return opened
    },
    async finish(code: string): Promise<Client> {
      await (await connect()).transport.finishAuth(code)
      const { client, transport } = await connect()
      await client.connect(transport as never)
      return client
    },
  }
}

/** The last base64url character may carry bits that decoders ignore. */
function spellOtherwise(id: string): string {
  const bytes = (text: string) =>
    Buffer.from(text.slice(text.lastIndexOf('.') + 1), 'base64url').toString('hex')
  const others = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'].map(
    (last) => `${id.slice(0, -1)}${last}`,
  )
  return others.find((other) => other !== id && bytes(other) === bytes(id)) ?? `${id}==`
}

const callTool = async (client: Client) =>
  (await client.callTool({ name: 'list_todos', arguments: {} })).content

it('serves an agent by ID-JAG and the MCP SDK’s own provider by code, and honours a company that forbids the latter', async () => {
  // Alice's company connected the agent, so she sees no page.
  const byIdJag = await world.agent().as('alice').at('todo0').token()
  expect(decodeJwt(byIdJag.value.reveal())).toMatchObject({ iss: ISSUER, sub: 'u-alice', aud: MCP })

  // Dana has no company, so she signs in at the service and consents.
  const editor = createEditor()
  const url = await editor.ask()
  const login = returned((await open(url)).response)
  expect(login.pathname).toBe('/login')
  signedIn = 'u-dana'
  const { page } = await open(login.searchParams.get('to') ?? '')
  expect(page).toContain('Allow Editor to use Todo0?')
  expect(page).toContain('Read your todo lists')
  const answer = await press(page, 'allow')
  expect(returned(answer).origin).toBe('http://127.0.0.1:33418')
  const client = await editor.finish(resultOf(answer)['code'] ?? '')
  expect(await callTool(client)).toEqual([{ type: 'text', text: 'u-dana' }])
  await client.close()

  // The company forbids the code flow for alice and everyone with its address.
  requireIdJag = true
  await startServer()
  signedIn = 'u-alice'
  const refused = await open(await createEditor(5).ask())
  expect(refused.page).toContain('Your company decides about this access')
  expect(refused.page).toContain(world.idp)
  const back = new URL(attribute(refused.page, /<a class="button" href="([^"]*)"/))
  expect(Object.fromEntries(back.searchParams)).toMatchObject({
    error: 'access_denied',
    error_description: expect.stringContaining(world.idp),
    iss: ISSUER,
  })
  const record = await world.decision(refused.response)
  expect([record.code, record.stage, record.remedies[0]?.text]).toEqual([
    'XAA2505',
    'ras.authorization',
    expect.stringContaining(world.idp),
  ])
  users.set('u-new', { email: 'New@ACME.test' })
  signedIn = 'u-new'
  expect((await open(await createEditor(5).ask())).page).toContain('Your company decides')
  // Her agent still works, and so does dana's editor.
  expect((await world.agent().as('alice').at('todo0').token()).value.reveal()).not.toBe('')
  signedIn = 'u-dana'
  expect((await open(await createEditor(5).ask())).page).toContain('Allow Editor to use Todo0?')
})

async function configureWeb(): Promise<openid.Configuration> {
  const metadata = await (await world.fetch(`${ISSUER}/.well-known/oauth-authorization-server`)).json()
  const config = new openid.Configuration(
    metadata as openid.ServerMetadata,
    WEB.id,
    undefined,
    openid.ClientSecretBasic(WEB.secret),
  )
  config[openid.customFetch] = world.fetch as openid.CustomFetch
  return config
}

const VERIFIER = 'v'.repeat(50)

async function buildWebUrl(change: Readonly<Record<string, string | undefined>> = {}): Promise<URL> {
  const url = openid.buildAuthorizationUrl(await configureWeb(), {
    redirect_uri: WEB.redirectUri,
    scope: 'todos.read',
    resource: MCP,
    state: 'the state',
    code_challenge: await openid.calculatePKCECodeChallenge(VERIFIER),
    code_challenge_method: 'S256',
  })
  for (const [name, value] of Object.entries(change))
    if (value === undefined) url.searchParams.delete(name)
    else url.searchParams.set(name, value)
  return url
}

async function consent(change = {}): Promise<URL> {
  signedIn ??= 'u-dana'
  const { response, page } = await open(await buildWebUrl(change))
  return returned(response.status === 200 ? await press(page, 'allow') : response)
}

const exchange = async (to: URL, verifier = VERIFIER) =>
  openid.authorizationCodeGrant(await configureWeb(), to, {
    pkceCodeVerifier: verifier,
    expectedState: 'the state',
  })

/** The same by hand, changed in one respect */
async function redeem(code: string, change: Record<string, string> = {}, client = WEB) {
  const response = await world.fetch(`${ISSUER}/as/main/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${client.id}:${client.secret.replaceAll(' ', '+')}`)}` },
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code,
      redirect_uri: WEB.redirectUri,
      code_verifier: VERIFIER,
      ...change,
    }),
  })
  const body = (await response.json()) as Record<string, unknown>
  return { status: response.status, body, record: await world.decision(response) }
}

const isActive = async (token: string) => (await server.introspect(token, MCP)).active

describe('a third-party client (openid-client)', () => {
  it('gets a token that names user, resource and scope, and no refresh token', async () => {
    const tokens = await exchange(await consent())
    expect(tokens.refresh_token).toBeUndefined()
    expect(tokens.expires_in).toBe(3600)
    expect(decodeJwt(tokens.access_token)).toMatchObject({
      sub: 'u-dana',
      aud: MCP,
      client_id: WEB.id,
      scope: 'todos.read',
    })
    expect(await isActive(tokens.access_token)).toBe(true)
  })

  it('needs consent only once for the same scopes, and again for more', async () => {
    await exchange(await consent())
    expect((await open(await buildWebUrl())).response.status).toBe(303)
    expect((await open(await buildWebUrl({ prompt: 'consent' }))).page).toContain('Allow Web app')
    expect((await open(await buildWebUrl({ scope: 'todos.read todos.write' }))).page).toContain('todos.write')
    expect(resultOf((await open(await buildWebUrl({ prompt: 'none' }))).response)['code']).toBeDefined()
    signedIn = 'u-alice'
    expect((await open(await buildWebUrl())).page).toContain('Allow Web app')
  })

  it('goes back to a program on this computer by a page, even if it needs no consent', async () => {
    await exchange(await consent())
    const { response, page } = await open(await buildWebUrl({ redirect_uri: LOOPBACK }))
    expect([response.status, page]).toEqual([200, expect.stringContaining('You are signed in')])
    expect(page).toContain(`href="${LOOPBACK}?code=`)
    const silent = await open(await buildWebUrl({ redirect_uri: LOOPBACK, prompt: 'none' }))
    expect(resultOf(silent.response)['code']).toBeDefined()
  })

  it('learns that the user declined', async () => {
    signedIn = 'u-dana'
    const { page } = await open(await buildWebUrl())
    expect(resultOf(await press(page, 'deny'))).toMatchObject({ error: 'access_denied', state: 'the state' })
    expect((await open(await buildWebUrl())).page).toContain('Allow Web app')
  })

  it('loses its token if the identity provider of the account revokes', async () => {
    signedIn = 'u-alice'
    const alice = await exchange(await consent())
    signedIn = 'u-dana'
    const dana = await exchange(await consent())
    expect(await world.revoke('alice')).toBe(1)
    expect([await isActive(alice.access_token), await isActive(dana.access_token)]).toEqual([false, true])
  })

  it('loses its token if the tenant of the account is revoked, and not with another tenant of that issuer', async () => {
    const identity = { issuer: world.idp, subject: 'usr_alice', tenant: 'acme' }
    users.set('u-alice', { email: 'alice@acme.test', identity })
    signedIn = 'u-alice'
    const { access_token: token } = await exchange(await consent())
    const revoke = (tenant: string) =>
      ports.accessTokens.revoke({ authorizationServer: 'main', issuer: world.idp, tenant }, world.nowMs())
    expect([await revoke('other'), await isActive(token)]).toEqual([0, true])
    expect([await revoke('acme'), await isActive(token)]).toEqual([1, false])
  })

  it('loses its token by revocation, revocation of the user, and with the account', async () => {
    const revoked = await exchange(await consent())
    await openid.tokenRevocation(await configureWeb(), revoked.access_token)
    expect(await isActive(revoked.access_token)).toBe(false)
    const ended = await exchange(await consent())
    expect(await server.revokeUser('u-dana')).toBe(1)
    expect(await isActive(ended.access_token)).toBe(false)
    const disabled = await exchange(await consent())
    users.set('u-dana', { email: 'dana@elsewhere.test', active: false })
    expect(await isActive(disabled.access_token)).toBe(false)
    users.set('u-dana', { email: 'dana@elsewhere.test' })
    expect(await isActive(disabled.access_token)).toBe(true)
  })
})

describe('a company that requires ID-JAG from now on', () => {
  const consentedBy = async (user: string) => {
    signedIn = user
    return (await exchange(await consent())).access_token
  }

  it('revokes code flow tokens of its users, and no others', async () => {
    const [alice, dana] = [await consentedBy('u-alice'), await consentedBy('u-dana')]
    expect([await isActive(alice), await isActive(dana)]).toEqual([true, true])
    requireIdJag = true
    await startServer()
    expect([await isActive(alice), await isActive(dana)]).toEqual([false, true])
  })

  it('denies a code that one of its users just received', async () => {
    signedIn = 'u-alice'
    const issued = (await consent()).searchParams.get('code') ?? ''
    requireIdJag = true
    await startServer()
    const { status, body, record } = await redeem(issued)
    expect([status, body['error'], record.code]).toEqual([400, 'access_denied', 'XAA2505'])
  })

  it('responds to prompt=none with an error', async () => {
    requireIdJag = true
    await startServer()
    signedIn = 'u-alice'
    const { response } = await open(await buildWebUrl({ prompt: 'none' }))
    expect(resultOf(response)).toMatchObject({
      error: 'access_denied',
      error_description: expect.stringContaining(world.idp),
    })
  })
})

describe('an authorization request', () => {
  it.each([
    ['no PKCE', { code_challenge: undefined, code_challenge_method: undefined }, 'invalid_request'],
    ['plain PKCE', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['a challenge of another length', { code_challenge: 'x'.repeat(42) }, 'invalid_request'],
    ['another response type', { response_type: 'token' }, 'unsupported_response_type'],
    ['no response type', { response_type: undefined }, 'invalid_request'],
    ['another response mode', { response_mode: 'fragment' }, 'invalid_request'],
    ['a request object', { request: 'x.y.z' }, 'invalid_request'],
    ['an unknown resource', { resource: 'https://elsewhere.test/' }, 'invalid_target'],
    ['only unknown scopes', { scope: 'unheard.of' }, 'invalid_scope'],
    ['a malformed scope', { scope: '"' }, 'invalid_scope'],
    ['prompt=none without consent', { prompt: 'none' }, 'consent_required'],
  ])('with %s is returned as an error', async (_name, change, error) => {
    signedIn = 'u-dana'
    const { response } = await open(await buildWebUrl(change))
    expect(returned(response).origin).toBe('https://web.test')
    expect(resultOf(response)).toMatchObject({ error, state: 'the state', iss: ISSUER })
    expect((await open(await buildWebUrl())).page).toContain('Allow Web app')
  })

  it.each([
    ['disabled', { email: 'dana@elsewhere.test', active: false }],
    ['removed', undefined],
  ])('of a user who is %s is denied, also on the page', async (_, user) => {
    signedIn = 'u-dana'
    if (user === undefined) users.delete('u-dana')
    else users.set('u-dana', user)
    const denied = { error: 'access_denied', error_description: 'The user has no access here.' }
    expect(resultOf((await open(await buildWebUrl({ prompt: 'none' }))).response)).toMatchObject(denied)
    const { response, page } = await open(await buildWebUrl())
    expect(response.headers.get('location')).toBeNull()
    expect(page).toContain('You have no access here')
    const back = new URL(attribute(page, /href="(https:\/\/web\.test[^"]*)"/))
    expect(Object.fromEntries(back.searchParams)).toMatchObject(denied)
  })

  it('without state gets none back, nor any other value that is missing', async () => {
    const { response } = await open(await buildWebUrl({ state: undefined, prompt: 'none' }))
    expect(resultOf(response)).toEqual({ error: 'login_required', iss: ISSUER })
  })

  it('with prompt=none and no session is returned as an error, without the service’s page', async () => {
    expect(resultOf((await open(await buildWebUrl({ prompt: 'none' }))).response)).toMatchObject({
      error: 'login_required',
    })
  })

  it.each([
    ['only unknown scopes', { scope: 'unheard.of' }, 'invalid_scope', 'u-dana'],
    ['no PKCE', { code_challenge: undefined }, 'invalid_request', 'u-dana'],
    ['prompt=none without consent', { prompt: 'none' }, 'consent_required', 'u-dana'],
    ['prompt=none and no one signed in', { prompt: 'none' }, 'login_required', undefined],
  ])(
    'of an unregistered app with %s shows a page with a link back (RFC 9700 section 4.11.2)',
    async (_name, change, error, user) => {
      signedIn = user
      const { response, page } = await open(
        await buildWebUrl({ client_id: EDITOR, redirect_uri: LOOPBACK, ...change }),
      )
      expect([response.status, response.headers.get('location')]).toEqual([400, null])
      expect(page).toContain('editor.test')
      const back = new URL((/href="([^"]*)">Back to Editor/.exec(page)?.[1] ?? '').replaceAll('&amp;', '&'))
      expect(back.href.startsWith(LOOPBACK)).toBe(true)
      expect(Object.fromEntries(back.searchParams)).toMatchObject({ error, state: 'the state', iss: ISSUER })
      signedIn = 'u-dana'
      const good = await open(await buildWebUrl({ client_id: EDITOR, redirect_uri: LOOPBACK }))
      expect(good.page).toContain('Allow Editor')
      // A user who decided has seen the app, so the response redirects directly.
      expect((await press(good.page, 'deny')).status).toBe(303)
    },
  )

  it.each([
    ['an unknown client', { client_id: 'nobody' }],
    ['a document on a host outside the allow-list', { client_id: 'https://other.test/client.json' }],
    ['an unregistered redirect URI', { redirect_uri: 'https://evil.test/callback' }],
    ['a longer redirect URI', { redirect_uri: `${WEB.redirectUri}/more` }],
    ['another port of a non-loopback redirect URI', { redirect_uri: 'https://web.test:8443/callback' }],
    ['no redirect URI', { redirect_uri: undefined }],
    ['an oversized query', { state: 'x'.repeat(2500) }],
  ])('with %s shows an error page, never a redirect', async (_name, change) => {
    signedIn = 'u-dana'
    const { response } = await open(await buildWebUrl(change))
    expect([Math.floor(response.status / 100), response.headers.get('location')]).toEqual([4, null])
    expect((await open(await buildWebUrl())).response.status).toBe(200)
  })

  it.each([
    [2500, 200],
    [2501, 414],
  ])('with a query of %i characters gets %i', async (length, status) => {
    signedIn = 'u-dana'
    const url = await buildWebUrl({ state: '' })
    const state = 'x'.repeat(length - url.search.slice(1).length)
    expect((await open(await buildWebUrl({ state }))).response.status).toBe(status)
  })

  it.each([
    ['GET', 200],
    ['HEAD', 200],
    ['POST', 405],
  ])('by %s gets %i', async (method, status) => {
    signedIn = 'u-dana'
    const response = await world.fetch(String(await buildWebUrl()), { method })
    expect(response.status).toBe(status)
    if (status === 405) expect(response.headers.get('allow')).toBe('GET, HEAD')
  })

  it('rejects duplicate client_id and redirect_uri', async () => {
    const url = await buildWebUrl()
    url.searchParams.append('redirect_uri', 'https://evil.test/callback')
    expect((await open(url)).response.headers.get('location')).toBeNull()
  })

  it('sends the user to sign in again once, if the app requires it', async () => {
    signedIn = 'u-dana'
    const { page } = await open(await buildWebUrl({ prompt: 'login consent' }))
    expect(asked.at(-1)).toMatchObject({ again: true, app: 'Web app' })
    expect(new URL(asked.at(-1)?.returnTo ?? '').searchParams.get('prompt')).toBe('consent')
    expect(resultOf(await press(page, 'allow'))['code']).toBeDefined()
    expect(asked.at(-1)).toMatchObject({ again: false })
  })
})

describe('the consent page', () => {
  it('is protected from other sites: no frames, no scripts, and forms only from itself', async () => {
    signedIn = 'u-dana'
    const { response, page } = await open(await buildWebUrl())
    const policy = response.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).toContain("default-src 'none'")
    expect(response.headers.get('x-frame-options')).toBe('DENY')
    expect(response.headers.get('cache-control')).toBe('no-store')
    for (const headers of [{ origin: 'https://evil.test' }, { 'sec-fetch-site': 'cross-site' }])
      expect((await press(page, 'allow', headers as Record<string, string>)).status).toBe(403)
    expect(resultOf(await press(page, 'allow', { origin: 'null' }))['code']).toBeDefined()
  })

  it('leads to another sign-in, and names no source of an app that an administrator registered', async () => {
    signedIn = 'u-dana'
    const { page } = await open(await buildWebUrl())
    expect(page).toContain('Allow Web app')
    expect(page).not.toContain('registered itself')
    const other = new URL(attribute(page, /href="([^"]*\/authorize\?[^"]*)"/))
    expect([other.searchParams.get('prompt'), other.searchParams.get('state')]).toEqual([
      'login',
      'the state',
    ])
  })

  it('is valid for the account that saw it, for ten minutes', async () => {
    signedIn = 'u-dana'
    const { page } = await open(await buildWebUrl())
    signedIn = 'u-alice'
    // Alice gets her own consent page instead.
    expect(await (await press(page, 'allow')).text()).toContain('alice@acme.test')
    signedIn = 'u-dana'
    world.advance(599)
    expect(resultOf(await press(page, 'allow'))['code']).toBeDefined()
    world.advance(1)
    expect((await press(page, 'allow')).status).toBe(400)
  })

  it('asks again before it sends a code to another host than that of the document', async () => {
    signedIn = 'u-dana'
    const before = describeEditor
    const [own, other] = ['https://editor.test/callback', 'https://other.test/callback']
    describeEditor = () => ({ ...before(), redirect_uris: [own] })
    const ask = async (uri: string) => open(await buildWebUrl({ client_id: EDITOR, redirect_uri: uri }))
    await press((await ask(own)).page, 'allow')
    describeEditor = () => ({ ...before(), redirect_uris: [own, other] })
    world.advance(61)
    expect(returned((await ask(own)).response).host).toBe('editor.test')
    const { response, page } = await ask(other)
    expect(response.status).toBe(200)
    expect(page).toContain('other.test')
  })

  it('sends no code to an address that the document of the app no longer lists, or that the user did not see', async () => {
    signedIn = 'u-dana'
    const { page } = await open(await buildWebUrl({ client_id: EDITOR, redirect_uri: LOOPBACK }))
    const before = describeEditor
    const other = 'https://other.test/callback'
    describeEditor = () => ({ ...before(), client_name: 'Bank', redirect_uris: [LOOPBACK, other] })
    world.advance(61)
    expect(returned(await press(page, 'allow')).host).toBe('127.0.0.1')
    describeEditor = () => ({ ...before(), redirect_uris: [other] })
    world.advance(61)
    const refused = await press(page, 'allow')
    expect([refused.status, refused.headers.get('location')]).toEqual([400, null])
  })

  it('escapes the metadata of an app', async () => {
    signedIn = 'u-dana'
    const before = describeEditor
    describeEditor = () => ({ ...before(), client_name: '<script>alert(1)</script>' })
    const { page } = await open(await buildWebUrl({ client_id: EDITOR, redirect_uri: LOOPBACK }))
    expect(page).not.toContain('<script>')
    expect(page).toContain('editor.test')
    expect(page).toContain('an app on this computer')
  })

  it.each([
    ['does not answer now', 500, 503, 'We could not read about this app'],
    ['has no document', 404, 400, 'Unknown app'],
  ])('tells the user whether to try again, if the host of an app %s', async (_, status, shown, heading) => {
    signedIn = 'u-dana'
    editorStatus = status
    const { response, page } = await open(await buildWebUrl({ client_id: EDITOR, redirect_uri: LOOPBACK }))
    expect(response.status).toBe(shown)
    expect(page).toContain(heading)
    expect(page).toContain(`status (${status})`)
  })
})

describe('a code', () => {
  const codeOf = async () => (await consent()).searchParams.get('code') ?? ''
  const OTHER = { id: AGENT, secret: '', redirectUri: '' }

  it.each([
    ['that was altered', { code: 'x' }, 'XAA2501'],
    ['with another redirect_uri', { redirect_uri: 'https://web.test/other' }, 'XAA2502'],
    ['with another verifier', { code_verifier: 'w'.repeat(50) }, 'XAA2503'],
    ['with a short verifier', { code_verifier: 'v'.repeat(42) }, 'XAA2503'],
    ['without a verifier', { code_verifier: '' }, 'XAA2002'],
    ['for another resource', { resource: 'https://elsewhere.test/' }, 'XAA2217'],
  ])('%s is rejected, and stays valid for the right request', async (_name, change, code) => {
    const issued = await codeOf()
    const refused = await redeem(issued, change)
    expect([refused.status, refused.record.code, refused.record.stage]).toEqual([400, code, 'ras.token'])
    expect((await redeem(issued)).status).toBe(200)
  })

  it('of another client is rejected', async () => {
    const issued = await codeOf()
    const other = { ...OTHER, secret: world.secretOf(AGENT) }
    expect((await redeem(issued, {}, other)).record.checks).toContainEqual(
      expect.objectContaining({ id: 'code.client', result: 'fail', code: 'XAA2502' }),
    )
    expect((await redeem(issued)).status).toBe(200)
  })

  it('lives for a minute', async () => {
    const [first, second] = [await codeOf(), await codeOf()]
    world.advance(59)
    expect((await redeem(first)).status).toBe(200)
    world.advance(1)
    expect((await redeem(second)).record.code).toBe('XAA2501')
  })

  it('works once, and a second use revokes the token of the first', async () => {
    const issued = await codeOf()
    const kept = (await redeem(await codeOf())).body
    const { body } = await redeem(issued)
    expect(await isActive(String(body['access_token']))).toBe(true)
    const again = await redeem(issued)
    expect([again.status, again.body['error'], again.record.code]).toEqual([400, 'invalid_grant', 'XAA2504'])
    expect(await isActive(String(body['access_token']))).toBe(false)
    expect(await isActive(String(kept['access_token']))).toBe(true)
  })

  it('works once among concurrent requests', async () => {
    const issued = await codeOf()
    const answers = await Promise.all(Array.from({ length: 5 }, () => redeem(issued)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  })

  it('does not work once the account is disabled', async () => {
    const issued = await codeOf()
    users.set('u-dana', { email: 'dana@elsewhere.test', active: false })
    expect((await redeem(issued)).record.code).toBe('XAA2303')
    users.set('u-dana', { email: 'dana@elsewhere.test' })
    expect((await redeem(issued)).status).toBe(200)
  })
})

describe('a client that registers itself', () => {
  const register = async (body: unknown) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    const headers = { 'content-type': 'application/json' }
    const response = await world.fetch(`${ISSUER}/as/main/register`, { method: 'POST', headers, body: text })
    return { status: response.status, body: (await response.json()) as Record<string, unknown> }
  }
  const CURSOR = 'cursor://anysphere.cursor-mcp/oauth/callback'
  const allow = async (...given: string[]) => {
    redirects = given
    await startServer()
  }

  it('is accepted if an administrator allows its redirect URI: the unmodified MCP SDK', async () => {
    await allow('loopback')
    const editor = createEditor(33_418, '')
    const url = await editor.ask()
    signedIn = 'u-dana'
    const { page } = await open(url)
    expect(page).toContain('Allow Editor to use Todo0?')
    expect(page).toContain('an app that registered itself')
    const client = await editor.finish(resultOf(await press(page, 'allow'))['code'] ?? '')
    expect(await callTool(client)).toEqual([{ type: 'text', text: 'u-dana' }])
    await client.close()
    // A revocation by the administrator also ends its tokens.
    const token = editor.provider.tokens()?.access_token ?? ''
    expect(await isActive(token)).toBe(true)
    await allow('chatgpt.com')
    expect(await isActive(token)).toBe(false)
    expect((await open(url)).response.status).toBe(400)
  })

  it('gets no secret, and no other grant type', async () => {
    await allow('chatgpt.com', 'cursor:')
    const { status, body } = await register({
      redirect_uris: ['https://chatgpt.com/connector_platform_oauth_redirect', CURSOR],
      token_endpoint_auth_method: 'client_secret_post',
      grant_types: ['authorization_code', 'refresh_token'],
    })
    expect(status).toBe(201)
    expect(body).toMatchObject({
      client_id: expect.stringMatching(/^dyn-.{1,508}$/),
      grant_types: ['authorization_code'],
      token_endpoint_auth_method: 'none',
    })
    expect(body).not.toHaveProperty('client_secret')
    const response = await world.fetch(`${ISSUER}/as/main/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
        assertion: 'x',
        client_id: String(body['client_id']),
      }),
    })
    expect((await world.decision(response)).code).toBe('XAA2102')
  })

  const OK = { redirect_uris: ['https://chatgpt.com/callback'] }
  it.each([
    ['another host', { redirect_uris: ['https://chatgpt.com.evil.test/'] }, 'invalid_redirect_uri'],
    ['another port', { redirect_uris: ['https://chatgpt.com:8443/'] }, 'invalid_redirect_uri'],
    ['one of two elsewhere', { redirect_uris: [...OK.redirect_uris, CURSOR] }, 'invalid_redirect_uri'],
    ['a loopback address', { redirect_uris: [LOOPBACK] }, 'invalid_redirect_uri'],
    ['a script', { redirect_uris: ['javascript://chatgpt.com/%0aalert(1)'] }, 'invalid_redirect_uri'],
    ['no redirect URI', { redirect_uris: [] }, 'invalid_redirect_uri'],
    ['six redirect URIs', { redirect_uris: Array(6).fill(OK.redirect_uris[0]) }, 'invalid_redirect_uri'],
    ['only other grant types', { ...OK, grant_types: ['client_credentials'] }, 'invalid_client_metadata'],
    ['a name of 65 characters', { ...OK, client_name: 'x'.repeat(65) }, 'invalid_client_metadata'],
    [
      'more than an id can hold',
      { redirect_uris: [`https://chatgpt.com/${'x'.repeat(500)}`] },
      'invalid_client_metadata',
    ],
    ['no JSON', '{', 'invalid_client_metadata'],
    ['a list', '[]', 'invalid_client_metadata'],
    ['too many bytes', ' '.repeat(8193), 'invalid_client_metadata'],
  ])('is rejected for %s', async (_name, body, error) => {
    await allow('chatgpt.com')
    expect(await register(body)).toMatchObject({ status: 400, body: { error } })
    expect((await register({ ...OK, client_name: 'x'.repeat(64) })).status).toBe(201)
  })

  it('does not exist without permission by an administrator, nor at another server', async () => {
    expect((await register(OK)).status).toBe(404)
    await allow('chatgpt.com')
    const read = await world.fetch(`${ISSUER}/as/main/register`)
    expect([read.status, read.headers.get('allow')]).toEqual([405, 'POST'])
    const { body } = await register(OK)
    const id = String(body['client_id'])
    const ask = (client_id: string) =>
      buildWebUrl({ client_id, redirect_uri: OK.redirect_uris[0] }).then(open)
    signedIn = 'u-dana'
    expect((await ask(id)).page).toContain('An app that registered itself')
    const at = id.length - 5
    const changed = `${id.slice(0, at)}${id[at] === 'A' ? 'B' : 'A'}${id.slice(at + 1)}`
    expect((await ask(changed)).page).toContain('Unknown app')
    // Other encodings of the same id are rejected, or a disabled client could continue under one.
    for (const spelling of [`${id}=`, `${id}A`, spellOtherwise(id)])
      expect((await ask(spelling)).page, spelling).toContain('Unknown app')
  })

  it('is named in the metadata', async () => {
    await allow('chatgpt.com')
    const metadata = await (await world.fetch(`${ISSUER}/.well-known/oauth-authorization-server`)).json()
    expect(metadata).toMatchObject({ registration_endpoint: `${ISSUER}/as/main/register` })
  })
})

describe('the server of the how-to page', () => {
  beforeEach(async () => {
    process.env['AGENT0_SECRET'] = world.secretOf(AGENT)
    const snippet = readSnippets(PAGE).find(({ info }) => info === 'todo0-as.ts')
    const made = await runSnippet({ name: 'todo0-as', code: snippet?.code ?? '' })
    const own = new Map([...users].map(([id, user]) => [id, { ...user, disabled: user.active === false }]))
    const create = made['createTodoServer'] as (...given: unknown[]) => Promise<EmbeddedResourceAs>
    server = await create(ports, own, () => signedIn)
  })
  afterEach(() => {
    delete process.env['AGENT0_SECRET']
  })

  it('serves both kinds of clients', async () => {
    const { value } = await world.agent().as('alice').at('todo0').token()
    expect(decodeJwt(value.reveal())).toMatchObject({ sub: 'u-alice' })
    const editor = createEditor()
    const login = returned((await open(await editor.ask())).response)
    signedIn = 'u-dana'
    const { page } = await open(login.searchParams.get('to') ?? '')
    expect(page).toContain('Add, change and complete todos')
    const client = await editor.finish(resultOf(await press(page, 'allow'))['code'] ?? '')
    expect(await callTool(client)).toEqual([{ type: 'text', text: 'u-dana' }])
    await client.close()
  })
})

it('announces its features in metadata', async () => {
  const metadata = await (await world.fetch(`${ISSUER}/.well-known/oauth-authorization-server`)).json()
  expect(metadata).toMatchObject({
    authorization_endpoint: `${ISSUER}/as/main/authorize`,
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
    client_id_metadata_document_supported: true,
    grant_types_supported: expect.arrayContaining(['authorization_code']),
    token_endpoint_auth_methods_supported: expect.arrayContaining(['none']),
  })
  expect(metadata).not.toHaveProperty('registration_endpoint')
})
