// Decides which entries of a batch get their replay keys, given which keys were new to the database. Pure.
import type { ReplayKey } from '@crosswalk/as-core'

import type { Prepared } from '../../ledger/batch-writer.ts'

/** One string per key; kinds hold no space. */
export function nameOfKey({ kind, key }: Pick<ReplayKey, 'kind' | 'key'>): string {
  return `${kind} ${key}`
}

/**
 * The keys of a batch, each once, in one order for all writers: two that share keys then wait for each other instead of
 * blocking each other. A key asked for twice is kept for the longer time.
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

/** How many there are, those that are asked for twice counted twice */
export function countKeys(batch: readonly Prepared[]): number {
  return batch.reduce((sum, { entry }) => sum + (entry.replayKeys?.length ?? 0), 0)
}

export interface KeyVerdicts {
  /** For each entry the key that was used before, undefined for a winner. */
  readonly used: readonly (ReplayKey | undefined)[]
  /** Keys that are new in the database but belong to no winner: to be removed again. */
  readonly unclaimed: readonly ReplayKey[]
}

/** Decides entry by entry, in order, as if each had been written alone. */
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
