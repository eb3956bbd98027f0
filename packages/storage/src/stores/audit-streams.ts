// How far each stream has delivered each chain, and its last error. One process at a time delivers a stream: it holds a
// lease and renews it. What to send, and where, is decided elsewhere.
import type { EpochMs } from '@crosswalk/protocol'
import { sql, type Kysely } from 'kysely'

import type { Tables } from '../schema/tables.ts'

export interface StreamHold {
  readonly stream: string
  /** Identifies the process uniquely */
  readonly holder: string
  readonly now: EpochMs
  readonly leaseMs: number
}

export interface StreamState {
  /** Consecutive failed deliveries */
  readonly failures: number
  /** When chains that failed are tried again */
  readonly dueAt: EpochMs
  /** Events accepted by the receiver */
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
  /** How many of these events were sent; the stream does not want the others */
  readonly sent: number
  readonly at: EpochMs
}

export interface StreamFailure {
  readonly stream: string
  /** Contains no secret */
  readonly error: string
  readonly at: EpochMs
  readonly dueAt: EpochMs
}

/** Changes are durable when their promise resolves. */
export interface AuditStreams {
  /** @returns the state of the stream; undefined while another process holds it. Atomic */
  hold(hold: StreamHold): Promise<StreamState | undefined>
  /** Releases the stream for other processes immediately. */
  release(stream: string, holder: string): Promise<void>
  /** The event after which the stream continues, by chain; chains without deliveries are absent. */
  cursors(stream: string): Promise<ReadonlyMap<string, number>>
  /**
   * Records that the receiver has everything up to `to`.
   * @returns false if the cursor has moved; then nothing is changed
   */
  advance(advance: StreamAdvance): Promise<boolean>
  /** Records a failed delivery. */
  fail(failure: StreamFailure): Promise<void>
  /** Ends the row of failures. */
  recover(stream: string): Promise<void>
  /** Moves cursors in either direction; chains that failed are tried again immediately. */
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
    async recover(stream) {
      await db.updateTable('audit_streams').set({ failures: 0 }).where('stream', '=', stream).execute()
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
        .set({ delivered: sql<number>`delivered + ${sent}`, last_delivered_at: at })
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
