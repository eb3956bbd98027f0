// Rules, compiled once per revision into an index. Each rule is indexed by the clause that the fewest rules share, so
// that a request is compared only with rules that may apply; rules without such a clause are always compared.
import type { PolicyDefinition } from '@crosswalk/protocol'

import { byId } from '../by-id.ts'
import { checkPolicyDefinition, compileWhen } from './check-policy.ts'
import type { Clause, ClauseIndex } from './clause.ts'
import { readsInput } from './clauses.ts'
import type { RuleFacts } from './facts.ts'
import { readsAddress } from './reads-address.ts'

export interface CompiledRule {
  readonly id: string
  /** Rank of the id among all rules; outcomes follow it, never the written order */
  readonly rank: number
  readonly isEnforced: boolean
  readonly policy: PolicyDefinition
  /** In written order */
  readonly clauses: readonly Clause[]
  /** In evaluation order: cheap ones first */
  readonly judged: readonly Clause[]
}

interface IndexedClause {
  readonly read: ClauseIndex['read']
  readonly byKey: Map<string, CompiledRule[]>
  /** All rules under this clause: if the fact is missing, each of them is unknown */
  readonly all: CompiledRule[]
}

export interface CompiledRules {
  /** Sorted by id; without disabled rules */
  readonly rules: readonly CompiledRule[]
  /** Whether a rule uses the count of grants in the last hour */
  readonly countsGrants: boolean
  /** Whether a rule uses the client's address */
  readonly readsAddress: boolean
  /** @returns unordered lists that together contain every rule that may apply, possibly twice */
  readonly findCandidates: (facts: RuleFacts) => readonly (readonly CompiledRule[])[]
}

/**
 * Compiles the rules of one revision, except disabled ones.
 *
 * @throws Error naming every problem if a definition was not checked before (see `checkPolicyDefinition`)
 */
export function compileRules(policies: readonly PolicyDefinition[]): CompiledRules {
  const problems = policies.flatMap((policy) =>
    checkPolicyDefinition(policy).map(
      ({ path, problem }) => `policy ${policy.id}, ${path.join('.')}: ${problem}`,
    ),
  )
  if (problems.length > 0) throw new Error(`Policies that cannot be compiled:\n${problems.join('\n')}`)
  const rules = policies
    .filter(({ state }) => state !== 'off')
    .toSorted(byId)
    .map(compileRule)
  return {
    rules,
    countsGrants: rules.some(countsGrants),
    readsAddress: policies.some(readsAddress),
    findCandidates: buildIndex(rules),
  }
}

/** @returns whether the rule uses the count of grants in the last hour */
export function countsGrants({ policy: { limit, when } }: Pick<CompiledRule, 'policy'>): boolean {
  return limit?.perHour !== undefined || readsInput(when, 'volume')
}

function compileRule(policy: PolicyDefinition, rank: number): CompiledRule {
  const { clauses } = compileWhen(policy)
  return {
    id: policy.id,
    rank,
    isEnforced: policy.state === 'enforced',
    policy,
    clauses,
    judged: clauses.toSorted((left, right) => Number(!left.index) - Number(!right.index)),
  }
}

function buildIndex(rules: readonly CompiledRule[]): CompiledRules['findCandidates'] {
  const counts = countByKey(rules)
  const always: CompiledRule[] = []
  const indexed = new Map<string, IndexedClause>()
  for (const rule of rules) {
    const clause = findMostSelective(rule, counts)
    if (clause?.index === undefined) always.push(rule)
    else addToIndex(indexed, { name: clause.name, index: clause.index, rule })
  }
  const places = [...indexed.values()]
  return (facts) => {
    const found: (readonly CompiledRule[])[] = [always]
    for (const { read, byKey, all } of places) {
      const keys = read(facts)
      if (keys === undefined) found.push(all)
      else {
        for (const key of keys) {
          const rules = byKey.get(key)
          if (rules !== undefined) found.push(rules)
        }
      }
    }
    return found
  }
}

function addToIndex(
  indexed: Map<string, IndexedClause>,
  { name, index, rule }: { name: string; index: ClauseIndex; rule: CompiledRule },
): void {
  const place = indexed.get(name) ?? { read: index.read, byKey: new Map<string, CompiledRule[]>(), all: [] }
  indexed.set(name, place)
  place.all.push(rule)
  for (const key of index.keys) {
    const rules = place.byKey.get(key) ?? []
    place.byKey.set(key, rules)
    rules.push(rule)
  }
}

type RuleCounts = ReadonlyMap<string, number>

function joinKey(name: string, key: string): string {
  return `${name}\n${key}`
}

/** Counts the rules that share each key of each clause. */
function countByKey(rules: readonly CompiledRule[]): RuleCounts {
  const counts = new Map<string, number>()
  for (const { name, index } of rules.flatMap(({ clauses }) => clauses)) {
    for (const key of index?.keys ?? []) {
      counts.set(joinKey(name, key), (counts.get(joinKey(name, key)) ?? 0) + 1)
    }
  }
  return counts
}

/** The clause whose keys are shared by the fewest rules. */
function findMostSelective({ clauses }: CompiledRule, counts: RuleCounts): Clause | undefined {
  let best: { readonly clause: Clause; readonly rules: number } | undefined
  for (const clause of clauses) {
    if (clause.index === undefined) continue
    const rules = clause.index.keys.reduce(
      (sum, key) => sum + (counts.get(joinKey(clause.name, key)) ?? 0),
      0,
    )
    if (best === undefined || rules < best.rules) best = { clause, rules }
  }
  return best?.clause
}
