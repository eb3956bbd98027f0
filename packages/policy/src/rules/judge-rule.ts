// Judges one rule: whether it applies, whether its requirements are met, and the trace that shows why.
import type { PolicyTrace } from '@crosswalk/protocol'

import type { Truth } from './clause.ts'
import type { CompiledRule } from './compile-rules.ts'
import type { RuleFacts } from './facts.ts'

/** @returns false if any clause is false, otherwise unknown if any is unknown, otherwise true */
export function judgeWhen({ judged }: CompiledRule, facts: RuleFacts): Truth {
  let truth: Truth = true
  for (const clause of judged) {
    const one = clause.judge(facts)
    if (one === false) return false
    if (one === 'unknown') truth = 'unknown'
  }
  return truth
}

/** @param truth - the result of `judgeWhen` for the same rule and facts */
export function traceRule(rule: CompiledRule, facts: RuleFacts, truth: Truth): PolicyTrace {
  return {
    id: rule.id,
    effect: rule.policy.effect,
    state: rule.isEnforced ? 'enforced' : 'report-only',
    applies: truth !== false,
    result: judgeResult(rule, facts, truth),
    clauses: rule.clauses.map((clause) => ({
      text: clause.text,
      value: clause.see(facts),
      result: clause.judge(facts),
    })),
  }
}

function judgeResult(rule: CompiledRule, facts: RuleFacts, truth: Truth): PolicyTrace['result'] {
  if (truth === false) return 'not_applicable'
  const met = isMet(rule, facts)
  if (met === true) return rule.policy.effect === 'limit' && truth === 'unknown' ? 'unknown' : 'pass'
  return met === 'unknown' || truth === 'unknown' ? 'unknown' : 'fail'
}

/** Whether the facts meet an applicable rule, as far as they are known. */
function isMet({ policy: { effect, require, limit } }: CompiledRule, facts: RuleFacts): Truth {
  if (effect === 'deny') return false
  if (effect === 'limit') {
    const { volumeLastHour } = facts
    return limit?.perHour === undefined || volumeLastHour === undefined || volumeLastHour < limit.perHour
  }
  const parts = [
    isAcrMet(require?.acr, facts),
    isAgeMet(require?.maxAuthAgeSeconds, facts),
    require?.dpop !== true || facts.dpop,
  ]
  if (parts.includes(false)) return false
  return parts.includes('unknown') ? 'unknown' : true
}

function isAcrMet(acceptable: readonly string[] | undefined, { acr }: RuleFacts): Truth {
  if (acceptable === undefined) return true
  return acr === undefined ? 'unknown' : acceptable.includes(acr)
}

function isAgeMet(maxAuthAgeSeconds: number | undefined, { now, authTime }: RuleFacts): Truth {
  if (maxAuthAgeSeconds === undefined) return true
  return authTime === undefined ? 'unknown' : now - authTime <= maxAuthAgeSeconds
}
