// One HTTP application for every role of the process: health, metrics, metadata URLs, then the roles by path.
// Decides only who answers; it reads no body.
import { readPath } from '@crosswalk/protocol'
import { Hono } from 'hono'
import { prometheusContentType } from 'prom-client'

import type { Metrics } from './metrics.ts'
import type { Role } from './role.ts'
import {
  buildWellKnownTable,
  findWellKnown,
  type WellKnownTable,
  type WellKnownTarget,
} from './well-known.ts'

export interface AppParts {
  /** Those running now; another list whenever one comes or goes */
  roles(): readonly Role[]
  /** Absent where no admin token is configured */
  readonly adminApi?: {
    readonly basePath: string
    fetch(request: Request, ip?: string): Promise<Response>
  }
  readonly metrics: Metrics
  /** Prometheus text; absent when metrics have their own listener */
  readonly renderMetrics?: () => Promise<string>
  /** @returns what is not ready, in words for operators; nothing when all is */
  findUnready(): Promise<readonly string[]>
  onFault(fault: unknown, reference: string): void
}

/** What the node adapter says about the connection. */
export interface ConnectionBindings {
  readonly incoming?: { readonly socket: { readonly remoteAddress?: string | undefined } }
}

export interface App {
  fetch(request: Request, connection?: ConnectionBindings): Promise<Response>
}

export function createApp(parts: AppParts): App {
  const app = new Hono<{ Bindings: ConnectionBindings }>()
  app.get('/healthz', (context) => context.json({ status: 'up' }, 200, NO_STORE))
  app.get('/readyz', async (context) => {
    const unready = await parts.findUnready()
    const status = unready.length === 0 ? 200 : 503
    return context.json({ status: status === 200 ? 'ready' : 'not ready', unready }, status, NO_STORE)
  })
  if (parts.renderMetrics !== undefined) {
    const { renderMetrics } = parts
    app.get('/metrics', async (context) =>
      context.body(await renderMetrics(), 200, { 'content-type': prometheusContentType }),
    )
  }
  const dispatch = createDispatcher(parts)
  app.all('*', (context) => dispatch(context.req.raw, context.env.incoming?.socket.remoteAddress))
  app.onError((fault) => {
    parts.onFault(fault, 'http')
    return Response.json({ error: 'server_error' }, { status: 500, headers: NO_STORE })
  })
  return { fetch: async (request, connection) => app.fetch(request, connection ?? {}) }
}

const NO_STORE = { 'cache-control': 'no-store' }

function createDispatcher(parts: AppParts): (request: Request, ip?: string) => Promise<Response> {
  const { metrics } = parts
  const findRoute = createRouting(parts)
  return async (request, ip) => {
    const started = performance.now()
    const target = findRoute(request)
    const response = target === undefined ? notFound() : await target.role.fetch(target.request, ip)
    metrics.observe(target?.role.name ?? 'none', response.status, (performance.now() - started) / 1000)
    return response
  }
}

/** Tables are made anew only when a role comes or goes. */
function createRouting({ roles, adminApi }: AppParts): (request: Request) => Target | undefined {
  let known: readonly Role[] = []
  let wellKnown: WellKnownTable = new Map()
  let byBasePath: ReadonlyMap<string, Role> = new Map()
  const admin = adminApi === undefined ? undefined : { name: 'admin', ...adminApi }
  return (request) => {
    const path = readPath(request.url)
    if (admin !== undefined && path.startsWith(`${admin.basePath}/`)) return { role: admin, request }
    const current = roles()
    if (current !== known) {
      known = current
      wellKnown = buildWellKnownTable(current)
      byBasePath = new Map(current.map((role) => [role.basePath, role]))
    }
    return findTarget(request, { path, wellKnown, byBasePath })
  }
}

interface Target {
  readonly role: Pick<Role, 'name' | 'fetch'>
  readonly request: Request
}

const SERVER_PATH = /^\/as\/[^/]+(?=\/|$)/

interface Tables {
  readonly path: string
  readonly wellKnown: WellKnownTable
  readonly byBasePath: ReadonlyMap<string, Role>
}

function findTarget(request: Request, { path, wellKnown, byBasePath }: Tables): Target | undefined {
  if (path.includes('/.well-known/')) {
    const url = new URL(request.url)
    const document = findWellKnown(wellKnown, path, request.headers.get('host') ?? url.host)
    if (document !== undefined) return readdress(request, url, document)
  }
  const role = byBasePath.get(SERVER_PATH.exec(path)?.[0] ?? '')
  return role === undefined ? undefined : { role, request }
}

/** The role knows its document by one path only. */
function readdress(request: Request, url: URL, { role, canonicalPath }: WellKnownTarget): Target {
  if (canonicalPath === url.pathname) return { role, request }
  return { role, request: new Request(new URL(canonicalPath + url.search, url), request) }
}

function notFound(): Response {
  return Response.json({ error: 'not_found' }, { status: 404, headers: NO_STORE })
}
