// Refusals of callers that never authenticated: kept in a bounded ring, so that such callers cannot grow the log.
import { type DecisionRecord, evictOldest } from '@crosswalk/protocol'

export interface RecentRefusals {
  add(record: DecisionRecord): void
  find(decisionId: string): DecisionRecord | undefined
  /** Newest first */
  list(): readonly DecisionRecord[]
  /** Total number, by code */
  counts(): ReadonlyMap<string, number>
}

export function createRecentRefusals(capacity = 1000): RecentRefusals {
  const ring = new Map<string, DecisionRecord>()
  const counts = new Map<string, number>()
  return {
    add: (record) => {
      counts.set(record.code, (counts.get(record.code) ?? 0) + 1)
      ring.set(record.decision_id, record)
      evictOldest(ring, capacity)
    },
    find: (decisionId) => ring.get(decisionId),
    list: () => [...ring.values()].reverse(),
    counts: () => counts,
  }
}
