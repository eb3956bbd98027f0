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
  /** Of this transaction, and already in `live` */
  let taken: [name: string, expiresAt: EpochSeconds][] = []
  let known = 0
  let appended = 0

  return {
    catchUp() {
      for (const row of readSince.iterate(known)) {
        for (const [name, expiresAt] of JSON.parse(row['marks'] as string) as [string, EpochSeconds][])
          live.take(name, expiresAt)
        known = row['position'] as number
      }
      appended = known
    },
    consume(marks) {
      const before = taken.length
      for (const mark of marks) {
        const name = nameOf(mark)
        if (!live.take(name, mark.expiresAt)) {
          for (const [earlier] of taken.splice(before)) live.giveBack(earlier)
          return mark
        }
        taken.push([name, mark.expiresAt])
      }
      return undefined
    },
    append() {
      if (taken.length === 0) return
      const lastExpiry = taken.reduce((last, [, expiresAt]) => Math.max(last, expiresAt), 0)
      appended = Number(insert.run(JSON.stringify(taken), taken.length, lastExpiry).lastInsertRowid)
    },
    settle(committed) {
      if (committed) known = appended
      else for (const [name] of taken) live.giveBack(name)
      taken = []
    },
    forgetExpired: live.forgetExpired,
  }
}

function nameOf({ kind, key }: Pick<UsedMark, 'kind' | 'key'>): string {
  return `${kind} ${key}`
}
