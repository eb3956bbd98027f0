// Recomputes the chain of a log: finds a changed byte, a dropped or added row, and a cut tail. What it cannot
// find is a chain rewritten whole together with its head; compare `head` with a copy kept elsewhere for that.
import { parseEventText } from '@crosswalk/authorization-server'
import type { Kysely, Selectable } from 'kysely'

import { buildEventColumns, chainHash, FIRST_PREV_HASH } from '../ledger/event-columns.ts'
import type { AuditEventTable, Tables } from '../schema/tables.ts'

export interface ChainHead {
  readonly seq: number
  readonly hash: string
}

export interface ChainVerdict {
  readonly ok: boolean
  /** Events found good, from the first on. */
  readonly events: number
  readonly head: ChainHead
  readonly firstBad?: { readonly seq: number; readonly why: string }
}

type EventRow = Selectable<AuditEventTable>

const PAGE_ROWS = 500

/** Reads the log once, in order, a page at a time; events written meanwhile are left out. */
export async function verifyChain(db: Kysely<Tables>, log: string): Promise<ChainVerdict> {
  const head = (await findHead(db, log)) ?? { seq: 0, hash: FIRST_PREV_HASH }
  let last: ChainHead = { seq: 0, hash: FIRST_PREV_HASH }
  const bad = (seq: number, why: string): ChainVerdict => ({
    ok: false,
    events: last.seq,
    head,
    firstBad: { seq, why },
  })
  for (;;) {
    const rows = await selectPage(db, { log, after: last.seq, upTo: head.seq })
    for (const row of rows) {
      const why = findFault(last, row)
      if (why !== undefined) return bad(last.seq + 1, why)
      last = { seq: row.seq, hash: row.hash }
    }
    if (rows.length < PAGE_ROWS) break
  }
  if (last.seq < head.seq) return bad(last.seq + 1, `missing: the log has ${head.seq} events by its head`)
  if (last.hash !== head.hash) return bad(last.seq, 'its hash is not the one the head of the log holds')
  const beyond = await findBeyond(db, log, head)
  if (beyond !== undefined) return bad(beyond, 'beyond the head of the log')
  return { ok: true, events: last.seq, head }
}

async function findHead(db: Kysely<Tables>, log: string): Promise<ChainHead | undefined> {
  return db.selectFrom('audit_heads').select(['seq', 'hash']).where('log', '=', log).executeTakeFirst()
}

async function selectPage(
  db: Kysely<Tables>,
  { log, after, upTo }: { log: string; after: number; upTo: number },
): Promise<EventRow[]> {
  return db
    .selectFrom('audit_events')
    .selectAll()
    .where('log', '=', log)
    .where('seq', '>', after)
    .where('seq', '<=', upTo)
    .orderBy('seq')
    .limit(PAGE_ROWS)
    .execute()
}

/** @returns what is wrong with `row` as the successor of `before` */
function findFault(before: ChainHead, row: EventRow): string | undefined {
  if (row.seq !== before.seq + 1) return `missing: the next event is number ${row.seq}`
  if (row.prev_hash !== before.hash) return 'it does not follow the event before it: `prev_hash` differs'
  if (chainHash(before.hash, row.log, row.seq, row.body) !== row.hash)
    return 'its content was changed: `hash` differs'
  return findColumnFault(row)
}

/** The columns are not in the hash, but a list that trusts them must not be led astray. */
function findColumnFault(row: EventRow): string | undefined {
  const columns = buildEventColumns(parseEventText(row.body))
  for (const [name, value] of Object.entries(columns)) {
    if (row[name as keyof typeof columns] !== value) return `column \`${name}\` differs from its content`
  }
  return undefined
}

/** Rows past the head are either an addition or were written since; then the head has moved on as well. */
async function findBeyond(db: Kysely<Tables>, log: string, head: ChainHead): Promise<number | undefined> {
  const row = await db
    .selectFrom('audit_events')
    .select(({ fn }) => fn.max('seq').as('seq'))
    .where('log', '=', log)
    .executeTakeFirst()
  if (row === undefined || row.seq === null || row.seq <= head.seq) return undefined
  const now = await findHead(db, log)
  return now !== undefined && now.seq >= row.seq ? undefined : head.seq + 1
}
