// Finds rules that could be removed or weakened without any test failing.
import type { PolicyDefinition, PolicySuite } from '@crosswalk/protocol'

import { compileRules } from '../rules/index.ts'
import type { TestWorld } from './expand-test.ts'
import { runSuite } from './run-suite.ts'

export interface Mutant {
  readonly policy: string
  /** The mutation, in words */
  readonly change: string
}

export interface MutationReport {
  readonly tried: number
  readonly survivors: readonly Mutant[]
}

/** Expects suites that all pass; each mutant removes one rule, or one clause of a rule. */
export function findSurvivors(
  suites: readonly PolicySuite[],
  world: TestWorld,
  mostCases: number,
): MutationReport {
  const policies = world.snapshot.rules.rules.map(({ policy }) => policy)
  const mutants = policies.filter(({ state }) => state === 'enforced').flatMap(listMutants)
  const survivors = mutants.flatMap(({ policy, change, mutate }) => {
    const changed = policies.flatMap((one) => (one.id === policy ? mutate(one) : [one]))
    const snapshot = { ...world.snapshot, rules: compileRules(changed) }
    const isNoticed = suites.some((suite) => !runSuite(suite, { ...world, snapshot }, mostCases).passed)
    return isNoticed ? [] : [{ policy, change }]
  })
  return { tried: mutants.length, survivors }
}

interface Mutation extends Mutant {
  mutate(policy: PolicyDefinition): readonly PolicyDefinition[]
}

function listMutants({ id, when }: PolicyDefinition): readonly Mutation[] {
  return [
    { policy: id, change: 'without the rule', mutate: () => [] },
    ...Object.keys(when).map((name) => ({
      policy: id,
      change: `without the clause ${name}`,
      mutate: (policy: PolicyDefinition) => [
        {
          ...policy,
          when: Object.fromEntries(Object.entries(policy.when).filter(([key]) => key !== name)),
        },
      ],
    })),
  ]
}
