// Steps 3 and 4: the legs of the flow, as in `flow run`.
import {
  type Flow,
  type FlowRun,
  LabError,
  type Leg,
  readRecord,
  runExchange,
  runRedemption,
  type StepResult,
} from '@crosswalk/lab'

import { type Run, toFlowRun } from '../run.ts'
import type { RunContext, Progress } from '../step-runner.ts'
import { describeLeg } from './describe-leg.ts'

/** The flow of a run, with the recording sender of this step. */
export function flowOf({ flow }: Run, { sender }: Pick<RunContext, 'sender'>): Flow {
  if (flow !== undefined) return { ...flow, sender }
  throw new LabError('usage', 'the parties are not known yet', 'start with step 0')
}

export async function exchange(run: Run, context: RunContext): Promise<Progress> {
  const flow = flowOf(run, context)
  const done = await runExchange(flow, toFlowRun(run).received)
  return progress(run, context, flow, done)
}

export async function redeem(run: Run, context: RunContext): Promise<Progress> {
  const flow = flowOf(run, context)
  return progress(run, context, flow, await runRedemption(flow, toFlowRun(run)))
}

export async function progress(
  run: Run,
  { aside }: RunContext,
  flow: Flow,
  { legs, received }: FlowRun,
): Promise<Progress> {
  const [leg] = legs
  if (leg === undefined) throw new Error('the leg has no result')
  const decision = await readRecord(aside, run.setup.settings.explain, leg.decisionId)
  return { result: { ...toResult(leg, flow), ...describeLeg(leg, flow, decision) }, learned: { received } }
}

export function toResult(leg: Leg, flow: Flow): StepResult {
  const { token, checks, refusal, decisionId } = leg
  return { token, checks, refusal, decisionId, ...describeLeg(leg, flow, undefined) }
}
