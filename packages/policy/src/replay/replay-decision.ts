// Evaluates one recorded decision under the current definitions and under a draft, with the evaluator of the endpoint.
// If the record lacks a fact that matters, the result is `indeterminate`.
import type { AppDefinition, DecisionRecord } from '@crosswalk/protocol'

import { ASSUMED_KEY } from '../assumed-key.ts'
import { evaluateExchange } from '../evaluate-exchange.ts'
import type { ExchangeSnapshot } from '../exchange-snapshot.ts'
import type { ExchangeUser } from '../namesakes.ts'
import { countsGrants } from '../rules/compile-rules.ts'
import { type AssumedExchange, assumeExchange } from '../simulation/assume-exchange.ts'
import { compareOutcomes, type ReplayKind } from './compare-outcomes.ts'
import { type NotReplayable, readRecorded, type UnknownFact } from './read-recorded.ts'

export interface Side {
  readonly snapshot: ExchangeSnapshot
  readonly users: ReadonlyMap<string, ExchangeUser>
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

export function replayDecision(
  record: DecisionRecord,
  { current, draft, describeApp }: ReplayWorld,
): Replayed {
  const request = readReplayable(record, [current, draft], describeApp)
  if ('state' in request) return request
  return compareSides(request, evaluateSide(request, current), evaluateSide(request, draft))
}

export type Skipped = Extract<Replayed, { readonly state: 'skipped' }>

/** The request of a recorded decision, with one branch for every possible value of the unknown facts. */
export interface ReplayRequest {
  readonly record: DecisionRecord
  readonly branches: readonly [Branch, ...Branch[]]
  readonly unknown: readonly UnknownFact[]
}

export function readReplayable(
  record: DecisionRecord,
  sides: readonly Side[],
  describeApp: ReplayWorld['describeApp'],
): ReplayRequest | Skipped {
  const appId = record.request.requesting_app?.id
  const request = readRecorded(record, appId === undefined ? undefined : describeApp?.(appId))
  if (typeof request === 'string') return { state: 'skipped', why: request }
  const { assumed, unknown } = request
  if (!sides.some(({ users }) => users.has(assumed.userId))) return { state: 'skipped', why: 'user-gone' }
  const proved = unknown.includes('dpop') ? [{ ...assumed, dpopThumbprint: ASSUMED_KEY }] : []
  return { record, branches: [assumed, ...proved], unknown }
}

/** One side with its decision for each branch of the request. */
export interface EvaluatedSide {
  readonly side: Side
  readonly decisions: readonly [DecisionRecord, ...DecisionRecord[]]
}

export function evaluateSide({ branches: [first, ...others] }: ReplayRequest, side: Side): EvaluatedSide {
  const { snapshot, users } = side
  const decide = (branch: Branch) =>
    evaluateExchange(assumeExchange({ ...branch, user: users.get(branch.userId) }, snapshot), snapshot)
  return { side, decisions: [decide(first), ...others.map(decide)] }
}

export function compareSides(request: ReplayRequest, before: EvaluatedSide, after: EvaluatedSide): Replayed {
  const { record, branches, unknown } = request
  const [current, draft] = [before.decisions[0], after.decisions[0]]
  const [kind, ...otherKinds] = before.decisions.map((decision, place) =>
    compareOutcomes(decision, after.decisions[place] ?? decision),
  )
  const changedSince = isOtherwise(record, current)
  const missing: readonly MissingFact[] = [
    ...(otherKinds.some((other) => other !== kind) ? (['dpop'] as const) : []),
    ...(unknown.includes('authorization_details') &&
    (kind !== undefined || changedSince) &&
    [before, after].some(({ side }) => mayAskDetails(side))
      ? (['authorization_details'] as const)
      : []),
    ...findUnseen(
      [
        [current, before.side],
        [draft, after.side],
      ],
      branches[0],
    ),
  ]
  if (missing.length > 0) return { state: 'indeterminate', missing }
  return { state: 'compared', kind, current, draft, changedSince }
}

type Branch = Omit<AssumedExchange, 'user'>

function mayAskDetails({ snapshot }: Side): boolean {
  return [...snapshot.resourceApps.values()].some(({ authorizationDetailsTypes: types }) => types.length > 0)
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
  return snapshot.rules.rules.some((rule) => rule.isEnforced && applied.has(rule.id) && countsGrants(rule))
}

function isOtherwise(recorded: DecisionRecord, current: DecisionRecord): boolean {
  return (
    recorded.outcome !== current.outcome ||
    recorded.code !== current.code ||
    JSON.stringify(recorded.granted?.scope) !== JSON.stringify(current.granted?.scope)
  )
}
