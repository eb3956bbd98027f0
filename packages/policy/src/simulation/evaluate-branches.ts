// Three-valued simulation: if inputs are open, finds every case that the evaluator decides differently, by evaluating
// each.
import { type DecisionRecord, MAX_BRANCHES, type OpenInput } from '@crosswalk/protocol'

import { evaluateExchange } from '../evaluate-exchange.ts'
import { type Question, withFacts } from './change.ts'
import { addNearestAllow } from './find-nearest-allow.ts'
import { type InputValues, listValues } from './input-values.ts'
import { findEdges, leaveOpen } from './open-inputs.ts'

/** Bounds the time that very many rules can take. */
const MAX_EVALUATIONS = 2000

export interface Branch {
  /** The open inputs that define it; those that make no difference are omitted */
  readonly when: readonly { readonly input: OpenInput; readonly text: string }[]
  readonly record: DecisionRecord
}

export type BranchResult =
  | {
      readonly state: 'decided'
      /** The least favourable branch, with what would allow it; checks that differ between branches are `unknown` */
      readonly record: DecisionRecord
      /** A single branch means that the open inputs do not matter */
      readonly branches: readonly Branch[]
    }
  | { readonly state: 'too-many'; readonly branches: number }

/** @returns every branch and their combined record, or the number of branches if there are too many */
export function evaluateBranches(question: Question, open: readonly OpenInput[]): BranchResult {
  const listed = listBranches(question, open)
  if (listed.state === 'too-many') return listed
  return { ...listed, record: sumUp(listed.branches, leaveOpen(question, open)) }
}

type Listed =
  | { readonly state: 'decided'; readonly branches: readonly (Branch & Asked)[] }
  | Extract<BranchResult, { state: 'too-many' }>

/** @returns every branch, or the number of branches if there are too many */
export function listBranches(question: Question, open: readonly OpenInput[]): Listed {
  const edges = findEdges(question, open)
  const inputs = open.map((input) => listValues(input, edges))
  const combinations = inputs.reduce((product, { size }) => product * size, 1)
  if (combinations > MAX_EVALUATIONS) return { state: 'too-many', branches: combinations }
  const asked = listCombinations(inputs.map(({ size }) => size)).map((places) => {
    const facts = inputs.reduce(
      (before, values, at) => withFacts(before, values.apply(before.facts, places[at] ?? 0)),
      question,
    )
    return { places, question: facts, record: evaluateExchange(facts.facts, facts.snapshot) }
  })
  const branches = grow(asked, [...inputs.entries()])
  if (branches.length > MAX_BRANCHES) return { state: 'too-many', branches: branches.length }
  return { state: 'decided', branches }
}

/** Splits by one input after the other as far as it matters; values with the same decision share a branch. */
function grow(
  asked: readonly Asked[],
  [next, ...rest]: readonly (readonly [at: number, values: InputValues])[],
): readonly (Branch & Asked)[] {
  const [first] = asked
  if (first === undefined) return []
  const differs = asked.some(({ record }) => nameResult(record) !== nameResult(first.record))
  if (!differs || next === undefined) return [{ ...first, when: [] }]
  const [at, values] = next
  const groups = groupPlaces(values, at, asked)
  if (groups.length === 1) return grow(asked, rest)
  return groups.flatMap((places) => {
    const clause = { input: values.input, text: values.describe(places) }
    const within = asked.filter((one) => places.includes(one.places[at] ?? 0))
    return grow(within, rest).map((branch) => ({ ...branch, when: [clause, ...branch.when] }))
  })
}

/**
 * @returns all combinations of indexes below these sizes, the last changing fastest; one empty combination for no sizes
 */
function listCombinations(sizes: readonly number[]): readonly (readonly number[])[] {
  return sizes.reduce<readonly (readonly number[])[]>(
    (found, size) => found.flatMap((places) => Array.from({ length: size }, (_, at) => [...places, at])),
    [[]],
  )
}

interface Asked {
  readonly places: readonly number[]
  readonly question: Question
  readonly record: DecisionRecord
}

/** Values share a group if every combination of the other inputs is decided the same way. */
function groupPlaces({ size }: InputValues, at: number, asked: readonly Asked[]): readonly number[][] {
  const decidedAt = (place: number) =>
    asked.filter(({ places }) => places[at] === place).map(({ record }) => nameResult(record))
  const groups = Map.groupBy(Array(size).keys(), (place) => decidedAt(place).join('\n'))
  return [...groups.values()]
}

function nameResult({ outcome, code, granted, wire }: DecisionRecord): string {
  return JSON.stringify([
    outcome,
    code,
    granted?.scope,
    granted?.lifetime_seconds,
    wire.acr_values,
    wire.max_age,
  ])
}

/** From most to least favourable. */
const FAVOUR: readonly DecisionRecord['outcome'][] = ['allow', 'step_up', 'pending', 'deny', 'error']

/** Differing checks become `unknown`, and the least favourable outcome applies. */
function sumUp(branches: readonly Asked[], left: Question): DecisionRecord {
  const [least] = [...branches].sort(
    (one, other) => FAVOUR.indexOf(other.record.outcome) - FAVOUR.indexOf(one.record.outcome),
  )
  if (least === undefined) throw new Error('no branch was decided')
  const { facts, snapshot } = least.question
  const record = addNearestAllow(least.record, facts, snapshot)
  const { request, policies } = evaluateExchange(left.facts, left.snapshot)
  return {
    ...record,
    request,
    policies,
    checks: record.checks.map((check) => {
      const { actual: _, ...rest } = check
      const differs = branches.some(
        (branch) => branch.record.checks.find(({ id }) => id === check.id)?.result !== check.result,
      )
      return differs ? { ...rest, result: 'unknown' } : check
    }),
  }
}
