// Which entries of a batch win their single-use marks, given which marks were new to the database. Pure.
import type { UsedMark } from '@crosswalk/authorization-server'

import type { Prepared } from '../../ledger/batch-writer.ts'

/** One string per mark; kinds hold no space. */
export function markName(mark: Pick<UsedMark, 'kind' | 'key'>): string {
  return `${mark.kind} ${mark.key}`
}

/**
 * The marks of a batch, each once, in one order for all writers: two that share marks then wait for each other
 * instead of blocking each other. A mark asked for twice is kept for the longer time.
 */
export function collectMarks(batch: readonly Prepared[]): readonly UsedMark[] {
  const marks = new Map<string, UsedMark>()
  for (const { entry } of batch) {
    for (const mark of entry.marks ?? []) {
      const other = marks.get(markName(mark))
      if (other === undefined || other.expiresAt < mark.expiresAt) marks.set(markName(mark), mark)
    }
  }
  return [...marks.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, mark]) => mark)
}

export interface MarkVerdicts {
  /** For each entry the mark that was used before, undefined for a winner. */
  readonly used: readonly (UsedMark | undefined)[]
  /** Marks that are new in the database but belong to no winner: to be taken back. */
  readonly unclaimed: readonly UsedMark[]
}

/** Decides entry by entry, in order, as if each had been written alone. */
export function judgeMarks(batch: readonly Prepared[], fresh: ReadonlySet<string>): MarkVerdicts {
  const free = new Set(fresh)
  const used = batch.map(({ entry }) => {
    const own = new Set<string>()
    for (const mark of entry.marks ?? []) {
      const name = markName(mark)
      if (!free.has(name) || own.has(name)) return mark
      own.add(name)
    }
    for (const name of own) free.delete(name)
    return undefined
  })
  return { used, unclaimed: collectMarks(batch).filter((mark) => free.has(markName(mark))) }
}
