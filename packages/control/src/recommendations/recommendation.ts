// What a recommendation is: something that may be worth a look, with everything it was concluded from. A recommendation blocks nothing.
import type { AuditStreamView, Recommendation, Role } from '@crosswalk/admin-api'
import type { StoredKey } from '@crosswalk/as-core'
import type { User } from '@crosswalk/idp'
import type { ConnectionDefinition, DecisionRecord } from '@crosswalk/protocol'
import type { AppActivity, GrantedScopes } from '@crosswalk/storage'

import type { CompiledWorld } from '../definitions/compile-world.ts'
import type { DefinitionOf } from '../definitions/records.ts'
import type { ProxyTrouble } from '../parts.ts'
import type { Habits } from './habits.ts'
import type { RecentGrant } from './recent-grants.ts'
import type { WiderRedemption } from './wider-redemptions.ts'

/** How often an app was granted something, today and in the days before. */
export interface AppVolume {
  readonly app: string
  /** Of the last 24 hours */
  readonly last: AppActivity
  /** Of each day before; days without any are left out */
  readonly before: readonly Pick<AppActivity, 'count' | 'people'>[]
}

/** A scope that was granted over a connection, and had not been for long. */
export interface ScopeFirstUse extends Omit<GrantedScopes, 'scopes'> {
  readonly scope: string
}

/** Everything that the rules judge, read once. */
export interface RecommendationFacts {
  readonly nowMs: number
  readonly compiled: CompiledWorld
  /** Of all apps, by id */
  readonly owners: ReadonlyMap<string, User>
  /** When the oldest event happened that is still kept */
  readonly firstEventAt: number | undefined
  /** Of the connections that `listIdleCandidates` names, when something was last granted over them */
  readonly lastGrants: ReadonlyMap<string, number | undefined>
  /** As apps of the database were defined a year ago */
  readonly appsAYearAgo: ReadonlyMap<string, DefinitionOf<'apps'>>
  readonly signingKeys: readonly StoredKey[]
  /** Of the last hour */
  readonly refusals: readonly AppActivity[]
  readonly volumes: readonly AppVolume[]
  readonly scopeFirstUses: readonly ScopeFirstUse[]
  /** Of callers that never authenticated, as far as this process remembers them */
  readonly unauthenticated: readonly DecisionRecord[]
  readonly auditStreams: readonly AuditStreamView[]
  readonly lastDrillAt: number | undefined
  /** As this process sees it now */
  readonly proxyTrouble: ProxyTrouble | undefined
  /** As connections of the database were defined 90 days ago */
  readonly pastConnections: ReadonlyMap<string, DefinitionOf<'connections'>>
  readonly habits: Habits
  /** The newest of the last 24 hours, newest first */
  readonly recentGrants: readonly RecentGrant[]
  readonly widerRedemptions: readonly WiderRedemption[]
}

/** What a rule found about one thing. */
export interface Finding extends Pick<
  Recommendation,
  'subject' | 'severity' | 'sentence' | 'values' | 'samples'
> {
  /** The app it is about: its owners are concerned, and roles about some apps see it */
  readonly app?: string
  readonly action: Recommendation['action']
  /** Epoch milliseconds; undefined: no one knows since when */
  readonly since?: number | undefined
}

export interface Rule {
  readonly id: Recommendation['rule']
  /** The whole formula, in words */
  readonly formula: string
  readonly baseline: Recommendation['baseline']
  /** Who is concerned beside the owners of the app */
  readonly concerns: readonly Role[]
  readonly find: (facts: RecommendationFacts) => readonly Finding[]
}

export const ADMINISTRATORS: readonly Role[] = ['owner', 'administrator']
export const RESPONDERS: readonly Role[] = [...ADMINISTRATORS, 'security-responder']

type About = Pick<Finding, 'subject' | 'app' | 'severity' | 'samples'>

export function aboutApp(app: string, severity: Finding['severity']): About {
  return { subject: { kind: 'app', id: app }, app, severity, samples: [{ kind: 'app', id: app }] }
}

export function aboutConnection(
  { id, app }: Pick<ConnectionDefinition, 'id' | 'app'>,
  severity: Finding['severity'],
): About {
  return { subject: { kind: 'connection', id }, app, severity, samples: [{ kind: 'connection', id }] }
}
