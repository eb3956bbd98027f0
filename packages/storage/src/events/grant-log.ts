// The ID-JAGs in the log of the IdP, by chain and number and by time; input for policies that limit grants per hour.
import type { GrantLog } from '@crosswalk/idp'
import type { EpochMs } from '@crosswalk/protocol'
import { sql, type Kysely, type RawBuilder } from 'kysely'

import type { AuditHeadTable, Database, Tables } from '../schema/tables.ts'

const LOG = 'idp'
const GRANTED = 'idjag.issued'
/** Events of a chain per page. */
const PAGE_EVENTS = 5_000

export function createGrantLog({ db, traits }: Database): GrantLog {
  const isRecent = (since: EpochMs) => sql<boolean>`${traits.unsearched('time_ms')} >= ${since}`
  return {
    async findStart(since) {
      // Read the heads before the events, so that events written at the same time are not skipped.
      const heads = await readHeads(db)
      const firsts = await findFirsts({ db, traits }, since)
      return new Map(heads.map(({ chain, seq }) => [chain, (firsts.get(chain) ?? seq + 1) - 1]))
    },
    async readAfter(cursor, since) {
      // Before the events, as above.
      const chains = await readHeads(db)
      const pages = await Promise.all(
        chains.map((head) =>
          readChain(db, { ...head, after: cursor.get(head.chain) ?? 0, isRecent: isRecent(since) }),
        ),
      )
      return {
        grants: pages.flatMap(({ grants }) => grants),
        reached: new Map(pages.map(({ chain, reached }) => [chain, reached])),
        more: pages.some(({ more }) => more),
      }
    },
    async count({ app, user, since, until }) {
      const { total } = await db
        .selectFrom('audit_events')
        .select(sql<number>`count(*)`.as('total'))
        .where('user_ref', '=', user)
        // Hidden from the planner: the index of a user selects the fewest rows.
        .where(sql<boolean>`${traits.unsearched('app')} = ${app}`)
        .where(sql<boolean>`${traits.unsearched('type')} = ${GRANTED}`)
        .where('time_ms', '>', since)
        .where('time_ms', '<=', until)
        .executeTakeFirstOrThrow()
      return Number(total)
    },
    async countEach({ app, user, since, until }) {
      const rows = await db
        .selectFrom('audit_events')
        .select(['app', 'user_ref', sql<number>`count(*)`.as('total')])
        .where('type', '=', GRANTED)
        .where('time_ms', '>', since)
        .where('time_ms', '<=', until)
        .$if(app !== undefined, (query) => query.where('app', '=', app ?? ''))
        .$if(user !== undefined, (query) => query.where('user_ref', '=', user ?? ''))
        .groupBy(['app', 'user_ref'])
        .execute()
      return rows.map((row) => ({ app: row.app ?? '', user: row.user_ref ?? '', count: Number(row.total) }))
    },
  }
}

type ChainHead = Pick<AuditHeadTable, 'chain' | 'seq'>

function readHeads(db: Kysely<Tables>): Promise<readonly ChainHead[]> {
  return db.selectFrom('audit_heads').select(['chain', 'seq']).where('log', '=', LOG).execute()
}

/** @returns the number of the first grant since the given time, by chain; later events may have earlier times */
async function findFirsts({ db, traits }: Database, since: EpochMs): Promise<ReadonlyMap<string, number>> {
  // The lowest number, not the earliest time: a clock that was set back gave later events earlier times. Written so that
  // both planners search by time: by chain, the search would read every earlier event.
  const rows = await db
    .selectFrom('audit_events')
    .select(['chain', sql<number>`min(seq + 0)`.as('first')])
    .where(sql<boolean>`${traits.unsearched('log')} = ${LOG}`)
    .where('type', '=', GRANTED)
    .where('time_ms', '>=', since)
    .groupBy(traits.unsearched('chain'))
    .execute()
  return new Map(rows.map(({ chain, first }) => [chain, Number(first)]))
}

interface ChainPage extends ChainHead {
  readonly after: number
  readonly isRecent: RawBuilder<boolean>
}

async function readChain(db: Kysely<Tables>, { chain, seq: end, after, isRecent }: ChainPage) {
  const reached = Math.max(after, Math.min(end, after + PAGE_EVENTS))
  if (reached === after) return { chain, grants: [], reached, more: false }
  const rows = await db
    .selectFrom('audit_events')
    .select(['app', 'user_ref', 'time_ms'])
    .where('chain', '=', chain)
    .where('seq', '>', after)
    .where('seq', '<=', reached)
    .where('type', '=', GRANTED)
    .where(isRecent)
    .orderBy('seq')
    .execute()
  const grants = rows.map(({ app, user_ref: user, time_ms: time }) => ({
    app: app ?? '',
    user: user ?? '',
    time,
  }))
  return { chain, grants, reached, more: reached < end }
}
