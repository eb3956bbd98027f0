import fastify from 'fastify'
import { Hono } from 'hono'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'

import { createResource, type Resource } from './create-resource.ts'
import { type ExpressMiddleware, guard, metadata, protect, requires, scope, xaaOf } from './express.ts'
import * as onFastify from './fastify.ts'
import { protect as protectFetch } from './fetch.ts'
import {
  guard as guardHono,
  metadata as honoMetadata,
  protect as protectHono,
  requires as requiresHono,
  scope as scopeHono,
} from './hono.ts'
import { isBelow } from './is-below.ts'
import { metadata as nextMetadata } from './next.ts'

const SECOND_FACTOR = { acr: ['mfa'], maxAuthAgeSeconds: 300 }
const API = 'http://127.0.0.1:4001/api'
const ISSUER = 'http://127.0.0.1:4002'
let resource: Resource
let authorization: string

beforeAll(async () => {
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'k' }] }
  resource = createResource({ resource: API, issuer: ISSUER, jwks })
  const token = await new SignJWT({ client_id: 'c1', scope: 'todos.read' })
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'k' })
    .setIssuer(ISSUER)
    .setAudience(API)
    .setSubject('u1')
    .setJti('j')
    .setIssuedAt()
    .setExpirationTime('5m')
    .sign(privateKey)
  authorization = `Bearer ${token}`
})

interface Call {
  readonly path: string
  readonly method?: string
  readonly token?: boolean
}

/** One app per adapter: GET /api/todos needs todos.read, POST needs todos.write, DELETE a second factor. */
const adapters: readonly (readonly [string, (call: Call) => Promise<Response>])[] = [
  ['fetch', callFetch],
  ['hono', callHono],
  ['express', (call) => callExpress(call, [metadata(resource), protect(resource)])],
  ['fastify', (call) => callFastify(call, [onFastify.metadata(resource), onFastify.protect(resource)])],
  ['next', callNext],
  ...guarded(),
]

/** One hook or middleware for the whole app. */
function guarded() {
  return [
    ['hono, by a guard', (call: Call) => callGuardedHono(call)],
    ['express, by a guard', (call: Call) => callExpress(call, [guard(resource)])],
    ['fastify, by a guard', (call: Call) => callFastify(call, [onFastify.guard(resource)])],
  ] as const
}

async function callGuardedHono(call: Call): Promise<Response> {
  const app = new Hono()
  app.use(guardHono(resource))
  app.get('/api/todos', scopeHono('todos.read'), (c) => c.json(c.get('xaa').user))
  app.post('/api/todos', scopeHono('todos.write'), (c) => c.json(c.get('xaa').user))
  app.delete('/api/todos', requiresHono(SECOND_FACTOR), (c) => c.json(c.get('xaa').user))
  app.get('/apis', (c) => c.json('open'))
  return await app.fetch(buildRequest(call))
}

async function callNext(call: Call): Promise<Response> {
  if (call.path.startsWith('/.well-known/')) return nextMetadata(resource)(buildRequest(call))
  return await callFetch(call)
}

async function callFastify(
  { path, method = 'GET', token = false }: Call,
  hooks: readonly ReturnType<typeof onFastify.protect>[],
): Promise<Response> {
  const app = fastify()
  for (const hook of hooks) app.addHook('onRequest', hook)
  app.get('/api/todos', { onRequest: onFastify.scope('todos.read') }, async (request) =>
    JSON.stringify(onFastify.xaaOf(request).user),
  )
  app.post('/api/todos', { onRequest: onFastify.scope('todos.write') }, async (request) =>
    JSON.stringify(onFastify.xaaOf(request).user),
  )
  app.delete('/api/todos', { onRequest: onFastify.requires(SECOND_FACTOR) }, async (request) =>
    JSON.stringify(onFastify.xaaOf(request).user),
  )
  app.get('/apis', async () => '"open"')
  const headers = token ? { authorization } : {}
  const {
    statusCode,
    headers: sent,
    body,
  } = await app.inject({ method: method as 'GET', url: path, headers })
  return new Response(body, { status: statusCode, headers: sent as Record<string, string> })
}

function buildRequest({ path, method = 'GET', token = false }: Call): Request {
  return new Request(`http://127.0.0.1:4001${path}`, { method, headers: token ? { authorization } : {} })
}

async function callFetch(call: Call): Promise<Response> {
  const scopes = { scope: [call.method === 'POST' ? 'todos.write' : 'todos.read'] }
  const needed = call.method === 'DELETE' ? SECOND_FACTOR : scopes
  const handler = protectFetch(resource, (_, xaa) => Response.json(xaa.user), needed)
  return await handler(buildRequest(call))
}

async function callHono(call: Call): Promise<Response> {
  const app = new Hono()
  app.use(honoMetadata(resource))
  app.use('/api/*', protectHono(resource))
  app.get('/api/todos', scopeHono('todos.read'), (c) => c.json(c.get('xaa').user))
  app.post('/api/todos', scopeHono('todos.write'), (c) => c.json(c.get('xaa').user))
  app.delete('/api/todos', requiresHono(SECOND_FACTOR), (c) => c.json(c.get('xaa').user))
  return await app.fetch(buildRequest(call))
}

/** Calls middleware as Express does, with the mount path stripped from `url`. */
async function callExpress(call: Call, middleware: readonly ExpressMiddleware[]): Promise<Response> {
  const { path, method = 'GET', token = false } = call
  const headers = token ? { authorization: authorization } : {}
  const req = { method, originalUrl: path, url: path.replace(/^\/api(?=\/)/, ''), headers }
  const needed =
    method === 'DELETE' ? requires(SECOND_FACTOR) : scope(method === 'POST' ? 'todos.write' : 'todos.read')
  const chain = path === '/apis' ? middleware : [...middleware, needed]
  return await new Promise((resolve, reject) => {
    const sent = new Headers()
    const res = {
      statusCode: 200,
      setHeader: (name: string, value: string) => sent.set(name, value),
      end: (body?: string) => resolve(new Response(body, { status: res.statusCode, headers: sent })),
    }
    const run = (index: number): void => {
      const next = chain[index]
      if (next === undefined) res.end(JSON.stringify(path === '/apis' ? 'open' : xaaOf(req).user))
      else next(req, res, (error) => (error === undefined ? run(index + 1) : reject(error as Error)))
    }
    run(0)
  })
}

describe.each(adapters)('%s', (_, call) => {
  it('serves the metadata', async () => {
    const response = await call({ path: '/.well-known/oauth-protected-resource/api' })
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({ resource: API, authorization_servers: [ISSUER] })
  })

  it('accepts a valid token with the scope', async () => {
    const response = await call({ path: '/api/todos', token: true })
    expect([response.status, await response.json()]).toEqual([200, 'u1'])
  })

  it('RS-03 refuses a request without token', async () => {
    const response = await call({ path: '/api/todos' })
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toContain(
      'resource_metadata="http://127.0.0.1:4001/.well-known/oauth-protected-resource/api"',
    )
    expect(response.headers.get('cache-control')).toBe('no-store')
  })

  it('RS-03 refuses a token without the scope', async () => {
    const response = await call({ path: '/api/todos', method: 'POST', token: true })
    expect(response.status).toBe(403)
    expect(response.headers.get('www-authenticate')).toContain('scope="todos.write"')
  })

  it('asks for a stronger and more recent sign-in (RFC 9470)', async () => {
    const response = await call({ path: '/api/todos', method: 'DELETE', token: true })
    expect(response.status).toBe(401)
    const challenge = response.headers.get('www-authenticate')
    expect(challenge).toContain('error="insufficient_user_authentication"')
    expect(challenge).toContain('acr_values="mfa"')
    expect(challenge).toContain('max_age="300"')
  })
})

it.each([
  [undefined, { '/api/v1/todos': true, '/v1/todos': false, '/todos': false }],
  ['/api', { '/v1/todos': true, '/V1': true, '/todos': false, '/api/v1/todos': false }],
  ['/api/v1', { '/todos': true, '/': true }],
])('a guard behind a proxy that strips %s protects what the resource has there', (strippedPath, targets) => {
  const api = createResource({
    ...{ resource: `${API}/v1`, issuer: ISSUER },
    ...(strippedPath === undefined ? {} : { strippedPath }),
  })
  for (const [target, expected] of Object.entries(targets))
    expect([target, api.covers(target)]).toEqual([target, expected])
})

it.each(guarded())('%s, leaves the rest of the app alone', async (_, call) => {
  const response = await call({ path: '/apis' })
  expect([response.status, await response.json()]).toEqual([200, 'open'])
})

it.each([
  ['/api', true],
  ['/api/', true],
  ['/api/todos?x=1', true],
  ['/API/todos', true],
  ['//api//todos', true],
  ['/%61pi/todos', true],
  ['/api%2Ftodos', true],
  ['/api\\todos', true],
  ['/%61pi/%zz', true],
  ['/%61pi%ff/../me', false],
  ['/%61%70i%2f%ff', true],
  ['/api#/todos', true],
  ['/api;x', true],
  ['/api;x/todos', true],
  ['/api\u00a0', true],
  ['/a\tpi/todos', true],
  ['/x/../api/todos', true],
  ['/x/%2e%2E/api/todos', true],
  ['/./api', true],
  ['/api/../x', true],
  ['http://todo0.test/api', true],
  ['http://todo0.test/api/todos?x=1', true],
  ['HTTPS://127.0.0.1:4001//%61PI/todos', true],
  ['http://[::1]:4001/api/todos', true],
  ['http://todo0.test/x', false],
  ['http://todo0.test', false],
  ['http://todo0.test/', false],
  ['http://todo0.test/apis', false],
  ['http://api/x', false],
  // Ambiguous paths are refused.
  ['http://todo0.test?/api/todos', true],
  ['http://todo0.test#/api/todos', true],
  ['http://user@todo0.test/x', true],
  ['http:///x', true],
  ['ftp://todo0.test/x', true],
  ['//user@todo0.test/api/todos#', true],
  ['//user@todo0.test/x', true],
  ['/\\user@todo0.test/x', true],
  ['todo0.test:443', true],
  ['//todo0.test/x', false],
  ['/x?a=user@todo0.test', false],
  ['/x?y=/api', false],
  ['/x;/api', false],
  ['*', false],
  ['/apis', false],
  ['/', false],
  ['/x/api', false],
  ['/%zz', false],
])('RS-03 a guard of /api protects %j: %s', (path, expected) => {
  expect(isBelow(API, path)).toBe(expected)
  expect(isBelow('https://todo0.test', path)).toBe(true)
})

it.each([
  ['https://todo0.test/api/', '/api/x'],
  ['https://todo0.test/api//', '/api/x'],
  ['https://todo0.test/api%2F', '/api/x'],
  ['https://todo0.test/API', '/api/x'],
  ['https://todo0.test/a;b', '/a;b/x'],
  ['https://todo0.test/%C3%A4', '/%c3%A4/x'],
])('RS-03 a guard of %s protects %s, but not its siblings', (id, path) => {
  expect(isBelow(id, path)).toBe(true)
  expect(isBelow(id, '/x')).toBe(false)
})

it('RS-03 a guard in Express protects the path after rewriting by earlier middleware', async () => {
  const call = (req: object) =>
    new Promise((resolve) => {
      const res = { statusCode: 200, setHeader: () => {}, end: () => resolve(res.statusCode) }
      guard(resource)({ headers: {}, ...req }, res, () => resolve('through'))
    })
  expect(await call({ originalUrl: '/v1/x', url: '/x', baseUrl: '/v1' })).toBe('through')
  expect(await call({ originalUrl: '/v1/x', url: '/api/x', baseUrl: '' })).toBe(401)
  expect(await call({ originalUrl: '/v1/api', url: '/api', baseUrl: '/v1' })).toBe('through')
})

it('scope() without protect() is an error of the app, and refuses every request', async () => {
  const run = new Promise((resolve) => {
    scope('x')({ headers: {} }, { statusCode: 0, setHeader: () => {}, end: () => {} }, resolve)
  })
  expect(await run).toBeInstanceOf(Error)
  const app = new Hono()
  app.get('/', scopeHono('x'), (c) => c.text('open'))
  app.onError((_, c) => c.text('fault', 500))
  expect((await app.request('/')).status).toBe(500)
})

describe('an event stream', () => {
  let isLive = true
  const held = () => ({ ...resource, mayContinue: async () => isLive })
  const events = () => {
    const parts = ['data: 1\n\n', 'data: 2\n\n'].map((part) => new TextEncoder().encode(part))
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        const part = parts.shift()
        if (part === undefined) controller.close()
        else controller.enqueue(part)
      },
    })
    // Media types are case-insensitive.
    return new Response(body, { headers: { 'content-type': 'Text/Event-Stream', 'x-kept': 'yes' } })
  }

  it.each<readonly [string, () => Promise<Response>]>([
    ['fetch', () => protectFetch(held(), events)(buildRequest({ path: '/api/todos', token: true }))],
    [
      'hono',
      async () => {
        const app = new Hono()
        app.use(guardHono(held()))
        app.get('/api/todos', events)
        return await app.fetch(buildRequest({ path: '/api/todos', token: true }))
      },
    ],
  ])('by %s ends with its token', async (_, call) => {
    isLive = true
    const whole = await call()
    expect([whole.headers.get('x-kept'), await whole.text()]).toEqual(['yes', 'data: 1\n\ndata: 2\n\n'])
    isLive = false
    expect(await (await call()).text()).toBe('')
  })
})

const failing = () => Promise.reject(new Error('no database'))

it.each<readonly [string, (faulty: Resource) => readonly [Resource, { otherwise?: typeof failing }]]>([
  ['verification', (faulty) => [faulty, {}]],
  ['`otherwise`', () => [resource, { otherwise: failing }]],
])('a fault of %s ends the request with the error handler of the framework', async (_, pick) => {
  const [api, options] = pick({ ...resource, verify: failing })
  const passed = new Promise((resolve) => {
    const res = { statusCode: 0, setHeader: () => {}, end: () => resolve('answered') }
    protect(api, options)({ headers: {} }, res, resolve)
  })
  expect(await passed).toMatchObject({ message: 'no database' })
  const app = fastify()
  app.addHook('onRequest', onFastify.protect(api, options))
  app.get('/api', async () => 'open')
  expect((await app.inject({ url: '/api' })).statusCode).toBe(500)
})

it('a handler without a guard has no caller, neither by type nor by value', () => {
  const unguarded = {} as globalThis.Express.Request
  // @ts-expect-error -- absent without a guard
  expect(() => unguarded.xaa.user).toThrow(TypeError)
  expect(() => xaaOf(unguarded)).toThrow('no verified caller: this handler needs guard() or protect()')
  expect(() => onFastify.xaaOf({})).toThrow('no verified caller')
})
