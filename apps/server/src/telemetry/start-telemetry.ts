// Sends the spans of this process to an OpenTelemetry collector, if the standard variables name one. Only then is the
// SDK loaded: without it, spans cost nothing.
import { setTimeout } from 'node:timers/promises'

import { logToStandardError } from '../log-to-standard-error.ts'
import { chooseSampler } from './choose-sampler.ts'
import { reportFailures } from './reporting-exporter.ts'

/** The default service name of a Crosswalk server */
export const SERVICE_NAME = 'crosswalk'

/** An unreachable collector must not keep a process from exiting. */
const CLOSE_TIMEOUT_MS = 3_000

export interface Telemetry {
  /** Sends buffered spans, within three seconds. */
  close(): Promise<void>
}

/** @param serviceName - unless `OTEL_SERVICE_NAME` or `OTEL_RESOURCE_ATTRIBUTES` overrides it */
export async function startTelemetry(serviceName: string): Promise<Telemetry | undefined> {
  if (!isTelemetryEnabled(process.env)) return undefined
  const [api, { AsyncLocalStorageContextManager }, { W3CTraceContextPropagator }, sdk, exporter, resources] =
    await Promise.all([
      import('@opentelemetry/api'),
      import('@opentelemetry/context-async-hooks'),
      import('@opentelemetry/core'),
      import('@opentelemetry/sdk-trace'),
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('@opentelemetry/resources'),
    ])
  const { detectResources, resourceAttributesEnvDetector, resourceFromAttributes, serviceNameEnvDetector } =
    resources
  const detectors = [resourceAttributesEnvDetector, serviceNameEnvDetector]
  const provider = new sdk.TracerProvider({
    resource: resourceFromAttributes({ 'service.name': serviceName }).merge(detectResources({ detectors })),
    sampler: chooseSampler(process.env, sdk),
    // The exporter reads its address, headers and certificates from the same variables.
    spanProcessors: [
      new sdk.BatchSpanProcessor({
        exporter: reportFailures(new exporter.OTLPTraceExporter(), {
          warn: logToStandardError,
          nowMs: () => performance.now(),
        }),
      }),
    ],
  })
  api.trace.setGlobalTracerProvider(provider)
  api.context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  // Baggage is not propagated: callers could make the server forward arbitrary data to others.
  api.propagation.setGlobalPropagator(new W3CTraceContextPropagator())
  return {
    async close() {
      const sent = provider.shutdown().catch(() => undefined)
      await Promise.race([sent, setTimeout(CLOSE_TIMEOUT_MS, undefined, { ref: false })])
    },
  }
}

export function isTelemetryEnabled(environment: Readonly<Record<string, string | undefined>>): boolean {
  const { OTEL_SDK_DISABLED: disabled, OTEL_TRACES_EXPORTER: exporter = 'otlp' } = environment
  const { OTEL_EXPORTER_OTLP_ENDPOINT: base = '', OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: endpoint = base } =
    environment
  return disabled?.toLowerCase() !== 'true' && exporter === 'otlp' && endpoint !== ''
}
