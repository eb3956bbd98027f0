// Every combination of both versions of the official MCP SDK on both sides, authorized by the real servers of a world.
import { BlockedByAdmin, NeedsMoreScope } from '@crosswalk/client'
import * as client2 from '@crosswalk/mcp/client'
import * as client1 from '@crosswalk/mcp/client-v1'
import * as server2 from '@crosswalk/mcp/server'
import * as server1 from '@crosswalk/mcp/server-v1'
import { createWorld, type World } from '@crosswalk/testkit'
import { Client as Client2 } from '@modelcontextprotocol/client'
import { Client as Client1 } from '@modelcontextprotocol/sdk/client/index.js'
import { McpServer as McpServer1 } from '@modelcontextprotocol/sdk/server/mcp.js'
import { McpServer as McpServer2 } from '@modelcontextprotocol/server'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const MCP = 'https://todo0.test/mcp'
const TOOLS = { list_todos: 'todos.read', add_todo: 'todos.write', ping: [] }
const ABOUT = { name: 'todo0', version: '1.0.0' }
const say = (text: string) => ({ content: [{ type: 'text' as const, text }] })

let world: World
beforeEach(async () => {
  world = await createWorld({ resources: [{ id: 'todo0', resource: MCP, runs: 'authorization-server' }] })
})
afterEach(() => world.close())

const servers = {
  2: () =>
    server2.xaaMcp({
      resource: world.resourceOptions('todo0'),
      tools: TOOLS,
      server: () => {
        const server = new McpServer2(ABOUT)
        server.registerTool('list_todos', {}, (context) => say(server2.xaaOf(context).user))
        server.registerTool('add_todo', {}, (context) => say(JSON.stringify(context.http?.authInfo)))
        server.registerTool('secret_tool', {}, () => say('reached'))
        return server
      },
    }),
  1: () =>
    server1.xaaMcp({
      resource: world.resourceOptions('todo0'),
      tools: TOOLS,
      server: ({ xaa }) => {
        const server = new McpServer1(ABOUT)
        server.registerTool('list_todos', {}, (extra) => {
          expect(server1.xaaOf(extra)).toEqual(xaa)
          return say(server1.xaaOf(extra).user)
        })
        server.registerTool('add_todo', {}, (extra) => say(JSON.stringify(extra.authInfo)))
        server.registerTool('secret_tool', {}, () => say('reached'))
        return server
      },
    }),
}

interface Connected {
  list(): Promise<readonly string[]>
  call(name: string): Promise<string>
}

const clients = {
  2: async (username: string, scope?: string): Promise<Connected> => {
    const client = new Client2({ name: 'agent0', version: '1.0.0' })
    await client2.connectXaa(client, sessionOf(username), MCP, scope === undefined ? {} : { scope })
    return {
      list: async () => (await client.listTools()).tools.map(({ name }) => name),
      call: async (name) => readText(await client.callTool({ name, arguments: {} })),
    }
  },
  1: async (username: string, scope?: string): Promise<Connected> => {
    const client = new Client1({ name: 'agent0', version: '1.0.0' })
    await client1.connectXaa(client, sessionOf(username), MCP, scope === undefined ? {} : { scope })
    return {
      list: async () => (await client.listTools()).tools.map(({ name }) => name),
      call: async (name) => readText(await client.callTool({ name, arguments: {} })),
    }
  },
}

function sessionOf(username: string) {
  const acting = world.agent().as(username)
  return { at: acting.at, forget: acting.forget }
}

function readText(result: object): string {
  const [first] = 'content' in result ? (result.content as { readonly text?: string }[]) : []
  return first?.text ?? ''
}

describe.each([
  [1, 1],
  [1, 2],
  [2, 1],
  [2, 2],
] as const)('a client of SDK %i at a server of SDK %i', (clientVersion, serverVersion) => {
  const connect = async (username: string, scope?: string) => {
    const mcp = servers[serverVersion]()
    world.mount('https://todo0.test', mcp.fetch)
    return await clients[clientVersion](username, scope)
  }

  it('lists and calls tools for the user', async () => {
    const client = await connect('alice')
    expect(await client.list()).toEqual(['list_todos', 'add_todo', 'secret_tool'])
    expect(await client.call('list_todos')).toMatch(/^acc_/)
  })

  it('STEP-08 gets a missing scope once, and no tool sees the token', async () => {
    const client = await connect('alice', 'todos.read')
    expect(JSON.parse(await client.call('add_todo'))).toMatchObject({
      token: '',
      scopes: ['todos.read', 'todos.write'],
    })
  })

  it('learns what the organisation denies, and requests access nowhere else', async () => {
    world.change((definition) => ({
      ...definition,
      connections: definition.connections.map((one) => ({ ...one, scopes: ['todos.read'] })),
    }))
    const client = await connect('alice', 'todos.read')
    const refused = await client.call('add_todo').catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(NeedsMoreScope)
    expect(refused).toMatchObject({ code: 'XAA3009', missing: ['todos.write'] })
    await expect(connectAgain(clientVersion, 'bob')).rejects.toBeInstanceOf(BlockedByAdmin)
    const asked = new Set(world.trace().match(/https:\/\/[^/ ]+/g))
    expect([...asked].toSorted()).toEqual([
      'https://as.todo0.test',
      'https://idp.acme.test',
      'https://todo0.test',
    ])
  })

  it('cannot call a tool without a configured scope', async () => {
    const client = await connect('alice')
    await expect(client.call('secret_tool')).rejects.toThrow('Tool secret_tool not found')
  })
})

const connectAgain = (version: 1 | 2, username: string) => clients[version](username)

describe.each([1, 2] as const)('a server of SDK %i', (version) => {
  async function post(headers: Readonly<Record<string, string>>, body: object) {
    const token = await world.agent().as('alice').at('todo0').token()
    const request = new Request(MCP, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token.value.reveal()}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'mcp-protocol-version': '2025-06-18',
        ...headers,
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, ...body }),
    })
    return await servers[version]().fetch(request)
  }
  const call = { method: 'tools/call', params: { name: 'list_todos', arguments: {} } }

  beforeEach(() => world.mount('https://todo0.test', servers[version]().fetch))

  it.each([
    ['another Host', { host: 'evil.test' }],
    ['an Origin', { origin: 'https://evil.test' }],
  ])('rejects %s before anything else (DNS rebinding)', async (_, headers) => {
    expect((await post(headers, call)).status).toBe(403)
    expect((await post({}, call)).status).toBe(200)
  })

  it('RS-15 requires a token on every request, with any method', async () => {
    for (const method of ['POST', 'GET', 'DELETE']) {
      const response = await servers[version]().fetch(new Request(MCP, { method }))
      expect(response.status).toBe(401)
      expect(response.headers.get('www-authenticate')).toContain('resource_metadata=')
    }
  })

  it('serves its metadata and knows its paths', async () => {
    const mcp = servers[version]()
    expect(mcp.serves('/mcp')).toBe(true)
    expect(mcp.serves(mcp.metadataPath)).toBe(true)
    expect(mcp.serves('/mcps')).toBe(false)
    const metadata = await mcp.fetch(new Request(`https://todo0.test${mcp.metadataPath}`))
    expect(await metadata.json()).toMatchObject({
      resource: MCP,
      authorization_servers: ['https://as.todo0.test'],
    })
  })
})
