// Combines all applicable rules into one verdict: a deny wins, every requirement applies, limits intersect.
import type { Truth } from './clause.ts'
import type { CompiledRule } from './compile-rules.ts'
import type {
  LimitPart,
  RequirementPart,
  RuleDeny,
  RuleLimits,
  RuleRequirements,
  RuleVerdict,
} from './outcome.ts'

/** A rule whose clauses all match or are unknown. */
export interface Applicable {
  readonly rule: CompiledRule
  readonly truth: Exclude<Truth, false>
}

const NOTHING: RuleVerdict = {
  requirements: { dpop: false, parts: [] },
  limits: { parts: [] },
}

/** @param applicable - sorted by id, so that the verdict does not depend on the order in which rules are written */
export function combineRules(applicable: readonly Applicable[]): RuleVerdict {
  // Few rules apply to most requests, and report-only rules rarely do.
  if (applicable.length === 0) return NOTHING
  const deny = findDeny(applicable)
  return {
    ...(deny === undefined ? {} : { deny }),
    requirements: joinRequirements(
      applicable.flatMap(({ rule: { id, policy } }) =>
        policy.require === undefined ? [] : [{ id, ...policy.require }],
      ),
    ),
    limits: intersectLimits(applicable),
  }
}

function findDeny(applicable: readonly Applicable[]): RuleDeny | undefined {
  const denies = applicable.filter(({ rule }) => rule.policy.effect === 'deny')
  const matched = denies.find(({ truth }) => truth === true)
  if (matched !== undefined) return { id: matched.rule.id, code: 'XAA1701' }
  // A deny that may match must not be ignored.
  return denies[0] === undefined ? undefined : { id: denies[0].rule.id, code: 'XAA1704' }
}

export function joinRequirements(parts: readonly RequirementPart[]): RuleRequirements {
  const acr = intersect(parts.map((part) => part.acr))
  const maxAuthAgeSeconds = findLeast(parts.map((part) => part.maxAuthAgeSeconds))
  return {
    ...(acr === undefined ? {} : { acr }),
    ...(maxAuthAgeSeconds === undefined ? {} : { maxAuthAgeSeconds }),
    dpop: parts.some(({ dpop }) => dpop === true),
    parts,
  }
}

function intersectLimits(applicable: readonly Applicable[]): RuleLimits {
  const parts: readonly LimitPart[] = applicable.flatMap(({ rule: { id, policy } }) =>
    policy.limit === undefined ? [] : [{ id, ...policy.limit }],
  )
  const scopes = intersect(parts.map((part) => part.scopes))
  const idJagTtlSeconds = findLeast(parts.map((part) => part.idJagTtlSeconds))
  const perHour = findLeast(parts.map((part) => part.perHour))
  return {
    ...(scopes === undefined ? {} : { scopes }),
    ...(idJagTtlSeconds === undefined ? {} : { idJagTtlSeconds }),
    ...(perHour === undefined ? {} : { perHour }),
    parts,
  }
}

function intersect(lists: readonly (readonly string[] | undefined)[]): readonly string[] | undefined {
  const [first, ...more] = lists.filter((list) => list !== undefined)
  return first === undefined
    ? undefined
    : more.reduce((kept, list) => kept.filter((one) => list.includes(one)), first)
}

function findLeast(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined)
  return known.length === 0 ? undefined : Math.min(...known)
}
