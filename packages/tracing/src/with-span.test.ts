import { context, propagation, SpanKind, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { fetchTraced, traceRequest } from './http-spans.ts'
import { activeTraceId, withSpan } from './with-span.ts'

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const CALLER = '00f067aa0ba902b7'
const TRACEPARENT = `00-${TRACE}-${CALLER}-01`

const exporter = new InMemorySpanExporter()
const spans = () => exporter.getFinishedSpans()
const list = () =>
  spans().map(({ name, attributes, status, parentSpanContext }) => ({
    name,
    attributes,
    status: status.code,
    parent: parentSpanContext?.spanId,
  }))

const answerRequest = (headers: Headers, answer: () => Promise<Response>) =>
  traceRequest({ method: 'POST', headers, findRoute: () => '/token' }, answer)

describe('without an SDK', () => {
  it('runs tasks unchanged', async () => {
    expect(withSpan('sum', () => 3)).toBe(3)
    await expect(withSpan('wait', () => Promise.resolve(4))).resolves.toBe(4)
    expect(() =>
      withSpan('fail', () => {
        throw new RangeError('no')
      }),
    ).toThrow(new RangeError('no'))
    expect(activeTraceId()).toBeUndefined()
  })

  it('sends and handles requests unchanged, and continues no trace', async () => {
    const init = { headers: { accept: 'text/plain' } }
    const sent: unknown[] = []
    const fetch = (_: string, given?: RequestInit) => {
      sent.push(given)
      return Promise.resolve(new Response('ok'))
    }
    await answerRequest(new Headers({ traceparent: TRACEPARENT }), () =>
      fetchTraced(fetch, { name: 'call', url: 'https://api.example/', init }),
    )
    expect(sent).toEqual([init])
    expect(sent[0]).toBe(init)
  })
})

describe('with an SDK', () => {
  beforeAll(() => {
    trace.setGlobalTracerProvider(
      new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }),
    )
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
    propagation.setGlobalPropagator(new W3CTraceContextPropagator())
  })
  // Other test files run in this process, too.
  afterAll(() => {
    trace.disable()
    context.disable()
    propagation.disable()
  })
  beforeEach(() => exporter.reset())

  it('nests spans, also across awaits, and ends them with their tasks', async () => {
    await withSpan('outer', async () => {
      await Promise.resolve()
      withSpan('inner', (span) => span.setAttribute('crosswalk.grant', 'token_exchange'))
    })
    expect(list()).toEqual([
      expect.objectContaining({ name: 'inner', attributes: { 'crosswalk.grant': 'token_exchange' } }),
      expect.objectContaining({ name: 'outer', parent: undefined }),
    ])
    const [inner, outer] = spans()
    expect(inner?.parentSpanContext?.spanId).toBe(outer?.spanContext().spanId)
  })

  it.each([
    [
      'immediately',
      () => {
        throw new RangeError('token eyJ')
      },
    ],
    ['later', () => Promise.reject(new RangeError('token eyJ'))],
  ])('marks a task that fails %s with the name of its error, without the message', async (_, fail) => {
    await expect(
      (async () => {
        await withSpan('step', fail)
      })(),
    ).rejects.toThrow('token eyJ')
    expect(list()).toEqual([
      { name: 'step', attributes: { 'error.type': 'RangeError' }, status: 2, parent: undefined },
    ])
  })

  it('continues the trace of the caller, and passes it on', async () => {
    const sent: (string | null)[] = []
    const fetch = (_: string, init?: RequestInit) => {
      sent.push(new Headers(init?.headers).get('traceparent'), new Headers(init?.headers).get('accept'))
      return Promise.resolve(new Response('no', { status: 400, headers: { 'Crosswalk-Decision': 'dec_1' } }))
    }
    const init = { method: 'POST', headers: { accept: 'text/plain' } }
    await answerRequest(new Headers({ traceparent: TRACEPARENT }), () => {
      expect(activeTraceId()).toBe(TRACE)
      return fetchTraced(fetch, { name: 'exchange', url: 'https://idp.example/token?secret=1', init })
    })
    const [outgoing, incoming] = spans()
    expect([outgoing?.kind, incoming?.kind]).toEqual([SpanKind.CLIENT, SpanKind.SERVER])
    expect(sent).toEqual([`00-${TRACE}-${outgoing?.spanContext().spanId}-01`, 'text/plain'])
    expect(list()).toEqual([
      {
        name: 'exchange',
        attributes: {
          'http.request.method': 'POST',
          'server.address': 'idp.example',
          'server.port': 443,
          'http.response.status_code': 400,
          'crosswalk.decision.id': 'dec_1',
          'error.type': '400',
        },
        status: 2,
        parent: expect.any(String),
      },
      {
        name: 'POST /token',
        attributes: {
          'http.request.method': 'POST',
          'http.route': '/token',
          'http.response.status_code': 400,
          'crosswalk.decision.id': 'dec_1',
        },
        // A client error is not a failure of the server.
        status: 0,
        parent: CALLER,
      },
    ])
  })

  it.each([
    ['http://as.example/jwks', 80],
    ['http://as.example:8080/jwks', 8080],
    ['https://as.example/jwks', 443],
  ])('describes a plain request to %s, without a header that is no decision', async (url, port) => {
    const decision = url.startsWith('http:') ? 'dec_1 of alice@example.com' : 'alice@example.com dec_1'
    const fetch = async () => new Response('', { headers: { 'Crosswalk-Decision': decision } })
    await traceRequest(
      {
        method: 'GET',
        headers: new Headers(),
        findRoute: () => '/x',
        attributes: { 'crosswalk.role': 'console' },
      },
      () => fetchTraced(fetch, { name: 'keys', url, init: {} }),
    )
    const method = { 'http.request.method': 'GET', 'http.response.status_code': 200 }
    expect(list().map(({ attributes }) => attributes)).toEqual([
      { ...method, 'server.address': 'as.example', 'server.port': port },
      { ...method, 'http.route': '/x', 'crosswalk.role': 'console' },
    ])
  })

  it.each([
    [499, 0],
    [500, 2],
  ])('maps a response with %i to span status %i', async (status, expected) => {
    await answerRequest(new Headers(), () => Promise.resolve(new Response(null, { status })))
    expect(list()).toMatchObject([{ status: expected, parent: undefined }])
  })

  it.each([['00-xyz'], [`00-${'0'.repeat(32)}-${CALLER}-01`], ['']])(
    'starts its own trace if the caller sends traceparent "%s"',
    async (traceparent) => {
      await answerRequest(new Headers({ traceparent }), () => Promise.resolve(new Response('ok')))
      expect(list()).toMatchObject([{ name: 'POST /token', parent: undefined }])
    },
  )

  it('prefers the span of a framework that already traces the request', async () => {
    await withSpan('framework', () =>
      answerRequest(new Headers({ traceparent: TRACEPARENT }), () => Promise.resolve(new Response('ok'))),
    )
    const [request, framework] = spans()
    expect(request?.parentSpanContext?.spanId).toBe(framework?.spanContext().spanId)
  })
})
