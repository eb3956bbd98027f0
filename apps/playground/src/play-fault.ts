// Breaks the flow on purpose: runs one fault, or all faults one after the other.
import type { Clock } from '@crosswalk/as-core'
import {
  type Fault,
  findEnding,
  type Flow,
  type FlowRun,
  type GuardedSender,
  type JudgedFault,
  type Leg,
  readCode,
  type StepName,
  type StepRecord,
  tryFault,
} from '@crosswalk/lab'

import type { FaultAllowance } from './fault-allowance.ts'
import { findMeans } from './list-means.ts'
import { createRecordingSender } from './recording-sender.ts'
import { isDone, listRemoteHosts, type Run } from './run.ts'
import { runStep } from './run-step.ts'
import { toResult } from './steps/legs.ts'

interface FaultContext extends Clock {
  readonly sender: GuardedSender
  readonly allowance: FaultAllowance
}

export async function playFault(run: Run, fault: Fault, context: FaultContext): Promise<Run> {
  const { recorder, secrets } = createRecordingSender(context.sender)
  const { played, flow, judge } = await prepare(run, { ...context, sender: recorder })
  const { judged, isSent = false } = await judge(fault)
  const steps = flow === undefined ? played.steps : { ...played.steps, ...recordLegs(judged.legs, flow) }
  return {
    ...played,
    steps,
    secrets,
    trial: { fault, judgement: judged.judgement, ended: isSent ? findEnding(judged.legs) : undefined },
  }
}

export async function playFaults(run: Run, faults: readonly Fault[], context: FaultContext): Promise<Run> {
  const { recorder, secrets } = createRecordingSender(context.sender)
  const { played, judge } = await prepare(run, { ...context, sender: recorder })
  const report: JudgedFault[] = []
  // The final flow of one trial, without its fault, is the first flow of the next trial.
  let control: FlowRun | undefined
  for (const fault of faults) {
    const { judged, repaired } = await judge(fault, control)
    control = repaired
    report.push(judged)
  }
  return { ...played, secrets, report }
}

const BEFORE_LEGS: readonly StepName[] = ['discover', 'sign-in', 'id-token']

/** Runs the steps up to an ID token; `judge` then sends a fault, or explains why it cannot. */
async function prepare(run: Run, { allowance, ...context }: FaultContext) {
  let played = run
  for (const step of BEFORE_LEGS) {
    played = await runStep(played, step, context)
    if (!isDone(played, step)) return { played, judge: sendNothing('the flow did not reach the fault') }
  }
  const { flow: found, received, setup } = played
  if (found === undefined || received === undefined)
    return { played, judge: sendNothing('there is no token to start with') }
  // Metadata may name other hosts than those of the issuers.
  const hosts = listRemoteHosts(setup, found)
  if (hosts.length > 0 && !setup.mayBreak)
    return {
      played,
      judge: sendNothing(`faults are not allowed at ${hosts.join(', ')}, named in the metadata`),
    }

  const { sender } = context
  const { idToken } = received
  const flow: Flow = { ...found, sender, means: findMeans(setup, { idToken, sender }) }
  const judge: Judge = async (fault, control) => {
    const full = allowance.take(hosts, context.nowMs())
    if (full !== undefined) return sendNothing(`${full} reached its daily limit of faults`)(fault)
    const { explain } = setup.settings
    const { judgement, legs, repaired, isSent } = await tryFault(flow, {
      fault,
      control,
      idToken: async () => idToken,
      findCode: (id) => readCode(flow.sender, explain, id),
    })
    return { judged: { fault, judgement, legs }, repaired, isSent }
  }
  return { played, flow, judge }
}

type Judge = (
  fault: Fault,
  control?: FlowRun,
) => Promise<{ readonly judged: JudgedFault; readonly repaired?: FlowRun; readonly isSent?: boolean }>

const sendNothing =
  (because: string): Judge =>
  async (fault) => ({
    judged: {
      fault,
      judgement: { verdict: 'inconclusive', because: `nothing was sent: ${because}` },
      legs: [],
    },
  })

function recordLegs(legs: readonly Leg[], flow: Flow): Readonly<Partial<Record<StepName, StepRecord>>> {
  const records = legs.map((leg): [StepName, StepRecord] => {
    const { request, response, ms } = leg
    return [leg.leg, { ...toResult(leg, flow), ms, sent: [{ request, response, ms }] }]
  })
  return Object.fromEntries(records)
}
