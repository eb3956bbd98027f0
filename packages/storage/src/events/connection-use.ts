// The use of connections according to their events: time of the last use, number of uses and users, and scopes.
import { chunk, type EpochMs } from '@crosswalk/protocol'
import { sql } from 'kysely'

import type { Database } from '../schema/tables.ts'
import type { DialectTraits } from '../schema/traits.ts'
import { createLastUses } from './last-use.ts'
import { parseRecordedEvent, RECORDED_COLUMNS } from './recorded-event.ts'

export interface ConnectionUse {
  /** Time of the last ID-JAG; undefined if the log has none */
  readonly lastUsedAt: EpochMs | undefined
  /** Number of ID-JAGs since the given time */
  readonly uses: number
  /** Number of distinct users */
  readonly people: number
}

/** ID-JAGs for one user within the retained log */
export interface PersonalUse {
  readonly firstUsedAt: EpochMs
  readonly lastUsedAt: EpochMs
  readonly uses: number
}

export interface UsedScopes {
  /** Granted by the newest ID-JAGs, sorted */
  readonly scopes: readonly string[]
  /** Number of ID-JAGs examined */
  readonly examined: number
}

export interface ConnectionUses {
  /** @param since - uses are counted from this time on */
  read(connections: readonly string[], since: EpochMs): Promise<ReadonlyMap<string, ConnectionUse>>
  /** @returns the use for one user, by connection; unused connections are omitted */
  readForUser(user: string): Promise<ReadonlyMap<string, PersonalUse>>
  /** Examines the newest `most` ID-JAGs since a given time. */
  readScopes(query: {
    readonly connection: string
    readonly since: EpochMs
    readonly most: number
  }): Promise<UsedScopes>
}

/** PostgreSQL takes longer to plan a query over all months than to look up a connection. */
const CONNECTIONS_AT_ONCE = 200

/** Hidden from the planner: the index of a connection or a user selects far fewer rows than that of a type. */
const isGrant = (traits: DialectTraits) => sql<boolean>`${traits.unsearched('type')} = 'idjag.issued'`

export function createConnectionUses(database: Database): ConnectionUses {
  const { db, traits } = database
  return {
    async read(connections, since) {
      const uses = new Map<string, ConnectionUse>()
      for (const some of chunk(connections, CONNECTIONS_AT_ONCE))
        for (const [id, use] of await readUses(database, some, since)) uses.set(id, use)
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

async function readUses(
  database: Database,
  connections: readonly string[],
  since: EpochMs,
): Promise<ReadonlyMap<string, ConnectionUse>> {
  const lastUses = await createLastUses(database).readGranted('connection', connections)
  const used = [...lastUses].flatMap(([id, lastUsedAt = -Infinity]) => (lastUsedAt >= since ? [id] : []))
  const counts = await countUses(database, used, since)
  return new Map(
    [...lastUses].map(([id, lastUsedAt]) => [
      id,
      { lastUsedAt, ...(counts.get(id) ?? { uses: 0, people: 0 }) },
    ]),
  )
}

async function countUses(
  { db, traits }: Database,
  connections: readonly string[],
  since: EpochMs,
): Promise<ReadonlyMap<string, Pick<ConnectionUse, 'uses' | 'people'>>> {
  if (connections.length === 0) return new Map()
  const rows = await db
    .selectFrom('audit_events')
    .select([
      'connection',
      sql<number>`count(*)`.as('uses'),
      sql<number>`count(distinct user_ref)`.as('people'),
    ])
    .where('connection', 'in', connections)
    .where(isGrant(traits))
    .where('time_ms', '>=', since)
    .groupBy('connection')
    .execute()
  return new Map(
    rows.map(({ connection, uses, people }) => [
      connection ?? '',
      { uses: Number(uses), people: Number(people) },
    ]),
  )
}
