// Checks whether a rule can be compiled: clause names and values. Its schema has already checked the shape; the caller
// checks whether the apps, users and resources it names exist.
import type { PolicyDefinition } from '@crosswalk/protocol'

import type { Clause } from './clause.ts'
import { CLAUSE_NAMES, findClauseType } from './clauses.ts'
import { findNearest } from './nearest.ts'
import type { ClauseScalar } from './open-reading.ts'

/** A problem of a rule, at a path of its definition such as `['when', 'network', 0]`. */
export interface PolicyProblem {
  readonly path: readonly (string | number)[]
  readonly problem: string
  /** How to fix it, as an instruction */
  readonly fix: string
}

/** @returns all problems of the rule; empty if it compiles */
export function checkPolicyDefinition(policy: PolicyDefinition): readonly PolicyProblem[] {
  return [...compileWhen(policy).problems, ...checkEffect(policy)]
}

/** Compiles the clauses of a rule in the order written, and collects their problems. */
export function compileWhen({ when }: PolicyDefinition): {
  readonly clauses: readonly Clause[]
  readonly problems: readonly PolicyProblem[]
} {
  const clauses: Clause[] = []
  const problems: PolicyProblem[] = []
  for (const [name, value] of Object.entries(when)) {
    const type = findClauseType(name)
    if (type === undefined) {
      problems.push(describeUnknownClause(name))
      continue
    }
    const written: readonly ClauseScalar[] = Array.isArray(value) ? value : [value]
    const compiled = type.compile(name, written)
    if (compiled.accepted) clauses.push(compiled.value)
    else {
      for (const { index, problem, fix } of compiled.refusal) {
        const place = index === undefined || !Array.isArray(value) ? [] : [index]
        problems.push({ path: ['when', name, ...place], problem, fix })
      }
    }
  }
  return { clauses, problems }
}

function describeUnknownClause(name: string): PolicyProblem {
  const nearest = findNearest(name, CLAUSE_NAMES)
  return {
    path: ['when', name],
    problem: `there is no clause \`${name}\``,
    fix: nearest === undefined ? `use one of ${CLAUSE_NAMES.join(', ')}` : `did you mean \`${nearest}\`?`,
  }
}

/** A rule without an effect is refused, since its author relies on one. */
function checkEffect({ require, limit }: PolicyDefinition): readonly PolicyProblem[] {
  const problems: PolicyProblem[] = []
  if (require !== undefined) {
    const isEmpty =
      require.acr === undefined && require.maxAuthAgeSeconds === undefined && require.dpop !== true
    if (isEmpty) {
      const fix = 'give `acr`, `maxAuthAgeSeconds` or `dpop: true`'
      problems.push({ path: ['require'], problem: 'this requires nothing', fix })
    }
  }
  if (limit !== undefined && Object.values(limit).every((value) => value === undefined)) {
    const fix = 'give `scopes`, `idJagTtlSeconds` or `perHour`'
    problems.push({ path: ['limit'], problem: 'this limits nothing', fix })
  }
  return problems
}
