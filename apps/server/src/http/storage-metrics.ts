// Database metrics of this process: the size of ledger transactions, waiting for connections, and the revision of the
// active definitions.
import type { Batch, ConnectionLoad } from '@crosswalk/storage'
import { Counter, Gauge, Histogram, type Registry } from 'prom-client'

export interface StorageMetrics {
  readonly onBatch: (batch: Batch) => void
  /** Counts entries that clean-up has deleted. */
  onForgotten(forgotten: { readonly replayKeys: number }): void
  /** Reads these whenever metrics are collected. */
  watch(sources: { connections(): readonly ConnectionLoad[]; revision(): number }): void
}

const ENTRIES = [1, 2, 4, 8, 16, 32, 64, 128, 256]
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5]
const STATES = ['used', 'idle', 'waiting'] as const

export function createStorageMetrics(registry: Registry): StorageMetrics {
  const registers = [registry]
  const entries = new Histogram({
    name: 'crosswalk_commit_batch_entries',
    help: 'Entries in one ledger transaction',
    buckets: ENTRIES,
    registers,
  })
  const seconds = new Histogram({
    name: 'crosswalk_commit_duration_seconds',
    help: 'Duration of one ledger transaction',
    buckets: SECONDS,
    registers,
  })
  const failures = new Counter({
    name: 'crosswalk_commit_failures_total',
    help: 'Failed ledger transactions',
    registers,
  })
  const forgotten = new Counter({
    name: 'crosswalk_replay_keys_forgotten_total',
    help: 'Expired replay keys that clean-up has removed',
    registers,
  })
  const cleanedUp = new Gauge({
    name: 'crosswalk_cleanup_last_success_timestamp_seconds',
    help: 'Time of the last successful clean-up of expired rows here; 0 if there was none',
    registers,
    aggregator: 'max',
  })
  return {
    onBatch(batch) {
      entries.observe(batch.entries)
      seconds.observe(batch.seconds)
      if (batch.failed) failures.inc()
    },
    onForgotten({ replayKeys }) {
      forgotten.inc(replayKeys)
      cleanedUp.setToCurrentTime()
    },
    watch({ connections, revision }) {
      watchConnections(registry, connections)
      new Gauge({
        name: 'crosswalk_definitions_revision',
        help: 'Revision of the active definitions; should be the same on all nodes',
        registers,
        aggregator: 'min',
        collect() {
          this.set(revision())
        },
      })
    },
  }
}

function watchConnections(registry: Registry, connections: () => readonly ConnectionLoad[]): void {
  new Gauge({
    name: 'crosswalk_database_connections',
    help: 'Connections to PostgreSQL by pool and state, and requests waiting for one',
    labelNames: ['pool', 'state'],
    registers: [registry],
    collect() {
      for (const load of connections())
        for (const state of STATES) this.set({ pool: load.pool, state }, load[state])
    },
  })
}
