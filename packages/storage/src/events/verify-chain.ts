// Verifies a chain: detects a changed byte, a dropped or added row, and a cut tail. With anchors (sealed heads, and the
// cut at which the chain begins), it also detects a chain rewritten together with its head.
import { setImmediate as nextTurn } from 'node:timers/promises'

import { parseEventText } from '@crosswalk/as-core'
import type { Kysely, Selectable } from 'kysely'

import { FIRST_PREV_HASH, hashText, linkHash } from '../ledger/chain-hash.ts'
import { buildEventColumns } from '../ledger/event-columns.ts'
import type { AuditEventTable, Tables } from '../schema/tables.ts'

export interface ChainHead {
  readonly seq: number
  readonly hash: string
}

/** Facts about a chain from outside the chain. */
export interface ChainAnchors {
  /** The last removed event; the chain continues after it */
  readonly cut?: ChainHead
  /** Hashes by event number, from sealed heads */
  readonly sealed?: ReadonlyMap<number, string>
}

export interface ChainVerdict {
  readonly ok: boolean
  /** Number of valid events, from the first on. */
  readonly events: number
  readonly head: ChainHead
  readonly firstBad?: { readonly seq: number; readonly why: string }
}

type EventRow = Selectable<AuditEventTable>

const PAGE_ROWS = 500

/**
 * Reads the chain once, in order, page by page; ignores events written after the start.
 *
 * @param signal - aborts between two pages, throwing its reason
 */
export async function verifyChain(
  db: Kysely<Tables>,
  chain: string,
  { cut, sealed = new Map() }: ChainAnchors = {},
  signal?: AbortSignal,
): Promise<ChainVerdict> {
  const start: ChainHead = cut ?? { seq: 0, hash: FIRST_PREV_HASH }
  const head = (await findHead(db, chain)) ?? { seq: 0, hash: FIRST_PREV_HASH }
  let last = start
  const bad = (seq: number, why: string): ChainVerdict => ({
    ok: false,
    events: last.seq - start.seq,
    head,
    firstBad: { seq, why },
  })
  for (;;) {
    const page = await selectPage(db, { chain, after: last.seq, upTo: head.seq })
    const next = page[PAGE_ROWS]
    for (const row of page.slice(0, PAGE_ROWS)) {
      const why = findFault(last, row) ?? findSealFault(row, sealed)
      if (why !== undefined) return bad(last.seq + 1, why)
      last = { seq: row.seq, hash: row.hash }
    }
    if (next === undefined) break
    // A second event with the same number, at the start of the next page.
    if (next.seq === last.seq) return bad(last.seq + 1, `missing: the next event is number ${next.seq}`)
    // An embedded database responds synchronously, so this is where other requests get to run.
    await nextTurn()
    signal?.throwIfAborted()
  }
  const fault = findHeadFault(last, head, sealed) ?? (await findOutside(db, chain, { start, head }))
  return fault === undefined ? { ok: true, events: last.seq - start.seq, head } : bad(fault.seq, fault.why)
}

type Fault = NonNullable<ChainVerdict['firstBad']>

/** @returns why an event contradicts the sealed heads */
export function findSealFault(
  { seq, hash }: ChainHead,
  sealed: ReadonlyMap<number, string>,
): string | undefined {
  const known = sealed.get(seq)
  return known === undefined || known === hash
    ? undefined
    : 'rewritten at or before this event: a sealed checkpoint has another hash'
}

function findHeadFault(
  last: ChainHead,
  head: ChainHead,
  sealed: ReadonlyMap<number, string>,
): Fault | undefined {
  if (last.seq < head.seq)
    return { seq: last.seq + 1, why: `missing: the head of the log counts ${head.seq} events` }
  const cutOff = findCutEnd(last, sealed)
  if (cutOff !== undefined) return cutOff
  if (last.seq === head.seq && last.hash !== head.hash)
    return { seq: last.seq, why: 'its hash differs from the head of the log' }
  return undefined
}

/** @returns the first event that a sealed head counts, but that is missing after the last one */
export function findCutEnd(
  { seq }: ChainHead,
  sealed: ReadonlyMap<number, string>,
): { readonly seq: number; readonly why: string } | undefined {
  let highest = 0
  for (const counted of sealed.keys()) highest = Math.max(highest, counted)
  return seq < highest
    ? { seq: seq + 1, why: `missing: a sealed checkpoint counts ${highest} events` }
    : undefined
}

/** Finds events below the cut or beyond the head. */
async function findOutside(
  db: Kysely<Tables>,
  chain: string,
  { start, head }: { readonly start: ChainHead; readonly head: ChainHead },
): Promise<Fault | undefined> {
  const below = await db
    .selectFrom('audit_events')
    .select('seq')
    .where('chain', '=', chain)
    .where('seq', '<=', start.seq)
    .limit(1)
    .executeTakeFirst()
  if (below !== undefined) return { seq: below.seq, why: 'below the cut at which the log begins' }
  const beyond = await findBeyond(db, chain, head)
  return beyond === undefined ? undefined : { seq: beyond, why: 'beyond the head of the log' }
}

async function findHead(db: Kysely<Tables>, chain: string): Promise<ChainHead | undefined> {
  return db.selectFrom('audit_heads').select(['seq', 'hash']).where('chain', '=', chain).executeTakeFirst()
}

/** @returns a page and the first event of the next one */
async function selectPage(
  db: Kysely<Tables>,
  { chain, after, upTo }: { chain: string; after: number; upTo: number },
): Promise<EventRow[]> {
  return db
    .selectFrom('audit_events')
    .selectAll()
    .where('chain', '=', chain)
    .where('seq', '>', after)
    .where('seq', '<=', upTo)
    .orderBy('seq')
    .limit(PAGE_ROWS + 1)
    .execute()
}

/** @returns why `row` is not a valid successor of `before` */
export function findFault(before: ChainHead, row: EventRow): string | undefined {
  return findLinkFault(before, row) ?? findColumnFault(row)
}

/** Needs no database, so it also judges copies. @returns why `link` does not follow `before` */
export function findLinkFault(
  before: ChainHead,
  link: Pick<EventRow, 'chain' | 'seq' | 'prev_hash' | 'hash' | 'body'>,
): string | undefined {
  if (link.seq !== before.seq + 1) return `missing: the next event is number ${link.seq}`
  if (link.prev_hash !== before.hash) return 'it does not follow the event before it: `prev_hash` differs'
  const isLinked = (content: string) => linkHash(before.hash, link.chain, link.seq, content) === link.hash
  // Development versions linked the text itself; their logs stay valid.
  return isLinked(hashText(link.body)) || isLinked(link.body)
    ? undefined
    : 'its content was changed: `hash` differs'
}

/** The hash does not cover the columns, but lists rely on them, so compare them with the content. */
function findColumnFault(row: EventRow): string | undefined {
  const columns = buildEventColumns(parseEventText(row.body))
  for (const [name, value] of Object.entries(columns)) {
    if (row[name as keyof typeof columns] !== value) return `column \`${name}\` differs from its content`
  }
  return undefined
}

/**
 * Rows beyond the head were either added by an attacker or written since; in the latter case the head has moved as
 * well.
 */
async function findBeyond(db: Kysely<Tables>, chain: string, head: ChainHead): Promise<number | undefined> {
  const row = await db
    .selectFrom('audit_events')
    .select(({ fn }) => fn.max('seq').as('seq'))
    .where('chain', '=', chain)
    .executeTakeFirst()
  if (row === undefined || row.seq === null || row.seq <= head.seq) return undefined
  const now = await findHead(db, chain)
  return now !== undefined && now.seq >= row.seq ? undefined : head.seq + 1
}
