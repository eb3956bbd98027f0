// How connections are used, by their events: when last, how often, for how many users, and with which scopes.
import type { EpochMs } from '@crosswalk/protocol'
import { sql } from 'kysely'

import type { Engine } from '../dialects/dialect.ts'
import type { DialectTraits } from '../schema/database.ts'
import { parseRecordedEvent, RECORDED_COLUMNS } from './recorded-event.ts'

export interface ConnectionUse {
  /** Of the last ID-JAG; undefined: none is in the log */
  readonly lastUsedAt: EpochMs | undefined
  /** ID-JAGs since the moment asked for */
  readonly uses: number
  /** How many different users these were for */
  readonly people: number
}

/** ID-JAGs for one user, as far as the log goes back */
export interface PersonalUse {
  readonly firstUsedAt: EpochMs
  readonly lastUsedAt: EpochMs
  readonly uses: number
}

export interface UsedScopes {
  /** Granted by the newest of these, sorted */
  readonly scopes: readonly string[]
  /** How many ID-JAGs were looked at */
  readonly examined: number
}

export interface ConnectionUses {
  /** @param since - from when on uses are counted */
  read(connections: readonly string[], since: EpochMs): Promise<ReadonlyMap<string, ConnectionUse>>
  /** @returns by connection, how it was used for one user; unused connections are left out */
  readForUser(user: string): Promise<ReadonlyMap<string, PersonalUse>>
  /** Looks at the newest `most` ID-JAGs since a moment. */
  readScopes(query: {
    readonly connection: string
    readonly since: EpochMs
    readonly most: number
  }): Promise<UsedScopes>
}

type Database = Pick<Engine, 'db' | 'traits'>

/** Compared with only: the index of one connection or one user leaves far less than that of a type. */
const isGrant = (traits: DialectTraits) => sql<boolean>`${traits.unsearched('type')} = 'idjag.issued'`

export function createConnectionUses(database: Database): ConnectionUses {
  const { db, traits } = database
  return {
    async read(connections, since) {
      const uses = new Map<string, ConnectionUse>()
      for (const connection of connections) uses.set(connection, await readUse(database, connection, since))
      return uses
    },
    async readForUser(user) {
      const rows = await db
        .selectFrom('audit_events')
        .select([
          'connection',
          sql<number>`min(time_ms)`.as('first'),
          sql<number>`max(time_ms)`.as('last'),
          sql<number>`count(*)`.as('uses'),
        ])
        .where('user_ref', '=', user)
        .where(isGrant(traits))
        .groupBy('connection')
        .execute()
      return new Map(
        rows.flatMap(({ connection, first, last, uses }) =>
          connection === null
            ? []
            : [[connection, { firstUsedAt: Number(first), lastUsedAt: Number(last), uses: Number(uses) }]],
        ),
      )
    },
    async readScopes({ connection, since, most }) {
      const rows = await db
        .selectFrom('audit_events')
        .select(RECORDED_COLUMNS)
        .where('connection', '=', connection)
        .where(isGrant(traits))
        .where('time_ms', '>=', since)
        .orderBy('time_ms', 'desc')
        .orderBy('position', 'desc')
        .limit(most)
        .execute()
      const granted = rows.flatMap((row) => parseRecordedEvent(row).event.action?.scopes_granted ?? [])
      return { scopes: [...new Set(granted)].sort(), examined: rows.length }
    },
  }
}

async function readUse({ db, traits }: Database, connection: string, since: EpochMs): Promise<ConnectionUse> {
  const last = await db
    .selectFrom('audit_events')
    .select('time_ms')
    .where('connection', '=', connection)
    .where(isGrant(traits))
    .orderBy('time_ms', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (last === undefined || last.time_ms < since) return { lastUsedAt: last?.time_ms, uses: 0, people: 0 }
  const { uses, people } = await db
    .selectFrom('audit_events')
    .select([sql<number>`count(*)`.as('uses'), sql<number>`count(distinct user_ref)`.as('people')])
    .where('connection', '=', connection)
    .where(isGrant(traits))
    .where('time_ms', '>=', since)
    .executeTakeFirstOrThrow()
  return { lastUsedAt: last.time_ms, uses: Number(uses), people: Number(people) }
}
