// A recommendation is a finding that may be worth a look, with all its evidence. It blocks nothing.
import type { Recommendation, Role } from '@crosswalk/admin-api'
import type { StoredKey } from '@crosswalk/as-core'
import type { User } from '@crosswalk/idp'
import type { ConnectionDefinition, DecisionRecord } from '@crosswalk/protocol'
import type { AppActivity, GrantedScopes } from '@crosswalk/storage'

import type { StreamState } from '../audit/delivery/audit-streams.ts'
import type { CompiledWorld } from '../definitions/compile-world.ts'
import type { DefinitionOf } from '../definitions/records.ts'
import type { ActivityReport } from '../own-access/report-activity.ts'
import type { ProxyTrouble } from '../parts.ts'
import type { PendingRemoval } from '../reviews/verify-removals.ts'
import type { Habits } from './habits.ts'
import type { RecentGrant } from './recent-grants.ts'
import type { WiderRedemption } from './wider-redemptions.ts'

/** Grant counts of an app, recent and on earlier days. */
export interface AppVolume {
  readonly app: string
  /** Of the last 24 hours */
  readonly last: AppActivity
  /** Counts of each earlier day; days without grants are omitted */
  readonly before: readonly Pick<AppActivity, 'count' | 'people'>[]
}

/** A scope that was granted over a connection for the first time in a long while. */
export interface ScopeFirstUse extends Omit<GrantedScopes, 'scopes'> {
  readonly scope: string
}

/** The input of the rules, read once. */
export interface RecommendationFacts {
  readonly nowMs: number
  readonly compiled: CompiledWorld
  /** Time of the oldest event that is still kept */
  readonly firstEventAt: number | undefined
  /** Time of the last grant, for the active connections that did not change for as long */
  readonly lastGrants: ReadonlyMap<string, number | undefined>
  /** Apps of the database as defined a year ago */
  readonly appsAYearAgo: ReadonlyMap<string, DefinitionOf<'apps'>>
  readonly signingKeys: readonly StoredKey[]
  /** Of the last hour */
  readonly refusals: readonly AppActivity[]
  readonly volumes: readonly AppVolume[]
  readonly scopeFirstUses: readonly ScopeFirstUse[]
  /** Denials of unauthenticated callers that this process still remembers */
  readonly unauthenticated: readonly DecisionRecord[]
  readonly auditStreams: readonly StreamState[]
  readonly lastDrillAt: number | undefined
  readonly lastRestoreDrillAt: number | undefined
  readonly lastReviewAt: number | undefined
  /** As this process sees it now */
  readonly proxyTrouble: ProxyTrouble | undefined
  /** Connections of the database as defined 90 days ago */
  readonly pastConnections: ReadonlyMap<string, DefinitionOf<'connections'>>
  readonly habits: Habits
  /** The newest ID-JAGs of the last 24 hours, newest first */
  readonly recentGrants: readonly RecentGrant[]
  readonly widerRedemptions: readonly WiderRedemption[]
  readonly pendingRemovals: readonly PendingRemoval[]
  /** What users reported about apps that acted for them, newest first */
  readonly reports: readonly ActivityReport[]
  /** The users who did, by id */
  readonly reporters: ReadonlyMap<string, User>
}

/** A rule's finding about one subject. */
export interface RecommendationFinding extends Pick<
  Recommendation,
  'subject' | 'severity' | 'sentence' | 'values' | 'samples'
> {
  /** The app concerned: shown to its owners and to roles for the app */
  readonly app?: string
  readonly action: Recommendation['action']
  /** Epoch milliseconds; undefined if unknown */
  readonly since?: number | undefined
}

export interface Rule {
  readonly id: Recommendation['rule']
  /** The complete formula, in words */
  readonly formula: string
  readonly baseline: Recommendation['baseline']
  /** Roles concerned in addition to the owners of the app */
  readonly concerns: readonly Role[]
  readonly find: (facts: RecommendationFacts) => readonly RecommendationFinding[]
}

export const ADMINISTRATORS: readonly Role[] = ['owner', 'administrator']
export const RESPONDERS: readonly Role[] = [...ADMINISTRATORS, 'security-responder']

/** Decisions shown as examples */
const MAX_SAMPLES = 3

type About = Pick<RecommendationFinding, 'subject' | 'app' | 'severity' | 'samples'>

export function aboutApp(app: string, severity: RecommendationFinding['severity']): About {
  return { subject: { kind: 'app', id: app }, app, severity, samples: [{ kind: 'app', id: app }] }
}

/** Links to the first few of these decisions; events of other writers may lack the id. */
export function sampleDecisions(
  events: readonly { readonly decisionId?: string | undefined }[],
): RecommendationFinding['samples'] {
  return events
    .flatMap(({ decisionId: id }) => (id === undefined ? [] : [{ kind: 'decision', id } as const]))
    .slice(0, MAX_SAMPLES)
}

export function aboutConnection(
  { id, app }: Pick<ConnectionDefinition, 'id' | 'app'>,
  severity: RecommendationFinding['severity'],
): About {
  return { subject: { kind: 'connection', id }, app, severity, samples: [{ kind: 'connection', id }] }
}
