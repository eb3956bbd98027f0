// Counts of spans of time that are over. They do not change any more: each is counted once in the life of the process.
import type { Period } from '@crosswalk/storage'

export interface SpanCounts<Counted> {
  /** @returns what was counted in each span from `first` to `last`, both by their number since 1970; one reading at a time */
  read(first: number, last: number): Promise<readonly Counted[]>
}

export function createSpanCounts<Counted>(
  spanMs: number,
  count: (period: Period) => Promise<Counted>,
): SpanCounts<Counted> {
  const known = new Map<number, Counted>()
  return {
    async read(first, last) {
      for (const number of known.keys()) if (number < first || number > last) known.delete(number)
      const counts: Counted[] = []
      for (let number = first; number <= last; number += 1) {
        const counted =
          known.get(number) ?? (await count({ since: number * spanMs, until: (number + 1) * spanMs }))
        known.set(number, counted)
        counts.push(counted)
      }
      return counts
    },
  }
}

/** What became durable a moment late still counts. */
const SETTLED_MS = 60_000

/** @returns the number of the last span that is over, and whose events are all there */
export function lastOver(nowMs: number, spanMs: number): number {
  return Math.floor((nowMs - SETTLED_MS) / spanMs) - 1
}
