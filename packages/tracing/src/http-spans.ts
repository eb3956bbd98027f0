// Spans for outgoing and incoming HTTP requests, by OpenTelemetry's semantic conventions. Only host and port of a URL
// are kept: an app's paths and queries may name users.
import { context, propagation, SpanStatusCode } from '@opentelemetry/api'

import { type Attributes, type HeaderReader, type Span, withSpan } from './with-span.ts'

export interface OutgoingRequest {
  /** Name of the span: the purpose of the request */
  readonly name: string
  readonly url: string
  readonly init: RequestInit
}

type Fetch = (url: string, init?: RequestInit) => Promise<Response>

/** `fetch` in a span, whose trace the server can continue. */
export function fetchTraced(fetch: Fetch, { name, url, init }: OutgoingRequest): Promise<Response> {
  const send = async (span: Span) => {
    if (!span.isRecording()) return await fetch(url, addTraceContext(init))
    const { hostname, port, protocol } = new URL(url)
    span.setAttributes({
      'http.request.method': init.method ?? 'GET',
      'server.address': hostname,
      'server.port': Number(port || (protocol === 'http:' ? 80 : 443)),
    })
    const response = await fetch(url, addTraceContext(init))
    return describeResponse(response, span, CLIENT_ERROR)
  }
  return withSpan(name, send, { kind: 'client' })
}

export interface RequestSpan {
  readonly method: string
  readonly headers: HeaderReader
  /** @returns the path without caller-chosen parts; called only if a span is recorded */
  findRoute(): string
  readonly attributes?: Attributes
}

/** Handles a request in a span that continues the caller's trace. */
export function traceRequest(
  { method, headers, findRoute, attributes = {} }: RequestSpan,
  answer: () => Promise<Response>,
): Promise<Response> {
  const run = async (span: Span) => {
    if (!span.isRecording()) return await answer()
    const route = findRoute()
    span.updateName(`${method} ${route}`)
    span.setAttributes({ 'http.request.method': method, 'http.route': route, ...attributes })
    return describeResponse(await answer(), span, SERVER_ERROR)
  }
  return withSpan(method, run, { kind: 'server', from: headers })
}

/** The status from which an outgoing request counts as failed; for a server, client errors are not failures. */
const CLIENT_ERROR = 400
const SERVER_ERROR = 500

function describeResponse(response: Response, span: Span, failedFrom: number): Response {
  const { status, headers } = response
  const decision = headers.get('crosswalk-decision')
  span.setAttributes({
    'http.response.status_code': status,
    ...(decision !== null && /^dec_[\w-]{1,100}$/.test(decision)
      ? { 'crosswalk.decision.id': decision }
      : {}),
  })
  if (status < failedFrom) return response
  span.setAttribute('error.type', String(status))
  span.setStatus({ code: SpanStatusCode.ERROR })
  return response
}

function addTraceContext(init: RequestInit): RequestInit {
  const trace: Record<string, string> = {}
  propagation.inject(context.active(), trace)
  const entries = Object.entries(trace)
  if (entries.length === 0) return init
  const headers = new Headers(init.headers)
  for (const [name, value] of entries) headers.set(name, value)
  return { ...init, headers }
}
