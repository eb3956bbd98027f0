// Metrics of streams come from the database. Without it, operators need the other metrics all the more.
import { Counter, Registry } from 'prom-client'
import { expect, it } from 'vitest'

import { registerStreamMetrics } from './stream-metrics.ts'

it('shows the lag of streams, and only the other metrics while the database is away', async () => {
  const registry = new Registry()
  new Counter({ name: 'crosswalk_commit_failures_total', help: 'x', registers: [registry] })
  let away = false
  const describe = async () => {
    if (away) throw new Error('the database cannot be reached')
    return [{ id: 'siem', lagEvents: 3, lagSeconds: 4, failures: 0 }]
  }
  registerStreamMetrics(registry, { describe } as never)
  expect(await registry.metrics()).toContain('crosswalk_audit_stream_lag_events{stream="siem"} 3')
  away = true
  const metrics = await registry.metrics()
  expect(metrics).toContain('crosswalk_commit_failures_total 0')
  expect(metrics).not.toContain('siem')
})
