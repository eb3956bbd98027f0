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

/** A request that is rejected because of load */
const OVERLOAD = 'XAA9003'
/** Those come by the thousand and are all alike, so others must not have to make room for them. */
const MAX_SHARE_OF_OVERLOAD = 0.1
/** A record quotes its request, which may have 64 KiB; most records have about 2 KB. */
const MAX_CHARACTERS = 4_000_000

export function createRecentRefusals(capacity = 1000): RecentRefusals {
  const ring = new Map<string, Kept>()
  /** Ids of those in the ring */
  const overload = new Set<string>()
  let characters = 0
  const counts = new Map<string, number>()

  function drop(id: string): void {
    characters -= ring.get(id)?.characters ?? 0
    ring.delete(id)
    overload.delete(id)
  }

  return {
    add: (record) => {
      const { decision_id: added, code } = record
      counts.set(code, (counts.get(code) ?? 0) + 1)
      const kept = { record, characters: JSON.stringify(record).length }
      ring.set(added, kept)
      characters += kept.characters
      if (code === OVERLOAD) overload.add(added)
      const [first = ''] = overload
      if (overload.size > capacity * MAX_SHARE_OF_OVERLOAD) drop(first)
      for (const id of ring.keys()) {
        if (ring.size <= capacity && characters <= MAX_CHARACTERS) break
        drop(id)
      }
    },
    find: (decisionId) => ring.get(decisionId)?.record,
    list: () => [...ring.values()].map(({ record }) => record).reverse(),
    counts: () => counts,
  }
}
