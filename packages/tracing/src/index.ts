export { fetchTraced, type OutgoingRequest, type RequestSpan, traceRequest } from './http-spans.ts'
export { activeTraceId, type Attributes, type Span, type SpanOptions, withSpan } from './with-span.ts'
