// How many decisions of a period had which outcome, in total and over time. Counts records and evaluates nothing.
import { MAX_COUNTED, toEpochMs } from '@crosswalk/admin-api'
import type { Storage } from '@crosswalk/storage'
import { DAY_MS } from '@crosswalk/protocol'

import { decisionTypes } from '../../audit/decisions.ts'
import type { Handlers } from '../../http/context.ts'
import type { Parts } from '../../parts.ts'
import { forbidden } from '../../http/problem.ts'

const NARROWED = 'XAA0001'

type Counts = Awaited<ReturnType<Storage['events']['count']>>

interface Period {
  readonly since: number
  readonly until: number
}

export function createDecisionSummaryHandler({
  storage,
  clock,
}: Parts<'storage' | 'clock'>): Handlers['decisions.summary'] {
  return async ({ query: { since, until, about, buckets } }, { caller }) => {
    // Sums cannot be split by app.
    if (caller.apps !== undefined) return forbidden('Your role covers some apps; sums cover all.')
    const count = (period: Period, most = MAX_COUNTED) =>
      storage.events.count({ types: decisionTypes(about), ...period, most })
    // `until` is exclusive; include the current millisecond.
    const end = until === undefined ? clock.nowMs() + 1 : toEpochMs(until)
    const period = { since: since === undefined ? end - DAY_MS : toEpochMs(since), until: end }
    const counts = await count(period)
    const counted = counts.reduce((sum, one) => sum + one.count, 0)
    const codes = counts
      .flatMap(({ outcome, code, count: times }) => (code === null ? [] : [{ outcome, code, count: times }]))
      .sort((one, other) => other.count - one.count)
    const body = { counted, complete: counted < MAX_COUNTED, outcomes: sumByOutcome(counts), codes }
    if (buckets === undefined) return { status: 200, body }
    const parts = splitPeriod(period, buckets)
    const sums = await Promise.all(parts.map((part) => count(part, Math.ceil(MAX_COUNTED / buckets))))
    return {
      status: 200,
      body: {
        ...body,
        buckets: parts.map((part, index) => ({
          since: new Date(part.since).toISOString(),
          outcomes: sumByOutcome(sums[index] ?? []),
        })),
      },
    }
  }
}

function splitPeriod({ since, until }: Period, parts: number): readonly Period[] {
  const edge = (index: number) => Math.round(since + (index * (until - since)) / parts)
  return Array.from({ length: parts }, (_, index) => ({ since: edge(index), until: edge(index + 1) }))
}

function sumByOutcome(counts: Counts): Record<string, number> {
  const outcomes: Record<string, number> = {}
  for (const { outcome, code, count } of counts) {
    outcomes[outcome] = (outcomes[outcome] ?? 0) + count
    if (code === NARROWED) outcomes['narrowed'] = (outcomes['narrowed'] ?? 0) + count
  }
  return outcomes
}
