// Calls routes of the admin API by name, with requests and responses typed by the route table.
import { isObject, parseJson, readAtMost } from '@crosswalk/protocol'

import type { ProblemBody } from './schemas/common.ts'
import type { Route } from './route.ts'
import { ADMIN_API_PATH, type AnswerTo, type CallTo, type RouteName, ROUTES } from './routes.ts'

export interface AdminClientOptions {
  /** Public origin of the server */
  readonly baseUrl: string
  /** Undefined if `fetch` authenticates differently, such as with the console session */
  readonly token?: string
  readonly fetch?: typeof fetch
  /** Whether a response is one of the route, for manually entered URLs that may lead to another server */
  readonly isAnswer?: (name: RouteName, status: number, body: unknown) => boolean
}

export interface CallOptions {
  /** Recorded in the audit log */
  readonly reason?: string
  readonly idempotencyKey?: string
  /** Save although policy tests fail; requires a reason */
  readonly overrideTests?: boolean
  readonly signal?: AbortSignal
}

export interface AdminAnswer<Body> {
  readonly status: number
  readonly body: Body
  /** For `ifMatch` of the next request */
  readonly etag: string | undefined
}

export interface AdminClient {
  /** @throws AdminApiError for every error response; whatever `fetch` throws if the server is unreachable */
  call<N extends RouteName>(
    name: N,
    request: CallTo<N>,
    options?: CallOptions,
  ): Promise<AdminAnswer<AnswerTo<N>>>
}

interface AnswerHints {
  readonly retryAfterSeconds?: number | undefined
  readonly location?: string | undefined
}

/** An error response of the admin API. */
export class AdminApiError extends Error {
  readonly status: number
  /** Undefined if something other than the admin API responded */
  readonly problem: ProblemBody | undefined
  /** As the server said in `Retry-After` */
  readonly retryAfterSeconds: number | undefined
  /** Of a redirect, as a URL or path */
  readonly location: string | undefined

  constructor(
    status: number,
    problem: ProblemBody | undefined,
    { retryAfterSeconds, location }: AnswerHints = {},
  ) {
    super(
      problem === undefined ? `status ${status}` : [problem.title, problem.detail].filter(Boolean).join(': '),
    )
    this.name = 'AdminApiError'
    this.status = status
    this.problem = problem
    this.retryAfterSeconds = retryAfterSeconds
    this.location = location
  }
}

interface AnyCall {
  readonly params?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, unknown>>
  readonly body?: unknown
  readonly ifMatch?: string
}

export function createAdminClient(options: AdminClientOptions): AdminClient {
  const send = options.fetch ?? fetch
  return {
    async call(name, request, callOptions = {}) {
      const route: Route = ROUTES[name]
      const call = request as AnyCall
      const response = await send(
        buildUrl(options.baseUrl, route, call),
        buildRequest(route, call, options.token, callOptions),
      )
      const text = await response.text()
      if (!response.ok) throw buildError(response, text)
      const body = text === '' ? undefined : parseObject(text)
      const isAnswer =
        (text === '' || body !== undefined) && (options.isAnswer?.(name, response.status, body) ?? true)
      if (!isAnswer) throw new AdminApiError(response.status, undefined)
      return {
        status: response.status,
        body: body as never,
        etag: response.headers.get('etag') ?? undefined,
      }
    },
  }
}

function buildUrl(baseUrl: string, { path }: Route, { params = {}, query = {} }: AnyCall): string {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''))
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value))
  const suffix = search.size === 0 ? '' : `?${search}`
  return baseUrl.replace(/\/$/, '') + ADMIN_API_PATH + filled + suffix
}

function buildRequest(
  route: Route,
  { body, ifMatch }: AnyCall,
  token: string | undefined,
  options: CallOptions,
): RequestInit {
  const headers = new Headers({ accept: 'application/json' })
  if (token !== undefined) headers.set('authorization', `Bearer ${token}`)
  if (ifMatch !== undefined) headers.set('if-match', ifMatch)
  if (options.idempotencyKey !== undefined) headers.set('idempotency-key', options.idempotencyKey)
  if (options.overrideTests === true) headers.set('crosswalk-override', 'policy-tests')
  const inBody = route.body !== undefined && route.reasonHeader !== true
  if (options.reason !== undefined && !inBody)
    headers.set('crosswalk-reason', encodeURIComponent(options.reason))
  if (route.body !== undefined)
    headers.set(
      'content-type',
      route.method === 'PATCH' ? 'application/merge-patch+json' : 'application/json',
    )
  const sent = inBody && options.reason !== undefined ? { ...(body as object), reason: options.reason } : body
  return {
    method: route.method,
    headers,
    ...(sent === undefined ? {} : { body: JSON.stringify(sent) }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  }
}

const MAX_PROBLEM_BYTES = 1_048_576

/** For downloads, which do not go through the client. */
export async function readError(response: Response): Promise<AdminApiError> {
  const bytes = await readAtMost(response.body, MAX_PROBLEM_BYTES)
  return buildError(response, new TextDecoder().decode(bytes))
}

function buildError({ status, headers }: Response, text: string): AdminApiError {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN)
  return new AdminApiError(status, parseProblem(headers, text), {
    retryAfterSeconds: Number.isNaN(seconds) ? undefined : seconds,
    location: headers.get('location') ?? undefined,
  })
}

function parseProblem(headers: Headers, text: string): ProblemBody | undefined {
  if (!/\bjson\b/.test(headers.get('content-type') ?? '')) return undefined
  const { type, title, ...rest } = parseObject(text) ?? {}
  // Other servers, such as a gateway, send problems without a type (RFC 9457 section 3.1.1).
  return typeof type === 'string' && typeof title === 'string'
    ? ({ type, title, ...rest } as unknown as ProblemBody)
    : undefined
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  const value = parseJson(text)
  return isObject(value) ? value : undefined
}
