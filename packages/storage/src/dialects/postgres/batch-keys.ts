// Decides which entries of a batch get their replay keys, given the keys that were new to the database. Pure.
import type { ReplayKey } from '@crosswalk/as-core'

import type { Prepared } from '../../ledger/batch-writer.ts'

/** One string per key; kinds contain no spaces. */
export function nameOfKey({ kind, key }: Pick<ReplayKey, 'kind' | 'key'>): string {
  return `${kind} ${key}`
}

/**
 * The distinct keys of a batch, in the same order for all writers, so that writers with common keys wait for each other
 * instead of deadlocking. A key requested twice is kept for the longer time.
 */
export function collectKeys(batch: readonly Prepared[]): readonly ReplayKey[] {
  const keys = new Map<string, ReplayKey>()
  for (const { entry } of batch) {
    for (const key of entry.replayKeys ?? []) {
      const other = keys.get(nameOfKey(key))
      if (other === undefined || other.expiresAt < key.expiresAt) keys.set(nameOfKey(key), key)
    }
  }
  return [...keys.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, key]) => key)
}

/** The number of requested keys, including duplicates */
export function countKeys(batch: readonly Prepared[]): number {
  return batch.reduce((sum, { entry }) => sum + (entry.replayKeys?.length ?? 0), 0)
}

export interface KeyVerdicts {
  /** For each entry the key that was already used; undefined for a winner. */
  readonly used: readonly (ReplayKey | undefined)[]
  /** Keys that are new in the database but belong to no winner; the caller removes them. */
  readonly unclaimed: readonly ReplayKey[]
}

/** Decides entry by entry in order, as if each were written separately. */
export function judgeKeys(batch: readonly Prepared[], fresh: ReadonlySet<string>): KeyVerdicts {
  const free = new Set(fresh)
  const used = batch.map(({ entry }) => {
    const own = new Set<string>()
    for (const key of entry.replayKeys ?? []) {
      const name = nameOfKey(key)
      if (!free.has(name) || own.has(name)) return key
      own.add(name)
    }
    for (const name of own) free.delete(name)
    return undefined
  })
  return { used, unclaimed: collectKeys(batch).filter((key) => free.has(nameOfKey(key))) }
}
