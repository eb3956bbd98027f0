// How the database does under this process, as Prometheus shows it: how much each transaction of the ledger carries, who waits
// for a connection, and which definitions are in force.
import type { Batch, ConnectionLoad } from '@crosswalk/storage'
import { Counter, Gauge, Histogram, type Registry } from 'prom-client'

export interface StorageMetrics {
  readonly onBatch: (batch: Batch) => void
  /** Counts what clean-up has forgotten. */
  onForgotten(forgotten: { readonly replayKeys: number }): void
  /** Reads these whenever metrics are asked for. */
  watch(sources: { connections(): readonly ConnectionLoad[]; revision(): number }): void
}

const ENTRIES = [1, 2, 4, 8, 16, 32, 64, 128, 256]
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5]
const STATES = ['used', 'idle', 'waiting'] as const

export function createStorageMetrics(registry: Registry): StorageMetrics {
  const registers = [registry]
  const entries = new Histogram({
    name: 'crosswalk_commit_batch_entries',
    help: 'Entries in one transaction of the ledger',
    buckets: ENTRIES,
    registers,
  })
  const seconds = new Histogram({
    name: 'crosswalk_commit_duration_seconds',
    help: 'Time of one transaction of the ledger',
    buckets: SECONDS,
    registers,
  })
  const failures = new Counter({
    name: 'crosswalk_commit_failures_total',
    help: 'Transactions of the ledger that failed',
    registers,
  })
  const forgotten = new Counter({
    name: 'crosswalk_replay_keys_forgotten_total',
    help: 'Expired replay keys that clean-up has removed',
    registers,
  })
  const cleanedUp = new Gauge({
    name: 'crosswalk_cleanup_last_success_timestamp_seconds',
    help: 'When clean-up of expired rows last succeeded here; 0: not yet',
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
        help: 'Revision of the definitions in force; of several nodes all should have the same',
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
    help: 'Connections to PostgreSQL by pool and state, and requests that wait for one',
    labelNames: ['pool', 'state'],
    registers: [registry],
    collect() {
      for (const load of connections())
        for (const state of STATES) this.set({ pool: load.pool, state }, load[state])
    },
  })
}
