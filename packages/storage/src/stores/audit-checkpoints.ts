// Signed heads of the chains, and the cuts that remove old events. Other code verifies statements and signatures; this
// store keeps them next to the events, and performs a cut and stores its statement in one transaction.
import type { EpochMs } from '@crosswalk/protocol'
import { sql, type Kysely, type Selectable, type Transaction } from 'kysely'

import type { EventPeriod } from '../dialects/dialect.ts'
import { type ChainHead, findFault } from '../events/verify-chain.ts'
import { FIRST_PREV_HASH } from '../ledger/chain-hash.ts'
import type { AuditCheckpointTable, Tables } from '../schema/tables.ts'
import { findRow } from './object-reader.ts'
import type { StoredObject } from './object-store.ts'
import { lockRevision } from './revision.ts'

export interface Checkpoint {
  readonly log: string
  readonly chain: string
  readonly seq: number
  readonly hash: string
  /** `cut`: everything up to and including this event was removed */
  readonly kind: 'head' | 'cut'
  readonly time: EpochMs
  /** The same, as a signed statement */
  readonly statement: string
}

/** Names an object of the object store. */
export type ObjectName = Pick<StoredObject, 'collection' | 'id'>

/** The oldest events of a chain, up to and including this one. */
export interface OldEvents {
  readonly seq: number
  readonly hash: string
  readonly count: number
  /** Whether the events form an unchanged sequence; anything else is evidence and must not be removed */
  readonly sound: boolean
}

/** Changes are durable when their promise resolves. */
export interface AuditCheckpoints {
  /** @returns false if this position already has one */
  add(checkpoint: Checkpoint): Promise<boolean>
  /** By chain, oldest first; for one log, or for all. */
  list(log?: string): Promise<readonly Checkpoint[]>
  /** Keeps only the last of each hour of the heads older than `before`. */
  thin(chain: string, before: EpochMs): Promise<void>
  /**
   * Reads the first events of a chain, which must follow the last cut, or those after a given one.
   * @returns those that are older than `before`; undefined if the first one is not
   */
  findOld(query: {
    readonly chain: string
    readonly before: EpochMs
    readonly after?: ChainHead
    /** The last event number to consider */
    readonly upTo: number
    readonly limit: number
  }): Promise<OldEvents | undefined>
  /**
   * Removes the events of a chain up to a cut and the checkpoints before it. Atomic.
   *
   * @param hold - forbids it while it exists
   * @returns false if it does
   */
  cut(checkpoint: Checkpoint, hold?: ObjectName): Promise<boolean>
}

export function createAuditCheckpoints(db: Kysely<Tables>): AuditCheckpoints {
  return {
    add: (checkpoint) => insertCheckpoint(db, checkpoint),
    async list(log) {
      const rows = await db
        .selectFrom('audit_checkpoints')
        .selectAll()
        .$if(log !== undefined, (query) => query.where('log', '=', log ?? ''))
        .orderBy('log')
        .orderBy(sql`length(chain)`)
        .orderBy('chain')
        .orderBy('seq')
        .orderBy('kind')
        .execute()
      return rows.map(parseRow)
    },
    async thin(chain, before) {
      await sql`delete from audit_checkpoints where kind = 'head' and chain = ${chain} and time_ms < ${before}
        and seq not in (select max(seq) from audit_checkpoints where kind = 'head' and chain = ${chain}
          group by time_ms / 3600000)`.execute(db)
    },
    findOld: (query) => findOld(db, query),
    cut: (checkpoint, hold) =>
      db.transaction().execute(async (transaction) => {
        if (await isHeld(transaction, hold)) return false
        await cutChain(transaction, checkpoint)
        return true
      }),
  }
}

async function insertCheckpoint(
  db: Kysely<Tables>,
  { log, chain, seq, hash, kind, time, statement }: Checkpoint,
): Promise<boolean> {
  const { numInsertedOrUpdatedRows = 0n } = await db
    .insertInto('audit_checkpoints')
    .values({ log, chain, seq, hash, kind, time_ms: time, statement })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows > 0n
}

function parseRow({
  log,
  chain,
  seq,
  hash,
  kind,
  time_ms: time,
  statement,
}: Selectable<AuditCheckpointTable>): Checkpoint {
  return { log, chain, seq, hash, kind: kind === 'cut' ? 'cut' : 'head', time, statement }
}

async function findOld(
  db: Kysely<Tables>,
  { chain, before, after, upTo, limit }: Parameters<AuditCheckpoints['findOld']>[0],
): Promise<OldEvents | undefined> {
  const rows = await db
    .selectFrom('audit_events')
    .selectAll()
    .where('chain', '=', chain)
    .$if(after !== undefined, (query) => query.where('seq', '>', after?.seq ?? 0))
    .where('seq', '<=', upTo)
    .orderBy('seq')
    .limit(limit + 1)
    .execute()
  const young = rows.findIndex(({ time_ms: time }) => time >= before)
  const old = rows.slice(0, Math.min(limit, young === -1 ? limit : young))
  const last = old.at(-1)
  if (last === undefined) return undefined
  const base = after ?? (await findBase(db, chain))
  const sound = old.every((row, index) => findFault(old[index - 1] ?? base, row) === undefined)
  // A second event with the last number would be removed as well.
  const single = rows[old.length]?.seq !== last.seq
  return { seq: last.seq, hash: last.hash, count: old.length, sound: sound && single }
}

/** The event that the first one of a chain must follow: if others are missing between them, a cut would hide that. */
async function findBase(db: Kysely<Tables>, chain: string): Promise<ChainHead> {
  const cut = await db
    .selectFrom('audit_checkpoints')
    .select(['seq', 'hash'])
    .where('chain', '=', chain)
    .where('kind', '=', 'cut')
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  return cut ?? { seq: 0, hash: FIRST_PREV_HASH }
}

/** Whether the object exists, if one is named; if not, it cannot be stored until the transaction ends. */
export async function isHeld(
  transaction: Transaction<Tables>,
  hold: ObjectName | undefined,
): Promise<boolean> {
  if (hold === undefined) return false
  await lockRevision(transaction)
  return (await findRow(transaction, hold.collection, hold.id)) !== undefined
}

/** @param dropped - a period whose events need no deletion, because its partition is dropped */
export async function cutChain(
  transaction: Transaction<Tables>,
  checkpoint: Checkpoint,
  dropped?: EventPeriod,
): Promise<void> {
  const { chain, seq } = checkpoint
  await transaction
    .deleteFrom('audit_events')
    .where('chain', '=', chain)
    .where('seq', '<=', seq)
    .$if(dropped !== undefined, (query) =>
      query.where(sql<boolean>`(time_ms < ${dropped?.from} or time_ms >= ${dropped?.to})`),
    )
    .execute()
  await transaction
    .deleteFrom('audit_checkpoints')
    .where('chain', '=', chain)
    .where('seq', '<', seq)
    .execute()
  await insertCheckpoint(transaction, checkpoint)
}
