// Common handling for endpoints of security event receivers: authenticates the client, parses JSON, renders. A client
// is accepted only if a resource app names it as the receiver of its events.
import {
  answerFault,
  type ClientObserver,
  type Clock,
  type Endpoint,
  newId,
  parseForm,
  parseStrictJsonObject,
} from '@crosswalk/as-core'
import { readAtMost } from '@crosswalk/protocol'

export interface ReceiverRequest {
  readonly method: string
  readonly query: URLSearchParams
  /** Undefined if there is none */
  readonly body: Readonly<Record<string, unknown>> | undefined
  readonly app: string
  /** Issuers of its authorization servers; at least one */
  readonly audiences: readonly string[]
}

export interface ReceiverAnswer {
  readonly http: number
  readonly body?: unknown
  readonly retryAfterSeconds?: number
}

export type ReceiverHandler = (request: ReceiverRequest) => Promise<ReceiverAnswer>

export interface ReceiverEndpointParts {
  readonly clock: Clock
  readonly clients: ClientObserver
  audiencesOf(app: string): readonly string[]
  onFault(fault: unknown, reference: string): void
}

const MAX_BODY_BYTES = 65_536

export function createReceiverEndpoint(
  methods: readonly string[],
  parts: ReceiverEndpointParts,
  handle: ReceiverHandler,
): Endpoint {
  const { clock, clients, audiencesOf, onFault } = parts
  return async (request, ip) => {
    // The HTTP server sends no body in response to HEAD.
    const method = request.method === 'HEAD' ? 'GET' : request.method
    if (!methods.includes(method)) return render({ http: 405 }, { allow: listAllowed(methods) })
    try {
      // Credentials are only accepted in the header, because the body is not a form.
      const about = { form: parseForm(''), headers: request.headers, receivedAtMs: clock.nowMs(), ip }
      const { fact, retryAfterSeconds } = await clients.observe(about)
      if (fact.state === 'refused' && fact.code === 'XAA1107') return render(slowDown(retryAfterSeconds ?? 1))
      if (fact.state !== 'authenticated' || fact.method === 'none')
        return render(problem(401, 'authentication_failed'), { 'www-authenticate': 'Basic realm="streams"' })
      const audiences = audiencesOf(fact.clientId)
      if (audiences.length === 0) return render(problem(403, 'access_denied'))
      const body = await readBody(request)
      if (body === 'unreadable')
        return render(problem(400, 'invalid_request', 'the body is not a JSON object'))
      const query = new URL(request.url).searchParams
      return render(await handle({ method, query, body, app: fact.clientId, audiences }))
    } catch (fault) {
      onFault(fault, newId('flt'))
      const { http, headers } = answerFault(fault)
      return render({ http }, headers)
    }
  }
}

function listAllowed(methods: readonly string[]): string {
  return methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])).join(', ')
}

export function problem(http: number, err: string, description?: string): ReceiverAnswer {
  return { http, body: { err, ...(description === undefined ? {} : { description }) } }
}

export function slowDown(retryAfterSeconds: number): ReceiverAnswer {
  return { ...problem(429, 'slow_down'), retryAfterSeconds }
}

async function readBody(
  request: Request,
): Promise<Readonly<Record<string, unknown>> | undefined | 'unreadable'> {
  const read = await readAtMost(request.body, MAX_BODY_BYTES)
  if (read === undefined) return 'unreadable'
  if (read.length === 0) return undefined
  const parsed = parseStrictJsonObject(read)
  return parsed.accepted ? parsed.value : 'unreadable'
}

function render(
  { http, body, retryAfterSeconds }: ReceiverAnswer,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const wait = retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }
  const all = { 'cache-control': 'no-store', ...wait, ...headers }
  return body === undefined
    ? new Response(null, { status: http, headers: all })
    : Response.json(body, { status: http, headers: all })
}
