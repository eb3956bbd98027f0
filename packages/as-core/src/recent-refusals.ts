// Refusals of callers that never authenticated: kept in a ring, bounded in number and size, so that such callers grow
// neither the log nor the memory.
import type { DecisionRecord } from '@crosswalk/protocol'

export interface RecentRefusals {
  add(record: DecisionRecord): void
  find(decisionId: string): DecisionRecord | undefined
  /** Newest first */
  list(): readonly DecisionRecord[]
  /** Total number, by code */
  counts(): ReadonlyMap<string, number>
}

interface Kept {
  readonly record: DecisionRecord
  readonly characters: number
}

/** A record quotes its request, which may have 64 KiB; most records have about 2 KB. */
const MAX_CHARACTERS = 4_000_000

export function createRecentRefusals(capacity = 1000): RecentRefusals {
  const ring = new Map<string, Kept>()
  let characters = 0
  const counts = new Map<string, number>()
  return {
    add: (record) => {
      counts.set(record.code, (counts.get(record.code) ?? 0) + 1)
      const added = { record, characters: JSON.stringify(record).length }
      ring.set(record.decision_id, added)
      characters += added.characters
      for (const [id, oldest] of ring) {
        if (ring.size <= capacity && characters <= MAX_CHARACTERS) break
        ring.delete(id)
        characters -= oldest.characters
      }
    },
    find: (decisionId) => ring.get(decisionId)?.record,
    list: () => [...ring.values()].map(({ record }) => record).reverse(),
    counts: () => counts,
  }
}
