// Cloudflare's OAuth provider for Workers in front of an MCP server: it redeems our ID-JAGs, and our client understands its refusals.
import { registerHooks } from 'node:module'

import { clientSecret, normalizeError, xaa } from '@crosswalk/client'
import { GRANT_TYPE } from '@crosswalk/protocol'
import { createWorld, type World } from '@crosswalk/testkit'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'

import { basic, type ClientCredentials } from '../support/flow.ts'

// Only the runtime of Workers has this module.
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'cloudflare:workers'
      ? { url: 'data:text/javascript,export class WorkerEntrypoint {}', shortCircuit: true }
      : next(specifier, context),
})
const { OAuthProvider } = await import('@cloudflare/workers-oauth-provider')

const ISSUER = 'https://mcp.vendor.test'
const RESOURCE = `${ISSUER}/mcp`
const TOKEN_ENDPOINT = `${ISSUER}/oauth/token`
const SCOPES = ['todos.read', 'todos.write']

let world: World
let agent: ClientCredentials
let stranger: ClientCredentials
/** Why the provider refused, which it tells its operator alone */
let reasons: string[]

beforeEach(async () => {
  reasons = []
  const resource = {
    id: 'todo0',
    issuer: ISSUER,
    resource: RESOURCE,
    scopes: SCOPES,
    runs: 'nothing',
  } as const
  world = await createWorld({ resources: [resource] })
  vi.stubGlobal('fetch', world.fetch)
  vi.useFakeTimers({ toFake: ['Date'], now: world.nowMs() })
  const { handle, register } = await startProvider()
  world.mount(ISSUER, handle)
  agent = await register()
  stranger = await register()
  world.change((definition) => ({
    ...definition,
    connections: (definition.connections ?? []).map((connection) => ({
      ...connection,
      clientId: agent.id,
    })),
  }))
})
afterEach(async () => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
  await world.close()
})

/** @returns the provider as a handler, and a function that registers a client there */
async function startProvider() {
  const env: { OAUTH_KV: object; OAUTH_PROVIDER?: Helpers } = { OAUTH_KV: createKv() }
  const context = { waitUntil() {}, passThroughOnException() {}, props: {} }
  const provider: Provider = new OAuthProvider({
    apiRoute: '/mcp',
    apiHandler: {
      fetch: async (_request: Request, _env: object, { props }: { readonly props: unknown }) =>
        Response.json(props),
    },
    defaultHandler: { fetch: async () => new Response('', { status: 404 }) },
    authorizeEndpoint: '/authorize',
    tokenEndpoint: '/oauth/token',
    scopesSupported: SCOPES,
    resourceMetadata: { resource: RESOURCE, authorization_servers: [ISSUER] },
    enterpriseManagedAuthorization: {
      trustedIssuers: async ({ iss }: { iss: string }) =>
        iss === 'https://idp.acme.test'
          ? { issuer: iss, jwksUri: `${iss}/jwks`, algorithms: ['ES256'] }
          : null,
      mapClaims: async ({ claims, requestedScope }: Mapped) => ({
        userId: claims.sub,
        scope: requestedScope,
        props: { user: claims.sub, scopes: requestedScope },
      }),
    },
    onError: ({ internal }: Reported) => void reasons.push(internal?.reason ?? ''),
  } as never)
  const handle = (request: Request) => provider.fetch(request, env, context)
  // The provider adds its helpers to the environment with the first request.
  await handle(new Request(ISSUER))
  return {
    handle,
    async register() {
      const created = await env.OAUTH_PROVIDER?.createClient({
        redirectUris: ['https://agent0.test/callback'],
        tokenEndpointAuthMethod: 'client_secret_basic',
        grantTypes: ['authorization_code', GRANT_TYPE.jwtBearer],
      })
      return { id: created?.clientId ?? '', secret: created?.clientSecret ?? '' }
    },
  }
}

interface Helpers {
  createClient(client: object): Promise<{ readonly clientId: string; readonly clientSecret?: string }>
}
interface Provider {
  fetch(request: Request, env: object, context: object): Promise<Response>
}
interface Reported {
  readonly internal?: { readonly reason?: string }
}
interface Mapped {
  readonly claims: { readonly sub: string }
  readonly requestedScope: readonly string[]
}

/** The part of a KV namespace that the provider uses */
function createKv() {
  const values = new Map<string, string>()
  return {
    async get(key: string, options?: { readonly type?: string }): Promise<unknown> {
      const value = values.get(key)
      return value === undefined ? null : options?.type === 'json' ? JSON.parse(value) : value
    },
    put: async (key: string, value: string) => void values.set(key, value),
    delete: async (key: string) => void values.delete(key),
  }
}

function reach(scope: string, fetch = world.fetch) {
  const resources = { [ISSUER]: { clientId: agent.id, auth: clientSecret(agent.secret), sendScope: true } }
  const { session } = world.agent().as('alice')
  return xaa({ ...world.agent().options, fetch, resources })
    .as(session)
    .at(RESOURCE, { scope })
}

/** @returns an ID-JAG that was not redeemed */
async function obtainIdJag(scope: string): Promise<string> {
  let assertion = ''
  const intercept: typeof world.fetch = async (url, init) => {
    if (String(url) !== TOKEN_ENDPOINT) return world.fetch(url, init)
    assertion = new URLSearchParams(String(init?.body)).get('assertion') ?? ''
    return Response.json({ error: 'invalid_request' }, { status: 400 })
  }
  await expect(reach(scope, intercept).token()).rejects.toThrow()
  return assertion
}

function redeem(assertion: string, form: object = {}, client = agent): Promise<Response> {
  return world.fetch(TOKEN_ENDPOINT, {
    method: 'POST',
    headers: { authorization: basic(client), 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ grant_type: GRANT_TYPE.jwtBearer, assertion, ...form }),
  })
}

it('redeems an ID-JAG, and its token reaches the MCP server for the user', async () => {
  const response = await reach('todos.read').fetch('')
  expect([response.status, await response.json()]).toEqual([
    200,
    { user: 'usr_alice', scopes: ['todos.read'] },
  ])
})

it('grants no scope that the ID-JAG does not have', async () => {
  const idJag = await obtainIdJag('todos.read')
  const { scope } = (await (await redeem(idJag, { scope: 'todos.read todos.write' })).json()) as {
    scope: string
  }
  expect(scope).toBe('todos.read')
})

it.each<readonly [string, string, string, () => Promise<Response>]>([
  [
    'a second use',
    'replayed',
    'XAA5008',
    async () => {
      const idJag = await obtainIdJag('todos.read')
      expect((await redeem(idJag)).status).toBe(200)
      return redeem(idJag)
    },
  ],
  [
    'the ID-JAG of another client',
    'client_id_mismatch',
    'XAA5008',
    async () => redeem(await obtainIdJag('todos.read'), {}, stranger),
  ],
  [
    'an ID-JAG that expired',
    'expired',
    'XAA5008',
    async () => {
      const idJag = await obtainIdJag('todos.read')
      vi.setSystemTime(world.nowMs() + 400_000)
      return redeem(idJag)
    },
  ],
  [
    'a wrong secret',
    'client_secret_mismatch',
    'XAA2101',
    async () => redeem(await obtainIdJag('todos.read'), {}, { ...agent, secret: 'wrong' }),
  ],
])('refuses %s, and our client says as much as it learns', async (_, reason, code, attempt) => {
  const response = await attempt()
  const body: unknown = await response.json()
  expect(reasons).toEqual([reason])
  const understood = normalizeError({ leg: 'redemption', status: response.status, body, issuer: ISSUER })
  expect(understood, JSON.stringify(body)).toMatchObject({ code })
})
