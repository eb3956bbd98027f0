// One report-only rule enforced, without compiling all rules again.
import type { CompiledRule, CompiledRules } from './compile-rules.ts'

/** @returns the same rules if none of this ID is report-only */
export function enforceRule(compiled: CompiledRules, id: string): CompiledRules {
  const rule = compiled.rules.find((one) => one.id === id)
  if (rule === undefined || rule.isEnforced) return compiled
  const enforced: CompiledRule = { ...rule, isEnforced: true, policy: { ...rule.policy, state: 'enforced' } }
  const replace = (rules: readonly CompiledRule[]) => rules.map((one) => (one === rule ? enforced : one))
  return {
    ...compiled,
    rules: replace(compiled.rules),
    findCandidates: (facts) => compiled.findCandidates(facts).map(replace),
  }
}
