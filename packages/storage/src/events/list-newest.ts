// The newest events of one type with their whole text, for readers who look at them one by one.
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

const TYPE = 'event_catalogue.type'

/** @returns rows of events and of their catalogue, newest first; the caller had the catalogue catch up */
export function listNewest(
  { db, traits }: Pick<Engine, 'db' | 'traits'>,
  { type, since, until, app, connection, most }: NewestQuery,
) {
  // Whoever names an app or a connection is better served by the index of that.
  const ofType = app === undefined && connection === undefined ? sql.ref(TYPE) : traits.unsearched(TYPE)
  return db
    .selectFrom('event_catalogue')
    .innerJoin('audit_events', 'audit_events.position', 'event_catalogue.position')
    .select([
      ...RECORDED_COLUMNS,
      'event_catalogue.connection',
      'event_catalogue.app',
      'event_catalogue.user_ref',
      'event_catalogue.time_ms',
      'event_catalogue.decision_id',
    ])
    .where(sql<boolean>`${ofType} = ${type}`)
    .where('event_catalogue.time_ms', '>=', since)
    .where('event_catalogue.time_ms', '<', until)
    .$if(app !== undefined, (query) => query.where('event_catalogue.app', '=', app ?? ''))
    .$if(connection !== undefined, (query) =>
      query.where('event_catalogue.connection', '=', connection ?? ''),
    )
    .orderBy('event_catalogue.time_ms', 'desc')
    .orderBy('event_catalogue.position', 'desc')
    .limit(most)
    .execute()
}
