// Which single uses are taken, known from memory. A random key in an index dirties a page of its own, and writing that
// page costs more than the rest of the entry; so on SQLite marks are only appended, those of a transaction in one row,
// and whoever holds the write lock first reads what others appended since. The lock makes that exact: nobody can append
// between the look and the write.
import type { DatabaseSync } from 'node:sqlite'

import type { UsedMark } from '@crosswalk/authorization-server'
import type { EpochSeconds } from '@crosswalk/protocol'
import { sql } from 'kysely'

import type { ExpiringTable } from '../../schema/forget-expired.ts'
import { createMarkTable } from './mark-table.ts'

export interface LiveMarks {
  /** Reads what other writers appended; only inside a transaction that holds the write lock. */
  catchUp(): void
  /** Takes all of them, or none. @returns the first that was taken already */
  consume(marks: readonly UsedMark[]): UsedMark | undefined
  /** Writes what was taken in this transaction. */
  append(): void
  /** What was appended since the last call is durable, or was rolled back. */
  settle(committed: boolean): void
  /** Forgets as `forgetExpired` does in the table, never a mark before its `expiresAt`. */
  forgetExpired(now: EpochSeconds): void
}

/** A row goes when the last of its marks may go. */
export const MARK_BATCHES: ExpiringTable = {
  table: 'mark_batches',
  key: sql`position`,
  order: sql`position`,
  count: sql<number>`count`,
}

export function createLiveMarks(database: DatabaseSync): LiveMarks {
  const readSince = database.prepare(
    'select position, marks from mark_batches where position > ? order by position',
  )
  const insert = database.prepare('insert into mark_batches (marks, count, expires_at) values (?, ?, ?)')
  const live = createMarkTable()
  let pending = new Map<string, EpochSeconds>()
  let known = 0
  let appended = 0

  return {
    catchUp() {
      for (const row of readSince.iterate(known)) {
        for (const [name, expiresAt] of JSON.parse(row['marks'] as string) as [string, EpochSeconds][])
          live.add(name, expiresAt)
        known = row['position'] as number
      }
      appended = known
    },
    consume(marks) {
      const names = marks.map(nameOf)
      const used = names.findIndex((name) => pending.has(name) || live.has(name))
      if (used !== -1) return marks[used]
      for (const [index, name] of names.entries()) pending.set(name, (marks[index] as UsedMark).expiresAt)
      return undefined
    },
    append() {
      if (pending.size === 0) return
      let lastExpiry = 0
      for (const expiresAt of pending.values()) lastExpiry = Math.max(lastExpiry, expiresAt)
      appended = Number(insert.run(JSON.stringify([...pending]), pending.size, lastExpiry).lastInsertRowid)
    },
    settle(committed) {
      if (committed) {
        for (const [name, expiresAt] of pending) live.add(name, expiresAt)
        known = appended
      }
      // A new one, since a map that is cleared hangs on to the tables it had, which an old map keeps from being collected.
      pending = new Map()
    },
    forgetExpired: live.forgetExpired,
  }
}

function nameOf({ kind, key }: Pick<UsedMark, 'kind' | 'key'>): string {
  return `${kind} ${key}`
}
