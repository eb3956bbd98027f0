// The list of streams, and the metrics, show undelivered events of streams that no longer exist.
import { Registry } from 'prom-client'
import { expect, it } from 'vitest'

import { registerEventStreamMetrics } from './event-stream-metrics.ts'
import { createEventStreamHandlers } from './event-streams.ts'

const AUDIENCE = 'https://as.todo.test'
const NOW_MS = 1_800_000_000_000

function createParts() {
  const securityEvents = { endpoint: `${AUDIENCE}/events` }
  const todo0 = { id: 'todo0', issuer: AUDIENCE, securityEvents }
  const world = { 'resource-apps': new Map([['todo0', { definition: todo0 }]]), streams: new Map() }
  const counts = { delivered: 3, abandoned: 0 }
  return {
    configuration: { idp: { issuer: 'https://idp.acme.test' } },
    directory: { current: () => ({ world }) },
    storage: {
      securityEvents: {
        readTimeMs: async () => NOW_MS,
        describe: async () => [
          { ...counts, stream: 'app:todo0', pending: 0 },
          { ...counts, stream: 'app:before', pending: 2, oldestCreatedAt: NOW_MS - 5_000 },
          { ...counts, stream: 'app:long-gone', pending: 0 },
        ],
        peek: async () => [{ claims: { aud: 'https://as.before.test' } }],
      },
    },
  }
}

it('lists a removed stream while events for it wait', async () => {
  const list = createEventStreamHandlers(createParts() as never)['security-event-streams.list']
  expect(await list({ query: { limit: 9 } } as never, {} as never)).toMatchObject({
    body: {
      items: [
        {
          id: 'app:before',
          audience: 'https://as.before.test',
          status: 'removed',
          configured: true,
          pending: 2,
          lagSeconds: 5,
        },
        { id: 'app:todo0', audience: AUDIENCE, method: 'push', status: 'enabled', pending: 0 },
      ],
    },
  })
})

it('metrics show how far the receiver of each stream is behind', async () => {
  const registry = new Registry()
  registerEventStreamMetrics(registry, createParts() as never)
  const metrics = await registry.metrics()
  for (const sample of [
    'lag_events{stream="app:before",status="removed"} 2',
    'lag_events{stream="app:todo0",status="enabled"} 0',
    'lag_seconds{stream="app:before",status="removed"} 5',
  ])
    expect(metrics).toContain(`crosswalk_security_event_stream_${sample}`)
})
