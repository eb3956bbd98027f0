// The ID-JAGs in the log of the IdP, by number and by time: input of policies that limit grants per hour.
import type { GrantLog } from '@crosswalk/idp'
import { sql, type Kysely } from 'kysely'

import type { Engine } from '../dialects/dialect.ts'
import type { Tables } from '../schema/tables.ts'

const LOG = 'idp'
const GRANTED = 'idjag.issued'
/** Numbers of the log in one reading. */
const PAGE_EVENTS = 5_000

export function createGrantLog({ db, traits }: Pick<Engine, 'db' | 'traits'>): GrantLog {
  return {
    async findStart(since) {
      const first = await db
        .selectFrom('audit_events')
        .select('seq')
        .where('log', '=', LOG)
        .where('time_ms', '>=', since)
        .orderBy('time_ms')
        .orderBy('position')
        .limit(1)
        .executeTakeFirst()
      return first === undefined ? findHead(db) : first.seq - 1
    },
    async readAfter(seq) {
      // Read before the events, so that events written meanwhile are not skipped.
      const head = await findHead(db)
      const reached = Math.max(seq, Math.min(head, seq + PAGE_EVENTS))
      const rows = await db
        .selectFrom('audit_events')
        .select(['app', 'user_ref', 'time_ms'])
        .where('log', '=', LOG)
        .where('seq', '>', seq)
        .where('seq', '<=', reached)
        .where('type', '=', GRANTED)
        .orderBy('seq')
        .execute()
      return {
        grants: rows.map(({ app, user_ref: user, time_ms: time }) => ({
          app: app ?? '',
          user: user ?? '',
          time,
        })),
        reached,
        more: reached < head,
      }
    },
    async count({ app, user, since, until }) {
      const { total } = await db
        .selectFrom('audit_events')
        .select(sql<number>`count(*)`.as('total'))
        .where('user_ref', '=', user)
        // Compared with only: the index of one user leaves the least.
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

async function findHead(db: Kysely<Tables>): Promise<number> {
  const head = await db.selectFrom('audit_heads').select('seq').where('log', '=', LOG).executeTakeFirst()
  return head?.seq ?? 0
}
