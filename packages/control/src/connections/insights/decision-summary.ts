// How many decisions of a period came out how. Counts what was recorded and decides nothing.
import { MOST_COUNTED, toEpochMs } from '@crosswalk/admin-api'

import type { Handlers } from '../../http/context.ts'
import { DECISION_TYPES } from '../../audit/decisions.ts'
import type { AdminParts } from '../../http/parts.ts'
import { buildProblem } from '../../http/problem.ts'

const DAY_MS = 24 * 3600 * 1000
const NARROWED = 'XAA0001'

export function createDecisionSummaryHandler({ storage, clock }: AdminParts): Handlers['decisions.summary'] {
  return async ({ query: { since, until } }, { caller }) => {
    // Sums cannot be parted by app afterwards.
    if (caller.apps !== undefined)
      return buildProblem('forbidden', { detail: 'Your role is about some apps; sums are about all.' })
    const counts = await storage.events.count({
      types: DECISION_TYPES,
      since: since === undefined ? clock.nowMs() - DAY_MS : toEpochMs(since),
      ...(until === undefined ? {} : { until: toEpochMs(until) }),
      most: MOST_COUNTED,
    })
    const outcomes: Record<string, number> = {}
    for (const { outcome, code, count } of counts) {
      outcomes[outcome] = (outcomes[outcome] ?? 0) + count
      if (code === NARROWED) outcomes['narrowed'] = (outcomes['narrowed'] ?? 0) + count
    }
    const counted = counts.reduce((sum, { count }) => sum + count, 0)
    const codes = counts
      .flatMap(({ outcome, code, count }) => (code === null ? [] : [{ outcome, code, count }]))
      .sort((one, other) => other.count - one.count)
    return { status: 200, body: { counted, complete: counted < MOST_COUNTED, outcomes, codes } }
  }
}
