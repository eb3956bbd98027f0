// How apps and clients behave in a period, counted by the database: what hints about habits are made of. Judges nothing.
import type { EpochMs } from '@crosswalk/protocol'
import { sql } from 'kysely'

import type { Engine } from '../dialects/dialect.ts'
import type { Period } from './activity.ts'
import type { Catalogue } from './catalogue.ts'
import { parseRecordedEvent, RECORDED_COLUMNS } from './recorded-event.ts'

export interface RefusalCount {
  /** `idp`, or `as:` and the id of the authorization server that refused */
  readonly log: string
  /** An app at the IdP, a client at an authorization server */
  readonly app: string
  readonly code: string
  readonly count: number
  readonly firstAt: EpochMs
  readonly lastAt: EpochMs
  /** One of them */
  readonly decisionId: string | undefined
}

export interface HoursUsed {
  readonly app: string
  /** Bit n is set where something was granted in hour n of a day in UTC */
  readonly hours: number
}

export interface TargetCount {
  readonly app: string
  /** When the window began */
  readonly at: EpochMs
  /** How many different resource apps were asked for, granted or not */
  readonly targets: number
}

export interface Grant {
  readonly connection: string
  readonly app: string
  readonly user: string
  readonly at: EpochMs
  readonly decisionId: string | undefined
  /** From where it was asked for, where that is known */
  readonly ip: string | undefined
  /** Ids of the report-only policies that would have refused it */
  readonly refusedBy: readonly string[]
}

export interface UsagePatterns {
  /** Refusals with one of these codes, by log, app and code */
  countRefusals(codes: readonly string[], period: Period): Promise<readonly RefusalCount[]>
  /** In which hours of the day apps were granted something */
  listHoursUsed(period: Period): Promise<readonly HoursUsed[]>
  /** How many resource apps each app asked for, in windows that begin at multiples of `windowMs` */
  countTargets(period: Period, windowMs: number): Promise<readonly TargetCount[]>
  /** ID-JAGs by connection */
  countIssued(period: Period): Promise<ReadonlyMap<string, number>>
  /** Redemptions by the log of the authorization server and the client, joined by a space */
  countRedeemed(period: Period): Promise<ReadonlyMap<string, number>>
  /** ID-JAGs, newest first. @param most - how many are looked at */
  listGrants(query: Period & { readonly app?: string; readonly most: number }): Promise<readonly Grant[]>
  /** @param user - undefined: for anybody */
  wasGranted(query: Period & { readonly connection: string; readonly user?: string }): Promise<boolean>
}

const ISSUED = 'idjag.issued'
const ASKED = [ISSUED, 'idjag.denied', 'idjag.stepup']
const HOUR_MS = 3_600_000
const TYPE = 'event_catalogue.type'

export function createUsagePatterns(
  { db, traits }: Pick<Engine, 'db' | 'traits'>,
  catalogue: Catalogue,
): UsagePatterns {
  const within = ({ since, until }: Period) =>
    db.selectFrom('event_catalogue').where('time_ms', '>=', since).where('time_ms', '<', until)
  // Whole numbers on both databases: a window counts from the beginning of time.
  const windowOf = (ms: number) => sql<number>`(time_ms / ${sql.lit(ms)})`
  return {
    async countRefusals(codes, period) {
      await catalogue.catchUp()
      const rows = await within(period)
        .select([
          ...(['log', 'app', 'code'] as const),
          sql<number>`count(*)`.as('count'),
          sql<number>`min(time_ms)`.as('first'),
          sql<number>`max(time_ms)`.as('last'),
          sql<string | null>`max(decision_id)`.as('decision'),
        ])
        .where('code', 'in', codes)
        .where('app', 'is not', null)
        .groupBy(['log', 'app', 'code'])
        .execute()
      return rows.map(({ log, app, code, count, first, last, decision }) => ({
        ...{ log, app: app ?? '', code: code ?? '', count: Number(count) },
        ...{ firstAt: Number(first), lastAt: Number(last), decisionId: decision ?? undefined },
      }))
    },
    async listHoursUsed(period) {
      await catalogue.catchUp()
      const hour = windowOf(HOUR_MS)
      const rows = await within(period)
        .select(['app', hour.as('hour')])
        .where('type', '=', ISSUED)
        .where('app', 'is not', null)
        .groupBy(['app', hour])
        .execute()
      const used = new Map<string, number>()
      for (const row of rows) {
        const app = row.app ?? ''
        used.set(app, (used.get(app) ?? 0) | (1 << (Number(row.hour) % 24)))
      }
      return [...used].map(([app, hours]) => ({ app, hours }))
    },
    async countTargets(period, windowMs) {
      await catalogue.catchUp()
      const window = windowOf(windowMs)
      const rows = await within(period)
        .select(['app', window.as('window'), sql<number>`count(distinct resource_app)`.as('targets')])
        .where('type', 'in', ASKED)
        .where('app', 'is not', null)
        .groupBy(['app', window])
        .execute()
      return rows.map(({ app, window: number, targets }) => ({
        ...{ app: app ?? '', at: Number(number) * windowMs, targets: Number(targets) },
      }))
    },
    async countIssued(period) {
      await catalogue.catchUp()
      const rows = await within(period)
        .select(['connection', sql<number>`count(*)`.as('count')])
        .where('type', '=', ISSUED)
        .groupBy('connection')
        .execute()
      return new Map(rows.map(({ connection, count }) => [connection ?? '', Number(count)]))
    },
    async countRedeemed(period) {
      await catalogue.catchUp()
      const rows = await within(period)
        .select(['log', 'app', sql<number>`count(*)`.as('count')])
        .where('type', '=', 'token.redeemed')
        .groupBy(['log', 'app'])
        .execute()
      return new Map(rows.map(({ log, app, count }) => [`${log} ${app ?? ''}`, Number(count)]))
    },
    async listGrants({ since, until, app, most }) {
      await catalogue.catchUp()
      const type = app === undefined ? sql.ref(TYPE) : traits.unsearched(TYPE)
      const rows = await db
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
        .where(sql<boolean>`${type} = ${ISSUED}`)
        .where('event_catalogue.time_ms', '>=', since)
        .where('event_catalogue.time_ms', '<', until)
        .$if(app !== undefined, (query) => query.where('event_catalogue.app', '=', app ?? ''))
        .orderBy('event_catalogue.time_ms', 'desc')
        .orderBy('event_catalogue.position', 'desc')
        .limit(most)
        .execute()
      return rows.map(({ connection, app: by, user_ref: user, time_ms: at, decision_id: id, ...row }) => ({
        ...{ connection: connection ?? '', app: by ?? '', user: user ?? '', at, decisionId: id ?? undefined },
        ...readDecision(parseRecordedEvent(row).event),
      }))
    },
    async wasGranted({ connection, user, since, until }) {
      await catalogue.catchUp()
      const found = await within({ since, until })
        .select('position')
        .where(sql<boolean>`${traits.unsearched('type')} = ${ISSUED}`)
        .$if(user === undefined, (query) => query.where('connection', '=', connection))
        .$if(user !== undefined, (query) =>
          query
            .where('user_ref', '=', user ?? '')
            .where(sql<boolean>`${traits.unsearched('connection')} = ${connection}`),
        )
        .limit(1)
        .executeTakeFirst()
      return found !== undefined
    },
  }
}

function readDecision({
  decision,
}: ReturnType<typeof parseRecordedEvent>['event']): Pick<Grant, 'ip' | 'refusedBy'> {
  const ip = decision?.request.context['ip']
  return {
    ip: typeof ip === 'string' ? ip : undefined,
    refusedBy: (decision?.policies ?? [])
      .filter(({ state, result }) => state === 'report-only' && result === 'fail')
      .map(({ id }) => id),
  }
}
