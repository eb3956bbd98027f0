// Which approval rules match an access request, and what follows from them. Order never matters: if any matching rule
// asks users, they decide; otherwise any matching rule may approve. Does not judge who wrote a rule.
import type { ApprovalRule, EpochMs } from '@crosswalk/protocol'

import {
  type AccessFacts,
  type AppNames,
  matchesAccess,
  renderCount,
  renderEnds,
  renderKind,
  renderRisk,
} from './access-conditions.ts'

/** What rules read of a request. */
export interface RequestFacts extends AccessFacts {
  /** Whether any owner is an active user */
  readonly hasOwner: boolean
  /** The requested scopes that need approval; a user must read what they mean */
  readonly guarded: readonly string[]
  /** Undefined for access without an end */
  readonly days: number | undefined
}

/** Without a matching rule, every user with the right role may decide. */
export type Route =
  | { readonly effect: 'none' }
  | { readonly effect: 'ask'; readonly rules: readonly ApprovalRule[] }
  | {
      readonly effect: 'approve'
      /** Each of them suffices */
      readonly rules: readonly ApprovalRule[]
      /** Why none of them approves this request */
      readonly obstacle?: string
    }

/** @returns rules ordered by id, whatever their order */
export function routeRequest(rules: readonly ApprovalRule[], facts: RequestFacts): Route {
  const matching = rules
    .filter(({ when }) => isMatch(when, facts))
    .sort((one, other) => (one.id < other.id ? -1 : 1))
  const asking = matching.filter(({ effect }) => effect === 'ask')
  if (asking.length > 0) return { effect: 'ask', rules: asking }
  if (matching.length === 0) return { effect: 'none' }
  const { guarded } = facts
  return guarded.length === 0
    ? { effect: 'approve', rules: matching }
    : { effect: 'approve', rules: matching, obstacle: `${guarded.join(' ')} needs the approval of a user` }
}

function isMatch(when: ApprovalRule['when'], facts: RequestFacts): boolean {
  const { hasOwner, maxRisk = 3, maxDays } = when
  return (
    matchesAccess(when, facts) &&
    (hasOwner === undefined || hasOwner === facts.hasOwner) &&
    facts.risk <= maxRisk &&
    (maxDays === undefined || (facts.days !== undefined && facts.days <= maxDays))
  )
}

/** The users who decide about a request at a given time. */
export interface Asked {
  readonly users: readonly string[]
  /** When further users may decide too; absent if there are none */
  readonly escalation?: { readonly at: EpochMs; readonly to: readonly string[] }
}

/** @param rules - those that ask; any user that one of them names may decide */
export function findAsked(rules: readonly ApprovalRule[], askedAt: EpochMs, now: EpochMs): Asked {
  const steps = rules.flatMap(({ ask }) => {
    if (ask === undefined) return []
    const { users, escalateAfterHours: hours, escalateTo: to } = ask
    const first = { at: askedAt, to: users }
    return hours === undefined || to === undefined ? [first] : [first, { at: askedAt + hours * HOUR_MS, to }]
  })
  const users = unite(steps.filter(({ at }) => at <= now))
  const later = steps
    .filter(({ at, to }) => at > now && to.some((id) => !users.includes(id)))
    .sort((one, other) => one.at - other.at)
  const [next] = later
  if (next === undefined) return { users }
  const to = unite(later.filter(({ at }) => at === next.at)).filter((id) => !users.includes(id))
  return { users, escalation: { at: next.at, to } }
}

const HOUR_MS = 3_600_000

function unite(steps: readonly { readonly to: readonly string[] }[]): readonly string[] {
  return [...new Set(steps.flatMap(({ to }) => to))].sort()
}

/** @returns ids of the users that the rule names */
export function listApprovers({ ask }: Pick<ApprovalRule, 'ask'>): readonly string[] {
  return [...(ask?.users ?? []), ...(ask?.escalateTo ?? [])]
}

/** What the objects that a rule refers to are called in sentences. */
export interface RuleNames extends AppNames {
  user(id: string): string
}

/** The rule as a sentence */
export function renderApprovalRule({ when, effect, ask }: ApprovalRule, names: RuleNames): string {
  const about = `requests${renderConditions(when, names)}`
  if (effect === 'approve' || ask === undefined) return `Approve ${about} automatically.`
  const { users, escalateAfterHours: hours, escalateTo: to = [] } = ask
  const nameUsers = (ids: readonly string[]) => ids.map(names.user).join(' or ')
  const escalation =
    hours === undefined ? '' : `; after ${renderCount(hours, 'hour')}, ask ${nameUsers(to)} too`
  return `Ask ${nameUsers(users)} to decide ${about}${escalation}.`
}

function renderConditions(when: ApprovalRule['when'], names: RuleNames): string {
  const { kind, hasOwner, minRisk, maxRisk, maxDays } = when
  const owner = hasOwner === undefined ? '' : hasOwner ? ' with an active owner' : ' without an active owner'
  const days = maxDays === undefined ? '' : ` for up to ${renderCount(maxDays, 'day')}`
  return `${renderKind(kind, owner)}${renderEnds(when, names)}${renderRisk(minRisk, maxRisk)}${days}`
}
