// How far each stream has delivered each chain, and its last error. One process at a time delivers a stream: it holds a lease
// and renews it. What is sent, and where, is decided elsewhere.
import type { EpochMs } from '@crosswalk/protocol'
import { sql, type Kysely } from 'kysely'

import type { Tables } from '../schema/tables.ts'

export interface StreamHold {
  readonly stream: string
  /** Names the process, and no other */
  readonly holder: string
  readonly now: EpochMs
  readonly leaseMs: number
}

export interface StreamState {
  /** Deliveries that failed since the last one that did not */
  readonly failures: number
  /** Not tried again before */
  readonly dueAt: EpochMs
  /** Events taken by the other side */
  readonly delivered: number
  readonly lastDeliveredAt?: EpochMs
  readonly lastError?: string
  readonly lastErrorAt?: EpochMs
}

export interface StreamAdvance {
  readonly stream: string
  readonly chain: string
  readonly from: number
  readonly to: number
  /** How many events of these were sent, the others being of no interest */
  readonly sent: number
  readonly at: EpochMs
}

export interface StreamFailure {
  readonly stream: string
  /** No secret in it */
  readonly error: string
  readonly at: EpochMs
  readonly dueAt: EpochMs
}

/** Everything is durable when its promise resolves. */
export interface AuditStreams {
  /** @returns how the stream does, or undefined while another process holds it; atomic */
  hold(hold: StreamHold): Promise<StreamState | undefined>
  /** Lets others have it at once. */
  release(stream: string, holder: string): Promise<void>
  /** Behind which event of each chain the stream goes on; chains that it never came to are not there. */
  cursors(stream: string): Promise<ReadonlyMap<string, number>>
  /**
   * The other side has everything up to `to`.
   * @returns false where the cursor was moved meanwhile; then nothing is changed
   */
  advance(advance: StreamAdvance): Promise<boolean>
  /** Not taken this time. */
  fail(failure: StreamFailure): Promise<void>
  /** Sets cursors, forth or back, and lets the stream go on at once. */
  place(stream: string, positions: ReadonlyMap<string, number>): Promise<void>
  /** @returns undefined for a stream that never ran */
  find(stream: string): Promise<StreamState | undefined>
}

export function createAuditStreams(db: Kysely<Tables>): AuditStreams {
  return {
    hold: (hold) => holdStream(db, hold),
    async release(stream, holder) {
      await db
        .updateTable('audit_streams')
        .set({ holder: null, held_until: 0 })
        .where('stream', '=', stream)
        .where('holder', '=', holder)
        .execute()
    },
    async cursors(stream) {
      const rows = await db
        .selectFrom('audit_stream_cursors')
        .select(['chain', 'seq'])
        .where('stream', '=', stream)
        .execute()
      return new Map(rows.map(({ chain, seq }) => [chain, seq]))
    },
    advance: (advance) => advanceStream(db, advance),
    async fail({ stream, error, at, dueAt }) {
      await db
        .updateTable('audit_streams')
        .set({
          failures: sql<number>`failures + 1`,
          last_error: error,
          last_error_at: at,
          due_at: dueAt,
        })
        .where('stream', '=', stream)
        .execute()
    },
    place: (stream, positions) => placeStream(db, stream, positions),
    find: (stream) => findStream(db, stream),
  }
}

async function holdStream(
  db: Kysely<Tables>,
  { stream, holder, now, leaseMs }: StreamHold,
): Promise<StreamState | undefined> {
  await createRow(db, stream)
  const { numUpdatedRows } = await db
    .updateTable('audit_streams')
    .set({ holder, held_until: now + leaseMs })
    .where('stream', '=', stream)
    .where((where) => where.or([where('holder', '=', holder), where('held_until', '<=', now)]))
    .executeTakeFirst()
  return numUpdatedRows === 0n ? undefined : findStream(db, stream)
}

async function createRow(db: Kysely<Tables>, stream: string): Promise<void> {
  await db
    .insertInto('audit_streams')
    .values({ stream, holder: null, held_until: 0, due_at: 0, failures: 0, delivered: 0 })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

async function advanceStream(
  db: Kysely<Tables>,
  { stream, chain, from, to, sent, at }: StreamAdvance,
): Promise<boolean> {
  return db.transaction().execute(async (transaction) => {
    await transaction
      .insertInto('audit_stream_cursors')
      .values({ stream, chain, seq: 0 })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
    const { numUpdatedRows } = await transaction
      .updateTable('audit_stream_cursors')
      .set({ seq: to })
      .where('stream', '=', stream)
      .where('chain', '=', chain)
      .where('seq', '=', from)
      .executeTakeFirst()
    if (numUpdatedRows === 0n) return false
    if (sent > 0)
      await transaction
        .updateTable('audit_streams')
        .set({
          failures: 0,
          due_at: 0,
          delivered: sql<number>`delivered + ${sent}`,
          last_delivered_at: at,
        })
        .where('stream', '=', stream)
        .execute()
    return true
  })
}

async function placeStream(
  db: Kysely<Tables>,
  stream: string,
  positions: ReadonlyMap<string, number>,
): Promise<void> {
  await createRow(db, stream)
  await db.transaction().execute(async (transaction) => {
    for (const [chain, seq] of positions)
      await transaction
        .insertInto('audit_stream_cursors')
        .values({ stream, chain, seq })
        .onConflict((conflict) => conflict.columns(['stream', 'chain']).doUpdateSet({ seq }))
        .execute()
    await transaction.updateTable('audit_streams').set({ due_at: 0 }).where('stream', '=', stream).execute()
  })
}

async function findStream(db: Kysely<Tables>, stream: string): Promise<StreamState | undefined> {
  const row = await db.selectFrom('audit_streams').selectAll().where('stream', '=', stream).executeTakeFirst()
  if (row === undefined) return undefined
  const { failures, due_at: dueAt, delivered } = row
  return {
    failures,
    dueAt,
    delivered,
    ...(row.last_delivered_at === null ? {} : { lastDeliveredAt: row.last_delivered_at }),
    ...(row.last_error === null ? {} : { lastError: row.last_error }),
    ...(row.last_error_at === null ? {} : { lastErrorAt: row.last_error_at }),
  }
}
