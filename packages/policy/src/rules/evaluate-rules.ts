// Evaluates the rules for one request: pure, and independent of their order.
import type { PolicyTrace } from '@crosswalk/protocol'

import { type Applicable, combineRules } from './combine-rules.ts'
import type { CompiledRules } from './compile-rules.ts'
import type { RuleFacts } from './facts.ts'
import { judgeWhen, traceRule } from './judge-rule.ts'
import type { RuleOutcome } from './outcome.ts'

/** Judges the rules that may apply to these facts; never throws on facts. */
export function evaluateRules(rules: CompiledRules, facts: RuleFacts): RuleOutcome {
  const applicable = findApplicable(rules, facts)
  const isEnforced = ({ rule }: Applicable): boolean => rule.isEnforced
  return {
    evaluated: rules.rules.length,
    matched: applicable.length,
    traces: applicable.map(({ rule, truth }) => traceRule(rule, facts, truth)),
    ...combineRules(applicable.filter(isEnforced)),
    reportOnly: combineRules(applicable.filter((one) => !isEnforced(one))),
  }
}

/** Traces every rule that is not `off`, even if a clause does not match; sorted by id. */
export function explainRules({ rules }: CompiledRules, facts: RuleFacts): readonly PolicyTrace[] {
  return rules.map((rule) => traceRule(rule, facts, judgeWhen(rule, facts)))
}

function findApplicable(rules: CompiledRules, facts: RuleFacts): readonly Applicable[] {
  const found: Applicable[] = []
  for (const candidates of rules.findCandidates(facts)) {
    for (const rule of candidates) {
      const truth = judgeWhen(rule, facts)
      if (truth !== false) found.push({ rule, truth })
    }
  }
  found.sort((left, right) => left.rule.rank - right.rule.rank)
  // Facts with several values, such as scopes, may find the same rule twice.
  return found.filter(({ rule }, place) => rule !== found[place - 1]?.rule)
}
