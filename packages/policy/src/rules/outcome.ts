// The combined result of all rules for one request. It never depends on the order in which rules are written.
import type { PolicyTrace } from '@crosswalk/protocol'

/** A rule that denies: it matched (`XAA1701`), or could not be decided because a fact is missing (`XAA1704`). */
export interface RuleDeny {
  readonly id: string
  readonly code: 'XAA1701' | 'XAA1704'
}

export interface RequirementPart {
  /** Of the rule, or of the connection whose conditions these are */
  readonly id: string
  readonly acr?: readonly string[] | undefined
  readonly maxAuthAgeSeconds?: number | undefined
  readonly dpop?: boolean | undefined
}

/** Several requirements together: of the rules that apply, and of the connection. */
export interface RuleRequirements {
  /** Acceptable to all of them; empty: no sign-in can satisfy them; absent: any is acceptable */
  readonly acr?: readonly string[]
  readonly maxAuthAgeSeconds?: number
  readonly dpop: boolean
  readonly parts: readonly RequirementPart[]
}

export interface LimitPart {
  readonly id: string
  readonly scopes?: readonly string[] | undefined
  readonly idJagTtlSeconds?: number | undefined
  readonly perHour?: number | undefined
}

/** The intersection of every applicable limit. */
export interface RuleLimits {
  /** Allowed by all of them; empty: none; absent: unlimited */
  readonly scopes?: readonly string[]
  readonly idJagTtlSeconds?: number
  /** Deny once `volumeLastHour` reaches it */
  readonly perHour?: number
  /** One for each rule that applies, sorted by id */
  readonly parts: readonly LimitPart[]
}

/** @returns the ids of the rules, or of the connection, whose part does this, separated by commas */
export function nameSources<Part extends { readonly id: string }>(
  parts: readonly Part[],
  does: (part: Part) => boolean,
): string {
  return parts
    .filter(does)
    .map(({ id }) => id)
    .join(', ')
}

export interface RuleVerdict {
  /** The one that applies: a matching rule before an undecided one, then by id */
  readonly deny?: RuleDeny
  readonly requirements: RuleRequirements
  readonly limits: RuleLimits
}

export interface RuleOutcome extends RuleVerdict {
  /** Number of rules that are not `off` */
  readonly evaluated: number
  /** Number of rules, enforced or report-only, that apply or may apply */
  readonly matched: number
  /** One trace per matched rule, sorted by id */
  readonly traces: readonly PolicyTrace[]
  /** The verdict of the report-only rules; never applied */
  readonly reportOnly: RuleVerdict
}
