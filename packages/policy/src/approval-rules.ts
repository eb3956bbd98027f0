// Which approval rules match an access request, and what follows from them. Order never matters: if any matching rule
// asks users, they decide; otherwise any matching rule may approve. Does not judge who wrote a rule.
import { type ApprovalRule, type EpochMs, HOUR_MS } from '@crosswalk/protocol'

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
  /** The requested scopes whose risk is not known; they count as risk 3 */
  readonly unrated: readonly string[]
}

/** Without a matching rule, every user with the right role may decide. */
export type Route =
  | {
      readonly effect: 'none'
      /** The first rule that approves such access within limits, and the limit that the request exceeds */
      readonly near?: { readonly rule: ApprovalRule; readonly obstacle: string }
    }
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
  const judged = rules
    .filter(({ when }) => matchesAccess(when, facts))
    .sort((one, other) => (one.id < other.id ? -1 : 1))
    .map((rule) => ({ rule, obstacle: findExceeded(rule.when, facts) }))
  const matching = judged.filter(({ obstacle }) => obstacle === undefined).map(({ rule }) => rule)
  const asking = matching.filter(({ effect }) => effect === 'ask')
  if (asking.length > 0) return { effect: 'ask', rules: asking }
  if (matching.length === 0) return withoutMatch(judged)
  const { guarded } = facts
  return guarded.length === 0
    ? { effect: 'approve', rules: matching }
    : { effect: 'approve', rules: matching, obstacle: `${guarded.join(' ')} needs the approval of a user` }
}

function withoutMatch(
  judged: readonly { readonly rule: ApprovalRule; readonly obstacle: string | undefined }[],
): Route {
  const { rule, obstacle } = judged.find(({ rule: { effect } }) => effect === 'approve') ?? {}
  return rule && obstacle ? { effect: 'none', near: { rule, obstacle } } : { effect: 'none' }
}

/** @returns the first limit of a rule about such access that the request exceeds, as half a sentence */
function findExceeded(
  { hasOwner, maxRisk = 3, maxDays }: ApprovalRule['when'],
  facts: RequestFacts,
): string | undefined {
  if (hasOwner !== undefined && hasOwner !== facts.hasOwner)
    return `the app has ${facts.hasOwner ? 'an' : 'no'} active owner`
  if (facts.risk > maxRisk) return `${renderRiskOf(facts)}, and the limit is risk ${maxRisk}`
  if (maxDays === undefined || (facts.days !== undefined && facts.days <= maxDays)) return undefined
  const requested = facts.days === undefined ? 'access without an end' : renderCount(facts.days, 'day')
  return `it is for ${requested}, and the limit is ${renderCount(maxDays, 'day')}`
}

function renderRiskOf({ risk, unrated: [scope] }: RequestFacts): string {
  return scope === undefined
    ? `the request has risk ${risk}`
    : `the risk of ${scope} is not known, which counts as risk ${risk}`
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
