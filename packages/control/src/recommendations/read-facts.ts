// Reads the facts that the rules judge: each by one query, or from memory.
import { ADMIN_LOG } from '@crosswalk/as-core'
import { DAY_MS, HOUR_MS } from '@crosswalk/protocol'

import type { Parts } from '../parts.ts'
import type { AuditStreamsPart } from '../audit/delivery/audit-streams.ts'
import type { DailyVolumes } from './daily-volumes.ts'
import { listUnchanged } from '../connections/unused-connections.ts'
import { listActivityReports } from '../own-access/report-activity.ts'
import { listPendingRemovals } from '../reviews/verify-removals.ts'
import { IDLE_DAYS } from './definition-rules.ts'
import { GROWTH_DAYS } from './growth-rules.ts'
import type { HabitReader } from './habits.ts'
import type { RecommendationFacts } from './recommendation.ts'
import type { PastDefinitions } from './past-definitions.ts'
import type { RecentGrants } from './recent-grants.ts'
import { COUNTED_CODES } from './redemption-rules.ts'
import type { ScopeFirstUses } from './scope-first-uses.ts'
import type { WiderRedemptions } from './wider-redemptions.ts'

export interface FactParts
  extends
    Parts<'directory' | 'storage' | 'clock' | 'signingKeys' | 'recentRefusals' | 'proxyTrouble'>,
    AuditStreamsPart {
  readonly volumes: DailyVolumes
  readonly scopeFirstUses: ScopeFirstUses
  readonly pastApps: PastDefinitions<'apps'>
  readonly pastConnections: PastDefinitions<'connections'>
  readonly habits: HabitReader
  readonly recentGrants: RecentGrants
  readonly widerRedemptions: WiderRedemptions
}

export async function readFacts(
  parts: FactParts,
  lastRestoreDrillAt: number | undefined,
): Promise<RecommendationFacts> {
  const { directory, storage, clock } = parts
  const compiled = directory.current()
  const nowMs = clock.nowMs()
  const recentGrants = await parts.recentGrants.read(nowMs, (app) => isHosted(compiled, app))
  const reports = await listActivityReports(parts)
  const lastHour = { since: nowMs - HOUR_MS, until: nowMs + 1 }
  return {
    nowMs,
    compiled,
    firstEventAt: await storage.activity.firstEventAt(),
    lastGrants: await storage.lastUses.readGranted('connection', listUnchanged(compiled, nowMs, IDLE_DAYS)),
    appsAYearAgo: await parts.pastApps.readAt(nowMs - 365 * DAY_MS),
    signingKeys: parts.signingKeys().flatMap((held) => held.list()),
    refusals: await storage.activity.countByApp('idjag.denied', lastHour),
    volumes: await parts.volumes.read(nowMs),
    scopeFirstUses: await parts.scopeFirstUses.read(nowMs),
    unauthenticated: parts.recentRefusals().flatMap((ring) => ring.list()),
    auditStreams: await parts.auditStreams.describe(),
    lastDrillAt: await findLastDrill(parts),
    lastRestoreDrillAt,
    lastReviewAt: await findLast(parts, 'review.opened'),
    proxyTrouble: parts.proxyTrouble(),
    pastConnections: await parts.pastConnections.readAt(nowMs - GROWTH_DAYS * DAY_MS),
    habits: await parts.habits.read(nowMs, COUNTED_CODES),
    recentGrants,
    widerRedemptions: await parts.widerRedemptions.read(nowMs, recentGrants),
    pendingRemovals: await listPendingRemovals(parts),
    reports,
    reporters: await compiled.users.findMany(reports.map(({ by }) => by)),
  }
}

/** Apps that can authenticate keep a secret, so they run in a place their owner controls. */
function isHosted({ world }: RecommendationFacts['compiled'], app: string): boolean {
  const auth = world.apps.get(app)?.definition.auth
  return auth !== undefined && auth.method !== 'none'
}

/** The console and the command line include it in the reason of a drill. */
const DRILL = /\bdrill/i
const MAX_LIFTS = 200

async function findLastDrill({ storage }: FactParts): Promise<number | undefined> {
  const { items } = await storage.events.list({ log: ADMIN_LOG, types: ['kill.lifted'], limit: MAX_LIFTS })
  const drill = items.find(({ event: { reason } }) => reason !== undefined && DRILL.test(reason))
  return drill === undefined ? undefined : Date.parse(drill.event.time)
}

export function findLastRestoreDrill(parts: Parts<'storage'>): Promise<number | undefined> {
  return findLast(parts, 'restore.drilled')
}

async function findLast({ storage }: Parts<'storage'>, type: string): Promise<number | undefined> {
  const { items } = await storage.events.list({ log: ADMIN_LOG, types: [type], limit: 1 })
  return items[0] && Date.parse(items[0].event.time)
}
