// Evaluates a hypothetical request with the evaluator and definitions of the token endpoint. No token is issued. The
// simulation is logged.
import { ROUTES, type Simulated, type SimulationInput, toEpochMs } from '@crosswalk/admin-api'
import {
  type Branch,
  evaluateBranches,
  evaluateExchange,
  type ExchangeSnapshot,
  findNearestDenial,
} from '@crosswalk/policy'
import { type DecisionRecord, MAX_BRANCHES, MAX_OPEN_INPUTS } from '@crosswalk/protocol'

import type { EvaluationParts } from '../evaluator/parts.ts'
import { type AdminEvent, recordSimulation } from '../audit/change-event.ts'
import type { AdminContext, Caller, Handlers } from '../http/context.ts'
import { countVolume } from './count-volume.ts'
import { showDecision } from '../audit/decision-tiers.ts'
import { findUserId } from '../definitions/users/find-user-id.ts'
import { previewToken } from './token-preview.ts'
import { listNotSimulated } from './not-simulated.ts'
import { selectWorld, type WorldChoice } from './select-world.ts'
import { buildProblem, isProblem, type Problem } from '../http/problem.ts'
import { invalidRequest } from '../http/read-request.ts'
import { isInScope, outsideScope } from '../http/scope.ts'
import { assumeAsked, type Assumed, describeApp, factsOf, simulateAssumed } from './simulated-exchange.ts'

export function createSimulateHandler(parts: EvaluationParts): Handlers['simulate'] {
  return async ({ body }, context) => {
    const simulation = await runSimulation(parts, body, context)
    if (isProblem(simulation)) return simulation
    return { status: 200, body: await showSimulation(parts, simulation, context.caller) }
  }
}

interface Simulation {
  readonly branches: readonly Branch[] | undefined
  readonly input: SimulationInput
  readonly record: DecisionRecord
  readonly assumed: Assumed
  readonly snapshot: ExchangeSnapshot
}

/** Evaluates the request, and logs the simulation. */
export async function runSimulation(
  parts: EvaluationParts,
  input: SimulationInput,
  context: AdminContext,
): Promise<Simulation | Problem> {
  const { caller } = context
  if (!isInScope(caller, 'connections', { app: input.app })) return outsideScope()
  const world = await selectWorld(parts, input, caller)
  if (isProblem(world)) return world
  const { exchange: snapshot, users } = world
  const userId = await findUserId(world, input.user)
  const at = input.at ?? input.asOf
  const nowMs = at === undefined ? parts.clock.nowMs() : toEpochMs(at)
  const assumed = assumeAsked({
    input,
    userId,
    user: await users.findOneForExchange(userId, snapshot.comparedSources),
    nowMs,
    snapshot,
    describedApp: describeApp(parts, input.app),
    volumeLastHour: await countVolume(parts, snapshot, { app: input.app, user: userId, nowMs }),
  })
  const decided = decideOpen(input, assumed, snapshot)
  if (isProblem(decided)) return decided
  const { record, branches } = decided
  await recordSimulation(parts, context, describeSimulation(record, input))
  return { input, record, branches, assumed, snapshot }
}

const SEES_CLAIMS = ROUTES['connections.preview'].roles

async function showSimulation(
  parts: EvaluationParts,
  simulation: Simulation,
  caller: Caller,
): Promise<Simulated> {
  const { input, record, branches, assumed, snapshot } = simulation
  const seesClaims = SEES_CLAIMS.some((role) => role === caller.role)
  return {
    ...showDecision(record, caller),
    ...(seesClaims ? await previewTokens(parts, simulation) : {}),
    ...(branches === undefined ? {} : { branches: branches.map(renderBranch) }),
    ...(record.outcome === 'allow' ? { nearestNo: listNearestNo(assumed, snapshot, record) } : {}),
    notSimulated: listNotSimulated(parts, { input, assumed, snapshot }),
  }
}

/** For a draft, also previews the current token, to show the difference. */
async function previewTokens(
  parts: EvaluationParts,
  { input: { draft, unknown = [] }, record, assumed, snapshot }: Simulation,
): Promise<Pick<Simulated, 'token' | 'tokenToday'>> {
  const { userId, user, authTime, acr, nowMs } = assumed
  const signIn = {
    userId,
    authTime: unknown.includes('authTime') ? undefined : authTime,
    acr,
  }
  const token = previewToken(parts, { decision: record, snapshot, user, signIn, nowMs })
  const { exchange, users } = parts.directory.current()
  if (draft === undefined || exchange === undefined) return { token }
  const today = { ...assumed, user: await users.findOneForExchange(userId, exchange.comparedSources) }
  const decision = evaluateExchange(factsOf(today, exchange), exchange)
  const about = { decision, snapshot: exchange, user: today.user, signIn, nowMs }
  return { token, tokenToday: previewToken(parts, about) }
}

/** With unknown inputs, evaluates every resulting case. */
function decideOpen(
  input: SimulationInput,
  assumed: Assumed,
  snapshot: ExchangeSnapshot,
): Pick<Simulation, 'record' | 'branches'> | Problem {
  const open = [...new Set(input.unknown)]
  if (open.length === 0) return { record: simulateAssumed(assumed, snapshot), branches: undefined }
  const given = open.filter((name) => name !== 'volume' && input[name] !== undefined)
  if (given.length > 0)
    return invalidRequest([
      { path: '/unknown', problem: `${given.join(', ')} has a value, so it cannot be unknown` },
    ])
  if (open.length > MAX_OPEN_INPUTS)
    return buildProblem('too-much', {
      detail: `${open.join(', ')} are unknown. Give a value for ${open.length - MAX_OPEN_INPUTS} of them.`,
    })
  const branched = evaluateBranches({ facts: factsOf(assumed, snapshot), snapshot }, open)
  if (branched.state === 'decided') return branched
  return buildProblem('too-much', {
    detail: `${open.join(', ')} result in ${branched.branches} cases, more than ${MAX_BRANCHES}. Give a value for one of them.`,
  })
}

function listNearestNo(assumed: Assumed, snapshot: ExchangeSnapshot, record: DecisionRecord) {
  return [...findNearestDenial({ facts: factsOf(assumed, snapshot), snapshot }, record)]
}

function renderBranch({ when, record: { outcome, code, granted, summary } }: Branch) {
  return { when: [...when], outcome, code, scopes: granted?.scope ?? [], text: summary.admin }
}

function describeSimulation(
  record: DecisionRecord,
  { asOf, draft }: WorldChoice,
): Omit<AdminEvent, 'type' | 'category'> {
  const change = {
    ...(asOf === undefined ? {} : { as_of: asOf }),
    ...(draft === undefined ? {} : { draft: true }),
  }
  const { resource_app: resourceApp, connection } = record.resolution
  const { subject } = record.request
  return {
    ...(resourceApp === undefined ? {} : { target: { kind: 'resource_app', id: resourceApp } }),
    ...(connection === undefined ? {} : { delegation: { connection } }),
    ...(subject?.ref === undefined ? {} : { on_behalf_of: { user_ref: subject.ref } }),
    ...(Object.keys(change).length === 0 ? {} : { change }),
    outcome: record.outcome,
    code: record.code,
    kind: record.kind,
    decision_id: record.decision_id,
    trace_id: record.trace_id,
    decision: record,
  }
}
