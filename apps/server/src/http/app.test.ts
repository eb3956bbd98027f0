import { StorageFault } from '@crosswalk/as-core'
import { describe, expect, it } from 'vitest'

import { createAdmission } from './admission.ts'
import { createApp } from './app.ts'
import { createFindClientAddress } from './client-address.ts'
import { createStartingApp } from './starting-app.ts'
import { createManagementApp } from './management-app.ts'
import { createMetrics } from './metrics.ts'
import { BodyTooLongError } from './receive-body.ts'
import type { ServerRole } from './role.ts'

const BASE = 'http://127.0.0.1:4000'
const UNLIMITED = { requestsInProgress: 0, pagesInProgress: 0 }

/** A role that responds with its name and the requested path. */
function role(name: string, issuer: string, basePath: string): ServerRole {
  return {
    name,
    issuer,
    basePath,
    isPage: () => false,
    fetch: async (request, ip) => new Response(`${name} ${new URL(request.url).pathname} ${ip ?? '-'}`),
  }
}

function createTestApp(
  roles: readonly ServerRole[],
  unready: readonly string[] = [],
  currentRoles = () => roles,
) {
  const faults: unknown[] = []
  const metrics = createMetrics()
  const app = createApp({
    roles: currentRoles,
    metrics,
    admission: createAdmission(UNLIMITED, metrics.registry, 'Acme'),
    findClientAddress: createFindClientAddress([]),
    renderMetrics: () => metrics.registry.metrics(),
    findUnready: async () => unready,
    onFault: (fault) => faults.push(fault),
  })
  const get = async (path: string, host = '127.0.0.1:4000') => {
    const request = new Request(`http://${host}${path}`, { headers: { host } })
    const response = await app.fetch(request, { incoming: { socket: { remoteAddress: '10.0.0.9' } } })
    return {
      status: response.status,
      text: await response.text(),
      type: response.headers.get('content-type'),
    }
  }
  return { app, get, faults }
}

const METHODS = [
  ['GET', 200, null],
  ['HEAD', 200, null],
  ['POST', 405, 'GET, HEAD'],
  ['DELETE', 405, 'GET, HEAD'],
  ['OPTIONS', 405, 'GET, HEAD'],
] as const

const idp = role('idp', BASE, '')
const todo = role('as:todo0', `${BASE}/as/todo0`, '/as/todo0')

it.each([
  ['a role itself rejects a body that is too long', '/token', 418],
  ['other parts never see such a body', '/admin/sign-in/token', 413],
  ['a path that only begins like the console belongs to the IdP', '/administrators', 418],
])('%s', async (_, path, status) => {
  const seen = { fetch: async () => new Response(null, { status: 418 }) }
  const metrics = createMetrics()
  const app = createApp({
    roles: () => [{ ...idp, ...seen }],
    adminApi: { basePath: '/admin', ...seen },
    metrics,
    admission: createAdmission(UNLIMITED, metrics.registry, 'Acme'),
    findClientAddress: createFindClientAddress([]),
    findUnready: async () => [],
    onFault: () => undefined,
  })
  const incoming = { socket: {}, isTooLong: true }
  const response = await app.fetch(new Request(BASE + path, { method: 'POST' }), { incoming })
  expect(response.status).toBe(status)
})

it('a role never waits for a body that is still arriving', async () => {
  const { app } = createTestApp([idp, todo])
  for (const path of ['/scim/v2/Users', '/scim/v2/../../token', '/admin/api/v1/../../../token'])
    for (const isStreamed of [true, false]) {
      const { status } = await app.fetch(new Request(BASE + path, { method: 'POST' }), { isStreamed })
      expect([path, status]).toEqual([path, isStreamed ? 404 : 200])
    }
})

describe('requests over the limit', () => {
  function createBusyApp(most: number) {
    const metrics = createMetrics()
    const open: (() => void)[] = []
    const own = () => Promise.resolve(new Response('own refusal', { status: 503 }))
    const refuseOverload = ({ url }: Request) => (url.endsWith('/token/own') ? own() : undefined)
    const slow = () =>
      new Promise<Response>((resolve) => {
        open.push(() => resolve(new Response('done')))
      })
    const app = createApp({
      roles: () => [{ ...idp, isPage: (path) => path === '/page', fetch: slow, refuseOverload }],
      adminApi: { basePath: '/admin', fetch: slow },
      metrics,
      admission: createAdmission(
        { requestsInProgress: most, pagesInProgress: most },
        metrics.registry,
        'Acme',
      ),
      findClientAddress: createFindClientAddress([]),
      findUnready: async () => [],
      onFault: () => undefined,
    })
    const ask = (path = '/token', headers = {}) =>
      app.fetch(new Request(BASE + path, { method: 'POST', headers }))
    const read = async (name: string) =>
      new RegExp(`^${name}{limit="requestsInProgress"} (\\d+)`, 'm').exec(
        await metrics.registry.metrics(),
      )?.[1]
    return { ask, open, app, read }
  }

  it('get 503 with Retry-After, until a request in progress is done', async () => {
    const { ask, open, read } = createBusyApp(2)
    const taken = [ask(), ask()]
    const refused = await ask()
    const { status, headers } = refused
    expect(headers.get('access-control-allow-origin')).toBe('*')
    expect(await (await ask('/token/own')).text()).toBe('own refusal')
    expect([status, headers.get('retry-after'), await refused.json()]).toEqual([
      503,
      '1',
      expect.objectContaining({ error: 'temporarily_unavailable' }),
    ])
    expect(await read('crosswalk_http_requests_in_progress')).toBe('2')
    expect(await read('crosswalk_http_requests_rejected_total')).toBe('2')
    open[0]?.()
    expect((await taken[0])?.status).toBe(200)
    taken.push(ask())
    open.forEach((answer) => answer())
    expect((await Promise.all(taken)).map(({ status }) => status)).toEqual([200, 200, 200])
    expect(await read('crosswalk_http_requests_in_progress')).toBe('0')
  })

  it('of browsers do not block those of programs, nor the reverse', async () => {
    const { ask, open } = createBusyApp(1)
    const taken = [ask('/page'), ask('/token')]
    expect((await ask('/page')).status).toBe(503)
    expect((await ask('/token')).status).toBe(503)
    expect(open).toHaveLength(2)
    open.forEach((answer) => answer())
    expect((await Promise.all(taken)).map(({ status }) => status)).toEqual([200, 200])
  })

  it('of browsers get a page', async () => {
    const { ask, open } = createBusyApp(1)
    const taken = ask('/page')
    const page = await ask('/page', { accept: 'text/html,*/*;q=0.8' })
    expect([page.status, page.headers.get('retry-after')]).toEqual([503, '1'])
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(await page.text()).toContain('Go back and try again in a moment.')
    expect((await ask('/page', { accept: 'application/json' })).headers.get('content-type')).toBe(
      'application/json',
    )
    open.forEach((answer) => answer())
    expect((await taken).status).toBe(200)
  })

  it('do not block administrators and probes', async () => {
    const { ask, open, app } = createBusyApp(1)
    const taken = [ask(), ask('/admin/api/v1/kill')]
    expect((await ask()).status).toBe(503)
    expect((await app.fetch(new Request(`${BASE}/healthz`))).status).toBe(200)
    expect(open).toHaveLength(2)
    open.forEach((answer) => answer())
    expect((await Promise.all(taken)).map(({ status }) => status)).toEqual([200, 200])
  })

  it('do not exist without a limit', async () => {
    const { ask, open } = createBusyApp(0)
    const taken = Array.from({ length: 2000 }, () => ask())
    open.forEach((answer) => answer())
    expect(new Set((await Promise.all(taken)).map(({ status }) => status))).toEqual(new Set([200]))
  })
})

describe('routing by path', () => {
  const { get } = createTestApp([idp, todo])
  it.each([
    ['/token', 'idp /token 10.0.0.9'],
    ['/', 'idp / 10.0.0.9'],
    ['/as', 'idp /as 10.0.0.9'],
    ['/as/todo0/token', 'as:todo0 /as/todo0/token 10.0.0.9'],
    ['/as/todo0', 'as:todo0 /as/todo0 10.0.0.9'],
    ['/.well-known/oauth-authorization-server', 'idp /.well-known/oauth-authorization-server 10.0.0.9'],
    ['/.well-known/openid-configuration', 'idp /.well-known/openid-configuration 10.0.0.9'],
    [
      '/.well-known/oauth-authorization-server/as/todo0',
      'as:todo0 /.well-known/oauth-authorization-server/as/todo0 10.0.0.9',
    ],
    [
      '/.well-known/openid-configuration/as/todo0',
      'as:todo0 /.well-known/openid-configuration/as/todo0 10.0.0.9',
    ],
    [
      '/as/todo0/.well-known/openid-configuration',
      'as:todo0 /as/todo0/.well-known/openid-configuration 10.0.0.9',
    ],
  ])('%s', async (path, text) => {
    expect(await get(path)).toMatchObject({ status: 200, text })
  })

  it.each(['/as/other/token', '/as/todo/token', '/as/todo00/token'])('%s has no role', async (path) => {
    expect((await get(path)).status).toBe(404)
  })
})

describe('an issuer with its own URL', () => {
  const elsewhere = role('as:todo0', 'https://auth.todo.test/oauth', '/as/todo0')
  it.each([
    ['/.well-known/oauth-authorization-server/oauth', '/.well-known/oauth-authorization-server/oauth'],
    ['/oauth/.well-known/openid-configuration', '/oauth/.well-known/openid-configuration'],
    // Under baseUrl, the role gets the path under which it knows the same document.
    ['/.well-known/openid-configuration/as/todo0', '/.well-known/openid-configuration/oauth'],
    ['/as/todo0/.well-known/oauth-authorization-server', '/.well-known/oauth-authorization-server/oauth'],
    ['/as/todo0/token', '/as/todo0/token'],
  ])('%s leads to its role', async (path, seen) => {
    const { get } = createTestApp([idp, elsewhere])
    expect((await get(path)).text).toBe(`as:todo0 ${seen} 10.0.0.9`)
  })

  it('shares a metadata path with the IdP, and is selected by host', async () => {
    const { get } = createTestApp([idp, role('as:a', 'https://as.test', '/as/a')])
    const path = '/.well-known/oauth-authorization-server'
    expect((await get(path)).text).toMatch(/^idp /)
    expect((await get(path, 'as.test')).text).toMatch(/^as:a /)
  })
})

describe('operations', () => {
  it('is healthy while running, and ready only when every part is', async () => {
    expect(await createTestApp([]).get('/healthz')).toMatchObject({ status: 200 })
    expect(await createTestApp([]).get('/readyz')).toMatchObject({ status: 200 })
    const { app, get } = createTestApp([idp], ['storage'])
    expect(await get('/readyz')).toMatchObject({
      status: 503,
      text: expect.stringContaining('storage') as string,
    })
    for (const path of ['/healthz', '/readyz'])
      expect((await app.fetch(new Request(BASE + path))).headers.get('cache-control')).toBe('no-store')
  })

  it.each(['/healthz', '/readyz', '/metrics'])('%s accepts only GET and HEAD', async (path) => {
    const management = createManagementApp()
    management.start({ renderMetrics: async () => '', findUnready: async () => [] })
    const startingApp = createStartingApp()
    const { app } = createTestApp([idp])
    const apps =
      { '/healthz': [app, startingApp], '/readyz': [app, management], '/metrics': [app, management] }[path] ??
      []
    for (const asked of apps)
      for (const [method, status, allow] of METHODS) {
        const response = await asked.fetch(new Request(BASE + path, { method }))
        expect([method, response.status, response.headers.get('allow')]).toEqual([method, status, allow])
      }
  })

  it('counts by role and status, never by path', async () => {
    const { get } = createTestApp([idp, todo])
    await get('/as/todo0/token')
    await get('/as/unknown-to-all/x')
    const { text, type } = await get('/metrics')
    expect(type).toMatch(/^text\/plain/)
    expect(text).toContain('crosswalk_http_requests_total{role="as:todo0",status="200"} 1')
    expect(text).toContain('crosswalk_http_requests_total{role="none",status="404"} 1')
    expect(text).not.toContain('unknown-to-all')
  })

  it('reports on the management listener whether it is alive, started and ready', async () => {
    const management = createManagementApp()
    const ask = (path: string) => management.fetch(new Request(BASE + path))
    const statuses = () =>
      Promise.all(
        ['/livez', '/startupz', '/readyz', '/metrics', '/token'].map(
          async (path) => (await ask(path)).status,
        ),
      )
    expect(await statuses()).toEqual([200, 503, 503, 503, 404])
    expect(await (await ask('/readyz')).json()).toEqual({ status: 'not ready', unready: ['starting'] })
    const unready: string[] = []
    management.start({ renderMetrics: async () => 'metric 1', findUnready: async () => unready })
    expect(await statuses()).toEqual([200, 200, 200, 200, 404])
    unready.push('draining')
    expect(await statuses()).toEqual([200, 200, 503, 200, 404])
    expect(await (await ask('/metrics')).text()).toBe('metric 1')
  })

  it('logs a fault without revealing it to the client', async () => {
    const failing = { ...idp, fetch: async () => Promise.reject(new Error('secret detail')) }
    const { get, faults } = createTestApp([failing])
    const answer = await get('/token')
    expect(answer.status).toBe(500)
    expect(JSON.parse(answer.text)).toEqual({
      error: 'server_error',
      error_description: 'The server met a fault.',
    })
    expect(faults).toHaveLength(1)
  })

  it.each([
    ['a busy database', new StorageFault('busy', new Error()), 503, '2', 1],
    ['a body that grew too long', new BodyTooLongError(), 413, null, 0],
  ])('responds to %s, in a form that browser apps can read', async (_, fault, status, retryAfter, logged) => {
    const { app, faults } = createTestApp([{ ...idp, fetch: async () => Promise.reject(fault) }])
    const response = await app.fetch(new Request(`${BASE}/token`, { method: 'POST' }))
    const read = (name: string) => response.headers.get(name)
    expect([response.status, read('retry-after')]).toEqual([status, retryAfter])
    expect([read('cache-control'), read('access-control-allow-origin')]).toEqual(['no-store', '*'])
    expect(faults).toHaveLength(logged)
  })

  it('serves authorization servers as soon as they exist, and no longer', async () => {
    const roles = [idp]
    let current: readonly ServerRole[] = roles
    const { app } = createTestApp(roles, [], () => current)
    const ask = async () => (await app.fetch(new Request(`${BASE}/as/todo0/token`))).status
    const statuses = [await ask()]
    for (const next of [[idp, todo], [idp]]) {
      current = next
      statuses.push(await ask())
    }
    expect(statuses).toEqual([404, 200, 404])
  })

  it('runs without an IdP', async () => {
    const { get } = createTestApp([todo])
    expect((await get('/token')).status).toBe(404)
    expect((await get('/as/todo0/token')).status).toBe(200)
  })
})

describe('before the server is ready', () => {
  it('is alive but serves nothing', async () => {
    const startingApp = createStartingApp()
    const ask = async (path: string) => (await startingApp.fetch(new Request(BASE + path))).status
    expect([await ask('/healthz'), await ask('/readyz'), await ask('/token')]).toEqual([200, 503, 503])
    const answer = await startingApp.fetch(new Request(`${BASE}/token`))
    expect(['retry-after', 'cache-control'].map((name) => answer.headers.get(name))).toEqual([
      '1',
      'no-store',
    ])
    expect(await answer.json()).toMatchObject({ error: 'temporarily_unavailable' })
    const ready = await startingApp.fetch(new Request(`${BASE}/readyz`))
    expect(await ready.json()).toEqual({ status: 'not ready', unready: ['starting'] })
    startingApp.open({ fetch: async () => new Response('inside') })
    expect(await ask('/token')).toBe(200)
  })
})

describe('a machine endpoint opened in a browser', () => {
  const ask = async (roles: readonly ServerRole[], path: string, accept: string, method = 'GET') => {
    const { app } = createTestApp(roles)
    const response = await app.fetch(new Request(BASE + path, { method, headers: { accept } }))
    return { type: response.headers.get('content-type'), text: await response.text() }
  }
  const PAGE = 'text/html,application/xhtml+xml,*/*;q=0.8'

  it.each([
    ['/as/todo0', [idp, todo]],
    ['/as/todo0', [todo]],
    ['/', [todo]],
  ])('%s shows a page with a link to the metadata', async (path, roles) => {
    const { type, text } = await ask(roles, path, PAGE)
    expect(type).toBe('text/html; charset=utf-8')
    expect(text).toContain('<style>')
    expect(text).toContain(`href="${BASE}/.well-known/oauth-authorization-server/as/todo0"`)
  })

  it.each([
    ['a program', '/as/todo0', 'application/json', 'GET'],
    ['a form', '/as/todo0', PAGE, 'POST'],
    ['an endpoint', '/as/todo0/token', PAGE, 'GET'],
    ['the page of the IdP', '/', PAGE, 'GET'],
  ])('%s gets the response of the role', async (_, path, accept, method) => {
    expect((await ask([idp, todo], path, accept, method)).text).toMatch(/^(idp|as:todo0) /)
  })
})
