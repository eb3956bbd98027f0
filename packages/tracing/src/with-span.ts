// Spans of OpenTelemetry around our own steps. Without an SDK in the process, tasks run as if this file were not there.
import {
  type Attributes,
  context,
  isSpanContextValid,
  propagation,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api'

export type { Attributes, Span }

export interface SpanOptions {
  /** Default `internal` */
  readonly kind?: 'internal' | 'client' | 'server'
  readonly attributes?: Attributes
  /** Headers of the request that the span answers: its trace continues here, unless a span is active already */
  readonly from?: HeaderReader
}

export interface HeaderReader {
  get(name: string): string | null
}

const KIND = { internal: SpanKind.INTERNAL, client: SpanKind.CLIENT, server: SpanKind.SERVER } as const
const TRACER = 'crosswalk'

/**
 * Runs a task in a span of its own, which ends with the task.
 *
 * @param task - may be asynchronous; what it throws marks the span as failed by the name of the error, never its message
 */
export function withSpan<T>(name: string, task: (span: Span) => T, options: SpanOptions = {}): T {
  const { kind = 'internal', attributes = {}, from } = options
  const parent = findParent(from)
  const span = trace.getTracer(TRACER).startSpan(name, { kind: KIND[kind], attributes }, parent)
  if (!isSpanContextValid(span.spanContext())) return task(span)
  return context.with(trace.setSpan(parent, span), () => runIn(span, task))
}

/** The trace that the caller runs in; undefined without an SDK. */
export function activeTraceId(): string | undefined {
  const active = trace.getActiveSpan()?.spanContext()
  return active !== undefined && isSpanContextValid(active) ? active.traceId : undefined
}

function findParent(from: HeaderReader | undefined) {
  const active = context.active()
  if (from === undefined || trace.getSpan(active) !== undefined) return active
  return propagation.extract(active, from, {
    get: (headers, name) => headers.get(name) ?? undefined,
    keys: () => [],
  })
}

function runIn<T>(span: Span, task: (span: Span) => T): T {
  let result: T
  try {
    result = task(span)
  } catch (error) {
    throw endFailed(span, error)
  }
  if (!(result instanceof Promise)) {
    span.end()
    return result
  }
  const ended = result.then(
    (value: unknown) => {
      span.end()
      return value
    },
    (error: unknown) => {
      throw endFailed(span, error)
    },
  )
  // Of the same type as `result`, which it settles like.
  return ended as T
}

/** Messages of errors may hold what the failed task was given. */
function endFailed(span: Span, error: unknown): unknown {
  span.setAttribute('error.type', error instanceof Error ? error.name : 'unknown')
  span.setStatus({ code: SpanStatusCode.ERROR })
  span.end()
  return error
}
