// Runs all rules over all facts, and decides which users each finding concerns. The result is cached briefly, because
// many pages request it at the same time.
import { RECOMMENDATION_SEVERITIES } from '@crosswalk/admin-api'
import { digest } from '@crosswalk/as-core'
import { hasActiveOwner } from '@crosswalk/policy'

import { type Caller, principalOf } from '../http/context.ts'
import type { Parts } from '../parts.ts'
import type { AuditStreamsPart } from '../audit/delivery/audit-streams.ts'
import { isInScope } from '../http/scope.ts'
import { createDailyVolumes } from './daily-volumes.ts'
import { createHabitReader } from './habits.ts'
import type { RecommendationFinding, Rule } from './recommendation.ts'
import { createPastDefinitions } from './past-definitions.ts'
import { type FactParts, findLastRestoreDrill, readFacts } from './read-facts.ts'
import { createRecentGrants } from './recent-grants.ts'
import { RULES } from './rules.ts'
import { createScopeFirstUses } from './scope-first-uses.ts'
import { createWiderRedemptions } from './wider-redemptions.ts'

export interface FoundRecommendation {
  /** Computed on access: most of many recommendations are never shown */
  readonly id: string
  /** Sort key: most severe first */
  readonly place: string
  readonly rule: Rule
  readonly finding: RecommendationFinding
}

export interface RecommendationFinder {
  find(): Promise<readonly FoundRecommendation[]>
}

const FRESH_MS = 5_000

export function createRecommendationFinder(
  parts: Parts<'directory' | 'storage' | 'clock' | 'proxyTrouble' | 'recentRefusals' | 'signingKeys'> &
    AuditStreamsPart,
): RecommendationFinder {
  const { directory, clock } = parts
  const factParts: FactParts = { ...parts, ...createReaders(parts) }
  const judge = async (lastRestoreDrillAt: number | undefined): Promise<readonly FoundRecommendation[]> => {
    const facts = await readFacts(factParts, lastRestoreDrillAt)
    return RULES.flatMap((rule) => rule.find(facts).map((finding) => describe(rule, finding))).sort(
      (one, other) => (one.place < other.place ? -1 : 1),
    )
  }
  let last:
    | {
        readonly atMs: number
        /** What changes findings as soon as an administrator has acted on them */
        readonly basis: string
        readonly found: Promise<readonly FoundRecommendation[]>
      }
    | undefined
  return {
    async find() {
      // Any node may have recorded it, and unlike other acts it changes no definition.
      const drilledAt = await findLastRestoreDrill(parts)
      const atMs = clock.nowMs()
      const basis = `${directory.current().world.revision} ${drilledAt ?? 'never'}`
      if (last?.basis !== basis || Math.abs(atMs - last.atMs) >= FRESH_MS) {
        // Sequential, because the readers cache what they have counted.
        const before = last?.found.catch(() => []) ?? Promise.resolve([])
        const found = before.then(() => judge(drilledAt))
        last = { atMs, basis, found }
        // Do not cache failures.
        found.catch(() => {
          last = undefined
        })
      }
      return last.found
    },
  }
}

/** Each caches what it has read. */
function createReaders({ storage: { activity, usagePatterns, objects } }: Parts<'storage'>) {
  return {
    volumes: createDailyVolumes(activity),
    scopeFirstUses: createScopeFirstUses(activity),
    pastApps: createPastDefinitions(objects, 'apps'),
    pastConnections: createPastDefinitions(objects, 'connections'),
    habits: createHabitReader(usagePatterns, activity),
    recentGrants: createRecentGrants(usagePatterns),
    widerRedemptions: createWiderRedemptions(usagePatterns),
  }
}

function describe(rule: Rule, finding: RecommendationFinding): FoundRecommendation {
  const { severity, subject } = finding
  return {
    rule,
    finding,
    place: `${RECOMMENDATION_SEVERITIES.indexOf(severity)} ${rule.id} ${subject.id} ${subject.scope ?? ''}`,
    get id() {
      return recommendationId(rule, finding)
    },
  }
}

/** Stable per rule and subject, whatever the details of the finding. */
function recommendationId({ id }: Rule, { subject }: RecommendationFinding): string {
  return `hnt_${digest(JSON.stringify([id, subject.kind, subject.id, subject.scope ?? null])).slice(0, 22)}`
}

/** A role for certain apps sees the recommendations about those apps. */
export function isShown({ finding: { app } }: Pick<FoundRecommendation, 'finding'>, caller: Caller): boolean {
  return isInScope(caller, 'connections', { app })
}

/** Concerns the owners of the app; without an active owner, or without an app, the roles that the rule lists. */
export function concerns(
  { directory }: Parts<'directory'>,
  { rule, finding: { app } }: FoundRecommendation,
  caller: Caller,
): boolean {
  const { role, apps } = caller
  const compiled = directory.current()
  const owners = (app === undefined ? undefined : compiled.world.apps.get(app)?.definition.owners) ?? []
  if (owners.includes(principalOf(caller)) || (app !== undefined && apps?.includes(app) === true)) return true
  if (apps !== undefined || !rule.concerns.includes(role)) return false
  return !hasActiveOwner({ owners }, compiled)
}
