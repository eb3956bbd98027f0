// Activity of apps in a period, counted by the database; input for recommendations. Judges nothing.
import type { EpochMs } from '@crosswalk/protocol'
import { sql } from 'kysely'

import type { Database } from '../schema/tables.ts'
import { listNewest } from './list-newest.ts'
import { parseRecordedEvent } from './recorded-event.ts'

export interface Period {
  /** Inclusive */
  readonly since: EpochMs
  /** Exclusive */
  readonly until: EpochMs
}

export interface AppActivity {
  readonly app: string
  readonly count: number
  /** Number of distinct users */
  readonly people: number
  /** First and last event in the period */
  readonly firstAt: EpochMs
  readonly lastAt: EpochMs
}

export interface GrantedScopes {
  readonly connection: string
  readonly app: string
  readonly scopes: readonly string[]
  readonly at: EpochMs
  readonly decisionId: string | undefined
}

export interface Activity {
  /** Time of the oldest retained event */
  firstEventAt(): Promise<EpochMs | undefined>
  /** Exchanges in a period that were granted or denied, by app; apps without any are omitted. */
  countByApp(type: 'idjag.issued' | 'idjag.denied', period: Period): Promise<readonly AppActivity[]>
  /** ID-JAGs with their scopes, newest first. @param most - maximum number */
  listGranted(
    query: Period & { readonly connection?: string; readonly most: number },
  ): Promise<readonly GrantedScopes[]>
}

export function createActivity({ db, traits }: Database): Activity {
  return {
    async firstEventAt() {
      const query = db.selectFrom('audit_events').select('time_ms').orderBy('time_ms').limit(1)
      return (await query.executeTakeFirst())?.time_ms
    },
    async countByApp(type, period) {
      const rows = await db
        .selectFrom('audit_events')
        .select([
          'app',
          sql<number>`count(*)`.as('count'),
          sql<number>`count(distinct user_ref)`.as('people'),
          sql<number>`min(time_ms)`.as('first'),
          sql<number>`max(time_ms)`.as('last'),
        ])
        .where('type', '=', type)
        .where('time_ms', '>=', period.since)
        .where('time_ms', '<', period.until)
        .where('app', 'is not', null)
        .groupBy('app')
        .execute()
      return rows.map(({ app, count, people, first, last }) => ({
        app: app ?? '',
        count: Number(count),
        people: Number(people),
        firstAt: Number(first),
        lastAt: Number(last),
      }))
    },
    async listGranted({ since, until, connection, most }) {
      const rows = await listNewest({ db, traits }, { type: 'idjag.issued', since, until, connection, most })
      return rows.map(({ connection: over, app, time_ms: at, decision_id: decisionId, ...row }) => ({
        connection: over ?? '',
        app: app ?? '',
        scopes: parseRecordedEvent(row).event.action?.scopes_granted ?? [],
        at,
        decisionId: decisionId ?? undefined,
      }))
    },
  }
}
