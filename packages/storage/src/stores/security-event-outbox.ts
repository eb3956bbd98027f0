// The outbox of security events on both databases. Adds events within the caller's transaction, if there is one.
import type {
  DeliveryFailure,
  OutgoingSecurityEvent,
  QueuedSecurityEvent,
  SecurityEventOutbox,
  StreamDelivery,
} from '@crosswalk/as-core'
import { sql, type Kysely, type Selectable } from 'kysely'

import type { Engine } from '../dialects/dialect.ts'
import { appendEvent } from '../ledger/append-event.ts'
import type { DialectTraits } from '../schema/traits.ts'
import { withoutNul } from '../schema/plain-text.ts'
import type { Database, SecurityEventStreamTable, SecurityEventTable, Tables } from '../schema/tables.ts'

export type StoredOutbox = SecurityEventOutbox & {
  /** Notifies listeners that a transaction of another store added events. */
  announce(events: readonly OutgoingSecurityEvent[] | undefined): void
}

/** Longer texts are truncated; the beginning states the problem. */
const LARGEST_ERROR = 500

export function createSecurityEventOutbox(engine: Pick<Engine, 'db' | 'traits' | 'upkeep'>): StoredOutbox {
  const { db, traits, upkeep } = engine
  const listeners = new Set<() => void>()
  const announce: StoredOutbox['announce'] = (events) => {
    if (events !== undefined && events.length > 0) for (const listener of listeners) listener()
  }
  return {
    announce,
    readTimeMs: () => upkeep.readTimeMs(),
    async add(events) {
      await insertSecurityEvents(db, traits, events)
      announce(events)
    },
    claim: (claim) => claimEvents(engine, claim),
    async peek(stream, limit) {
      const query = db.selectFrom('security_events').selectAll().where('stream', '=', stream)
      return (await query.orderBy('position').limit(limit).execute()).map(parseEvent)
    },
    settle: (stream, ids, at) => settle(db, { stream, ids, at }),
    async postpone({ event, error, at, dueAt }) {
      await db.transaction().execute(async (transaction) => {
        const { numUpdatedRows } = await transaction
          .updateTable('security_events')
          .set((builder) => ({ due_at: dueAt, attempts: builder('attempts', '+', 1) }))
          .where('stream', '=', event.stream)
          .where('id', '=', event.id)
          .executeTakeFirst()
        // Another process may have delivered it while this one stood still.
        if (numUpdatedRows > 0n) await noteFailure(transaction, { event, error, at }, 0)
      })
    },
    async abandon(failure, recorded) {
      await db.transaction().execute(async (transaction) => {
        const { numDeletedRows } = await transaction
          .deleteFrom('security_events')
          .where('stream', '=', failure.event.stream)
          .where('id', '=', failure.event.id)
          .executeTakeFirst()
        if (numDeletedRows === 0n) return
        await noteFailure(transaction, failure, 1)
        await appendEvent(transaction, traits, recorded)
      })
    },
    async move(from, to) {
      await db.transaction().execute(async (transaction) => {
        await transaction
          .updateTable('security_events')
          .set({ stream: to, attempts: 0, due_at: 0 })
          .where('stream', '=', from)
          .execute()
        await transaction.deleteFrom('security_event_streams').where('stream', '=', from).execute()
      })
    },
    describe: () => describeStreams(db),
    onAdded(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** Runs in the transaction of `db`. */
export async function insertSecurityEvents(
  db: Kysely<Tables>,
  traits: Pick<DialectTraits, 'serverTimeMs'>,
  events: readonly OutgoingSecurityEvent[] | undefined,
): Promise<void> {
  for (const { id, stream, claims, createdAt } of events ?? []) {
    await db
      .insertInto('security_events')
      .values({
        id,
        stream,
        claims: JSON.stringify(claims),
        created_at: traits.serverTimeMs(createdAt),
        attempts: 0,
        // Due at every node, even if the clock of this one is ahead.
        due_at: 0,
      })
      .execute()
  }
}

/** Drops the pending events and the delivery status of a stream. Runs in the transaction of `db`. */
export async function dropStream(db: Kysely<Tables>, stream: string): Promise<void> {
  await db.deleteFrom('security_events').where('stream', '=', stream).execute()
  await db.deleteFrom('security_event_streams').where('stream', '=', stream).execute()
}

/** Claiming an event postpones its due time, so that another process delivers it if this one ends before delivery. */
async function claimEvents(
  { db, traits }: Database,
  { stream, now, leaseMs, limit }: Parameters<SecurityEventOutbox['claim']>[0],
): Promise<readonly QueuedSecurityEvent[]> {
  const rows = await db
    .updateTable('security_events')
    .set({ due_at: now + leaseMs })
    .where('position', 'in', (builder) =>
      builder
        .selectFrom('security_events')
        .select('position')
        .where('stream', '=', stream)
        .where('due_at', '<=', now)
        .orderBy('position')
        .limit(limit)
        .$if(traits.name === 'postgres', (query) => query.modifyEnd(sql`for update skip locked`)),
    )
    .returningAll()
    .execute()
  return rows.sort((one, other) => one.position - other.position).map(parseEvent)
}

async function settle(
  db: Kysely<Tables>,
  { stream, ids, at }: { readonly stream: string; readonly ids: readonly string[]; readonly at: number },
): Promise<number> {
  if (ids.length === 0) return 0
  return db.transaction().execute(async (transaction) => {
    const gone = await transaction
      .deleteFrom('security_events')
      .where('stream', '=', stream)
      .where('id', 'in', [...ids])
      .returning('created_at')
      .execute()
    if (gone.length === 0) return 0
    const lag = Math.max(...gone.map((row) => at - row.created_at))
    const success = { last_delivered_at: at, last_lag_ms: lag, last_error: null, last_error_at: null }
    await transaction
      .insertInto('security_event_streams')
      .values({ stream, delivered: gone.length, abandoned: 0, ...success })
      .onConflict((conflict) =>
        conflict.column('stream').doUpdateSet((builder) => ({
          ...success,
          delivered: builder('security_event_streams.delivered', '+', gone.length),
        })),
      )
      .execute()
    return gone.length
  })
}

async function noteFailure(
  db: Kysely<Tables>,
  { event: { stream }, error, at }: DeliveryFailure,
  abandoned: number,
): Promise<void> {
  const failure = { last_error: withoutNul(error.slice(0, LARGEST_ERROR)), last_error_at: at }
  await db
    .insertInto('security_event_streams')
    .values({ stream, delivered: 0, abandoned, last_delivered_at: null, last_lag_ms: null, ...failure })
    .onConflict((conflict) =>
      conflict.column('stream').doUpdateSet((builder) => ({
        ...failure,
        abandoned: builder('security_event_streams.abandoned', '+', abandoned),
      })),
    )
    .execute()
}

async function describeStreams(db: Kysely<Tables>): Promise<readonly StreamDelivery[]> {
  const waiting = await db
    .selectFrom('security_events')
    .select((builder) => [
      'stream',
      builder.fn.countAll<number>().as('pending'),
      builder.fn.min('created_at').as('oldest'),
    ])
    .groupBy('stream')
    .execute()
  const known = await db.selectFrom('security_event_streams').selectAll().execute()
  const names = new Set([...waiting, ...known].map(({ stream }) => stream))
  return [...names].sort().map((stream) => {
    const queue = waiting.find((row) => row.stream === stream)
    return {
      ...describeState(known.find((row) => row.stream === stream)),
      stream,
      pending: Number(queue?.pending ?? 0),
      ...(queue === undefined ? {} : { oldestCreatedAt: Number(queue.oldest) }),
    }
  })
}

function describeState(row: Selectable<SecurityEventStreamTable> | undefined) {
  if (row === undefined) return { delivered: 0, abandoned: 0 }
  return {
    delivered: row.delivered,
    abandoned: row.abandoned,
    ...(row.last_delivered_at !== null && { lastDeliveredAt: row.last_delivered_at }),
    ...(row.last_lag_ms !== null && { lastLagMs: row.last_lag_ms }),
    ...(row.last_error !== null && { lastError: row.last_error }),
    ...(row.last_error_at !== null && { lastErrorAt: row.last_error_at }),
  }
}

function parseEvent(row: Selectable<SecurityEventTable>): QueuedSecurityEvent {
  return {
    id: row.id,
    stream: row.stream,
    claims: JSON.parse(row.claims) as Record<string, unknown>,
    createdAt: row.created_at,
    attempts: row.attempts,
  }
}
