// Lists of events, newest first. Each filter has its index in the order of the list, so that a page costs the
// rows it shows, however many there are.
import { sql, type Expression, type Kysely, type SqlBool } from 'kysely'

import type { DialectTraits, Engine } from '../dialects/dialect.ts'
import type { Tables } from '../schema/tables.ts'
import { parseCursor, renderCursor, type Place } from './cursor.ts'
import { parseRecordedEvent, RECORDED_COLUMNS, type RecordedEvent } from './recorded-event.ts'

/** Every member given must match. */
export interface EventQuery {
  readonly log?: string
  readonly types?: readonly string[]
  readonly outcome?: string
  readonly code?: string
  readonly app?: string
  readonly resourceApp?: string
  readonly connection?: string
  readonly user?: string
  /** Earliest moment, included, in epoch milliseconds. */
  readonly since?: number
  /** First moment after, not included, in epoch milliseconds. */
  readonly until?: number
  /** Rows of the page, at least 1. */
  readonly limit: number
  readonly cursor?: string
}

export interface EventPage {
  readonly items: readonly RecordedEvent[]
  /** The cursor of the next page, undefined on the last. */
  readonly next: string | undefined
}

type Database = Pick<Engine, 'db' | 'traits'>

/** From the filter that leaves the fewest rows to the one that leaves the most: the first one given is searched by. */
const COLUMNS = {
  user: 'user_ref',
  connection: 'connection',
  app: 'app',
  resourceApp: 'resource_app',
  code: 'code',
  outcome: 'outcome',
  types: 'type',
  log: 'log',
} as const

/** Throws `InvalidCursorError`, and a `RangeError` for a limit below 1. */
export async function listEvents({ db, traits }: Database, query: EventQuery): Promise<EventPage> {
  if (!Number.isInteger(query.limit) || query.limit < 1) throw new RangeError('`limit` must be at least 1')
  const after = query.cursor === undefined ? undefined : parseCursor(query.cursor)
  const types: readonly (string | undefined)[] =
    query.types === undefined ? [undefined] : [...new Set(query.types)]
  // One page per type, merged: the index on `type` is in order for one type, not for several.
  const pages = await Promise.all(
    types.map((type) =>
      selectPage(db, buildConditions(traits, { ...query, types: type }, after), query.limit),
    ),
  )
  const rows = pages.flat().sort((a, b) => b.time_ms - a.time_ms || b.position - a.position)
  const page = rows.slice(0, query.limit)
  const last = page.at(-1)
  const more = rows.length > query.limit && last !== undefined
  return {
    items: page.map(parseRecordedEvent),
    next: more ? renderCursor({ timeMs: last.time_ms, position: last.position }) : undefined,
  }
}

function selectPage(db: Kysely<Tables>, conditions: readonly Expression<SqlBool>[], limit: number) {
  return db
    .selectFrom('event_catalogue')
    .innerJoin('audit_events', 'audit_events.position', 'event_catalogue.position')
    .select(RECORDED_COLUMNS)
    .select(['event_catalogue.time_ms', 'event_catalogue.position'])
    .where((builder) => builder.and(conditions))
    .orderBy('event_catalogue.time_ms', 'desc')
    .orderBy('event_catalogue.position', 'desc')
    .limit(limit + 1)
    .execute()
}

/** A query for one type at most. */
interface TypedQuery extends Omit<EventQuery, 'types'> {
  readonly types: string | undefined
}

function buildConditions(
  traits: DialectTraits,
  query: TypedQuery,
  after: Place | undefined,
): readonly Expression<SqlBool>[] {
  const conditions: Expression<SqlBool>[] = []
  for (const [member, column] of Object.entries(COLUMNS) as [keyof typeof COLUMNS, string][]) {
    const value = query[member]
    if (value === undefined) continue
    const name = `event_catalogue.${column}`
    const left = conditions.length === 0 ? sql.ref(name) : traits.unsearched(name)
    conditions.push(sql<SqlBool>`${left} = ${value}`)
  }
  if (query.since !== undefined) conditions.push(sql<SqlBool>`event_catalogue.time_ms >= ${query.since}`)
  if (query.until !== undefined) conditions.push(sql<SqlBool>`event_catalogue.time_ms < ${query.until}`)
  // Says again what the partial index says, or the database would not use it for a parameter.
  if (query.outcome !== undefined && !['allow', 'success'].includes(query.outcome)) {
    conditions.push(sql<SqlBool>`event_catalogue.outcome not in ('allow', 'success')`)
  }
  if (after !== undefined) {
    conditions.push(
      sql<SqlBool>`(event_catalogue.time_ms, event_catalogue.position) < (${after.timeMs}, ${after.position})`,
    )
  }
  return conditions
}
