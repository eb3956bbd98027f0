// The admin API as a function from Request to Response: looks up the route, authorizes the caller and validates the
// request. The handlers do the rest.
import { ADMIN_API_PATH, ROUTES, type Route, type RouteName, hasEtag } from '@crosswalk/admin-api'
import { answerFault } from '@crosswalk/as-core'
import { Hono } from 'hono'

import { UNREADABLE_FIX, UnreadableObject } from '../definitions/read-stored.ts'
import { authenticate, type Authentication, readBearer } from './authenticate.ts'
import type { Caller, HandlerContext, Handlers } from './context.ts'
import { buildEtag, hasVersion } from './etag.ts'
import { buildProblem, forbidden, isProblem, type Problem, renderProblemDetails } from './problem.ts'
import { readRequest } from './read-request.ts'

export interface AdminApi {
  /**
   * @param ip - address of the peer, for the audit log
   * @param caller - the caller, if already authenticated; otherwise the bearer token decides
   */
  fetch(request: Request, ip?: string, caller?: Caller): Promise<Response>
}

export interface AdminApiParts {
  readonly authentication: Authentication
  readonly handlers: Handlers
  onFault(fault: unknown, reference: string): void
}

interface Bindings {
  readonly Bindings: { readonly ip: string | undefined; readonly caller: Caller | undefined }
}

type AnyHandler = (
  request: { readonly params: unknown; readonly query: unknown; readonly body: unknown },
  context: HandlerContext,
) => Promise<AnyReply | Problem | Response>

interface AnyReply {
  readonly status: number
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export function createAdminApi(parts: AdminApiParts): AdminApi {
  const app = new Hono<Bindings>()
  for (const [name, route] of Object.entries(ROUTES) as [RouteName, Route][]) {
    const handler = parts.handlers[name] as AnyHandler
    app.on(route.method, toPattern(route), (c) =>
      serve({ route, handler, parts, ...c.env, request: c.req.raw, params: c.req.param() }),
    )
  }
  app.all('*', (c) => refuseUnknown(c.req.raw, c.env.caller, parts))
  app.onError((fault, c) => {
    parts.onFault(fault, 'admin')
    return renderProblemDetails(describeFault(fault, c.req.method))
  })
  return { fetch: async (request, ip, caller) => app.fetch(request, { ip, caller }) }
}

function describeFault(fault: unknown, method: string): Problem {
  if (fault instanceof UnreadableObject) {
    const { message: problem } = fault
    return buildProblem('fault', { detail: problem, errors: [{ path: '', problem, fix: UNREADABLE_FIX }] })
  }
  const { http, headers } = answerFault(fault)
  if (http !== 503) return buildProblem('fault')
  const isRead = method === 'GET' || method === 'HEAD'
  return buildProblem('unavailable', {
    ...(isRead ? {} : { detail: 'Check whether your change was made.' }),
    headers,
  })
}

function toPattern({ path }: Route): string {
  return ADMIN_API_PATH + path.replaceAll(/\{(\w+)\}/g, ':$1')
}

interface Call {
  readonly route: Route
  readonly handler: AnyHandler
  readonly parts: AdminApiParts
  readonly ip: string | undefined
  readonly caller: Caller | undefined
  readonly request: Request
  readonly params: Readonly<Record<string, string>>
}

async function serve(call: Call): Promise<Response> {
  const { route, request } = call
  const caller = await findCaller(call)
  if (isProblem(caller)) return renderProblemDetails(caller)
  const ifMatch = request.headers.get('if-match') ?? undefined
  if (route.conditional === 'change' && ifMatch === undefined)
    return renderProblemDetails(
      buildProblem('precondition-required', { detail: 'Send the ETag of your last read in If-Match.' }),
    )
  const read = await readRequest(route, request, call.params)
  if (isProblem(read)) return renderProblemDetails(read)
  const { headers, signal } = request
  const context: HandlerContext = {
    caller,
    reason: read.reason,
    ifMatch,
    ip: call.ip,
    userAgent: headers.get('user-agent') ?? undefined,
    idempotencyKey: headers.get('idempotency-key') ?? undefined,
    overridesTests: headers.get('crosswalk-override') === 'policy-tests',
    headers,
    signal,
  }
  const response = renderReply(route, request, await call.handler(read, context))
  // Hono discards the body of a response to HEAD, and a stream that is not read would never end.
  if (request.method === 'HEAD') await response.body?.cancel()
  return response
}

async function findCaller({ route, request, caller: known, parts }: Call): Promise<Caller | Problem> {
  if (route.roles.length === 0) return { id: 'anybody', role: 'auditor' }
  const caller = known ?? (await authenticate(request.headers.get('authorization'), parts.authentication))
  if (caller === undefined) return unauthenticated(request)
  if (route.roles.includes(caller.role)) return caller
  return forbidden(`${caller.role} may not do this. Required role: ${route.roles.join(', ')}.`)
}

function unauthenticated(request: Request): Problem {
  // RFC 6750 section 3.1: include an error only if a token was sent.
  const challenge = 'Bearer realm="crosswalk admin"'
  if (readBearer(request.headers.get('authorization')) !== undefined)
    return buildProblem('invalid-token', {
      detail: 'The token is unknown, expired or revoked, or its creator lost the required role.',
      headers: { 'www-authenticate': `${challenge}, error="invalid_token"` },
    })
  return buildProblem('unauthenticated', {
    detail: 'Send `Authorization: Bearer` with the token of `admin.token`, or one created here.',
    headers: { 'www-authenticate': challenge },
  })
}

function renderReply(route: Route, request: Request, reply: AnyReply | Problem | Response): Response {
  if (reply instanceof Response) return reply
  if (isProblem(reply)) return renderProblemDetails(reply)
  const headers = new Headers({ 'cache-control': 'no-store', ...reply.headers })
  if (reply.body === undefined) return new Response(null, { status: reply.status, headers })
  const etag = hasEtag(route) ? buildEtag(reply.body) : undefined
  if (etag !== undefined && !headers.has('etag')) headers.set('etag', etag)
  if (route.method === 'GET' && etag !== undefined && hasVersion(request.headers, etag))
    return new Response(null, { status: 304, headers })
  headers.set('content-type', route.replies[reply.status]?.contentType ?? 'application/json')
  return new Response(JSON.stringify(reply.body), { status: reply.status, headers })
}

/** Callers without a token cannot probe which paths exist beyond the published document. */
async function refuseUnknown(
  request: Request,
  caller: Caller | undefined,
  { authentication }: AdminApiParts,
): Promise<Response> {
  if ((caller ?? (await authenticate(request.headers.get('authorization'), authentication))) === undefined)
    return renderProblemDetails(unauthenticated(request))
  const path = new URL(request.url).pathname
  const methods = Object.values<Route>(ROUTES)
    .filter((route) => new RegExp(`^${toPattern(route).replaceAll(/:\w+/g, '[^/]+')}$`).test(path))
    .flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method]))
  if (methods.length === 0) return renderProblemDetails(buildProblem('not-found'))
  return renderProblemDetails(
    buildProblem('method-not-allowed', { headers: { allow: [...new Set(methods)].join(', ') } }),
  )
}
