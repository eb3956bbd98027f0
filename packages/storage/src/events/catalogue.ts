// The catalogue of events: what lists and look-ups search by, kept apart from the log. Writing an answer's event must
// not pay for a dozen indexes, so the catalogue follows the log in bulk when it is quiet, and every reader first has it
// catch up. It holds nothing of its own: all of it can be made again from the log.
import { sql, type Kysely, type Transaction } from 'kysely'

import type { Tables } from '../schema/tables.ts'

export interface Catalogue {
  /** Afterwards every event that was durable before the call is in the catalogue. */
  catchUp(): Promise<void>
}

/** Events per transaction: on SQLite, how long other work in the process waits for it. */
const SLICE_EVENTS = 2_000

export function createCatalogue(db: Kysely<Tables>): Catalogue {
  let running: Promise<void> | undefined
  let next: Promise<void> | undefined

  async function catalogueAll(): Promise<void> {
    for (const log of await listBehind(db)) {
      while (await db.transaction().execute((transaction) => catalogueSlice(transaction, log))) {
        await new Promise((resolve) => setImmediate(resolve))
      }
    }
  }

  function run(): Promise<void> {
    running = catalogueAll().finally(() => {
      running = undefined
    })
    return running
  }

  return {
    catchUp() {
      if (running === undefined) return run()
      // The run under way may have missed what this caller has to see; all who come meanwhile share the one after it.
      next ??= running
        .catch(() => undefined)
        .then(() => {
          next = undefined
          return run()
        })
      return next
    },
  }
}

async function listBehind(db: Kysely<Tables>): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('audit_heads')
    .leftJoin('catalogue_heads', 'catalogue_heads.log', 'audit_heads.log')
    .select('audit_heads.log')
    .where(sql<boolean>`audit_heads.seq > coalesce(catalogue_heads.seq, 0)`)
    .execute()
  return rows.map(({ log }) => log)
}

/** @returns whether there may be more; the row of the log makes several processes take turns */
async function catalogueSlice(transaction: Transaction<Tables>, log: string): Promise<boolean> {
  await transaction
    .insertInto('catalogue_heads')
    .values({ log, seq: 0 })
    .onConflict((conflict) => conflict.column('log').doUpdateSet({ log }))
    .execute()
  const { seq: from } = await transaction
    .selectFrom('catalogue_heads')
    .select('seq')
    .where('log', '=', log)
    .executeTakeFirstOrThrow()
  // Read before the events: what other processes append meanwhile is seen by the next slice, not skipped by this one.
  const { seq: head } = await transaction
    .selectFrom('audit_heads')
    .select('seq')
    .where('log', '=', log)
    .executeTakeFirstOrThrow()
  // By the head, not by the rows found: of a log that was tampered with, the catalogue goes on behind the gap.
  const reached = Math.min(from + SLICE_EVENTS, head)
  await sql`insert into event_catalogue
    (position, log, time_ms, type, outcome, code, app, resource_app, connection, user_ref, decision_id, trace_id, grant_id)
    select position, log, time_ms, type, outcome, code, app, resource_app, connection, user_ref, decision_id, trace_id, grant_id
    from audit_events where log = ${log} and seq > ${from} and seq <= ${reached}`.execute(transaction)
  await transaction.updateTable('catalogue_heads').set({ seq: reached }).where('log', '=', log).execute()
  return reached < head
}
