// Finds what would allow a request: the smallest sets of changes after which the same evaluator would allow it.
// Computed, never applied.
import type { DecisionRecord, Remedy } from '@crosswalk/protocol'

import { evaluateExchange } from '../evaluate-exchange.ts'
import type { ExchangeFacts } from '../exchange-facts.ts'
import type { ExchangeSnapshot } from '../exchange-snapshot.ts'
import type { Change, Question } from './change.ts'
import { proposeChanges } from './propose-changes.ts'

/** Requests that need more changes are not nearly allowed. */
const MAX_CHANGES = 3
const MAX_REMEDIES = 5
/** Bounds the time that a request with very many failures can take. */
const MAX_EVALUATIONS = 300

interface Branch {
  readonly changes: readonly Change[]
  readonly question: Question
  readonly record: DecisionRecord
}

/**
 * @returns the record with the changes that would allow it before the remedy of its code; unchanged unless it is a
 * denial
 */
export function addNearestAllow(
  record: DecisionRecord,
  facts: ExchangeFacts,
  snapshot: ExchangeSnapshot,
): DecisionRecord {
  const found = findNearestAllow(record, facts, snapshot)
  const own = record.remedies.map((remedy) => ({ ...remedy, rank: remedy.rank + found.length }))
  return { ...record, remedies: [...found, ...own] }
}

/** Searches by number of changes, so that no remedy contains unnecessary ones. */
export function findNearestAllow(
  record: DecisionRecord,
  facts: ExchangeFacts,
  snapshot: ExchangeSnapshot,
): readonly Remedy[] {
  if (record.outcome === 'allow') return []
  let level: readonly Branch[] = [{ changes: [], question: { facts, snapshot }, record }]
  const budget = { left: MAX_EVALUATIONS }
  for (let size = 1; size <= MAX_CHANGES; size += 1) {
    level = expand(level, budget)
    const allowed = level.filter((branch) => branch.record.outcome === 'allow')
    if (allowed.length > 0)
      return allowed.slice(0, MAX_REMEDIES).map((branch, index) => renderRemedy(branch, index + 1))
  }
  return []
}

function expand(level: readonly Branch[], budget: { left: number }): readonly Branch[] {
  const tried = new Set<string>()
  return level.flatMap(({ changes, question, record }) =>
    proposeChanges(question, record).flatMap((change) => {
      if (changes.some(({ id }) => id === change.id)) return []
      const name = [...changes.map(({ id }) => id), change.id].sort().join('\n')
      if (tried.has(name) || budget.left <= 0) return []
      tried.add(name)
      budget.left -= 1
      const next = change.apply(question)
      return [
        {
          changes: [...changes, change],
          question: next,
          record: evaluateExchange(next.facts, next.snapshot),
        },
      ]
    }),
  )
}

function renderRemedy({ changes, record, question: { snapshot } }: Branch, rank: number): Remedy {
  const edits = changes.flatMap((change) => findFileEdit(change, snapshot))
  // Changes to the configuration file have no command.
  const acts = changes.filter((change) => findFileEdit(change, snapshot).length === 0)
  const collect = (member: 'cli' | 'api', joint: string) => {
    const lines = acts.map((change) => change[member])
    const isWhole = lines.length > 0 && lines.every((line) => line !== undefined)
    return isWhole ? { [member]: lines.join(joint) } : {}
  }
  const asks = changes.map(({ ask }) => ask)
  return {
    rank,
    owner: changes.find(({ owner }) => owner === 'administrator')?.owner ?? changes[0]?.owner ?? 'nobody',
    text: changes.map(({ text }) => text).join(' '),
    ...collect('cli', ' && '),
    ...collect('api', '\n'),
    ...(edits.length === 0 ? {} : { edits }),
    ...(asks.every((ask) => ask !== undefined) ? { ask: Object.assign({}, ...asks) as Remedy['ask'] } : {}),
    verified: `re-evaluated: allow (${record.granted?.scope.join(' ') ?? ''})`,
  }
}

/** @returns the edits to the configuration file; empty if the definition can be changed at runtime */
function findFileEdit({ edit }: Change, { origins }: ExchangeSnapshot): NonNullable<Remedy['edits']> {
  const object = edit === undefined ? '' : `${edit.collection}/${edit.id}`
  const origin = origins?.get(object)
  if (edit === undefined || origin === undefined) return []
  const { file, line } = origin
  return [{ file, ...(line === undefined ? {} : { line }), object, patch: edit.patch }]
}
