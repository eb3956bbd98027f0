// Which scopes rules may leave open for a person, by what is known without a request: app, person and resource app. A rule
// that also looks at sign-in, network, time, resource or volume may let something through at another moment, so it keeps
// nothing closed here.
import type { CompiledRule, CompiledRules } from './compile-rules.ts'
import type { RuleFacts } from './facts.ts'
import { judgeWhen } from './judge-rule.ts'

export type StandingFacts = Pick<RuleFacts, 'app' | 'user' | 'resourceApp'>

/** Clauses that hold or not whatever is sent, and the scope itself. */
const STANDING = /^(?:app|app\.kind|app\.owner|user|group|user\.attributes\..+|resourceApp|scope)$/

/** @returns those of the scopes that no enforced rule always keeps from the person */
export function findOpenScopes(
  { rules }: CompiledRules,
  scopes: readonly string[],
  facts: StandingFacts,
): readonly string[] {
  const standing = rules.filter(
    ({ isEnforced, clauses }) => isEnforced && clauses.every(({ name }) => STANDING.test(name)),
  )
  return scopes.filter((scope) => !standing.some((rule) => isClosedBy(rule, scope, facts)))
}

function isClosedBy(rule: CompiledRule, scope: string, facts: StandingFacts): boolean {
  const { effect, limit } = rule.policy
  const closes =
    effect === 'deny' || (effect === 'limit' && limit?.scopes !== undefined && !limit.scopes.includes(scope))
  return closes && judgeWhen(rule, { ...facts, now: 0, resource: [], scope: [scope], dpop: false }) === true
}
