// Evaluates one recorded decision under the current definitions and under a draft, with the evaluator of the endpoint.
// If the record lacks a fact that matters, the result is `indeterminate`.
import type { AppDefinition, DecisionRecord } from '@crosswalk/protocol'

import { evaluateExchange } from '../evaluate-exchange.ts'
import type { ExchangeSnapshot } from '../exchange-snapshot.ts'
import type { EvaluatedUser } from '../users.ts'
import { VOLUME_CLAUSE } from '../rules/clauses.ts'
import { type AssumedExchange, assumeExchange } from '../simulation/assume-exchange.ts'
import { compareOutcomes, type ReplayKind } from './compare-outcomes.ts'
import { type NotReplayable, readRecorded, type UnknownFact } from './read-recorded.ts'

export interface Side {
  readonly snapshot: ExchangeSnapshot
  readonly people: ReadonlyMap<string, EvaluatedUser>
}

export interface ReplayWorld {
  readonly current: Side
  readonly draft: Side
  /** An unregistered app that describes itself */
  describeApp?(id: string): AppDefinition | undefined
}

/** Beyond what records lack: the count of the preceding hour, and any other input that a rule could not read */
export type MissingFact = UnknownFact | 'volume' | 'rule_input'

export type Replayed =
  | { readonly state: 'skipped'; readonly why: NotReplayable | 'user-gone' }
  | { readonly state: 'indeterminate'; readonly missing: readonly MissingFact[] }
  | {
      readonly state: 'compared'
      readonly kind: ReplayKind | undefined
      readonly current: DecisionRecord
      readonly draft: DecisionRecord
      /** Whether the current definitions decide it differently from the record */
      readonly changedSince: boolean
    }

export function replayDecision(record: DecisionRecord, world: ReplayWorld): Replayed {
  const appId = record.request.requesting_app?.id
  const request = readRecorded(record, appId === undefined ? undefined : world.describeApp?.(appId))
  if (typeof request === 'string') return { state: 'skipped', why: request }
  const { assumed, unknown } = request
  if (!world.current.people.has(assumed.userId) && !world.draft.people.has(assumed.userId))
    return { state: 'skipped', why: 'user-gone' }
  const [first, ...others] = listBranches(assumed, unknown).map((branch) => judge(branch, world))
  if (first === undefined) return { state: 'skipped', why: 'incomplete' }
  const { current, draft, kind } = first
  const changedSince = isOtherwise(record, current)
  const missing: readonly MissingFact[] = [
    ...(others.some((other) => other.kind !== kind) ? (['dpop'] as const) : []),
    ...(unknown.includes('authorization_details') &&
    (kind !== undefined || changedSince) &&
    mayAskDetails(world)
      ? (['authorization_details'] as const)
      : []),
    ...findUnseen(
      [
        [current, world.current],
        [draft, world.draft],
      ],
      assumed,
    ),
  ]
  if (missing.length > 0) return { state: 'indeterminate', missing }
  return { state: 'compared', kind, current, draft, changedSince }
}

type Branch = Omit<AssumedExchange, 'user'>

/** One branch for every possible value of the unknown facts. */
function listBranches(assumed: Branch, unknown: readonly UnknownFact[]): readonly Branch[] {
  if (!unknown.includes('dpop')) return [assumed]
  return [assumed, { ...assumed, dpopThumbprint: 'assumed' }]
}

function judge(assumed: Branch, { current, draft }: ReplayWorld) {
  const decide = ({ snapshot, people }: Side) =>
    evaluateExchange(assumeExchange({ ...assumed, user: people.get(assumed.userId) }, snapshot), snapshot)
  const [before, after] = [decide(current), decide(draft)]
  return { current: before, draft: after, kind: compareOutcomes(before, after) }
}

function mayAskDetails({ current, draft }: ReplayWorld): boolean {
  return [current, draft].some(({ snapshot }) =>
    [...snapshot.resourceApps.values()].some(({ authorizationDetailsTypes: types }) => types.length > 0),
  )
}

/** Inputs of a rule that the record does not state; `volume` names the count of the preceding hour. */
function findUnseen(
  judged: readonly (readonly [DecisionRecord, Side])[],
  { volumeLastHour }: Branch,
): readonly MissingFact[] {
  if (volumeLastHour === undefined && judged.some(([record, side]) => countsVolume(record, side)))
    return ['volume']
  return judged.some(([{ code }]) => code === 'XAA1704') ? ['rule_input'] : []
}

function countsVolume({ policies }: DecisionRecord, { snapshot }: Side): boolean {
  const applied = new Set(policies.flatMap(({ id, applies }) => (applies ? id : [])))
  return snapshot.rules.rules.some(
    ({ id, isEnforced, policy, clauses }) =>
      isEnforced &&
      applied.has(id) &&
      (policy.limit?.perHour !== undefined || clauses.some(({ name }) => name === VOLUME_CLAUSE)),
  )
}

function isOtherwise(recorded: DecisionRecord, current: DecisionRecord): boolean {
  return (
    recorded.outcome !== current.outcome ||
    recorded.code !== current.code ||
    JSON.stringify(recorded.granted?.scope) !== JSON.stringify(current.granted?.scope)
  )
}
