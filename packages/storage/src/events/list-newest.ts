// The newest complete events of one type.
import type { EpochMs } from '@crosswalk/protocol'
import { sql } from 'kysely'

import type { Database } from '../schema/tables.ts'
import { RECORDED_COLUMNS } from './recorded-event.ts'

export interface NewestQuery {
  readonly type: string
  /** Inclusive */
  readonly since: EpochMs
  /** Exclusive */
  readonly until: EpochMs
  /** Filters by app or by connection, not both */
  readonly app?: string | undefined
  readonly connection?: string | undefined
  /** Maximum number of events */
  readonly most: number
}

/** @returns rows of events, newest first */
export function listNewest(
  { db, traits }: Database,
  { type, since, until, app, connection, most }: NewestQuery,
) {
  // The index of an app or a connection selects fewer rows than that of a type.
  const ofType = app === undefined && connection === undefined ? sql.ref('type') : traits.unsearched('type')
  return db
    .selectFrom('audit_events')
    .select([...RECORDED_COLUMNS, 'connection', 'app', 'user_ref', 'time_ms', 'decision_id'])
    .where(sql<boolean>`${ofType} = ${type}`)
    .where('time_ms', '>=', since)
    .where('time_ms', '<', until)
    .$if(app !== undefined, (query) => query.where('app', '=', app ?? ''))
    .$if(connection !== undefined, (query) => query.where('connection', '=', connection ?? ''))
    .orderBy('time_ms', 'desc')
    .orderBy('position', 'desc')
    .limit(most)
    .execute()
}
