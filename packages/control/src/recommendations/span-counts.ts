// Counts of complete time spans. They no longer change, so each is counted once per process.
import type { Period } from '@crosswalk/storage'

interface SpanCounts<Counted> {
  /** @returns the counts of the spans from `first` to `last`, numbered since 1970; no concurrent calls */
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
