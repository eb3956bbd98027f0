// The kinds of clauses, as factories: each turns an entry of the clause table in `clauses.ts` into a compilable clause.
import { accept, refuse, type Result } from '@crosswalk/protocol'

import type { RuleFacts } from './facts.ts'
import { findNearest } from './nearest.ts'
import type { ValueProblem } from './network.ts'
import type { ClauseScalar, FactReader, OpenReading } from './open-reading.ts'

/** Whether something is true, or cannot be decided because a fact is missing. */
export type Truth = boolean | 'unknown'

export interface ClauseProblem extends ValueProblem {
  /** Index in the list; absent if the problem concerns the whole value */
  readonly index?: number
}

/** For a clause that can be looked up instead of judged: it is true exactly if the facts contain one of its keys. */
export interface ClauseIndex {
  readonly keys: readonly string[]
  /** The keys that the facts contain; undefined if the fact is missing */
  readonly read: (facts: RuleFacts) => readonly string[] | undefined
}

export interface Clause {
  readonly name: string
  /** As written: `scope: todos.write` */
  readonly text: string
  /** As a phrase within a sentence: `requesting todos.write` */
  readonly phrase: string
  readonly judge: (facts: RuleFacts) => Truth
  /** The observed value; null if it is missing */
  readonly see: (facts: RuleFacts) => unknown
  readonly index?: ClauseIndex
}

export interface ClauseDescription {
  /** As written in `when`; ends in `NAME` if the clause has a parameter */
  readonly name: string
  /** The values it accepts */
  readonly takes: string
  readonly meaning: string
  /** When the clause is unknown; absent if the fact is always available */
  readonly unknownWhen?: string
  readonly example: ClauseScalar | readonly ClauseScalar[]
  /** As a phrase, for the values joined by "or"; those with `isSubject` name the apps, the others follow */
  readonly phrase: (values: string, parameter: string) => string
  readonly isSubject?: boolean
  /** Absent if a simulation never leaves its fact open */
  readonly open?: OpenReading | undefined
}

export interface ClauseType extends ClauseDescription {
  readonly compile: (
    name: string,
    written: readonly ClauseScalar[],
  ) => Result<Clause, readonly ClauseProblem[]>
}

/** `read` also gets the value of `NAME` in the clause's name. */
export type TokenClause = ClauseDescription &
  FactReader<readonly string[], [parameter: string]> & {
    /** The values that exist; absent: any */
    readonly known?: readonly string[]
  }

/** A clause that is true if the facts contain one of its values. */
export function tokenClause(spec: TokenClause): ClauseType {
  return {
    ...spec,
    compile: (name, written) => {
      const keys = [...new Set(written.map(String))]
      const problems = spec.known === undefined ? [] : listUnknownTokens(keys, spec.known)
      if (problems.length > 0) return refuse(problems)
      const parameter = readParameter(spec.name, name)
      const read = (facts: RuleFacts): readonly string[] | undefined => spec.read(facts, parameter)
      const wanted = new Set(keys)
      return accept({
        ...describeClause(spec, name, written),
        judge: (facts) => read(facts)?.some((token) => wanted.has(token)) ?? 'unknown',
        see: (facts) => showTokens(read(facts)),
        index: { keys, read },
      })
    },
  }
}

export type SingleClause<Value, Seen> = ClauseDescription &
  FactReader<Seen> & {
    readonly parse: (written: ClauseScalar) => Value | undefined
    readonly expected: ValueProblem
    readonly holds: (seen: Seen, value: Value) => boolean
    readonly show: (seen: Seen) => unknown
  }

/** A clause with one value, compared to one fact. */
export function singleClause<Value, Seen>(spec: SingleClause<Value, Seen>): ClauseType {
  return {
    ...spec,
    compile: (name, written) => {
      const [only, ...more] = written
      if (only === undefined || more.length > 0) {
        return refuse([
          { problem: `\`${name}\` accepts one value`, fix: 'write one value, or one rule for each' },
        ])
      }
      const value = spec.parse(only)
      if (value === undefined) return refuse([{ ...spec.expected }])
      return accept({
        ...describeClause(spec, name, written),
        judge: (facts) => {
          const seen = spec.read(facts)
          return seen === undefined ? 'unknown' : spec.holds(seen, value)
        },
        see: (facts) => {
          const seen = spec.read(facts)
          return seen === undefined ? null : spec.show(seen)
        },
      })
    },
  }
}

export type RangeClause<Range, Seen> = ClauseDescription &
  FactReader<Seen> & {
    readonly parse: (text: string) => Result<Range, ValueProblem>
    readonly contains: (range: Range, seen: Seen) => boolean
    readonly show: (seen: Seen, ranges: readonly Range[]) => unknown
    /** True outside all of the ranges, instead of inside any of them */
    readonly isOutside: boolean
  }

/** A clause with ranges: inside any of them, or outside all of them. */
export function rangeClause<Range, Seen>(spec: RangeClause<Range, Seen>): ClauseType {
  return {
    ...spec,
    compile: (name, written) => {
      const parsed = written.map((value) => spec.parse(String(value)))
      const problems = parsed.flatMap((one, index) => (one.accepted ? [] : [{ index, ...one.refusal }]))
      if (problems.length > 0) return refuse(problems)
      const ranges = parsed.flatMap((one) => (one.accepted ? [one.value] : []))
      return accept({
        ...describeClause(spec, name, written),
        judge: (facts) => {
          const seen = spec.read(facts)
          if (seen === undefined) return 'unknown'
          for (const range of ranges) if (spec.contains(range, seen)) return !spec.isOutside
          return spec.isOutside
        },
        see: (facts) => {
          const seen = spec.read(facts)
          return seen === undefined ? null : spec.show(seen, ranges)
        },
      })
    },
  }
}

function describeClause(
  spec: ClauseDescription,
  name: string,
  written: readonly ClauseScalar[],
): { readonly name: string; readonly text: string; readonly phrase: string } {
  const values = written.map(String)
  return {
    name,
    text: `${name}: ${values.join(', ')}`,
    phrase: spec.phrase(values.join(' or '), readParameter(spec.name, name)),
  }
}

function readParameter(pattern: string, name: string): string {
  return pattern.endsWith('.NAME') ? name.slice(pattern.length - 'NAME'.length) : ''
}

function showTokens(tokens: readonly string[] | undefined): unknown {
  if (tokens === undefined) return null
  return tokens.length === 1 ? tokens[0] : tokens
}

function listUnknownTokens(keys: readonly string[], known: readonly string[]): readonly ClauseProblem[] {
  return keys.flatMap((key, index) => {
    if (known.includes(key)) return []
    const nearest = findNearest(key, known)
    const fix = nearest === undefined ? `write one of ${known.join(', ')}` : `did you mean \`${nearest}\`?`
    return [{ index, problem: `there is no ${JSON.stringify(key)}`, fix }]
  })
}
