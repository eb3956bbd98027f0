// Metrics of this process as Prometheus text. Labels come only from the configuration, status codes, known grant
// types and decision codes, so that no caller can increase their number.
import { type LedgerEntry, nameGrant } from '@crosswalk/as-core'
import type { DecisionRecord } from '@crosswalk/protocol'
import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client'

export interface Metrics {
  readonly registry: Registry
  /** @param seconds - from the first byte of the request headers until the response is ready */
  observe(role: string, status: number, seconds: number): void
  /** Counts a decision by its code once it is durable; every decision about an authenticated client is. */
  countEntry(entry: Pick<LedgerEntry, 'log' | 'event'>): void
  /**
   * Counts a token request once it is decided, even if the client did not authenticate. @param nowMs - time of the
   * decision
   */
  observeDecision(
    record: Pick<DecisionRecord, 'stage' | 'outcome' | 'code' | 'time' | 'request'>,
    nowMs: number,
  ): void
}

const BUCKETS_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5]

export function createMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  return { registry, ...createRequestMetrics(registry), ...createDecisionMetrics(registry) }
}

function createRequestMetrics(registry: Registry): Pick<Metrics, 'observe'> {
  const requests = new Counter({
    name: 'crosswalk_http_requests_total',
    help: 'HTTP requests, by role and status',
    labelNames: ['role', 'status'],
    registers: [registry],
  })
  const durations = new Histogram({
    name: 'crosswalk_http_request_duration_seconds',
    help: 'Time until the response was ready, by role',
    labelNames: ['role'],
    buckets: BUCKETS_SECONDS,
    registers: [registry],
  })
  return {
    observe(role, status, seconds) {
      requests.inc({ role, status })
      durations.observe({ role }, seconds)
    },
  }
}

function createDecisionMetrics(registry: Registry): Pick<Metrics, 'countEntry' | 'observeDecision'> {
  const decisions = new Counter({
    name: 'crosswalk_decisions_total',
    help: 'Decisions about authenticated clients, by log and code; XAA0000 means allowed',
    labelNames: ['log', 'code'],
    registers: [registry],
  })
  const requests = new Counter({
    name: 'crosswalk_token_requests_total',
    help: 'Token requests decided, by grant, outcome and code',
    labelNames: ['grant', 'outcome', 'code'],
    registers: [registry],
  })
  const durations = new Histogram({
    name: 'crosswalk_token_request_duration_seconds',
    help: 'Time until the decision on a token request was durable, by grant',
    labelNames: ['grant'],
    buckets: BUCKETS_SECONDS,
    registers: [registry],
  })
  return {
    countEntry({ log, event }) {
      if ('record' in event) decisions.inc({ log, code: event.record.code })
    },
    observeDecision(record, nowMs) {
      const { outcome, code, time } = record
      const grant = nameGrant(record)
      requests.inc({ grant, outcome, code })
      durations.observe({ grant }, Math.max(0, nowMs - Date.parse(time)) / 1000)
    },
  }
}
