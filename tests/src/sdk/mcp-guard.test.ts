// Bypass attempts with a token that lacks the scope, at a guarded MCP server, over a raw socket where `fetch` cannot send them. Both versions of
// the SDK, and the demo's Todo0. Each attempt is next to a request that differs in one respect and succeeds.
import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'

import * as server2 from '@crosswalk/mcp/server'
import * as server1 from '@crosswalk/mcp/server-v1'
import { createWorld, type World } from '@crosswalk/testkit'
import { getRequestListener } from '@hono/node-server'
import {
  McpServer as McpServer1,
  ResourceTemplate as Template1,
} from '@modelcontextprotocol/sdk/server/mcp.js'
import { McpServer as McpServer2, ResourceTemplate as Template2 } from '@modelcontextprotocol/server'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { startTodo0World, type Todo0World } from '../mcp-conformance/todo0-world.ts'

const MCP = 'https://todo0.test/mcp'
const ABOUT = { name: 'todo0', version: '1.0.0' }
const MAX_BODY_BYTES = 4096

/** Tools, prompts and resources that ran */
let reached: string[] = []
beforeEach(() => void (reached = []))

const run = (name: string) => {
  reached.push(name)
  return { content: [{ type: 'text' as const, text: name }] }
}
const prompt = (name: string) => {
  reached.push(name)
  return { messages: [{ role: 'user' as const, content: { type: 'text' as const, text: name } }] }
}
const read = (uri: URL) => {
  reached.push(uri.href)
  return { contents: [{ uri: uri.href, text: uri.href }] }
}

const NEEDS = {
  tools: { list_todos: 'todos.read', add_todo: 'todos.write' },
  prompts: { summary: 'todos.read', plan: 'todos.write' },
  resources: { 'todo://all': 'todos.read', 'todo://item/{id}': 'todos.write' },
  maxBodyBytes: MAX_BODY_BYTES,
} as const

function fillV2(server: McpServer2): McpServer2 {
  for (const name of ['list_todos', 'add_todo', 'unmapped']) server.registerTool(name, {}, () => run(name))
  for (const name of ['summary', 'plan', 'unmapped']) server.registerPrompt(name, {}, () => prompt(name))
  for (const uri of ['todo://all', 'todo://unmapped']) server.registerResource(uri, uri, {}, read)
  server.registerResource('item', new Template2('todo://item/{id}', { list: undefined }), {}, read)
  return server
}

function fillV1(server: McpServer1): McpServer1 {
  for (const name of ['list_todos', 'add_todo', 'unmapped']) server.registerTool(name, {}, () => run(name))
  for (const name of ['summary', 'plan', 'unmapped']) server.registerPrompt(name, {}, () => prompt(name))
  for (const uri of ['todo://all', 'todo://unmapped']) server.registerResource(uri, uri, {}, read)
  server.registerResource('item', new Template1('todo://item/{id}', { list: undefined }), {}, read)
  return server
}

type Needs = Omit<server2.XaaMcpOptions, 'resource' | 'server' | 'handler'>

const mount = {
  1: (world: World, needs: Needs) =>
    server1.xaaMcp({
      ...needs,
      resource: world.resourceOptions('todo0'),
      server: () => fillV1(new McpServer1(ABOUT)),
    }),
  2: (world: World, needs: Needs) =>
    server2.xaaMcp({
      ...needs,
      resource: world.resourceOptions('todo0'),
      server: () => fillV2(new McpServer2(ABOUT)),
    }),
}

interface Sent {
  readonly port: number
  readonly host: string
  readonly token: string
  readonly body: string | Buffer
  /** A whole header line, or none */
  readonly contentType?: string
  readonly more?: readonly string[]
  readonly method?: string
}

/** @returns status and body */
async function send({ port, host, token, body, method = 'POST', more = [], ...about }: Sent) {
  const bytes = Buffer.from(body)
  const head = [
    `${method} /mcp HTTP/1.1`,
    `Host: ${host}`,
    'Connection: close',
    `Authorization: Bearer ${token}`,
    'Accept: application/json, text/event-stream',
    'MCP-Protocol-Version: 2025-06-18',
    `Content-Length: ${bytes.byteLength}`,
    ...(about.contentType === undefined ? [] : [about.contentType]),
    ...more,
  ]
  const socket = connect(port, '127.0.0.1')
  socket.write(Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1'))
  socket.write(bytes)
  let answer = ''
  for await (const part of socket) {
    answer += String(part)
    // SDK 2 keeps the connection open for seconds after the last chunk.
    if (answer.endsWith('\r\n0\r\n\r\n')) break
  }
  return { status: Number(answer.split(' ', 2)[1]), text: answer.slice(answer.indexOf('\r\n\r\n')) }
}

const JSON_TYPE = 'Content-Type: application/json'
const message = (method: string, params: object = {}, id: number | undefined = 1) => ({
  jsonrpc: '2.0',
  id,
  method,
  params,
})
const call = (name: string) => message('tools/call', { name, arguments: {} })

/** Header lines that some parsers treat as JSON and others do not. */
const ODD_TYPES = [
  'Content-Type: \u00a0application/json',
  'Content-Type: application/json\u00a0',
  'Content-Type: application/json\u00a0; charset=utf-8',
  'Content-Type: text/plain; application/json',
  'Content-Type: application/json, text/plain',
  'Content-Type: application/jsonp',
  'Content-Type: application/vnd.api+json',
  'Content-Type: "application/json"',
  'Content-Type: application/ json',
  'Content-Type:',
  'X-Content-Type: application/json',
]

describe.each([1, 2] as const)('a server of SDK %i', (version) => {
  let world: World
  let server: Server
  let token: string
  beforeAll(async () => {
    world = await createWorld({ resources: [{ id: 'todo0', resource: MCP, runs: 'authorization-server' }] })
    world.mount('https://todo0.test', mount[version](world, NEEDS).fetch)
    token = (await world.agent().as('alice').at('todo0', { scope: 'todos.read' }).token()).value.reveal()
    server = await serve(NEEDS)
  })
  afterAll(async () => {
    server.close()
    await world.close()
  })

  async function serve(needs: Needs): Promise<Server> {
    const mcp = mount[version](world, needs)
    const made = createServer((req, res) => void getRequestListener(mcp.fetch)(req, res))
    await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve))
    return made
  }
  const portOf = (one: Server) => (one.address() as AddressInfo).port
  const ask = async (sent: Partial<Sent> & { readonly body: string | Buffer }, at = server) =>
    await send({ port: portOf(at), host: 'todo0.test', token, contentType: JSON_TYPE, ...sent })
  const askFor = async (body: unknown, at = server) => await ask({ body: JSON.stringify(body) }, at)

  it('runs tools within the scope, and responds with 403 to others', async () => {
    expect((await askFor(call('list_todos'))).status).toBe(200)
    const refused = await askFor(call('add_todo'))
    expect([refused.status, JSON.parse(refused.text).code]).toEqual([403, 'XAA3009'])
    expect(reached).toEqual(['list_todos'])
  })

  it.each(ODD_TYPES)('responds with 415 to %j, for any tool', async (contentType) => {
    for (const tool of ['list_todos', 'add_todo', 'unmapped']) {
      const answer = await ask({ body: JSON.stringify(call(tool)), contentType })
      expect([tool, answer.status]).toEqual([tool, 415])
    }
    expect(reached).toEqual([])
  })

  it.each([
    'application/json',
    'Application/JSON',
    'application/json;charset=utf-8',
    '\tapplication/json \t; charset=utf-8',
  ])('treats %j as JSON', async (type) => {
    const contentType = `Content-Type: ${type}`
    expect((await ask({ body: JSON.stringify(call('list_todos')), contentType })).status).toBe(200)
    expect((await ask({ body: JSON.stringify(call('add_todo')), contentType })).status).toBe(403)
    expect(reached).toEqual(['list_todos'])
  })

  it('responds with 413 to a body over its limit, padded at either end, and reads one at the limit', async () => {
    const bodies = (size: number, tool: string) => {
      const text = JSON.stringify(call(tool))
      const padding = ' '.repeat(size - Buffer.byteLength(text))
      return [padding + text, text + padding]
    }
    for (const body of bodies(MAX_BODY_BYTES + 1, 'add_todo')) expect((await ask({ body })).status).toBe(413)
    for (const body of bodies(MAX_BODY_BYTES + 1, 'list_todos'))
      expect((await ask({ body })).status).toBe(413)
    for (const body of bodies(MAX_BODY_BYTES, 'add_todo')) expect((await ask({ body })).status).toBe(403)
    expect(reached).toEqual([])
    for (const body of bodies(MAX_BODY_BYTES, 'list_todos')) expect((await ask({ body })).status).toBe(200)
    expect(reached).toEqual(['list_todos', 'list_todos'])
  })

  it('has a default limit of 1 MiB', async () => {
    const { maxBodyBytes: _, ...needs } = NEEDS
    const roomy = await serve(needs)
    const pad = (tool: string, size: number) => JSON.stringify(call(tool)).padEnd(size)
    expect((await ask({ body: pad('list_todos', 1_048_577) }, roomy)).status).toBe(413)
    expect((await ask({ body: pad('add_todo', 1_572_864) }, roomy)).status).toBe(413)
    expect((await ask({ body: pad('list_todos', 1_048_576) }, roomy)).status).toBe(200)
    expect(reached).toEqual(['list_todos'])
    roomy.close()
  })

  it('responds with 413 to a body of more names than can be parsed quickly, and reads one at the limit', async () => {
    const { maxBodyBytes: _, ...needs } = NEEDS
    const roomy = await serve(needs)
    // Beside the six names of the message itself
    const callWith = (names: number) =>
      message('tools/call', {
        name: 'list_todos',
        arguments: Object.fromEntries(Array.from({ length: names }, (__, at) => [`name-${at}`, 1])),
      })
    expect((await askFor(callWith(9_995), roomy)).status).toBe(413)
    expect(reached).toEqual([])
    expect((await askFor(callWith(9_994), roomy)).status).toBe(200)
    expect(reached).toEqual(['list_todos'])
    roomy.close()
  })

  it.each([
    ['no JSON', '{'],
    ['nothing', ''],
    ['invalid UTF-8', Buffer.from([0x7b, 0xff, 0x7d])],
    ['UTF-16', Buffer.from(JSON.stringify(call('add_todo')), 'utf16le')],
  ])('responds with 400 to a body of %s', async (_, body) => {
    expect((await ask({ body })).status).toBe(400)
    expect(reached).toEqual([])
  })

  it('responds with 400 to a request that reaches too much at once, and denies a long URI', async () => {
    const { maxBodyBytes: _, ...needs } = NEEDS
    const roomy = await serve(needs)
    const subscribe = (count: number) =>
      message('subscriptions/listen', { notifications: { resourceSubscriptions: Array(count).fill('a:b') } })
    expect((await askFor(subscribe(1001), roomy)).status).toBe(400)
    expect((await askFor(Array(1001).fill(call('list_todos')), roomy)).status).toBe(400)
    const long = await askFor(message('resources/read', { uri: 'todo://'.padEnd(1_000_001, 'a') }), roomy)
    expect(JSON.parse(long.text).error.code).toBe(-32602)
    expect(reached).toEqual([])
    roomy.close()
  })

  it('uses the last of two equal keys, like the tool', async () => {
    const twice = (first: string, last: string) =>
      `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"${first}","name":"${last}","arguments":{}}}`
    expect((await ask({ body: twice('list_todos', 'add_todo') })).status).toBe(403)
    expect((await ask({ body: twice('add_todo', 'list_todos') })).status).toBe(200)
    expect(reached).toEqual(['list_todos'])
  })

  it('denies tools, prompts and resources without a mapping', async () => {
    for (const body of [
      call('unmapped'),
      call('__proto__'),
      call('constructor'),
      message('prompts/get', { name: 'unmapped' }),
      message('resources/read', { uri: 'todo://unmapped' }),
      message('resources/subscribe', { uri: 'todo://unmapped' }),
      message('completion/complete', {
        ref: { type: 'ref/prompt', name: 'unmapped' },
        argument: { name: 'a', value: '' },
      }),
      message('completion/complete', {
        ref: { type: 'ref/resource', uri: 'todo://{other}' },
        argument: { name: 'a', value: '' },
      }),
    ]) {
      const { status, text } = await askFor(body)
      expect([body, status, JSON.parse(text).error.code]).toEqual([body, 200, -32602])
    }
    expect(reached).toEqual([])
  })

  it.each(['tasks/get', 'tasks/result', 'tasks/list', 'acme/reindex', 'constructor', ''])(
    'denies the method %j, which it does not know',
    async (method) => {
      const { status, text } = await askFor(message(method))
      expect([status, JSON.parse(text).error]).toEqual([200, { code: -32601, message: 'Method not found' }])
    },
  )

  it('requires the scopes of prompts and resources, including templates and unusual encodings', async () => {
    const ask403 = async (body: unknown) => {
      const { status, text } = await askFor(body)
      expect([body, status, JSON.parse(text).code]).toEqual([body, 403, 'XAA3009'])
    }
    await ask403(message('prompts/get', { name: 'plan' }))
    await ask403(message('resources/read', { uri: 'todo://item/1' }))
    await ask403(message('resources/read', { uri: 'TODO://item/1' }))
    await ask403(message('resources/read', { uri: ' todo://item/1\t' }))
    await ask403(message('resources/subscribe', { uri: 'todo://item/1' }))
    await ask403(
      message('subscriptions/listen', {
        notifications: { resourceSubscriptions: ['todo://all', 'todo://item/1'] },
      }),
    )
    await ask403(
      message('completion/complete', {
        ref: { type: 'ref/resource', uri: 'todo://item/{id}' },
        argument: { name: 'id', value: '' },
      }),
    )
    await ask403([message('prompts/get', { name: 'summary' }), message('prompts/get', { name: 'plan' })])
    expect(reached).toEqual([])
    expect((await askFor(message('prompts/get', { name: 'summary' }))).status).toBe(200)
    expect((await askFor(message('resources/read', { uri: 'todo://all' }))).status).toBe(200)
    expect(reached).toEqual(['summary', 'todo://all'])
  })

  it('uses a configured default for methods without a mapping', async () => {
    const stated = await serve({
      tools: { list_todos: 'todos.read', '*': 'todos.write' },
      prompts: { '*': 'todos.read' },
      resources: { '*': [] },
      methods: { 'tasks/get': 'todos.write' },
    })
    expect((await askFor(call('unmapped'), stated)).status).toBe(403)
    expect((await askFor(message('tasks/get', { taskId: 'x' }), stated)).status).toBe(403)
    expect(reached).toEqual([])
    await askFor(call('list_todos'), stated)
    await askFor(message('prompts/get', { name: 'unmapped' }), stated)
    await askFor(message('resources/read', { uri: 'todo://unmapped' }), stated)
    expect(reached).toEqual(['list_todos', 'unmapped', 'todo://unmapped'])
    for (const name of [{ a: 1 }, null, 7, undefined])
      expect((await askFor(message('prompts/get', { name }), stated)).text).toContain('-32602')
    stated.close()
  })

  it.each(['PUT', 'PATCH', 'PROPFIND'])('answers 405 to %s', async (method) => {
    expect((await ask({ body: JSON.stringify(call('list_todos')), method })).status).toBe(405)
    expect(reached).toEqual([])
  })

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])(
    'does not mount with a limit of %d bytes',
    (maxBodyBytes) => {
      expect(() => mount[version](world, { ...NEEDS, maxBodyBytes })).toThrow('maxBodyBytes')
    },
  )
})

describe('the demo Todo0', () => {
  let todo0: Todo0World
  beforeAll(async () => {
    todo0 = await startTodo0World()
  })
  afterAll(() => todo0.stop())

  it('adds no todo with a read-only token, for any content type', async () => {
    const token = await todo0.tokenFor('todos.read')
    const sent = { port: todo0.port, host: '127.0.0.1', token, body: JSON.stringify(addTodo) }
    expect((await send({ ...sent, contentType: JSON_TYPE })).status).toBe(403)
    for (const contentType of ODD_TYPES) expect((await send({ ...sent, contentType })).status).toBe(415)
    expect(todo0.titles()).toEqual([])
    const writing = { ...sent, token: await todo0.tokenFor('todos.write'), contentType: JSON_TYPE }
    expect((await send(writing)).status).toBe(200)
    expect(todo0.titles()).toEqual(['by a token that may only read'])
  })
})

const addTodo = message('tools/call', {
  name: 'add_todo',
  arguments: { title: 'by a token that may only read' },
})
