// OpenTelemetry spans for our own steps. Without an SDK in the process, tasks run as if this file did not exist.
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
  /** Headers of the incoming request: the span continues its trace, unless a span is already active */
  readonly from?: HeaderReader
}

export interface HeaderReader {
  get(name: string): string | null
}

const KIND = { internal: SpanKind.INTERNAL, client: SpanKind.CLIENT, server: SpanKind.SERVER } as const
const TRACER = 'crosswalk'

/**
 * Runs a task in its own span, which ends with the task.
 *
 * @param task - may be asynchronous; an error marks the span as failed with the error's name, never its message
 */
export function withSpan<T>(name: string, task: (span: Span) => T, options: SpanOptions = {}): T {
  const { kind = 'internal', attributes = {}, from } = options
  const parent = findParent(from)
  const span = trace.getTracer(TRACER).startSpan(name, { kind: KIND[kind], attributes }, parent)
  if (!isSpanContextValid(span.spanContext())) return task(span)
  return context.with(trace.setSpan(parent, span), () => runIn(span, task))
}

/** The current trace; undefined without an SDK. */
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
  // It has the same type as `result`, and settles like it.
  return ended as T
}

/** Error messages may contain the input of the failed task. */
function endFailed(span: Span, error: unknown): unknown {
  span.setAttribute('error.type', error instanceof Error ? error.name : 'unknown')
  span.setStatus({ code: SpanStatusCode.ERROR })
  span.end()
  return error
}
