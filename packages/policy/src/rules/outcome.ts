// What all rules together say about one request. Nothing here depends on the order in which rules were written.
import type { PolicyTrace } from '@crosswalk/protocol'

/** A rule that refuses: it matched (`XAA1701`), or could not be decided for lack of a fact (`XAA1704`). */
export interface RuleDeny {
  readonly id: string
  readonly code: 'XAA1701' | 'XAA1704'
}

/** What one rule requires. */
export interface RequirementPart {
  readonly id: string
  readonly acr?: readonly string[] | undefined
  readonly maxAuthAgeSeconds?: number | undefined
  readonly dpop?: boolean | undefined
}

/** Every applicable requirement at once. */
export interface RuleRequirements {
  /** Acceptable to all of them; empty: no sign-in can satisfy them; absent: any */
  readonly acr?: readonly string[]
  readonly maxAuthAgeSeconds?: number
  readonly dpop: boolean
  /** Ids of the rules that apply, sorted */
  readonly from: readonly string[]
  readonly parts: readonly RequirementPart[]
}

/** What one rule limits. */
export interface LimitPart {
  readonly id: string
  readonly scopes?: readonly string[] | undefined
  readonly idJagTtlSeconds?: number | undefined
  readonly perHour?: number | undefined
}

/** The intersection of every applicable limit. */
export interface RuleLimits {
  /** Allowed by all of them; empty: none; absent: no limit on scopes */
  readonly scopes?: readonly string[]
  readonly idJagTtlSeconds?: number
  /** Refuse once `volumeLastHour` has reached it */
  readonly perHour?: number
  /** Ids of the rules that apply, sorted */
  readonly from: readonly string[]
  readonly parts: readonly LimitPart[]
}

export interface RuleVerdict {
  /** Of several, one that matched before one that could not be decided, then the least id */
  readonly deny?: RuleDeny
  readonly requirements: RuleRequirements
  readonly limits: RuleLimits
}

export interface RuleOutcome extends RuleVerdict {
  /** Rules that are not off */
  readonly evaluated: number
  /** Rules, enforced or report-only, that no clause ruled out */
  readonly matched: number
  /** One for each matched rule, sorted by id */
  readonly traces: readonly PolicyTrace[]
  /** What report-only rules would have said; never applied */
  readonly reportOnly: RuleVerdict
}
