// The state of the streams as Prometheus metrics. All processes read the same database, so the largest value counts.
import { Gauge, type Registry } from 'prom-client'

import type { RunningStreams, StreamState } from './audit-streams.ts'

export function registerStreamMetrics(registry: Registry, streams: RunningStreams): void {
  let reading: Promise<readonly StreamState[]> | undefined
  // All gauges are collected together, so they share one reading. If the database cannot be reached, they have no values;
  // other metrics report the outage.
  const read = () =>
    (reading ??= streams
      .describe()
      .catch(() => [])
      .finally(() => {
        reading = undefined
      }))
  const gauge = (name: string, help: string, value: (view: StreamState) => number) =>
    new Gauge({
      name: `crosswalk_audit_stream_${name}`,
      help,
      labelNames: ['stream'],
      registers: [registry],
      aggregator: 'max',
      async collect() {
        const views = await read()
        this.reset()
        for (const view of views) this.set({ stream: view.id }, value(view))
      },
    })
  gauge('lag_events', 'Events that a stream has not delivered yet', ({ lagEvents }) => lagEvents)
  gauge(
    'lag_seconds',
    'Age of the oldest event that a stream has not delivered',
    ({ lagSeconds }) => lagSeconds,
  )
  gauge('failures', 'Failed deliveries since the last successful one', ({ failures }) => failures)
}
