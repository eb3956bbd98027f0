// Receives the output of OpenTelemetry exporters (OTLP over HTTP, as JSON) and stores the spans, like a collector.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'

export interface ExportedSpan {
  readonly traceId: string
  readonly spanId: string
  /** Empty for the root of a trace */
  readonly parentSpanId: string
  readonly service: string
  readonly name: string
  readonly startMs: number
  readonly endMs: number
  readonly attributes: Readonly<Record<string, unknown>>
}

export interface Collector {
  /** For `OTEL_EXPORTER_OTLP_ENDPOINT` */
  readonly url: string
  spans(): readonly ExportedSpan[]
  /** Everything received, unchanged */
  text(): string
  close(): Promise<void>
}

type Attributes = readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[]

/** The parts of the OTLP message that this reads. */
interface Export {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: Attributes }
    readonly scopeSpans: readonly { readonly spans: readonly OtlpSpan[] }[]
  }[]
}

interface OtlpSpan extends Pick<ExportedSpan, 'traceId' | 'spanId' | 'name'> {
  readonly parentSpanId?: string
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
  readonly attributes?: Attributes
}

export async function startCollector(): Promise<Collector> {
  const received: Export[] = []
  const server = createServer((request, response) => {
    json(request).then(
      (body) => {
        if (request.url === '/v1/traces') received.push(body as Export)
        response.setHeader('content-type', 'application/json').end('{}')
      },
      () => response.writeHead(400).end(),
    )
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    spans: () => received.flatMap(readSpans),
    text: () => JSON.stringify(received),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function readSpans({ resourceSpans }: Export): readonly ExportedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = String(readAttributes(resource.attributes)['service.name'])
    return scopeSpans.flatMap(({ spans }) =>
      spans.map(({ traceId, spanId, parentSpanId = '', name, attributes = [], ...times }) => ({
        ...{ traceId, spanId, parentSpanId, service, name },
        startMs: Number(times.startTimeUnixNano) / 1e6,
        endMs: Number(times.endTimeUnixNano) / 1e6,
        attributes: readAttributes(attributes),
      })),
    )
  })
}

/** Each value is an object with one member, named after its type. */
function readAttributes(attributes: Attributes): Readonly<Record<string, unknown>> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]))
}
