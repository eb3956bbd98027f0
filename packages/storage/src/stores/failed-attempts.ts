// Failure counts shared by all processes; other code interprets them. Failures of one turn of the event loop are
// written by one statement, so that a flood of guesses costs few transactions.
import { setImmediate as nextTurn } from 'node:timers/promises'

import { type Failures, FORGET_AFTER_MS, type SharedAttempts } from '@crosswalk/as-core'
import type { EpochMs } from '@crosswalk/protocol'
import { sql, type Kysely } from 'kysely'

import type { Tables } from '../schema/tables.ts'

/** Limits the parameters of one statement. */
const LARGEST_BATCH = 1_000

interface Batch {
  readonly added: Map<string, Failures>
  readonly written: Promise<ReadonlyMap<string, Failures>>
}

const expiryOf = (now: EpochMs) => (now + FORGET_AFTER_MS) / 1000

export function createFailedAttempts(db: Kysely<Tables>): SharedAttempts {
  let gathering: Batch | undefined

  function startBatch(): Batch {
    const added = new Map<string, Failures>()
    const written = nextTurn().then(() => {
      if (gathering?.added === added) gathering = undefined
      return addAll(db, added)
    })
    return { added, written }
  }

  return {
    async find(key) {
      const row = await db
        .selectFrom('failed_attempts')
        .select(['count', 'last_ms'])
        .where('key', '=', key)
        .executeTakeFirst()
      return row && { count: row.count, lastMs: row.last_ms }
    },
    async add(key, now) {
      if (gathering === undefined || gathering.added.size >= LARGEST_BATCH) gathering = startBatch()
      const { added, written } = gathering
      added.set(key, { count: (added.get(key)?.count ?? 0) + 1, lastMs: now })
      return (await written).get(key) ?? { count: 1, lastMs: now }
    },
    async claim(key, { count, lastMs }, now) {
      const { numUpdatedRows } = await db
        .updateTable('failed_attempts')
        .set({ count: count + 1, last_ms: now, expires_at: expiryOf(now) })
        .where('key', '=', key)
        .where('count', '=', count)
        .where('last_ms', '=', lastMs)
        .executeTakeFirst()
      return numUpdatedRows === 1n
    },
    async takeBack(key) {
      await db
        .updateTable('failed_attempts')
        .set({ count: sql<number>`count - 1` })
        .where('key', '=', key)
        .where('count', '>', 0)
        .execute()
    },
    async forget(key) {
      await db.deleteFrom('failed_attempts').where('key', '=', key).execute()
    },
  }
}

async function addAll(
  db: Kysely<Tables>,
  added: ReadonlyMap<string, Failures>,
): Promise<ReadonlyMap<string, Failures>> {
  const rows = await db
    .insertInto('failed_attempts')
    .values(
      // Sorted, so that two processes do not deadlock.
      [...added]
        .toSorted(([one], [other]) => (one < other ? -1 : 1))
        .map(([key, { count, lastMs }]) => ({ key, count, last_ms: lastMs, expires_at: expiryOf(lastMs) })),
    )
    .onConflict((conflict) =>
      conflict.column('key').doUpdateSet({
        count: sql<number>`case when failed_attempts.last_ms <= excluded.last_ms - ${sql.lit(FORGET_AFTER_MS)}
          then excluded.count else failed_attempts.count + excluded.count end`,
        last_ms: sql<number>`excluded.last_ms`,
        expires_at: sql<number>`excluded.expires_at`,
      }),
    )
    .returning(['key', 'count', 'last_ms'])
    .execute()
  return new Map(rows.map(({ key, count, last_ms: lastMs }) => [key, { count, lastMs }]))
}
