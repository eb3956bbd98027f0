// Reads the audit logs: lookups by id, lists, export in order, and verification.
import { setImmediate as nextTurn } from 'node:timers/promises'

import { sql, type Kysely, type RawBuilder, type SqlBool } from 'kysely'

import type { Database, Tables } from '../schema/tables.ts'
import { countEvents, type CountQuery, type EventCount } from './count-events.ts'
import { listEvents, type EventPage, type EventQuery } from './list-events.ts'
import { parseRecordedEvent, RECORDED_COLUMNS, type RecordedEvent } from './recorded-event.ts'
import { verifyChain, type ChainAnchors, type ChainHead, type ChainVerdict } from './verify-chain.ts'

export interface StreamQuery {
  readonly chain: string
  /** Starts after this number; 0 for the beginning. */
  readonly afterSeq?: number
}

export interface EventReader {
  /** Events of a decision, of an ID-JAG (by the digest of its `jti`), or of a trace; oldest first. */
  findByDecision(decisionId: string): Promise<readonly RecordedEvent[]>
  findByGrant(grantId: string): Promise<readonly RecordedEvent[]>
  /** The event that issued an ID-JAG, however many redemptions or refusals followed */
  findIssued(grantId: string): Promise<RecordedEvent | undefined>
  findByTrace(traceId: string): Promise<readonly RecordedEvent[]>
  /** Newest first; throws `InvalidCursorError`. */
  list(query: EventQuery): Promise<EventPage>
  /** Counts the newest events of a period, by outcome and code. */
  count(query: CountQuery): Promise<readonly EventCount[]>
  /** All events of a chain in order, up to its current end; holds one page in memory. */
  stream(query: StreamQuery): AsyncIterable<RecordedEvent>
  /** At most `limit` events of a chain in order, after a given one. */
  readAfter(query: Required<StreamQuery>, limit: number): Promise<readonly RecordedEvent[]>
  /**
   * Yields to other work of the process between pages.
   * @param anchors - facts about the chain from elsewhere, already verified
   * @param signal - aborts the verification; it then throws the reason
   */
  verify(chain: string, anchors?: ChainAnchors, signal?: AbortSignal): Promise<ChainVerdict>
  /** The last event of every chain; stored elsewhere, it shows later whether a log was rewritten. */
  heads(): Promise<readonly LogHead[]>
}

export interface LogHead extends ChainHead {
  readonly log: string
  readonly chain: string
}

const PAGE_ROWS = 500

/** No legitimate id is shared by more events; a hostile trace id must not fill the memory. */
const MAX_RELATED = 1_000

export function createEventReader(database: Database): EventReader {
  const { db } = database
  const findRelated = async (condition: RawBuilder<SqlBool>, limit = MAX_RELATED) => {
    const rows = await db
      .selectFrom('audit_events')
      .select(RECORDED_COLUMNS)
      .where(condition)
      .orderBy('time_ms')
      .orderBy('position')
      .limit(limit)
      .execute()
    return rows.map(parseRecordedEvent)
  }
  return {
    findByDecision: (decisionId) => findRelated(sql`decision_id = ${decisionId}`),
    findByGrant: (grantId) => findRelated(sql`grant_id = ${grantId}`),
    async findIssued(grantId) {
      // The expression hides the column: with the index of types, SQLite would scan all grants from the oldest, to get
      // the order.
      const [issued] = await findRelated(sql`grant_id = ${grantId} and type || '' = ${'idjag.issued'}`, 1)
      return issued
    },
    findByTrace: (traceId) => findRelated(sql`trace_id = ${traceId}`),
    list: (query) => listEvents(database, query),
    count: (query) => countEvents(db, query),
    stream: (query) => streamEvents(db, query),
    readAfter: (query, limit) => readAfter(db, query, limit),
    verify: (chain, anchors, signal) => verifyChain(db, chain, anchors, signal),
    heads: () =>
      db
        .selectFrom('audit_heads')
        .select(['log', 'chain', 'seq', 'hash'])
        .where('seq', '>', 0)
        .orderBy('log')
        .orderBy(sql`length(chain)`)
        .orderBy('chain')
        .execute(),
  }
}

async function* streamEvents(
  db: Kysely<Tables>,
  { chain, afterSeq = 0 }: StreamQuery,
): AsyncGenerator<RecordedEvent> {
  let after = afterSeq
  for (;;) {
    const page = await readAfter(db, { chain, afterSeq: after }, PAGE_ROWS)
    yield* page
    after = page.at(-1)?.seq ?? after
    if (page.length < PAGE_ROWS) return
    // As in verification, let other requests run between pages.
    await nextTurn()
  }
}

async function readAfter(
  db: Kysely<Tables>,
  { chain, afterSeq }: Required<StreamQuery>,
  limit: number,
): Promise<readonly RecordedEvent[]> {
  const rows = await db
    .selectFrom('audit_events')
    .select(RECORDED_COLUMNS)
    .where('chain', '=', chain)
    .where('seq', '>', afterSeq)
    .orderBy('seq')
    .limit(limit)
    .execute()
  return rows.map(parseRecordedEvent)
}
