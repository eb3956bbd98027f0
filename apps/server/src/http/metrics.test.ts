// What the metrics count, and how those of several processes are combined.
import type { DocumentFetch, GuardedFetch } from '@crosswalk/as-core'
import type { DecisionRecord } from '@crosswalk/protocol'
import { Registry } from 'prom-client'
import { expect, it } from 'vitest'

import { createFetchMetrics } from './fetch-metrics.ts'
import { createMetrics } from './metrics.ts'
import { createStorageMetrics } from './storage-metrics.ts'

async function read(registry: Registry, name: string): Promise<readonly string[]> {
  const lines = (await registry.metrics()).split('\n')
  return lines.filter((line) => line.startsWith(name)).map((line) => line.slice(name.length))
}

it('counts ledger transactions, and those that failed', async () => {
  const registry = new Registry()
  const { onBatch } = createStorageMetrics(registry)
  onBatch({ entries: 2, seconds: 0.002, failed: false })
  onBatch({ entries: 3, seconds: 0.002, failed: true })
  expect(await read(registry, 'crosswalk_commit_batch_entries_sum')).toEqual([' 5'])
  expect(await read(registry, 'crosswalk_commit_failures_total')).toEqual([' 1'])
})

it('counts forgotten replay keys, and says when clean-up last succeeded', async () => {
  const registry = new Registry()
  const { onForgotten } = createStorageMetrics(registry)
  const last = 'crosswalk_cleanup_last_success_timestamp_seconds'
  expect(await read(registry, last)).toEqual([' 0'])
  onForgotten({ replayKeys: 3 })
  onForgotten({ replayKeys: 4 })
  expect(await read(registry, 'crosswalk_replay_keys_forgotten_total')).toEqual([' 7'])
  expect(Number((await read(registry, last))[0])).toBeCloseTo(Date.now() / 1000, -2)
})

it('shows connections by pool, and the oldest revision of several processes', async () => {
  const registry = new Registry()
  createStorageMetrics(registry).watch({
    connections: () => [{ pool: 'ledger', used: 3, idle: 2, waiting: 1 }],
    revision: () => 12,
  })
  expect(await read(registry, 'crosswalk_definitions_revision')).toEqual([' 12'])
  expect(await read(registry, 'crosswalk_database_connections')).toEqual([
    '{pool="ledger",state="used"} 3',
    '{pool="ledger",state="idle"} 2',
    '{pool="ledger",state="waiting"} 1',
  ])
  const known = await registry.getMetricsAsJSON()
  const combined = new Map(known.map(({ name, aggregator }) => [name, aggregator]))
  expect(combined.get('crosswalk_definitions_revision')).toBe('min')
  expect(combined.get('crosswalk_cleanup_last_success_timestamp_seconds')).toBe('max')
})

it('counts fetched documents by the reason of a failure', async () => {
  const registry = new Registry()
  const answers = [{ accepted: true }, { accepted: false, refusal: { reason: 'timeout' } }]
  const fetch = createFetchMetrics(registry)({
    fetchJson: async () => answers.shift(),
    fetchDocument: async () => ({ accepted: false, refusal: { reason: 'status' } }),
  } as unknown as GuardedFetch & DocumentFetch)
  const limits = {} as never
  expect(await fetch.fetchJson('https://as.test', limits)).toEqual({ accepted: true })
  await fetch.fetchJson('https://as.test', limits)
  await fetch.fetchDocument('https://as.test', limits)
  expect(await read(registry, 'crosswalk_document_fetches_total')).toEqual([
    '{result="ok"} 1',
    '{result="timeout"} 1',
    '{result="status"} 1',
  ])
  expect(await read(registry, 'crosswalk_document_fetch_duration_seconds_count')).toEqual([' 3'])
})

it('measures token requests in seconds until the decision, and never less than none', async () => {
  const { registry, observeDecision } = createMetrics()
  const record = {
    ...{ stage: 'idp.token_exchange', outcome: 'deny', code: 'XAA1503', time: '2026-06-15T08:00:00.000Z' },
    request: { requested_token_type: undefined },
  } as unknown as DecisionRecord
  const time = Date.parse(record.time)
  observeDecision(record, time + 250)
  observeDecision(record, time - 250)
  const [requests = ''] = await read(registry, 'crosswalk_token_requests_total')
  expect(requests).toMatch(/^\{grant="[^"]+",outcome="deny",code="XAA1503"\} 2$/)
  const [seconds = ''] = await read(registry, 'crosswalk_token_request_duration_seconds_sum')
  expect(seconds).toMatch(/\} 0\.25$/)
})
