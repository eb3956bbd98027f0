// The MCP SDK's own `CrossAppAccessProvider` and transport, with no code of ours in the client: from the 401 of our MCP server to our Resource
// Authorization Server and back.
import * as server1 from '@crosswalk/mcp/server-v1'
import * as server2 from '@crosswalk/mcp/server'
import { createWorld, type World } from '@crosswalk/testkit'
import {
  Client,
  CrossAppAccessProvider,
  discoverAndRequestJwtAuthGrant,
  StreamableHTTPClientTransport,
} from '@modelcontextprotocol/client'
import { McpServer as McpServer1 } from '@modelcontextprotocol/sdk/server/mcp.js'
import { McpServer as McpServer2 } from '@modelcontextprotocol/server'
import { decodeJwt } from 'jose'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const MCP = 'https://todo0.test/mcp'
const ISSUER = 'https://as.todo0.test'
const TOOLS = { list_todos: 'todos.read' }
const ABOUT = { name: 'todo0', version: '1.0.0' }
const say = (text: string) => ({ content: [{ type: 'text' as const, text }] })

let world: World
/** Each request of the client, with its response status */
let sent: string[]
/** `scope` of each token request and its response, in order */
let scopes: { readonly asked: string | null; readonly granted: unknown }[]
const fetch = async (url: string | URL, init?: RequestInit) => {
  const response = await world.fetch(url, init)
  sent.push(`${init?.method ?? 'GET'} ${url} → ${response.status}`)
  if (String(url).endsWith('/token')) {
    const { scope: granted } = (await response.clone().json()) as { scope?: unknown }
    scopes.push({ asked: new URLSearchParams(String(init?.body)).get('scope'), granted })
  }
  return response
}
const RESOURCES = [{ id: 'todo0', resource: MCP, runs: 'authorization-server' }] as const
beforeEach(async () => {
  sent = []
  scopes = []
  world = await createWorld({ resources: RESOURCES })
})
afterEach(() => world.close())

const servers = {
  1: () =>
    server1.xaaMcp({
      resource: world.resourceOptions('todo0'),
      tools: TOOLS,
      server: ({ xaa }) => {
        const server = new McpServer1(ABOUT)
        server.registerTool('list_todos', {}, () => say(xaa.user))
        return server
      },
    }),
  2: () =>
    server2.xaaMcp({
      resource: world.resourceOptions('todo0'),
      tools: TOOLS,
      server: () => {
        const server = new McpServer2(ABOUT)
        server.registerTool('list_todos', {}, (context) => say(server2.xaaOf(context).user))
        return server
      },
    }),
}

describe.each([1, 2] as const)('the CrossAppAccessProvider at a server of SDK %i', (version) => {
  beforeEach(() => world.mount('https://todo0.test', servers[version]().fetch))

  it('discovers our server from the 401, redeems the ID-JAG there and calls the tool', async () => {
    const provider = await createProvider('alice')
    const client = await connect(provider)
    expect(await client.callTool({ name: 'list_todos', arguments: {} })).toMatchObject({
      content: [{ type: 'text', text: expect.stringMatching(/^acc_/) }],
    })
    const { access_token: token = '' } = provider.tokens() ?? {}
    expect(decodeJwt(token)).toMatchObject({ iss: ISSUER, aud: MCP, client_id: 'agent0-at-todo0' })
    expect(sent).toContain(`POST ${ISSUER}/as/main/token → 200`)
    await client.close()
  })

  it('reports why bob is denied, and sends our server no request', async () => {
    await expect(connect(await createProvider('bob'))).rejects.toThrow(/access_denied|not permitted/)
    expect(sent.at(-1)).toBe(`POST ${world.idp}/token → 400`)
  })

  it('reports that our server rejects its secret', async () => {
    const provider = await createProvider('alice', 'another secret')
    await expect(connect(provider)).rejects.toThrow(/invalid_client|authentication/i)
    expect(provider.tokens()).toBeUndefined()
  })
})

describe('where the identity provider grants less than the resource lists', () => {
  const allowOnly = async (...allowed: string[]) => {
    await world.close()
    world = await createWorld({
      resources: RESOURCES,
      connections: [{ from: 'agent0', to: 'todo0', people: 'engineering', scopes: allowed }],
    })
    world.mount('https://todo0.test', servers[2]().fetch)
  }

  it('the CrossAppAccessProvider requests every listed scope on both legs, and works with the narrower grant', async () => {
    await allowOnly('todos.read')
    const provider = await createProvider('alice')
    const client = await connect(provider)
    expect(await client.callTool({ name: 'list_todos', arguments: {} })).toMatchObject({
      content: [{ type: 'text', text: expect.stringMatching(/^acc_/) }],
    })
    const asked = 'todos.read todos.write'
    expect(scopes).toEqual([
      { asked, granted: 'todos.read' },
      { asked, granted: 'todos.read' },
    ])
    expect(decodeJwt(provider.tokens()?.access_token ?? '')).toMatchObject({ scope: 'todos.read' })
    await client.close()
  })

  it('a tool outside the granted scope is denied', async () => {
    await allowOnly('todos.write')
    const client = await connect(await createProvider('alice'))
    expect(scopes.at(-1)).toMatchObject({ granted: 'todos.write' })
    await expect(client.callTool({ name: 'list_todos', arguments: {} })).rejects.toThrow(/scope/)
    await client.close()
  })
})

async function createProvider(username: string, secretAtServer = world.secretOf('agent0-at-todo0')) {
  const { idToken } = await world.signIn(username)
  return new CrossAppAccessProvider({
    assertion: async ({ authorizationServerUrl, resourceUrl, scope }) => {
      const grant = await discoverAndRequestJwtAuthGrant({
        idpUrl: world.idp,
        audience: authorizationServerUrl,
        resource: resourceUrl,
        idToken,
        clientId: 'agent0',
        clientSecret: world.secretOf('agent0'),
        fetchFn: fetch,
        ...(scope === undefined ? {} : { scope }),
      })
      return grant.jwtAuthGrant
    },
    clientId: 'agent0-at-todo0',
    clientSecret: secretAtServer,
    expectedIssuer: ISSUER,
    fetchFn: fetch,
  })
}

async function connect(authProvider: CrossAppAccessProvider): Promise<Client> {
  const client = new Client(ABOUT)
  await client.connect(new StreamableHTTPClientTransport(new URL(MCP), { authProvider, fetch }))
  return client
}
