// Which single uses are taken, known from memory. A random key in an index dirties a page of its own, and writing that
// page costs more than the rest of the entry; so on SQLite marks are only appended, and whoever holds the write lock
// first reads what others appended since. The lock makes that exact: nobody can append between the look and the write.
import type { DatabaseSync } from 'node:sqlite'

import type { UsedMark } from '@crosswalk/authorization-server'
import type { EpochSeconds } from '@crosswalk/protocol'

export interface LiveMarks {
  /** Reads what other writers appended; only inside a transaction that holds the write lock. */
  catchUp(): void
  /** Appends all of them, or none. @returns the first that was taken already */
  consume(marks: readonly UsedMark[]): UsedMark | undefined
  /** What was consumed since the last call is durable, or was rolled back. */
  settle(committed: boolean): void
  /** Forgets as `forgetExpiredMarks` does in the table, never a mark before its `expiresAt`. */
  forgetExpired(now: EpochSeconds): void
}

export function createLiveMarks(database: DatabaseSync): LiveMarks {
  const readSince = database.prepare(
    'select position, kind, key, expires_at from used_marks where position > ? order by position',
  )
  const append = database.prepare('insert into used_marks (kind, key, expires_at) values (?, ?, ?)')
  const live = new Map<string, EpochSeconds>()
  const pending = new Map<string, EpochSeconds>()
  let known = 0
  let appended = 0

  return {
    catchUp() {
      for (const row of readSince.iterate(known)) {
        live.set(nameOf(row as unknown as Pick<UsedMark, 'kind' | 'key'>), row['expires_at'] as number)
        known = row['position'] as number
      }
      appended = known
    },
    consume(marks) {
      const used = marks.find((mark) => live.has(nameOf(mark)) || pending.has(nameOf(mark)))
      if (used !== undefined) return used
      for (const mark of marks) {
        appended = Number(append.run(mark.kind, mark.key, mark.expiresAt).lastInsertRowid)
        pending.set(nameOf(mark), mark.expiresAt)
      }
      return undefined
    },
    settle(committed) {
      if (committed) {
        for (const [name, expiresAt] of pending) live.set(name, expiresAt)
        known = appended
      }
      pending.clear()
    },
    forgetExpired(now) {
      for (const [name, expiresAt] of live) if (expiresAt < now) live.delete(name)
    },
  }
}

function nameOf({ kind, key }: Pick<UsedMark, 'kind' | 'key'>): string {
  return `${kind} ${key}`
}
