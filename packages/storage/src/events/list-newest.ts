// The newest events of one type, whole.
import type { EpochMs } from '@crosswalk/protocol'
import { sql } from 'kysely'

import type { Engine } from '../dialects/dialect.ts'
import { RECORDED_COLUMNS } from './recorded-event.ts'

export interface NewestQuery {
  readonly type: string
  /** Included */
  readonly since: EpochMs
  /** Not included */
  readonly until: EpochMs
  /** Of one app or one connection alone: at most one of the two */
  readonly app?: string | undefined
  readonly connection?: string | undefined
  /** How many are looked at */
  readonly most: number
}

/** @returns rows of events, newest first */
export function listNewest(
  { db, traits }: Pick<Engine, 'db' | 'traits'>,
  { type, since, until, app, connection, most }: NewestQuery,
) {
  // With an app or a connection given, its index leaves fewer rows.
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
