// A reference evaluator that shares only the clauses with the real one: no index, no evaluation order, no early exit.
// It defines the semantics; tests compare the real evaluator with it.
import type { PolicyDefinition } from '@crosswalk/protocol'

import { compileWhen } from '../check-policy.ts'
import type { RuleFacts } from '../facts.ts'

export interface NaiveVerdict {
  /** All rules whose clauses match or are unknown */
  readonly applies: readonly string[]
  readonly deny: string | undefined
  readonly acr: ReadonlySet<string> | undefined
  readonly maxAuthAgeSeconds: number
  readonly dpop: boolean
  readonly scopes: ReadonlySet<string> | undefined
  readonly idJagTtlSeconds: number
  readonly perHour: number
}

/** @param state - the state of the rules to evaluate */
export function evaluateNaively(
  policies: readonly PolicyDefinition[],
  facts: RuleFacts,
  state: 'enforced' | 'report-only',
): NaiveVerdict {
  const judged = policies
    .filter((policy) => policy.state === state)
    .map((policy) => ({ policy, results: compileWhen(policy).clauses.map(({ judge }) => judge(facts)) }))
    .filter(({ results }) => !results.includes(false))
  const denies = judged.filter(({ policy }) => policy.effect === 'deny')
  const certain = denies.filter(({ results }) => !results.includes('unknown'))
  const blamed = (certain.length > 0 ? certain : denies).map(({ policy }) => policy.id).toSorted()[0]
  const requires = judged.flatMap(({ policy }) => policy.require ?? [])
  const limits = judged.flatMap(({ policy }) => policy.limit ?? [])
  return {
    applies: judged.map(({ policy }) => policy.id).toSorted(),
    deny: blamed === undefined ? undefined : `${certain.length > 0 ? 'XAA1701' : 'XAA1704'} ${blamed}`,
    acr: intersection(requires.map(({ acr }) => acr)),
    maxAuthAgeSeconds: Math.min(...requires.map((one) => one.maxAuthAgeSeconds ?? Infinity)),
    dpop: requires.some(({ dpop }) => dpop),
    scopes: intersection(limits.map(({ scopes }) => scopes)),
    idJagTtlSeconds: Math.min(...limits.map((one) => one.idJagTtlSeconds ?? Infinity)),
    perHour: Math.min(...limits.map((one) => one.perHour ?? Infinity)),
  }
}

function intersection(lists: readonly (readonly string[] | undefined)[]): ReadonlySet<string> | undefined {
  const sets = lists.flatMap((list) => (list === undefined ? [] : [new Set(list)]))
  return sets.length === 0
    ? undefined
    : sets.reduce((left, right) => new Set([...left].filter((one) => right.has(one))))
}
