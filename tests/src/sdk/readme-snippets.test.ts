// Runs the code in the READMEs of the packages, and counts the lines that an agent, an API, or an MCP server with its own authorization server
// takes.
import type { Server } from 'node:http'
import { fileURLToPath } from 'node:url'

import { type Agent, BlockedByAdmin, clientSecret, xaa } from '@crosswalk/client'
import { connectXaa } from '@crosswalk/mcp/client'
import { type XaaMcp, xaaMcp, xaaOf } from '@crosswalk/mcp/server'
import type { Resource } from '@crosswalk/resource'
import { createIdp, type OwnUserSource } from '@crosswalk/idp'
import { createResourceAs } from '@crosswalk/resource-as'
import { createWorld, type World } from '@crosswalk/testkit'
import { Client } from '@modelcontextprotocol/client'
import { McpServer, ResourceTemplate } from '@modelcontextprotocol/server'
import express from 'express'
import fastify from 'fastify'
import { Hono } from 'hono'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { countLines, readSnippets, type Snippet } from '../packages/snippets.ts'
import { forward } from './support/forward.ts'
import { runSnippet } from './support/run-snippet.ts'

const AGENT_URL = 'https://agent0.test/client.json'

let world: World
beforeEach(async () => {
  world = await createWorld({
    agents: ['agent0', { id: AGENT_URL, auth: 'private_key_jwt' }],
    connections: [
      { from: 'agent0', to: 'todo0', people: 'engineering' },
      { from: AGENT_URL, to: 'todo0', people: 'engineering' },
    ],
  })
})
afterEach(() => world.close())

const pageOf = (name: string) =>
  fileURLToPath(new URL(`../../../packages/${name}/README.md`, import.meta.url))

/** The blocks of a page that are not whole programs; tests of the installed packages run those. */
const snippetsOf = (name: string) =>
  readSnippets(pageOf(name)).filter(({ language, info }) => language === 'ts' && info === '')

function take(name: string, index: number, mark: string): Snippet {
  const snippet = snippetsOf(name)[index]
  if (snippet === undefined || !snippet.code.includes(mark))
    throw new Error(`README of ${name}: block ${index} has no ${mark}; the test has to follow the page`)
  return snippet
}

/** Replaces the global `fetch` with the world's network, also after the snippet has run. */
async function inWorld<T>(work: () => Promise<T>): Promise<T> {
  const outside = globalThis.fetch
  globalThis.fetch = world.fetch as typeof globalThis.fetch
  try {
    return await work()
  } finally {
    globalThis.fetch = outside
  }
}

describe('@crosswalk/client', () => {
  it('an agent in fewer than ten lines', async () => {
    const { code } = take('client', 0, 'todosFor')
    expect(countLines(code)).toBeLessThan(10)
    const key = world.agent(AGENT_URL).key
    const { todosFor } = await runSnippet({ name: 'agent', code, given: { agentKey: key } })
    const { session } = world.agent(AGENT_URL).as('alice')
    const todos = await inWorld(() => (todosFor as (it: object) => Promise<object>)(session))
    expect(todos).toMatchObject({ client: AGENT_URL, scopes: ['todos.read'] })
  })

  it('an app with a separate registration at each server', async () => {
    const { code } = take('client', 1, 'resources:')
    const given = { agentSecret: world.secretOf('agent0'), todoSecret: world.secretOf('agent0-at-todo0') }
    const { agent } = await runSnippet({ name: 'registered', code, given, show: ['agent'] })
    const { session } = world.agent('agent0').as('alice')
    const token = inWorld(() => (agent as Agent).as(session).at('https://todo0.test/api').token())
    expect((await token).tokenType).toBe('Bearer')
  })

  it('a session that renews itself', async () => {
    const { code } = take('client', 2, 'getSubjectToken')
    const browserSession = { id: 's1', idToken: 'an ID token', refreshToken: 'a refresh token' }
    const { session } = await runSnippet({
      name: 'session',
      code,
      given: { browserSession },
      show: ['session'],
    })
    const { getSubjectToken } = session as { getSubjectToken(asked: { reason: string }): unknown }
    expect(getSubjectToken({ reason: 'use' })).toBe('an ID token')
    expect(getSubjectToken({ reason: 'expired' })).toEqual({
      token: 'a refresh token',
      type: 'refresh_token',
    })
  })

  it('refusals by their class', async () => {
    const { code } = take('client', 3, 'BlockedByAdmin')
    const todo = world.agent('agent0').as('bob').at('todo0')
    const show = (message: string) => `shown: ${message}`
    const given = {
      todo,
      show,
      redirect: String,
      ask: String,
      authorizationUrl: 'https://idp.acme.test/authorize',
    }
    const { addTodo } = await runSnippet({ name: 'refusals', code, given, show: ['addTodo'] })
    expect(await (addTodo as (body: string) => Promise<unknown>)('{}')).toMatch(/^shown: /)
    await expect(todo.token()).rejects.toBeInstanceOf(BlockedByAdmin)
  })

  it('has no other code', () => expect(snippetsOf('client')).toHaveLength(4))
})

describe('@crosswalk/resource', () => {
  const list = (user: string) => [`a task of ${user}`]
  const add = (user: string, actor: string) => ({ user, actor })

  async function ask(handle: (request: Request) => Promise<Response>): Promise<unknown> {
    const token = await world.agent('agent0').as('alice').at('todo0').token()
    const headers = { authorization: `Bearer ${token.value.reveal()}` }
    const refused = await handle(new Request('https://todo0.test/api/todos'))
    expect(refused.status).toBe(401)
    return await (
      await inWorld(() => handle(new Request('https://todo0.test/api/todos', { headers })))
    ).json()
  }

  it('an Express API in fewer than eight lines', async () => {
    const { code } = take('resource', 0, 'resource/express')
    expect(countLines(code)).toBeLessThan(8)
    // The port of the page may be in use, so take any free one.
    const free = code.replace('app.listen(4002)', 'const listening = app.listen(0, "127.0.0.1")')
    const run = await runSnippet({ name: 'express', code: free, given: { list, add }, show: ['listening'] })
    const listening = run.listening as Server
    if (!listening.listening) await new Promise((resolve) => listening.once('listening', resolve))
    const { port } = listening.address() as { readonly port: number }
    const outside = globalThis.fetch
    const answer = await ask((request) =>
      outside(request.url.replace('https://todo0.test', `http://127.0.0.1:${port}`), {
        headers: request.headers,
      }),
    )
    expect(answer).toEqual([expect.stringMatching(/^a task of acc_/)])
    listening.closeAllConnections()
    listening.close()
  })

  it.each([
    ['Hono', 1, 'resource/hono'],
    ['Fastify', 2, 'resource/fastify'],
  ])('the same in %s', async (name, index, mark) => {
    const { code } = take('resource', index, mark)
    expect(countLines(code)).toBeLessThan(8)
    const { app } = await runSnippet({ name, code, given: { list }, show: ['app'] })
    const handle =
      app instanceof Hono
        ? async (request: Request) => await app.fetch(request)
        : async ({ url, headers }: Request) => {
            const injectable = app as { inject(it: object): Promise<{ statusCode: number; body: string }> }
            const { statusCode, body } = await injectable.inject({
              url: new URL(url).pathname,
              headers: Object.fromEntries(headers),
            })
            return new Response(body, { status: statusCode })
          }
    expect(await ask(handle)).toEqual([expect.stringMatching(/^a task of acc_/)])
  })

  it('route handlers of Next.js', async () => {
    const { code } = take('resource', 3, 'resource/next')
    const { GET, METADATA } = await runSnippet({ name: 'next', code, given: { list } })
    expect(await ask(GET as (request: Request) => Promise<Response>)).toHaveLength(1)
    const metadata = (METADATA as (request: Request) => Response)(
      new Request('https://todo0.test/.well-known/oauth-protected-resource/api'),
    )
    expect(await metadata.json()).toMatchObject({ resource: 'https://todo0.test/api' })
  })

  it('a plain server of Node.js', async () => {
    const { code } = take('resource', 4, 'node:http')
    const { server } = await runSnippet({ name: 'node-http', code, given: { list }, show: ['server'] })
    const listening = server as Server
    await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve))
    const { port } = listening.address() as { readonly port: number }
    const outside = globalThis.fetch
    const send = async (path: string, headers?: Headers) =>
      await outside(`http://127.0.0.1:${port}${path}`, headers === undefined ? {} : { headers })
    const answer = await ask(({ url, headers }) => send(new URL(url).pathname, headers))
    expect(answer).toEqual([expect.stringMatching(/^a task of acc_/)])
    const metadata = await send('/.well-known/oauth-protected-resource/api')
    expect(await metadata.json()).toMatchObject({ resource: 'https://todo0.test/api' })
    expect((await send('/elsewhere')).status).toBe(404)
    listening.closeAllConnections()
    listening.close()
  })

  it('the reason of a refusal, in the log of the API', async () => {
    const { code } = take('resource', 5, 'onRefused')
    const told: object[] = []
    const log = { info: (line: object) => void told.push(line) }
    const wrong = code.replace("'https://todo0.test/api'", "'https://todo0.test/api/'")
    const { api } = await runSnippet({ name: 'reasons', code: wrong, given: { log }, show: ['api'] })
    const token = await world.agent('agent0').as('alice').at('todo0').token()
    const headers = { authorization: `Bearer ${token.value.reveal()}` }
    const request = new Request('https://todo0.test/api/', { headers })
    await inWorld(async () => await (api as Resource).verify(request))
    const detail = 'aud is "https://todo0.test/api", and this API is https://todo0.test/api/'
    expect(told).toEqual([{ code: 'XAA3002', status: 401, detail }])
  })

  it('introspection', async () => {
    const { code } = take('resource', 6, 'introspection')
    const { resource } = await runSnippet({
      name: 'introspection',
      code,
      given: { apiSecret: 's' },
      show: ['resource'],
    })
    expect(resource).toMatchObject({ resource: 'https://todo0.test/api' })
  })

  it('used proofs that several processes share', async () => {
    const { code } = take('resource', 7, 'usedProofs')
    const kept = new Set<string>()
    const nowSeconds = world.nowMs() / 1000
    // As node-redis answers.
    const redis = {
      async set(key: string, _: string, options: { condition: string; expiration: { value: number } }) {
        expect(options).toMatchObject({ condition: 'NX', expiration: { type: 'EXAT' } })
        expect(options.expiration.value - nowSeconds).toBeCloseTo(301, -1)
        return kept.has(key) ? null : (kept.add(key), 'OK')
      },
    }
    const open = async () =>
      (await runSnippet({ name: 'proofs', code, given: { redis }, show: ['resource'] })).resource
    const [one, other] = [(await open()) as Resource, (await open()) as Resource]
    const sent: Request[] = []
    const agent = xaa({
      ...world.agent('agent0').options,
      dpop: true,
      fetch: async (url, init) => {
        if (url !== 'https://todo0.test/api/todos') return await world.fetch(url, init)
        sent.push(new Request(url, init))
        return new Response()
      },
    })
    await agent.as(world.agent('agent0').as('alice').session).at('https://todo0.test/api').fetch('/todos')
    const verify = async (api: Resource) => {
      const verified = await inWorld(() => api.verify(sent[0]!))
      return verified.accepted ? 'accepted' : verified.refusal.detail
    }
    expect([await verify(one), await verify(other)]).toEqual(['accepted', 'used before'])
  })

  it('has no other code', () => expect(snippetsOf('resource')).toHaveLength(8))
})

describe('@crosswalk/resource-as', () => {
  it('has no other code', () => expect(snippetsOf('resource-as')).toHaveLength(5))

  it('mounting', async () => {
    const server = await createServer()
    const hono = new Hono()
    const apps = { express: express(), fastify: fastify(), hono }
    await runSnippet({
      name: 'mounting',
      code: take('resource-as', 0, 'toFastifyHook').code,
      given: { server, ...apps },
    })
    hono.get('/own', (c) => c.text('own'))
    const metadata = await hono.request('https://as.todo0.test/.well-known/oauth-authorization-server')
    expect(await metadata.json()).toMatchObject({ issuer: 'https://as.todo0.test' })
    expect(await (await hono.request('/own')).text()).toBe('own')
  })

  it('route handlers', async () => {
    const server = await createServer()
    const { GET, POST } = await runSnippet({
      name: 'routes',
      code: take('resource-as', 1, 'export const GET').code,
      given: { server },
    })
    const ask = GET as (request: Request) => Promise<Response>
    expect((await ask(new Request('https://as.todo0.test/as/main/jwks'))).status).toBe(200)
    const body = new URLSearchParams({ grant_type: 'nothing' })
    const redeem = POST as (request: Request) => Promise<Response>
    const refused = await redeem(new Request('https://as.todo0.test/as/main/token', { method: 'POST', body }))
    await expect(refused.json()).resolves.toMatchObject({ error: 'unsupported_grant_type' })
  })

  async function createServer() {
    const trustedIssuers = [{ issuer: world.idp }]
    return await createResourceAs(
      { issuer: 'https://as.todo0.test', trustedIssuers },
      await world.openPorts(),
    )
  }

  it('why a request was refused', async () => {
    const told: object[] = []
    const { server } = await runSnippet({
      name: 'decisions',
      code: `import { createResourceAs } from '@crosswalk/resource-as'\n${take('resource-as', 2, 'onDecision').code}`,
      given: {
        definition: { issuer: 'https://as.todo0.test', trustedIssuers: [{ issuer: world.idp }] },
        ports: await world.openPorts(),
        log: { info: (line: object) => void told.push(line) },
      },
      show: ['server'],
    })
    const body = new URLSearchParams({ grant_type: 'nothing' })
    const request = new Request('https://as.todo0.test/as/main/token', { method: 'POST', body })
    await (server as { fetch(asked: Request): Promise<Response> }).fetch(request)
    expect(told).toMatchObject([
      { code: 'XAA2001', outcome: 'deny', fix: expect.stringContaining('jwt-bearer') },
    ])
  })

  it('users of a service that has them', async () => {
    const { code } = take('resource-as', 3, 'bySubject')
    const api = { id: 'https://todo0.test/api', scopes: ['todos.read'] }
    const { auth } = { auth: { method: 'client_secret_basic', secret: 's' } }
    const asked: string[] = []
    const { server } = await runSnippet({
      name: 'own-users',
      code: `import { createResourceAs } from '@crosswalk/resource-as'\n${code}`,
      given: {
        links: { find: () => undefined, add: () => undefined },
        users: { find: () => undefined, findByEmail: (email: string) => void asked.push(email) },
        clients: [{ id: 'agent0-at-todo0', auth }],
        resources: [api],
        ports: await world.openPorts(),
      },
      show: ['server'],
    })
    const { serves } = server as { serves(path: string): boolean }
    expect(serves('/as/main/token')).toBe(true)
    expect(asked).toEqual([])
  })

  it('known products', async () => {
    const { trustedIssuers } = await runSnippet({
      name: 'known-products',
      code: take('resource-as', 4, 'trustedIssuer(').code,
      given: {},
      show: ['trustedIssuers'],
    })
    const byAddress = { subject: ['iss_sub', 'email'], emailDomains: ['globex.test'] }
    expect(trustedIssuers).toEqual([
      { issuer: 'https://acme.okta.com', subject: ['iss_sub'], provisioning: 'jit' },
      { issuer: 'https://globex.okta.com', provisioning: 'none', ...byAddress },
    ])
  })
})

describe('@crosswalk/idp', () => {
  it('has no other code', () => expect(snippetsOf('idp')).toHaveLength(3))

  it('mounting', async () => {
    const hono = new Hono()
    const idp = { fetch: async () => new Response('of the IdP') }
    const apps = { express: express(), fastify: fastify(), hono }
    await runSnippet({
      name: 'idp-mounting',
      code: take('idp', 0, 'toFastifyHook').code,
      given: { idp, ...apps },
    })
    expect(await (await hono.request('/authorize')).text()).toBe('of the IdP')
  })

  it('why a request was refused', async () => {
    const told: object[] = []
    const { idp } = await runSnippet({
      name: 'idp-decisions',
      code: `import { createIdp } from '@crosswalk/idp'\n${take('idp', 1, 'onDecision').code}`,
      given: {
        definition: {
          issuer: 'https://idp.acme.test',
          users: [],
          apps: [],
          resourceApps: [],
          connections: [],
        },
        ports: await world.openPorts(),
        log: { info: (line: object) => void told.push(line) },
      },
      show: ['idp'],
    })
    const body = new URLSearchParams({ grant_type: 'nothing' })
    const request = new Request('https://idp.acme.test/token', { method: 'POST', body })
    await (idp as { fetch(asked: Request): Promise<Response> }).fetch(request)
    expect(told).toMatchObject([{ code: 'XAA1006', outcome: 'deny' }])
  })

  it('users of a service that has them', async () => {
    const row = { id: 'usr_alice', username: 'alice' }
    const db = {
      users: { get: () => row, findByName: () => undefined },
      passwords: { get: () => undefined },
    }
    const given = { db, toUser: (found: unknown) => found }
    const { users } = await runSnippet({
      name: 'people',
      code: take('idp', 2, 'findPasswordHash').code,
      given,
      show: ['users'],
    })
    const idp = await createIdp(
      {
        issuer: 'https://idp.acme.test',
        users: users as OwnUserSource,
        apps: [],
        resourceApps: [],
        connections: [],
      },
      await world.openPorts(),
    )
    const metadata = await idp.fetch(new Request('https://idp.acme.test/.well-known/openid-configuration'))
    expect(await metadata.json()).toMatchObject({ issuer: 'https://idp.acme.test' })
    expect(await (users as OwnUserSource).findById('usr_alice')).toEqual(row)
  })
})

describe('@crosswalk/testkit', () => {
  it('has no other code', () => expect(snippetsOf('testkit')).toHaveLength(3))

  it('matchers, and a world of one’s own', async () => {
    await runSnippet({ name: 'matchers', code: take('testkit', 0, 'expect.extend').code })
    await runSnippet({ name: 'refused', code: take('testkit', 1, 'XAA1503').code, given: { world, expect } })
    const given = { createWorld, notesOf: (user: string) => [`a note of ${user}`] }
    const { world: own } = await runSnippet({
      name: 'own-world',
      code: take('testkit', 2, 'planner').code,
      given,
      show: ['world'],
    })
    await using made = own as World
    expect(await (await made.agent().as('ada').at('notes0').fetch('/')).json()).toEqual([
      expect.stringMatching(/^a note of acc_/),
    ])
  })
})

describe('@crosswalk/mcp', () => {
  const MCP = 'https://todo0.test/mcp'
  const listTodos = (user: string) => ({ content: [{ type: 'text' as const, text: `a task of ${user}` }] })

  beforeEach(async () => {
    await world.close()
    world = await createWorld({
      agents: ['agent0', { id: AGENT_URL, auth: 'private_key_jwt' }],
      resources: [{ id: 'todo0', resource: MCP, runs: 'authorization-server' }],
      connections: [{ from: 'agent0', to: 'todo0', people: 'engineering' }],
    })
  })

  it.each([
    ['version 2', 0, 2],
    ['version 1', 1, 5],
  ])('client and server of %s', async (_, clientIndex, serverIndex) => {
    const server = take('mcp', serverIndex, 'xaaMcp').code
    // The authorization server is that of the world.
    const inside = server.replace(/resource: \{ resource: [^}]+\}/, 'resource')
    const given = { listTodos, resource: world.resourceOptions('todo0') }
    const { mcp } = await runSnippet({ name: `server-${serverIndex}`, code: inside, given, show: ['mcp'] })
    world.mount('https://todo0.test', (mcp as { fetch(request: Request): Promise<Response> }).fetch)
    const { code } = take('mcp', clientIndex, 'connectXaa')
    const { options } = world.agent('agent0')
    const run = { given: { agent: xaa(options), session: world.agent('agent0').as('alice').session } }
    const { tools } = await runSnippet({ name: `client-${clientIndex}`, code, ...run, show: ['tools'] })
    expect((tools as { readonly name: string }[]).map(({ name }) => name)).toEqual(['list_todos'])
  })

  it('an MCP server with its own authorization server in fewer than twelve lines', async () => {
    const { code } = take('mcp', 3, 'createResourceAs')
    expect(countLines(code)).toBeLessThan(12)
    await world.close()
    world = await createWorld({
      agents: [{ id: AGENT_URL, auth: 'private_key_jwt' }],
      resources: [{ id: 'todo0', resource: MCP, runs: 'nothing' }],
      connections: [{ from: AGENT_URL, to: 'todo0', people: 'engineering' }],
    })
    const { key = '{}' } = world.agent()
    const { d: _, ...publicKey } = JSON.parse(key) as Record<string, unknown>
    world.mount('https://agent0.test', () =>
      Response.json({
        client_id: AGENT_URL,
        client_name: 'Agent0',
        redirect_uris: ['https://agent0.test/callback'],
        grant_types: ['urn:ietf:params:oauth:grant-type:jwt-bearer'],
        token_endpoint_auth_method: 'private_key_jwt',
        jwks: { keys: [publicKey] },
      }),
    )
    const app = express()
    const server = () => {
      const made = new McpServer({ name: 'todo0', version: '1.0.0' })
      made.registerTool('list_todos', {}, (context) => listTodos(xaaOf(context).user))
      return made
    }
    // The database and network are those of the world.
    const inside = code.replace("import { openPorts } from '@crosswalk/storage'\n", '')
    await runSnippet({
      name: 'own-server',
      code: inside,
      given: { app, server, openPorts: world.openPorts },
    })
    const listening = app.listen(0, '127.0.0.1')
    await new Promise((resolve) => listening.once('listening', resolve))
    const { port } = listening.address() as { readonly port: number }
    for (const host of ['as.todo0.test', 'todo0.test'])
      world.mount(`https://${host}`, (request) => forward(request, `http://127.0.0.1:${port}`))
    const mcp = new Client({ name: 'agent0', version: '1.0.0' })
    const alice = world.agent().as('alice')
    await connectXaa(mcp, alice, MCP, { scope: 'todos.read' })
    const { content } = await mcp.callTool({ name: 'list_todos', arguments: {} })
    expect(content).toEqual([{ type: 'text', text: expect.stringMatching(/^a task of acc_/) }])
    expect(world.trace()).toContain('POST https://as.todo0.test/as/main/token → 200')
    await expect(connectXaa(mcp, world.agent().as('bob'), MCP)).rejects.toThrow()
    listening.closeAllConnections()
    listening.close()
  })

  it('a server that says which scopes its tools, prompts and resources need', async () => {
    const code = take('mcp', 4, 'prompts:').code.replace(/resource: \{ resource: [^}]+\}/, 'resource')
    const server = () => {
      const made = new McpServer({ name: 'todo0', version: '1.0.0' })
      const template = new ResourceTemplate('todo://item/{id}', { list: undefined })
      made.registerResource('item', template, {}, ({ href }) => ({
        contents: [{ uri: href, text: 'milk' }],
      }))
      made.registerResource('secret', 'todo://secret', {}, ({ href }) => ({
        contents: [{ uri: href, text: '' }],
      }))
      return made
    }
    const given = { server, xaaMcp, resource: world.resourceOptions('todo0') }
    const { mcp } = await runSnippet({ name: 'scopes', code, given, show: ['mcp'] })
    world.mount('https://todo0.test', (mcp as XaaMcp).fetch)
    const client = new Client({ name: 'agent0', version: '1.0.0' })
    await connectXaa(client, world.agent('agent0').as('alice'), MCP, { scope: 'todos.read' })
    expect(await client.readResource({ uri: 'todo://item/1' })).toMatchObject({
      contents: [{ text: 'milk' }],
    })
    await expect(client.readResource({ uri: 'todo://secret' })).rejects.toThrow('not found')
  })

  it('has no other code', () => expect(snippetsOf('mcp')).toHaveLength(6))
})

it('an agent of the SDK accepts the options of a world', async () => {
  const { options } = world.agent('agent0')
  const agent = xaa({ ...options, client: { id: 'agent0', auth: clientSecret(world.secretOf('agent0')) } })
  const { session } = world.agent('agent0').as('alice')
  expect(await (await agent.as(session).at('https://todo0.test/api').fetch('/')).json()).toMatchObject({
    client: 'agent0-at-todo0',
  })
})
