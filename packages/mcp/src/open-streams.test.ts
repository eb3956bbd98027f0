// Open streams, and calls in progress, deliver events to holders of a live token only.
import { createResource, holdToToken, type Resource, type Xaa } from '@crosswalk/resource'
import { InMemoryServerEventBus, McpServer, type ServerContext } from '@modelcontextprotocol/server'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { beforeEach, describe, expect, it, vi } from 'vitest'

import { opensStream } from './classify-message.ts'
import { guardMcpServer } from './guard-mcp-server.ts'
import { createStreams, MAX_STREAMS_PER_CALLER } from './held-streams.ts'
import { xaaMcp, type XaaMcp } from './server.ts'

const RAS = 'http://127.0.0.1:4002'
const MCP = 'http://127.0.0.1:4001/mcp'
const NOW_MS = 1_800_000_000_000

let nowMs: number
let introspect: () => Promise<{ readonly active: boolean }>
let bus: InMemoryServerEventBus
let resource: Resource
let mcp: XaaMcp
let token: string
let tokenOf: (user: string, client?: string) => Promise<string>
/** What the tool in progress does */
let work: (context: ServerContext) => Promise<void>

beforeEach(async () => {
  nowMs = NOW_MS
  introspect = async () => ({ active: true })
  bus = new InMemoryServerEventBus()
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  resource = createResource({
    resource: MCP,
    issuer: RAS,
    jwks: { keys: [{ ...(await exportJWK(publicKey)), kid: 'k' }] },
    introspect: () => introspect(),
    clockSkewSeconds: 10,
    nowMs: () => nowMs,
  })
  const iat = NOW_MS / 1000
  const claims = {
    iss: RAS,
    aud: MCP,
    scope: 'todos.read',
    jti: 'j',
    iat,
    exp: iat + 300,
  }
  tokenOf = (sub, client = 'agent0') =>
    new SignJWT({ ...claims, sub, client_id: client })
      .setProtectedHeader({ alg: 'ES256', kid: 'k', typ: 'at+jwt' })
      .sign(privateKey)
  token = await tokenOf('alice')
  mcp = xaaMcp({
    resource,
    tools: { export: 'todos.read' },
    resources: { 'todo://all': 'todos.read' },
    handler: { bus },
    server: () => {
      const capabilities = { resources: { subscribe: true } }
      const server = new McpServer({ name: 'todo0', version: '1.0.0' }, { capabilities })
      server.registerResource('all', 'todo://all', {}, () => ({ contents: [] }))
      server.registerTool('export', {}, async (context) => {
        await work(context)
        return { content: [{ type: 'text', text: 'the result' }] }
      })
      return server
    },
  })
})

function post(method: string, params: object, headers: Readonly<Record<string, string>>): Promise<Response> {
  return mcp.fetch(
    new Request(MCP, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        accept: 'application/json, text/event-stream',
        'content-type': 'application/json',
        ...headers,
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    }),
  )
}
function postModern(method: string, params: object, name?: string): Promise<Response> {
  const meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': { name: 'agent0', version: '1.0.0' },
    'io.modelcontextprotocol/clientCapabilities': {},
    progressToken: 'p',
  }
  const headers = { 'mcp-protocol-version': '2026-07-28', 'mcp-method': method }
  return post(
    method,
    { _meta: meta, ...params },
    { ...headers, ...(name === undefined ? {} : { 'mcp-name': name }) },
  )
}
function ask(): Promise<Response> {
  return postModern('subscriptions/listen', { notifications: { resourceSubscriptions: ['todo://all'] } })
}
function read(response: Response) {
  expect(response.headers.get('content-type')).toBe('text/event-stream')
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  return { next: async () => await reader?.read(), leave: async () => await reader?.cancel() }
}
async function listen() {
  return read(await ask())
}
const update = () => bus.publish({ kind: 'resource_updated', uri: 'todo://all' })

describe('a stream of notifications', () => {
  it('delivers events while its token is live', async () => {
    const stream = await listen()
    expect((await stream.next())?.value).toContain('acknowledged')
    update()
    expect((await stream.next())?.value).toContain('todo://all')
    nowMs += 299_999
    update()
    expect((await stream.next())?.value).toContain('todo://all')
  })

  it.each([
    ['is revoked', () => void (introspect = async () => ({ active: false }))],
    ['cannot be looked up', () => void (introspect = () => Promise.reject(new Error('down')))],
    ['has expired', () => void (nowMs += 310_000)],
  ])('ends without further data when its token %s, together with its subscription', async (_, end) => {
    const stream = await listen()
    await stream.next()
    expect(bus.listenerCount).toBe(1)
    end()
    update()
    expect(await stream.next()).toEqual({ done: true, value: undefined })
    expect(bus.listenerCount).toBe(0)
  })

  it('ends with its token also if a GET opened it', async () => {
    const headers = { 'content-type': 'text/event-stream' }
    const handler = { fetch: async () => new Response('data: 1', { headers }), close: async () => undefined }
    const { fetch } = guardMcpServer({ resource, tools: {} }, () => handler)
    const read = async () =>
      (await fetch(new Request(MCP, { headers: { authorization: `Bearer ${token}` } }))).text()
    expect(await read()).toBe('data: 1')
    let asked = 0
    introspect = async () => ({ active: (asked += 1) === 1 })
    expect(await read()).toBe('')
  })

  it('fails if the check fails, and releases its subscription and its slot', async () => {
    const left: string[] = []
    const source = new ReadableStream({
      pull: (controller) => controller.enqueue(new TextEncoder().encode('data: secret')),
      cancel: () => void left.push('source'),
    })
    const response = new Response(source, { headers: { 'content-type': 'text/event-stream' } })
    const held = holdToToken(response, {
      isLive: () => Promise.reject(new Error('a fault')),
      release: () => void left.push('place'),
    })
    await expect(held.text()).rejects.toThrow('a fault')
    expect(left.sort()).toEqual(['place', 'source'])
  })

  it.each([
    [{ method: 'subscriptions/listen' }, true],
    [[{ method: 'tools/call' }, { method: 'subscriptions/listen' }], true],
    [[{ method: 'tools/call' }, 'subscriptions/listen'], false],
  ])('is expected for %j: %s', (body, expected) => {
    expect(opensStream(body)).toBe(expected)
  })

  it.each<readonly [string, () => Promise<Response>]>([
    ['is no stream', async () => Response.json({})],
    ['fails', () => Promise.reject(new Error('a fault'))],
  ])('keeps no slot for a response that %s', async (_, handle) => {
    const open = createStreams({ isLive: async () => true })
    const asking = { xaa: { client: 'agent0', user: 'alice' } as Xaa, id: 1, handle }
    const again = () => open(new Request(MCP), asking).catch(() => Response.json({}))
    for (let count = 0; count <= MAX_STREAMS_PER_CALLER; count += 1)
      expect(await (await again()).json()).toEqual({})
  })

  it('ends at its source if the caller leaves', async () => {
    const stream = await listen()
    await stream.next()
    await stream.leave()
    expect(bus.listenerCount).toBe(0)
  })

  it('is one of a limited number for each caller, and its slot is free again when it is closed or ends', async () => {
    const limit = { jsonrpc: '2.0', id: 1, error: { message: 'Subscription limit reached' } }
    const [first] = await Promise.all(Array.from({ length: MAX_STREAMS_PER_CALLER }, listen))
    expect(await (await ask()).json()).toMatchObject(limit)
    const alice = token
    for (const other of [await tokenOf('bob'), await tokenOf('alice', 'agent1')]) {
      token = other
      await listen()
    }
    token = alice
    await first?.leave()
    await first?.leave()
    const last = await listen()
    expect(await (await ask()).json()).toMatchObject(limit)
    introspect = async () => ({ active: false })
    update()
    await last.next()
    expect((await last.next())?.done).toBe(true)
    introspect = async () => ({ active: true })
    await listen()
  })
})

describe.each([
  ['2026-07-28', () => postModern('tools/call', { name: 'export', arguments: {} }, 'export')],
  [
    '2025-06-18',
    () =>
      post(
        'tools/call',
        { name: 'export', arguments: {}, _meta: { progressToken: 'p' } },
        { 'mcp-protocol-version': '2025-06-18' },
      ),
  ],
])('a call in progress, in revision %s of MCP', (_, call) => {
  /** Reports progress when the test says so, and ends when it is told to or cancelled */
  async function start() {
    const steps = new EventTarget()
    let cancelled = false
    work = ({ mcpReq: { signal, notify } }) =>
      new Promise((done) => {
        const report = () =>
          notify({ method: 'notifications/progress', params: { progressToken: 'p', progress: 1 } })
        signal.addEventListener('abort', () => {
          cancelled = true
          done()
        })
        steps.addEventListener('report', () => void report())
        steps.addEventListener('finish', () => done())
        void report()
      })
    const stream = read(await call())
    expect((await stream.next())?.value).toContain('notifications/progress')
    return {
      ...stream,
      isCancelled: () => cancelled,
      step: (name: 'report' | 'finish') => void steps.dispatchEvent(new Event(name)),
    }
  }

  it('delivers its progress and result while its token is live', async () => {
    const { next, step } = await start()
    step('report')
    expect((await next())?.value).toContain('notifications/progress')
    step('finish')
    expect((await next())?.value).toContain('the result')
    expect((await next())?.done).toBe(true)
  })

  it.each(['report', 'finish'] as const)(
    'ends with an error once its token is revoked, instead of its next %s, and is cancelled',
    async (what) => {
      const { next, step, isCancelled } = await start()
      introspect = async () => ({ active: false })
      step(what)
      const last = await next()
      expect(JSON.parse(String(last?.value).replace(/^event: message\ndata: /, ''))).toEqual({
        jsonrpc: '2.0',
        id: 1,
        error: { code: -32603, message: 'The access token was revoked or has expired' },
      })
      expect((await next())?.done).toBe(true)
      if (what === 'report') await vi.waitFor(() => expect(isCancelled()).toBe(true))
    },
  )

  it('can finish within the clock tolerance after its token expired, and no later', async () => {
    const { next, step } = await start()
    introspect = async () => ({ active: false })
    nowMs += 309_999
    step('report')
    expect((await next())?.value).toContain('notifications/progress')
    nowMs += 1
    step('finish')
    expect((await next())?.value).toContain('has expired')
  })
})
