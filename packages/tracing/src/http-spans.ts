// Spans of HTTP requests, sent and answered, by OpenTelemetry's semantic conventions. Of a URL only host and port are kept:
// paths and queries of an app may name users.
import { context, propagation, SpanStatusCode } from '@opentelemetry/api'

import { type Attributes, type HeaderReader, type Span, withSpan } from './with-span.ts'

export interface OutgoingRequest {
  /** Of the span: what the request is for */
  readonly name: string
  readonly url: string
  readonly init: RequestInit
}

type Fetch = (url: string, init?: RequestInit) => Promise<Response>

/** `fetch` in a span; the server that answers can continue the trace. */
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
  /** @returns the path without anything in it that a caller chose; asked only where a span is recorded */
  findRoute(): string
  readonly attributes?: Attributes
}

/** Answers a request in a span that continues the trace of its caller. */
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

/** From which status on a request failed: one that a client got wrong is no failure of the server. */
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
