import { type AgentSession, BlockedByAdmin, clientSecret, NeedsMoreScope, xaa } from '@crosswalk/client'
import { JWT_TYP, MCP_EMA_EXTENSION, TOKEN_TYPE } from '@crosswalk/protocol'
import { createResource } from '@crosswalk/resource'
import { Client, type ClientOptions } from '@modelcontextprotocol/client'
import { McpServer } from '@modelcontextprotocol/server'
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose'
import { beforeEach, describe, expect, it, test } from 'vitest'

import { connectXaa, xaaTransport } from './client.ts'
import { type XaaMcp, xaaMcp, xaaOf } from './server.ts'

const IDP = 'http://127.0.0.1:4000'
const RAS = 'http://127.0.0.1:4002'
const MCP = 'http://127.0.0.1:4001/mcp'

let mcp: XaaMcp
let session: AgentSession
/** Scopes requested from the identity provider, one entry per exchange */
let exchanges: string[]
let authorizations: (string | null)[]
let bodies: string[]
let allowed: string[]
let blocked: boolean
let sign: (claims: object, typ: string) => Promise<string>

beforeEach(async () => {
  exchanges = []
  authorizations = []
  bodies = []
  allowed = ['todos.read', 'todos.write']
  blocked = false
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  sign = async (claims, typ) =>
    await new SignJWT({ jti: crypto.randomUUID(), ...claims } as JWTPayload)
      .setProtectedHeader({ alg: 'ES256', kid: 'k', typ })
      .setIssuedAt()
      .setExpirationTime('5m')
      .sign(privateKey)
  const resource = createResource({
    resource: MCP,
    issuer: RAS,
    jwks: { keys: [{ ...(await exportJWK(publicKey)), kid: 'k' }] },
  })
  mcp = xaaMcp({
    resource,
    tools: { list_todos: 'todos.read', add_todo: 'todos.write', ping: [] },
    server: ({ xaa: caller }) => buildServer(caller.user),
  })
  session = xaa({
    idp: IDP,
    client: { id: 'agent0', auth: clientSecret('s') },
    resources: { [RAS]: { clientId: 'agent0-at-todo0', auth: clientSecret('s') } },
    fetch: network,
  }).as({ getSubjectToken: () => 'alice' })
})

function buildServer(owner: string): McpServer {
  const server = new McpServer({ name: 'todo0', version: '1.0.0' })
  const say = (text: string) => ({ content: [{ type: 'text' as const, text }] })
  server.registerTool('list_todos', {}, (context) => say(`${owner} ${xaaOf(context).client}`))
  server.registerTool('add_todo', {}, (context) => say(JSON.stringify(context.http?.authInfo)))
  server.registerTool('ping', {}, () => say('pong'))
  server.registerTool('secret_tool', {}, () => say('reached'))
  return server
}

async function network(url: string, init: RequestInit = {}): Promise<Response> {
  const form = new URLSearchParams(typeof init.body === 'string' ? init.body : '')
  if (url === `${IDP}/.well-known/oauth-authorization-server`)
    return Response.json({ issuer: IDP, token_endpoint: `${IDP}/token` })
  if (url === `${RAS}/.well-known/oauth-authorization-server`)
    return Response.json({ issuer: RAS, token_endpoint: `${RAS}/token` })
  if (url === `${IDP}/token`) return await exchange(form)
  if (url === `${RAS}/token`) {
    const { sub, scope } = JSON.parse(atob(form.get('assertion')?.split('.')[1] ?? ''))
    const claims = { iss: RAS, sub, scope, aud: MCP, client_id: 'agent0-at-todo0' }
    return Response.json({ access_token: await sign(claims, JWT_TYP.accessToken), token_type: 'Bearer' })
  }
  const request = new Request(url, init)
  if (url === MCP) authorizations.push(request.headers.get('authorization'))
  if (request.method === 'POST') bodies.push(await request.clone().text())
  return await mcp.fetch(request)
}

async function exchange(form: URLSearchParams): Promise<Response> {
  const asked = form.get('scope')?.split(' ') ?? ['todos.read']
  exchanges.push(asked.join(' '))
  if (blocked) return Response.json({ error: 'access_denied' }, { status: 400 })
  const scope = asked.filter((one) => allowed.includes(one)).join(' ')
  if (scope === '') return Response.json({ error: 'invalid_scope' }, { status: 400 })
  const claims = { iss: IDP, sub: 'alice', aud: RAS, client_id: 'agent0-at-todo0', resource: MCP, scope }
  return Response.json({
    access_token: await sign(claims, JWT_TYP.idJag),
    issued_token_type: TOKEN_TYPE.idJag,
    token_type: 'N_A',
    scope,
  })
}

const read = (result: unknown) => (result as { content: { text: string }[] }).content[0]?.text ?? ''

/** When the client announces: at initialization (2025), or with each request (2026). */
function readExtensions(body: string): unknown {
  const { params } = JSON.parse(body) as { params?: Record<string, Record<string, unknown>> }
  const perRequest = params?._meta?.['io.modelcontextprotocol/clientCapabilities']
  return ((perRequest ?? params?.capabilities) as { extensions?: unknown } | undefined)?.extensions
}

describe.each<readonly [string, ClientOptions]>([
  ['2025 protocol', {}],
  ['2026 protocol', { versionNegotiation: { mode: 'auto' } }],
])('the official client, %s', (_, options) => {
  it('calls tools for the user, with every HTTP request authorized (RS-15) and the extension announced (RS-11)', async () => {
    const client = new Client({ name: 'agent0', version: '1.0.0' }, options)
    await connectXaa(client, session, MCP, { scope: 'todos.read' })
    expect((await client.listTools()).tools.map(({ name }) => name)).toContain('list_todos')
    expect(read(await client.callTool({ name: 'list_todos' }))).toBe('alice agent0-at-todo0')
    expect(authorizations.length).toBeGreaterThan(2)
    expect(authorizations.every((one) => one?.startsWith('Bearer ey') === true)).toBe(true)
    expect(exchanges).toEqual(['todos.read'])
    expect(bodies.map(readExtensions).filter((one) => one !== undefined)).toContainEqual({
      [MCP_EMA_EXTENSION]: {},
    })
    await client.close()
  })

  it('STEP-08 gets a missing scope once, within what the organisation grants; RS-09: no tool sees the token', async () => {
    const client = new Client({ name: 'agent0', version: '1.0.0' }, options)
    await client.connect(xaaTransport(session, MCP, { scope: 'todos.read' }))
    const authInfo = JSON.parse(read(await client.callTool({ name: 'add_todo' })))
    expect(exchanges).toEqual(['todos.read', 'todos.read todos.write'])
    expect(authInfo).toMatchObject({
      token: '',
      clientId: 'agent0-at-todo0',
      scopes: ['todos.read', 'todos.write'],
      extra: { xaa: { user: 'alice' } },
    })
    await client.close()
  })

  it('throws NeedsMoreScope from the call if the organisation does not grant it', async () => {
    allowed = ['todos.read']
    const client = new Client({ name: 'agent0', version: '1.0.0' }, options)
    await client.connect(xaaTransport(session, MCP, { scope: 'todos.read' }))
    const error = await client.callTool({ name: 'add_todo' }).then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    expect(error).toBeInstanceOf(NeedsMoreScope)
    expect(error).toMatchObject({ code: 'XAA3009', missing: ['todos.write'] })
    await client.close()
  })

  it('throws the refusal itself if it is refused while connecting', async () => {
    blocked = true
    const client = new Client({ name: 'agent0', version: '1.0.0' }, options)
    await expect(connectXaa(client, session, MCP)).rejects.toBeInstanceOf(BlockedByAdmin)
    expect(exchanges).toHaveLength(1)
  })
})

describe('the server', () => {
  const call = (name: unknown) => ({
    jsonrpc: '2.0',
    id: 1,
    method: 'tools/call',
    params: { name, arguments: {} },
  })

  async function post(
    body: unknown,
    { scope = 'todos.read', headers = {} }: { scope?: string; headers?: object } = {},
  ) {
    const claims = { iss: RAS, sub: 'alice', scope, aud: MCP, client_id: 'c' }
    const request = new Request(MCP, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${await sign(claims, JWT_TYP.accessToken)}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'mcp-protocol-version': '2025-06-18',
        ...headers,
      },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
    return await mcp.fetch(request)
  }

  it('handles a call that the token covers', async () => {
    const response = await post(call('list_todos'))
    expect(response.status).toBe(200)
    expect(await response.text()).toContain('alice c')
  })

  test.each([
    ['rs-15 needs another scope', call('add_todo'), 'scope="todos.write"'],
    [
      'rs-15 needs another scope in a batch, whose scopes are listed together (RS-08)',
      [call('list_todos'), call('add_todo')],
      'scope="todos.read todos.write"',
    ],
    ['has no entry and is in a batch', [call('secret_tool')], 'error="insufficient_scope"'],
    ['has no entry, in a notification', { ...call('secret_tool'), id: undefined }, 'insufficient_scope'],
  ])('a tool that %s is refused before it is reached', async (_, body, challenge) => {
    const response = await post(body)
    expect(response.status).toBe(403)
    expect(response.headers.get('www-authenticate')).toContain(challenge)
    expect(response.headers.get('www-authenticate')).toContain('resource_metadata=')
    expect(await response.json()).toMatchObject({ error: 'insufficient_scope', code: 'XAA3009' })
  })

  test.each([
    ['has no entry', 'secret_tool'],
    ['is named like a member of every object', 'constructor'],
    ['has no name', undefined],
    ['does not exist', 'no_such_tool'],
  ])('a tool that %s gets the response of one that does not exist', async (_, name) => {
    const response = await post(call(name))
    expect(response.status).toBe(200)
    const message = `Tool ${String(name)} not found`
    expect(await response.json()).toEqual({ jsonrpc: '2.0', id: 1, error: { code: -32602, message } })
  })

  test.each([
    ['2025-06-18', {}, 200],
    [
      '2026-07-28',
      {
        'io.modelcontextprotocol/protocolVersion': '2026-07-28',
        'io.modelcontextprotocol/clientInfo': { name: 'agent0', version: '1.0.0' },
        'io.modelcontextprotocol/clientCapabilities': {},
      },
      404,
    ],
  ])('under revision %s, a method without an entry does not exist', async (version, _meta, status) => {
    const message = { jsonrpc: '2.0', id: 1, method: 'acme/reindex', params: { _meta } }
    const headers = { 'mcp-protocol-version': version, 'mcp-method': message.method }
    const response = await post(message, { headers })
    expect(response.status).toBe(status)
    expect(await response.json()).toMatchObject({ error: { code: -32601, message: 'Method not found' } })
  })

  test.each(['POST', 'GET', 'DELETE'])(
    'RS-15 a %s without token is refused, with or without a session',
    async (method) => {
      const headers = { 'mcp-session-id': 'known', accept: 'text/event-stream' }
      const response = await mcp.fetch(new Request(MCP, { method, headers }))
      expect(response.status).toBe(401)
      expect(response.headers.get('www-authenticate')).toMatch(/^Bearer resource_metadata=/)
    },
  )

  test.each(['PUT', 'PATCH', 'HEAD', 'OPTIONS'])(
    'a %s reaches no handler, whatever the token',
    async (method) => {
      const claims = { iss: RAS, sub: 'alice', scope: 'todos.read', aud: MCP, client_id: 'c' }
      const headers = { authorization: `Bearer ${await sign(claims, JWT_TYP.accessToken)}` }
      const response = await mcp.fetch(new Request(MCP, { method, headers }))
      expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, POST, DELETE'])
      expect(await response.text()).toBe('')
    },
  )

  test.each([
    ['another Host', { host: 'evil.test' }],
    ['an Origin', { origin: 'https://evil.test' }],
    ['an opaque Origin', { origin: 'null' }],
    ['an Origin on another port of its host', { origin: 'http://127.0.0.1:4009' }],
    ['an Origin of another scheme', { origin: 'https://127.0.0.1:4001' }],
  ])('%s is refused before anything else', async (_, headers) => {
    expect((await post(call('list_todos'), { headers })).status).toBe(403)
  })

  it('judges the host of the URL if a runtime keeps no Host header', async () => {
    const ask = async (url: string) => (await mcp.fetch(new Request(url, { method: 'POST' }))).status
    expect([await ask(MCP), await ask(MCP.replace('127.0.0.1', 'evil.test'))]).toEqual([401, 403])
  })

  it('says to a developer which host name it expects', async () => {
    const response = await post(call('list_todos'), { headers: { host: 'evil.test' } })
    expect(await response.json()).toEqual({
      error: 'invalid_request',
      error_description: 'This server answers for 127.0.0.1. List other host names in `allowedHosts`.',
    })
  })

  it('serves pages of its own origin', async () => {
    expect((await post(call('list_todos'), { headers: { origin: new URL(MCP).origin } })).status).toBe(200)
  })

  it('serves pages of the host names in `allowedOrigins`, and no others', async () => {
    mcp = xaaMcp({
      resource: { resource: MCP, issuer: RAS },
      tools: {},
      server: () => buildServer(''),
      allowedOrigins: ['inspector.test'],
    })
    // Without a token, a request that passes is a 401.
    const ask = async (origin: string, method = 'POST', more = {}) => {
      const { status, headers } = await mcp.fetch(new Request(MCP, { method, headers: { origin, ...more } }))
      const cors = [...headers].filter(([name]) => /^access-control-|^vary$/.test(name))
      return { status, ...Object.fromEntries(cors) }
    }
    const shared = {
      'access-control-allow-origin': 'https://inspector.test',
      'access-control-expose-headers': 'Mcp-Session-Id, WWW-Authenticate',
      vary: 'Origin',
    }
    const preflight = {
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,mcp-protocol-version',
    }
    const own = new URL(MCP).origin
    expect(await ask('https://inspector.test')).toEqual({ status: 401, ...shared })
    expect(await ask('https://inspector.test', 'OPTIONS', preflight)).toEqual({
      status: 204,
      ...shared,
      'access-control-allow-methods': 'GET, POST, DELETE',
      'access-control-allow-headers': 'authorization,mcp-protocol-version',
      'access-control-max-age': '600',
    })
    expect(await ask('https://evil.test')).toEqual({ status: 403 })
    expect(await ask('https://evil.test', 'OPTIONS', preflight)).toEqual({ status: 403 })
    const exposed = { 'access-control-expose-headers': 'WWW-Authenticate' }
    expect(await ask(own)).toEqual({ status: 401, ...exposed })
    expect(await ask(own, 'OPTIONS', preflight)).toEqual({ status: 401, ...exposed })
  })

  it('does not run tools for a server that is mounted without it', async () => {
    expect(() => xaaOf({} as never)).toThrow('not behind xaaMcp()')
    expect(() => xaaOf({ http: { authInfo: {} } } as never)).toThrow('not behind xaaMcp()')
    expect(xaaOf({ http: { authInfo: { extra: { xaa: { user: 'alice' } } } } } as never)).toEqual({
      user: 'alice',
    })
  })

  it('responds with 400 to anything but JSON', async () => {
    expect((await post('{')).status).toBe(400)
  })

  it('serves the metadata of the resource', async () => {
    const response = await mcp.fetch(new Request(`http://127.0.0.1:4001${mcp.metadataPath}`))
    expect(await response.json()).toMatchObject({ resource: MCP, authorization_servers: [RAS] })
  })

  it.each([
    ['/api', '/mcp', '/api/mcp'],
    ['/api/mcp', '/', '/mcp'],
  ])('behind a proxy that strips %s, it serves %s and not %s', (strippedPath, path, other) => {
    const resource = { resource: 'https://todo0.test/api/mcp', issuer: RAS, strippedPath }
    const behind = xaaMcp({ resource, tools: {}, server: () => buildServer('') })
    const paths = [path, behind.metadataPath, other]
    expect(paths.map((one) => behind.serves(one))).toEqual([true, true, false])
  })

  it.each(['GET', 'OPTIONS'])('lets pages of other origins read the metadata: %s (RS-04)', async (method) => {
    const headers = { origin: 'https://inspector.test', 'access-control-request-method': 'GET' }
    const url = `http://127.0.0.1:4001${mcp.metadataPath}`
    const response = await mcp.fetch(new Request(url, { method, headers }))
    expect(response.status).toBe(method === 'GET' ? 200 : 204)
    expect(response.headers.get('access-control-allow-origin')).toBe('*')
  })
})
