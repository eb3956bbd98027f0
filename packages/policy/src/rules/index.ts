export { checkPolicyDefinition, type PolicyProblem } from './check-policy.ts'
export { CLAUSE_NAMES, describeClauses } from './clauses.ts'
export { type CompiledRules, compileRules } from './compile-rules.ts'
export { evaluateRules, explainRules } from './evaluate-rules.ts'
export type { RuleFacts } from './facts.ts'
export { joinRequirements } from './combine-rules.ts'
export {
  type LimitPart,
  nameSources,
  type RequirementPart,
  type RuleDeny,
  type RuleLimits,
  type RuleOutcome,
  type RuleRequirements,
  type RuleVerdict,
} from './outcome.ts'
export { isInNetwork, type Network, parseAddress, parseNetwork } from './network.ts'
export { createPolicyLinter, type LintedDefinitions } from './lint-policies.ts'
export type { Linter, RuleFinding } from './lint-rules.ts'
export { findNearest } from './nearest.ts'
export {
  findWindowChange,
  isWindowOpen,
  parseTimeWindow,
  renderLocalTime,
  type TimeWindow,
} from './time-window.ts'
export { readsAddress } from './reads-address.ts'
export { renderRule } from './text.ts'
