// Three-valued simulation: where inputs are open, every case that the evaluator decides differently, by deciding each.
import { type DecisionRecord, MAX_BRANCHES, type OpenInput } from '@crosswalk/protocol'

import { evaluateExchange } from '../evaluate-exchange.ts'
import { type Question, withFacts } from './change.ts'
import { addNearestYes } from './find-nearest-yes.ts'
import { type InputValues, listValues } from './input-values.ts'
import { findEdges, leaveOpen } from './open-inputs.ts'

/** So that very many rules cost no more than a moment. */
const MAX_EVALUATIONS = 2000

export interface Branch {
  /** Which open inputs it is about; those that make no difference are left out */
  readonly when: readonly { readonly input: OpenInput; readonly text: string }[]
  readonly record: DecisionRecord
}

export type Branched =
  | {
      readonly state: 'decided'
      /** The least favourable of the branches, with what would allow it; checks that differ between them are `unknown` */
      readonly record: DecisionRecord
      /** One alone: whatever the open inputs are */
      readonly branches: readonly Branch[]
    }
  | { readonly state: 'too-many'; readonly branches: number }

/** @returns every branch and what they come to, or how many there would be */
export function branchOut(question: Question, open: readonly OpenInput[]): Branched {
  const listed = listBranches(question, open)
  if (listed.state === 'too-many') return listed
  return { ...listed, record: sumUp(listed.branches, leaveOpen(question, open)) }
}

type Listed =
  | { readonly state: 'decided'; readonly branches: readonly (Branch & Asked)[] }
  | Extract<Branched, { state: 'too-many' }>

/** @returns every branch, or how many there would be */
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

/** One input after the other, as long as it matters: what is decided alike is told once. */
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

/** @returns places for each of these sizes, the last changing first; one empty combination for none */
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

/** Values belong together where, whatever the other inputs are, the same is decided. */
function groupPlaces({ size }: InputValues, at: number, asked: readonly Asked[]): readonly number[][] {
  const groups = new Map<string, number[]>()
  for (let place = 0; place < size; place += 1) {
    const decided = asked.filter(({ places }) => places[at] === place).map(({ record }) => nameResult(record))
    const key = decided.join('\n')
    groups.set(key, [...(groups.get(key) ?? []), place])
  }
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

/** From the most to the least favourable. */
const FAVOUR: readonly DecisionRecord['outcome'][] = ['allow', 'step_up', 'pending', 'deny', 'error']

/** What may be otherwise is decided the safe way, as everywhere, and said. */
function sumUp(branches: readonly Asked[], left: Question): DecisionRecord {
  const [least] = [...branches].sort(
    (one, other) => FAVOUR.indexOf(other.record.outcome) - FAVOUR.indexOf(one.record.outcome),
  )
  if (least === undefined) throw new Error('no branch was decided')
  const { facts, snapshot } = least.question
  const record = addNearestYes(least.record, facts, snapshot)
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
