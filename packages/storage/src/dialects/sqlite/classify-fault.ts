// Distinguishes SQLite errors caused by the file and its disk from errors caused by a statement or its data.
import { StorageFault, type StorageTrouble } from '@crosswalk/as-core'

/** By primary result code: busy, locked, read-only, I/O error, corrupt, full, cannot open, not a database. */
const TROUBLES: ReadonlyMap<number, StorageTrouble> = new Map([
  [5, 'busy'],
  [6, 'busy'],
  [8, 'read-only'],
  [10, 'broken'],
  [11, 'broken'],
  [13, 'full'],
  [14, 'unreachable'],
  [26, 'broken'],
])

/** The primary result code of a SQLite error; undefined for other errors. */
export function sqliteErrorCode(error: unknown): number | undefined {
  const original = error instanceof StorageFault ? error.cause : error
  if (!(original instanceof Error) || !('errcode' in original) || typeof original.errcode !== 'number')
    return undefined
  return original.errcode & 0xff
}

/** SQLite has no separate codes for these. The schema was complete at startup, so it has changed since. */
const ALTERED = /^(no such (table|column): |table \S+ has no column named )/

export function isBusy(error: unknown): boolean {
  return findTrouble(error) === 'busy'
}

/** @returns a `StorageFault` for faults of the database; other errors unchanged */
export function classifyFault(error: unknown): unknown {
  const trouble = findTrouble(error)
  return trouble === undefined ? error : new StorageFault(trouble, error)
}

function findTrouble(error: unknown): StorageTrouble | undefined {
  const code = sqliteErrorCode(error)
  if (code === undefined) return undefined
  return ALTERED.test((error as Error).message) ? 'altered' : TROUBLES.get(code)
}
