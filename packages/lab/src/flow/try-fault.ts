// Tries one deliberate fault: runs the flow without it, with it, and without it again, and compares the results.
import type { Fault } from './fault.ts'
import type { Flow } from './flow-parties.ts'
import type { FlowRun, Leg } from './flow-run.ts'
import { runLegs } from './run-legs.ts'
import { type Judgement, judgeTrial } from './verdict.ts'

export interface TrialParts {
  readonly fault: Fault
  /** Called before each of the three runs, since an ID token may expire between them */
  idToken(): Promise<string>
  /** The flow without the fault, if it has just run */
  readonly control?: FlowRun | undefined
  /** Our code of a decision, if its record is readable */
  findCode(decisionId: string): Promise<string | undefined>
}

export interface TriedFault {
  readonly judgement: Judgement
  /** With the fault; without it if the fault was not sent */
  readonly legs: readonly Leg[]
  readonly control: FlowRun
  /** The last run, without the fault */
  readonly repaired: FlowRun
  readonly isSent: boolean
}

export async function tryFault(
  flow: Flow,
  { fault, idToken, findCode, ...known }: TrialParts,
): Promise<TriedFault> {
  const control = known.control ?? (await runLegs(flow, await idToken()))
  const reached = control.legs.find(({ leg }) => leg === fault.leg)?.outcome === 'done'
  if (!reached) {
    const judgement = judgeTrial({ fault, control })
    return { judgement, legs: control.legs, control, repaired: control, isSent: false }
  }
  const faulty = await runFaulty(flow, await idToken(), fault)
  const repaired = await runLegs(flow, await idToken())
  const decisionId = faulty.legs.at(-1)?.decisionId
  const code = decisionId === undefined ? undefined : await findCode(decisionId)
  const recorded = code === undefined ? {} : { recordedCode: code }
  const judgement = judgeTrial({ fault, control, faulty, repaired, ...recorded })
  return { judgement, legs: faulty.legs, control, repaired, isSent: true }
}

/** @throws Error if the fault's means are missing: without them it would not be the fault */
async function runFaulty(flow: Flow, idToken: string, fault: Fault): Promise<FlowRun> {
  const { needs, act } = fault
  if (needs !== undefined && flow.means?.[needs] === undefined) throw new Error(`${fault.id} needs ${needs}`)
  const undo = act === undefined ? undefined : await flow.means?.perform?.(act)
  try {
    return await runLegs(flow, idToken, fault)
  } finally {
    await undo?.()
  }
}
