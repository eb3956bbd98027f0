// Reports spans that the collector did not accept. The SDK logs them only if a diagnostic logger is set.
import type { SpanExporter } from '@opentelemetry/sdk-trace'

export interface ReportOptions {
  readonly warn: (line: string) => void
  /** Monotonic, in milliseconds */
  readonly nowMs: () => number
}

const REPORT_EVERY_MS = 60_000
const MAX_CHARACTERS = 200

/** Delivers with the given exporter. */
export function reportFailures(exporter: SpanExporter, { warn, nowMs }: ReportOptions): SpanExporter {
  let reportedAt = -Infinity
  return {
    export(spans, done) {
      exporter.export(spans, (result) => {
        const { error } = result
        if (error !== undefined && nowMs() - reportedAt >= REPORT_EVERY_MS) {
          reportedAt = nowMs()
          warn(`the collector did not accept spans, which is reported once a minute: ${describe(error)}`)
        }
        done(result)
      })
    },
    shutdown: () => exporter.shutdown(),
    forceFlush: async () => await exporter.forceFlush?.(),
  }
}

/** If several addresses were tried, the error has a code but no message. */
function describe({ name, message, ...rest }: Error & { readonly code?: unknown }): string {
  const text = message === '' ? `${name} ${String(rest.code ?? '')}` : message
  return text.trim().slice(0, MAX_CHARACTERS)
}
