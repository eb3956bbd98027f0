// How far receivers of security events are behind, as Prometheus metrics.
import type { Registry } from 'prom-client'

import type { Parts } from '../parts.ts'
import { registerStreamGauges } from './delivery/stream-metrics.ts'
import { createEventStreamViews } from './event-streams.ts'

export function registerEventStreamMetrics(
  registry: Registry,
  parts: Parts<'configuration' | 'directory' | 'storage'>,
): void {
  const readViews = createEventStreamViews(parts)
  registerStreamGauges(registry, {
    prefix: 'crosswalk_security_event_stream_',
    read: async () => [...(await readViews()).values()],
    // The receiver of a paused stream wants its events to wait.
    labelNames: ['stream', 'status'],
    label: ({ id, status }) => ({ stream: id, status }),
    gauges: {
      lag_events: ['Security events that a receiver has not acknowledged yet', ({ pending }) => pending],
      lag_seconds: [
        'Age of the oldest security event that a receiver has not acknowledged',
        ({ lagSeconds }) => lagSeconds,
      ],
    },
  })
}
