// What this process counts for operators, as Prometheus text. Labels come from the configuration, from status codes and
// from decision codes only, so that no caller can grow them.
import type { LedgerEntry } from '@crosswalk/as-core'
import { madeOnce } from '@crosswalk/protocol'
import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client'

export interface Metrics {
  readonly registry: Registry
  /** @param seconds - from the first byte of the request's head to the answer being ready */
  observe(role: string, status: number, seconds: number): void
  /** Counts a decision by its code where it became durable, which every one about a caller that authenticated does. */
  countEntry(entry: Pick<LedgerEntry, 'log' | 'event'>): void
}

const BUCKETS_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5]

export function createMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const countRequest = createTally(registry, {
    name: 'crosswalk_http_requests_total',
    help: 'HTTP requests answered, by role and status',
    labelNames: ['role', 'status'],
  })
  const durations = new Histogram({
    name: 'crosswalk_http_request_duration_seconds',
    help: 'Time until an answer was ready, by role',
    labelNames: ['role'],
    buckets: BUCKETS_SECONDS,
    registers: [registry],
  })
  const countDecision = createTally(registry, {
    name: 'crosswalk_decisions_total',
    help: 'Decisions about callers that authenticated, by log and code; XAA0000 is yes',
    labelNames: ['log', 'code'],
  })
  const durationsOf = madeOnce((role: string) => durations.labels({ role }))
  return {
    registry,
    observe(role, status, seconds) {
      countRequest(role, status)
      durationsOf(role).observe(seconds)
    },
    countEntry({ log, event }) {
      if ('record' in event) countDecision(log, event.record.code)
    },
  }
}

/**
 * A counter with two labels. Finding a series by its labels costs far more than counting does, and there are few, so it
 * counts by itself and tells when it is asked.
 */
function createTally<Second extends string | number>(
  registry: Registry,
  { name, help, labelNames }: Readonly<Record<'name' | 'help', string>> & { labelNames: [string, string] },
): (first: string, second: Second) => void {
  const [firstName, secondName] = labelNames
  const all: { readonly labels: Record<string, string | number>; count: number }[] = []
  const find = madeOnce((first: string) =>
    madeOnce((second: Second) => {
      const series = { labels: { [firstName]: first, [secondName]: second }, count: 0 }
      all.push(series)
      return series
    }),
  )
  new Counter({
    name,
    help,
    labelNames,
    registers: [registry],
    collect() {
      for (const series of all) {
        this.inc(series.labels, series.count)
        series.count = 0
      }
    },
  })
  return (first, second) => {
    find(first)(second).count += 1
  }
}
