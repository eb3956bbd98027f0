// Behaviour of apps and clients in a period, counted by the database; input for recommendations. Judges nothing.
import { type EpochMs, HOUR_MS } from '@crosswalk/protocol'
import { sql } from 'kysely'

import type { Database } from '../schema/tables.ts'
import type { Period } from './activity.ts'
import { listNewest, type NewestQuery } from './list-newest.ts'
import { parseRecordedEvent } from './recorded-event.ts'

export interface RefusalCount {
  /** The server that refused: `idp`, or `as:` and the id of the authorization server */
  readonly log: string
  /** An app at the IdP, a client at an authorization server */
  readonly app: string
  readonly code: string
  readonly count: number
  readonly firstAt: EpochMs
  readonly lastAt: EpochMs
  /** Of one of these refusals */
  readonly decisionId: string | undefined
}

export interface HoursUsed {
  readonly app: string
  /** Bit n is set if something was granted in hour n of a UTC day */
  readonly hours: number
}

export interface TargetCount {
  readonly app: string
  /** Start of the window */
  readonly at: EpochMs
  /** Number of distinct resource apps requested, granted or not */
  readonly targets: number
}

export interface GrantUse {
  readonly connection: string
  readonly app: string
  readonly user: string
  readonly at: EpochMs
  readonly decisionId: string | undefined
  /** Digest of its `jti` */
  readonly grantId: string | undefined
  readonly scopes: readonly string[]
  /** Address of the request, if known */
  readonly ip: string | undefined
  /** Ids of report-only policies that would have denied it */
  readonly refusedBy: readonly string[]
}

export interface Redemption {
  /** `as:` and the id of the authorization server */
  readonly log: string
  readonly client: string
  readonly at: EpochMs
  readonly decisionId: string | undefined
  /** Digest of the `jti` of the ID-JAG */
  readonly grantId: string | undefined
  readonly scopes: readonly string[]
}

export interface UsagePatterns {
  /** Refusals with one of these codes, by log, app and code */
  countRefusals(codes: readonly string[], period: Period): Promise<readonly RefusalCount[]>
  /** Hours of the day in which apps were granted something */
  listHoursUsed(period: Period): Promise<readonly HoursUsed[]>
  /** Number of resource apps that each app requested, in windows starting at multiples of `windowMs` */
  countTargets(period: Period, windowMs: number): Promise<readonly TargetCount[]>
  /** ID-JAGs by connection */
  countIssued(period: Period): Promise<ReadonlyMap<string, number>>
  /** Redemptions; the key is the log of the authorization server and the client, joined by a space */
  countRedeemed(period: Period): Promise<ReadonlyMap<string, number>>
  /** ID-JAGs, newest first. @param most - maximum number */
  listGrants(query: Period & { readonly app?: string; readonly most: number }): Promise<readonly GrantUse[]>
  /** Access tokens issued for ID-JAGs, newest first. @param most - maximum number */
  listRedemptions(query: Period & { readonly most: number }): Promise<readonly Redemption[]>
  /** @param user - undefined matches any user */
  wasGranted(query: Period & { readonly connection: string; readonly user?: string }): Promise<boolean>
}

const ISSUED = 'idjag.issued'
const ASKED = [ISSUED, 'idjag.denied', 'idjag.stepup']
const REDEEMED = 'token.redeemed'

export function createUsagePatterns({ db, traits }: Database): UsagePatterns {
  const within = ({ since, until }: Period) =>
    db.selectFrom('audit_events').where('time_ms', '>=', since).where('time_ms', '<', until)
  // Integer division on both databases; windows count from the epoch.
  const windowOf = (ms: number) => sql<number>`(time_ms / ${sql.lit(ms)})`
  const newest = (type: string, query: Omit<NewestQuery, 'type'>) =>
    listNewest({ db, traits }, { ...query, type })
  return {
    async countRefusals(codes, period) {
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
      const rows = await within(period)
        .select(['connection', sql<number>`count(*)`.as('count')])
        .where('type', '=', ISSUED)
        .groupBy('connection')
        .execute()
      return new Map(rows.map(({ connection, count }) => [connection ?? '', Number(count)]))
    },
    async countRedeemed(period) {
      const rows = await within(period)
        .select(['log', 'app', sql<number>`count(*)`.as('count')])
        .where('type', '=', REDEEMED)
        .groupBy(['log', 'app'])
        .execute()
      return new Map(rows.map(({ log, app, count }) => [`${log} ${app ?? ''}`, Number(count)]))
    },
    async listGrants(query) {
      return (await newest(ISSUED, query)).map((row) => {
        const { event } = parseRecordedEvent(row)
        return {
          ...describeGrant(row, event),
          ...{ connection: row.connection ?? '', app: row.app ?? '', user: row.user_ref ?? '' },
          ...readDecision(event),
        }
      })
    },
    async listRedemptions(query) {
      return (await newest(REDEEMED, query)).map((row) => ({
        ...describeGrant(row, parseRecordedEvent(row).event),
        ...{ log: row.log, client: row.app ?? '' },
      }))
    },
    async wasGranted({ connection, user, since, until }) {
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

type Event = ReturnType<typeof parseRecordedEvent>['event']

function describeGrant(
  { time_ms: at, decision_id: decisionId }: { readonly time_ms: number; readonly decision_id: string | null },
  { delegation, action }: Event,
): Pick<GrantUse & Redemption, 'at' | 'decisionId' | 'grantId' | 'scopes'> {
  return {
    ...{ at, decisionId: decisionId ?? undefined },
    ...{ grantId: delegation?.grant_id, scopes: action?.scopes_granted ?? [] },
  }
}

function readDecision({ decision }: Event): Pick<GrantUse, 'ip' | 'refusedBy'> {
  const ip = decision?.request.context['ip']
  return {
    ip: typeof ip === 'string' ? ip : undefined,
    refusedBy: (decision?.policies ?? [])
      .filter(({ state, result }) => state === 'report-only' && result === 'fail')
      .map(({ id }) => id),
  }
}
