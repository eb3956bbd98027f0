// What describes a stream: its lag by the database's clock, its receiver without secrets, and its metrics.
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { Registry } from 'prom-client'
import { expect, it } from 'vitest'

import { createAuditStreams, type RunningStreams } from './audit-streams.ts'
import { registerStreamMetrics } from './stream-metrics.ts'

const EVENT_MS = Date.parse('2026-11-29T12:00:00Z')
const HOUR_MS = 3_600_000

it.each([
  ['is right', 0],
  ['is an hour ahead', HOUR_MS],
  ['is an hour behind', -HOUR_MS],
])('the lag is the same if the clock of this server %s', async (_, aheadMs) => {
  const databaseMs = EVENT_MS + 90_000
  const storage = {
    events: {
      heads: async () => [{ log: 'idp', chain: 'idp', seq: 7 }],
      readAfter: async () => [{ event: { time: new Date(EVENT_MS).toISOString() } }],
    },
    auditStreams: {
      find: async () => undefined,
      cursors: async () => new Map([['idp', 4]]),
      hold: async () => undefined,
      release: async () => undefined,
    },
    expiry: { readTimeMs: async () => databaseMs },
  }
  const streams = createAuditStreams({
    definitions: [{ id: 'siem', type: 'file', path: join(tmpdir(), 'unused'), format: 'ndjson' }],
    storage,
    clock: { nowMs: () => databaseMs + aheadMs },
    onFault: (fault: unknown) => expect(fault).toBeUndefined(),
  } as never)
  try {
    expect(await streams.describe()).toMatchObject([{ state: 'behind', lagEvents: 3, lagSeconds: 90 }])
  } finally {
    await streams.close()
  }
})

it('a stream is released when this server stops, and shows its receiver without the query', async () => {
  const released: string[] = []
  const url = 'https://collector.test/in?token=secret'
  const storage = {
    events: { heads: async () => [] },
    auditStreams: {
      find: async () => undefined,
      cursors: async () => new Map(),
      hold: async () => undefined,
      release: async (stream: string) => released.push(stream),
    },
    expiry: { readTimeMs: async () => EVENT_MS },
  }
  const streams = createAuditStreams({
    definitions: [{ id: 'siem', type: 'http', url, receiver: 'lines', format: 'ndjson', batchEvents: 1 }],
    ...{ storage, clock: { nowMs: () => EVENT_MS }, onFault: () => undefined },
  } as never)
  expect(await streams.describe()).toMatchObject([{ to: 'https://collector.test/in', state: 'current' }])
  await streams.close()
  expect(released).toEqual(['siem'])
})

it('metrics of a stream are the largest of all processes, which read the same database', async () => {
  const registry = new Registry()
  let readings = 0
  registerStreamMetrics(registry, {
    async describe() {
      readings += 1
      return [{ id: 'siem', lagEvents: 3, lagSeconds: 90, failures: 2 }]
    },
  } as unknown as RunningStreams)
  const found = await registry.getMetricsAsJSON()
  expect(found.map(({ name, aggregator, values }) => [name, aggregator, values[0]?.value])).toEqual([
    ['crosswalk_audit_stream_lag_events', 'max', 3],
    ['crosswalk_audit_stream_lag_seconds', 'max', 90],
    ['crosswalk_audit_stream_failures', 'max', 2],
  ])
  expect(readings).toBe(1)
})
