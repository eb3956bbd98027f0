// Failure counts shared by all processes; other code interprets them. Failures of one turn of the event loop are
// written by one statement, so that a flood of guesses costs few transactions.
import { setImmediate as nextTurn } from 'node:timers/promises'

import { type Failures, FORGET_AFTER_MS, type SharedAttempts } from '@crosswalk/as-core'
import type { EpochMs } from '@crosswalk/protocol'
import { sql } from 'kysely'

import type { Database } from '../schema/tables.ts'
import type { DialectTraits } from '../schema/traits.ts'

/** Limits the parameters of one statement. */
const LARGEST_BATCH = 1_000

interface Batch {
  readonly added: Map<string, Failures>
  readonly written: Promise<ReadonlyMap<string, Failures>>
}

export function createFailedAttempts({ db, traits }: Database): SharedAttempts {
  let gathering: Batch | undefined

  function startBatch(): Batch {
    const added = new Map<string, Failures>()
    const written = nextTurn().then(() => {
      if (gathering?.added === added) gathering = undefined
      return addAll({ db, traits }, added)
    })
    return { added, written }
  }

  return {
    async find(key, now) {
      const row = await db
        .selectFrom('failed_attempts')
        .select(['count', 'last_ms', sql<number>`${traits.serverTimeMs(now)} - last_ms`.as('age')])
        .where('key', '=', key)
        .executeTakeFirst()
      return row && { count: row.count, lastMs: now - row.age, version: row.last_ms }
    },
    async add(key, now) {
      if (gathering === undefined || gathering.added.size >= LARGEST_BATCH) gathering = startBatch()
      const { added, written } = gathering
      added.set(key, { count: (added.get(key)?.count ?? 0) + 1, lastMs: now })
      return (await written).get(key) ?? { count: 1, lastMs: now }
    },
    async claim(key, { count, version }, now) {
      const { numUpdatedRows } = await db
        .updateTable('failed_attempts')
        .set({ count: count + 1, ...timesOf(traits, now) })
        .where('key', '=', key)
        .where('count', '=', count)
        .where('last_ms', '=', version)
        .executeTakeFirst()
      return numUpdatedRows === 1n
    },
    async takeBack(key, before) {
      const undo = db
        .updateTable('failed_attempts')
        .set({ count: sql<number>`count - 1` })
        .where('key', '=', key)
        .where('count', '>', 0)
      if (before === undefined) return void (await undo.execute())
      const isLast = sql`count = ${before.count + 1}`
      const expiresAt = (before.version + FORGET_AFTER_MS) / 1000
      await undo
        .set({
          last_ms: sql<number>`case when ${isLast} then ${before.version} else last_ms end`,
          expires_at: sql<number>`case when ${isLast} then ${expiresAt} else expires_at end`,
        })
        .execute()
    },
    async forget(key) {
      await db.deleteFrom('failed_attempts').where('key', '=', key).execute()
    },
  }
}

function timesOf(traits: DialectTraits, now: EpochMs) {
  const last = traits.serverTimeMs(now)
  return { last_ms: last, expires_at: sql<number>`(${last} + ${sql.lit(FORGET_AFTER_MS)}) / 1000.0` }
}

async function addAll(
  { db, traits }: Database,
  added: ReadonlyMap<string, Failures>,
): Promise<ReadonlyMap<string, Failures>> {
  const rows = await db
    .insertInto('failed_attempts')
    .values(
      // Sorted, so that two processes do not deadlock.
      [...added]
        .toSorted(([one], [other]) => (one < other ? -1 : 1))
        .map(([key, { count, lastMs }]) => ({ key, count, ...timesOf(traits, lastMs) })),
    )
    .onConflict((conflict) =>
      conflict.column('key').doUpdateSet({
        count: sql<number>`case when failed_attempts.last_ms <= excluded.last_ms - ${sql.lit(FORGET_AFTER_MS)}
          then excluded.count else failed_attempts.count + excluded.count end`,
        last_ms: sql<number>`excluded.last_ms`,
        expires_at: sql<number>`excluded.expires_at`,
      }),
    )
    .returning(['key', 'count'])
    .execute()
  // Each row was written just now.
  return new Map(rows.map(({ key, count }) => [key, { count, lastMs: added.get(key)?.lastMs ?? 0 }]))
}
