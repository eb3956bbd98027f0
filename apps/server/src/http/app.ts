// The HTTP application of the process: health, metrics and metadata URLs, then the roles by path. It only routes, and
// reads no body.
import { ANY_ORIGIN, answerFault } from '@crosswalk/as-core'
import { type MountedAdminApi, SCIM_PATH, type ScimApi } from '@crosswalk/control'
import { readPath } from '@crosswalk/protocol'
import { traceRequest } from '@crosswalk/tracing'

import type { AccessLog } from './access-log.ts'
import type { Admission } from './admission.ts'
import type { FindClientAddress } from './client-address.ts'
import { hidePathIds } from './hide-path-ids.ts'
import { renderIssuerPage, wantsPage } from './issuer-page.ts'
import type { Metrics } from './metrics.ts'
import { findMethodRefusal, renderHealth, renderMetricsPage, renderReadiness } from './operator-pages.ts'
import { BodyTooLongError } from './receive-body.ts'
import type { ServerRole } from './role.ts'
import {
  buildWellKnownTable,
  findWellKnown,
  type WellKnownTable,
  type WellKnownTarget,
} from './well-known.ts'

export interface AppParts {
  /** The current roles; a new array after every change */
  roles(): readonly ServerRole[]
  /** Absent if no admin token is configured */
  readonly adminApi?: MountedAdminApi
  /** Absent if no directory provisions users */
  readonly scim?: ScimApi | undefined
  readonly metrics: Metrics
  readonly admission: Admission
  /** Absent if no access log is configured */
  readonly accessLog?: Pick<AccessLog, 'write'> | undefined
  /** Prometheus text; absent when metrics have their own listener */
  readonly renderMetrics?: () => Promise<string>
  readonly findClientAddress: FindClientAddress
  /** @returns the parts that are not ready, for operators; empty if all are */
  findUnready(): Promise<readonly string[]>
  onFault(fault: unknown, reference: string): void
}

/** The connection, as the Node.js adapter describes it. */
export interface ConnectionBindings {
  readonly incoming?: {
    readonly socket: { readonly remoteAddress?: string | undefined }
    /** Whether the body exceeded the limit of its path, and was cut */
    readonly isTooLong?: boolean
  }
  /** Whether the body is still arriving */
  readonly isStreamed?: boolean
}

export interface App {
  fetch(request: Request, connection?: ConnectionBindings): Promise<Response>
}

export function createApp(parts: AppParts): App {
  const own = listOwnRoutes(parts)
  const findRoute = createRouting(parts)
  const answerAsRole = createRoleAnswer(parts)
  return {
    async fetch(request, connection) {
      const started = performance.now()
      try {
        const path = readPath(request.url)
        const handler = own.get(path)
        if (handler !== undefined) return findMethodRefusal(request) ?? (await handler())
        const page = findIssuerPage(request, path, parts.roles())
        if (page !== undefined) return await page
        const target = findRoute(request, path)
        // The listener judges the path as sent, `/scim/v2/../../token` for example. If a role waited for a slow body, a few
        // hundred clients could take the places of all others.
        if (connection?.isStreamed === true && target?.takesStreams !== true) return notFound()
        return await answerAsRole({ target, request, path, connection, started })
      } catch (fault) {
        if (fault instanceof BodyTooLongError) return renderTooLong()
        parts.onFault(fault, 'http')
        const { http, body, headers } = answerFault(fault)
        return Response.json(body, { status: http, headers: { ...headers, ...REFUSED } })
      }
    },
  }
}

interface Routed {
  readonly target: Target | undefined
  readonly request: Request
  readonly path: string
  readonly connection: ConnectionBindings | undefined
  /** By `performance.now()` */
  readonly started: number
}

/** @returns a function that runs a role's handler, traced, counted and logged */
function createRoleAnswer({ metrics, accessLog, findClientAddress, admission }: AppParts) {
  return ({ target, request, path, connection, started }: Routed): Promise<Response> => {
    const role = target?.role.name ?? 'none'
    const { method, headers } = request
    const findRoute = () => hidePathIds(path)
    const span = { method, headers, findRoute, attributes: { 'crosswalk.role': role } }
    return traceRequest(span, async () => {
      const ip = findClientAddress(connection?.incoming?.socket.remoteAddress, headers)
      const run = () => answer(target, ip, connection?.incoming?.isTooLong === true)
      const refuse = () => target?.role.refuseOverload?.(target.request)
      // Administrators are always admitted: they may be about to stop the cause of the load.
      const limit = target?.role.isPage?.(path) === true ? 'pagesInProgress' : 'requestsInProgress'
      const response = await (role === 'admin'
        ? run()
        : admission.run(limit, request, { answer: run, refuse }))
      const durationMs = performance.now() - started
      metrics.observe(role, response.status, durationMs / 1000)
      accessLog?.write({ role, request, path, ip, response, durationMs })
      return response
    })
  }
}

/**
 * Roles serve programs. For a browser at the address of a role, or at `/` without an IdP, shows what this server is.
 */
function findIssuerPage(
  request: Request,
  path: string,
  roles: readonly ServerRole[],
): Promise<Response> | undefined {
  const shown = roles.filter(({ basePath }) => basePath !== '' && (path === '/' || path === basePath))
  const hasHome = path === '/' && roles.some(({ basePath }) => basePath === '')
  const [first, ...others] = shown.map(({ issuer }) => issuer)
  if (first === undefined || hasHome || !wantsPage(request)) return undefined
  return renderIssuerPage([first, ...others])
}

type OwnRoutes = ReadonlyMap<string, () => Response | Promise<Response>>

/** Paths that the process serves itself; all are fixed, so a map is enough. */
function listOwnRoutes({ findUnready, renderMetrics }: AppParts): OwnRoutes {
  const routes: [string, () => Response | Promise<Response>][] = [
    ['/healthz', renderHealth],
    ['/readyz', async () => renderReadiness(await findUnready())],
  ]
  if (renderMetrics !== undefined)
    routes.push(['/metrics', async () => renderMetricsPage(await renderMetrics())])
  return new Map(routes)
}

/** Without a header for its origin, a browser app sees only a network error. */
const REFUSED = { 'cache-control': 'no-store', ...ANY_ORIGIN }

/** Rebuilds its tables only when roles change. */
function createRouting({
  roles,
  adminApi,
  scim,
}: AppParts): (request: Request, path: string) => Target | undefined {
  let known: readonly ServerRole[] = []
  let wellKnown: WellKnownTable = new Map()
  let byBasePath: ReadonlyMap<string, ServerRole> = new Map()
  const admin = adminApi === undefined ? undefined : { name: 'admin', ...adminApi }
  return (request, path) => {
    if (admin !== undefined && (isBelow(path, admin.basePath) || admin.alsoAt?.has(path) === true))
      return { role: admin, request, judgesLength: false, takesStreams: true }
    if (scim !== undefined && isBelow(path, SCIM_PATH))
      return { role: { name: 'scim', fetch: scim.fetch }, request, judgesLength: true, takesStreams: true }
    const current = roles()
    if (current !== known) {
      known = current
      wellKnown = buildWellKnownTable(current)
      byBasePath = new Map(current.map((role) => [role.basePath, role]))
    }
    return findTarget(request, { path, wellKnown, byBasePath })
  }
}

function isBelow(path: string, basePath: string): boolean {
  return path.startsWith(basePath) && (path.length === basePath.length || path[basePath.length] === '/')
}

interface Target {
  readonly role: Pick<ServerRole, 'name' | 'fetch'> & Partial<Pick<ServerRole, 'isPage' | 'refuseOverload'>>
  readonly request: Request
  /** Whether it rejects bodies over the limit itself */
  readonly judgesLength: boolean
  /** Whether it authenticates callers before it reads the body */
  readonly takesStreams?: true
}

const SERVERS = '/as/'

/** @returns the part of the path that names a resource authorization server; empty if none */
function readServerPath(path: string): string {
  if (!path.startsWith(SERVERS)) return ''
  const end = path.indexOf('/', SERVERS.length)
  return end === -1 ? path : path.slice(0, end)
}

interface Tables {
  readonly path: string
  readonly wellKnown: WellKnownTable
  readonly byBasePath: ReadonlyMap<string, ServerRole>
}

function findTarget(request: Request, { path, wellKnown, byBasePath }: Tables): Target | undefined {
  if (path.includes('/.well-known/')) {
    const url = new URL(request.url)
    const document = findWellKnown(wellKnown, path, request.headers.get('host') ?? url.host)
    if (document !== undefined) return readdress(request, url, document)
  }
  const role = byBasePath.get(readServerPath(path))
  return role === undefined ? undefined : { role, request, judgesLength: true }
}

/** A role knows its document by only one path. */
function readdress(request: Request, url: URL, { role, canonicalPath }: WellKnownTarget): Target {
  const judgesLength = true
  if (canonicalPath === url.pathname) return { role, request, judgesLength }
  return { role, judgesLength, request: new Request(new URL(canonicalPath + url.search, url), request) }
}

/** Roles reject a cut body in the format of their protocol; any other handler must not see one. */
async function answer(
  target: Target | undefined,
  ip: string | undefined,
  isTooLong: boolean,
): Promise<Response> {
  if (target === undefined) return notFound()
  return isTooLong && !target.judgesLength ? renderTooLong() : target.role.fetch(target.request, ip)
}

function renderTooLong(): Response {
  return Response.json({ error: 'content_too_large' }, { status: 413, headers: REFUSED })
}

function notFound(): Response {
  return Response.json({ error: 'not_found' }, { status: 404, headers: REFUSED })
}
