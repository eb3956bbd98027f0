// Lists of events, newest first. Each filter has an index in the order of the list, so that a page costs only the rows
// it shows, whatever the number of events.
import { dropUndefined } from '@crosswalk/protocol'
import { sql, type Expression, type Kysely, type SqlBool } from 'kysely'

import type { DialectTraits } from '../schema/traits.ts'
import type { Database, Tables } from '../schema/tables.ts'
import { parseCursor, renderCursor, type Place } from './cursor.ts'
import { parseRecordedEvent, RECORDED_COLUMNS, type RecordedEvent } from './recorded-event.ts'

/** All given members must match. */
export interface EventQuery {
  readonly log?: string
  readonly types?: readonly string[]
  readonly outcome?: string
  /** Any of these codes. */
  readonly codes?: readonly string[]
  readonly app?: string
  readonly resourceApp?: string
  readonly connection?: string
  readonly user?: string
  /** Of any of these apps, or over any of these connections; each is one query. */
  readonly anyOf?: { readonly apps: readonly string[]; readonly connections: readonly string[] }
  /** Start, inclusive, in epoch milliseconds. */
  readonly since?: number
  /** End, exclusive, in epoch milliseconds. */
  readonly until?: number
  /** Page size, at least 1. */
  readonly limit: number
  readonly cursor?: string
}

export interface EventPage {
  readonly items: readonly RecordedEvent[]
  /** The cursor of the next page; undefined on the last. */
  readonly next: string | undefined
}

/** Filters in order of selectivity, most selective first; the query uses the index of the first one given. */
const NARROWEST = {
  user: 'user_ref',
  connection: 'connection',
  app: 'app',
  resourceApp: 'resource_app',
  codes: 'code',
  outcome: 'outcome',
} as const
const MEMBERS = Object.keys(NARROWEST) as readonly (keyof typeof NARROWEST)[]
const BEFORE_CODES = ['user', 'connection', 'app', 'resourceApp'] as const satisfies typeof MEMBERS

/** Throws `InvalidCursorError`, and a `RangeError` for a limit below 1. */
export async function listEvents({ db, traits }: Database, query: EventQuery): Promise<EventPage> {
  if (!Number.isInteger(query.limit) || query.limit < 1) throw new RangeError('`limit` must be at least 1')
  const after = query.cursor === undefined ? undefined : parseCursor(query.cursor)
  const found = await Promise.all(
    splitQuery(query).map((one) => selectPlaces(db, buildConditions(traits, one, after), query.limit)),
  )
  const different = new Map(found.flat().map((place) => [place.position, place]))
  const places = [...different.values()].sort((a, b) => b.timeMs - a.timeMs || b.position - a.position)
  const page = places.slice(0, query.limit)
  const last = page.at(-1)
  const more = places.length > query.limit && last !== undefined
  return { items: await readEvents({ db, traits }, page), next: more ? renderCursor(last) : undefined }
}

/** One query for each value whose index is in the order of the list; the results are merged. */
function splitQuery({ anyOf, ...query }: EventQuery): readonly EventQuery[] {
  if (anyOf === undefined) return splitValues(query)
  const { app: onlyApp, connection: onlyConnection } = query
  return [
    ...anyOf.apps.filter((app) => app === (onlyApp ?? app)).map((app) => ({ ...query, app })),
    ...anyOf.connections
      .filter((connection) => connection === (onlyConnection ?? connection))
      .map((connection) => ({ ...query, connection })),
  ].flatMap(splitValues)
}

/**
 * A code or type has its own query if no other filter is more selective. Otherwise it is only compared: searching for a
 * type that never occurs would read all rows of that filter.
 */
function splitValues({ codes, types, ...query }: EventQuery): readonly EventQuery[] {
  const different = dropUndefined({ codes: distinct(codes), types: distinct(types) })
  // An empty list matches nothing.
  if (different.codes?.length === 0 || different.types?.length === 0) return []
  const whole = { ...query, ...different }
  if (BEFORE_CODES.some((member) => query[member] !== undefined)) return [whole]
  if (different.codes !== undefined) return different.codes.map((code) => ({ ...whole, codes: [code] }))
  if (different.types === undefined || query.outcome !== undefined) return [whole]
  return different.types.map((type) => ({ ...whole, types: [type] }))
}

function distinct(values: readonly string[] | undefined): readonly string[] | undefined {
  return values === undefined ? undefined : [...new Set(values)]
}

/** Uses the index only; just the events on the page are read in full. */
function selectPlaces(
  db: Kysely<Tables>,
  conditions: readonly Expression<SqlBool>[],
  limit: number,
): Promise<Place[]> {
  return db
    .selectFrom('audit_events')
    .select(['time_ms as timeMs', 'position'])
    .where((builder) => builder.and(conditions))
    .orderBy('time_ms', 'desc')
    .orderBy('position', 'desc')
    .limit(limit + 1)
    .execute()
}

/** @param places - newest first */
async function readEvents(
  { db, traits }: Database,
  places: readonly Place[],
): Promise<readonly RecordedEvent[]> {
  const [newest, oldest] = [places[0], places.at(-1)]
  if (newest === undefined || oldest === undefined) return []
  const positions = places.map(({ position }) => position)
  const rows = await db
    .selectFrom('audit_events')
    .select(RECORDED_COLUMNS)
    .select('position')
    .where('position', 'in', positions)
    // If events are partitioned by time, this limits the search to the necessary partitions.
    .where(sql<SqlBool>`${traits.unsearched('time_ms')} between ${oldest.timeMs} and ${newest.timeMs}`)
    .execute()
  const byPosition = new Map(rows.map((row) => [row.position, row]))
  return positions.flatMap((position) => {
    const row = byPosition.get(position)
    return row === undefined ? [] : [parseRecordedEvent(row)]
  })
}

function buildConditions(
  traits: DialectTraits,
  { types, log, since, until, ...query }: EventQuery,
  after: Place | undefined,
): readonly Expression<SqlBool>[] {
  const conditions: Expression<SqlBool>[] = []
  const compare = (column: string) => (conditions.length === 0 ? sql.ref(column) : traits.unsearched(column))
  for (const member of MEMBERS) {
    const value = query[member]
    if (value !== undefined) conditions.push(isAnyOf(compare(NARROWEST[member]), value))
  }
  if (types !== undefined) conditions.push(isAnyOf(compare('type'), types))
  if (log !== undefined) conditions.push(sql<SqlBool>`${compare('log')} = ${log}`)
  if (since !== undefined) conditions.push(sql<SqlBool>`time_ms >= ${since}`)
  if (until !== undefined) conditions.push(sql<SqlBool>`time_ms < ${until}`)
  if (after !== undefined)
    conditions.push(sql<SqlBool>`(time_ms, position) < (${after.timeMs}, ${after.position})`)
  return conditions
}

function isAnyOf(column: Expression<unknown>, values: string | readonly string[]): Expression<SqlBool> {
  const list = typeof values === 'string' ? [values] : values
  return list.length === 1
    ? sql<SqlBool>`${column} = ${list[0]}`
    : sql<SqlBool>`${column} in (${sql.join([...list])})`
}
