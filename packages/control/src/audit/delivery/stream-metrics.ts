// The state of streams as Prometheus metrics. All processes read the same database, so the largest value counts.
import { Gauge, type Registry } from 'prom-client'

import type { RunningStreams } from './audit-streams.ts'

export interface StreamGauges<V> {
  /** Prefix of the name of each gauge */
  readonly prefix: string
  /** From the database */
  read(): Promise<readonly V[]>
  label(view: V): Readonly<Record<string, string>>
  /** By name: what it shows, and its value */
  readonly gauges: Readonly<Record<string, readonly [help: string, value: (view: V) => number]>>
  readonly labelNames: readonly string[]
}

export function registerStreamMetrics(registry: Registry, streams: RunningStreams): void {
  registerStreamGauges(registry, {
    prefix: 'crosswalk_audit_stream_',
    read: () => streams.describe(),
    labelNames: ['stream'],
    label: ({ id }) => ({ stream: id }),
    gauges: {
      lag_events: ['Events that a stream has not delivered yet', ({ lagEvents }) => lagEvents],
      lag_seconds: [
        'Age of the oldest event that a stream has not delivered',
        ({ lagSeconds }) => lagSeconds,
      ],
      failures: ['Failed deliveries since the last successful one', ({ failures }) => failures],
    },
  })
}

export function registerStreamGauges<V>(
  registry: Registry,
  { prefix, read, label, labelNames, gauges }: StreamGauges<V>,
): void {
  let reading: Promise<readonly V[]> | undefined
  // All gauges are collected together, so they share one reading. If the database cannot be reached, they have no values;
  // other metrics report the outage.
  const readOnce = () =>
    (reading ??= read()
      .catch(() => [])
      .finally(() => {
        reading = undefined
      }))
  for (const [name, [help, value]] of Object.entries(gauges))
    new Gauge({
      name: prefix + name,
      help,
      labelNames: [...labelNames],
      registers: [registry],
      aggregator: 'max',
      async collect() {
        const views = await readOnce()
        this.reset()
        for (const view of views) this.set(label(view), value(view))
      },
    })
}
