// One deliberate fault: the flow without it, with it, and without it again, and what came of that.
import type { Fault } from './fault.ts'
import type { Flow } from './flow-parties.ts'
import type { FlowRun } from './flow-run.ts'
import { type Oversight, readRecord } from './read-record.ts'
import { runLegs } from './run-legs.ts'
import { judgeTrial } from './verdict.ts'

interface TrialParts {
  readonly idToken: string
  readonly fault: Fault
  /** The flow without the fault, which ran just now */
  readonly control: FlowRun
}

/** @returns the verdict, the legs with the fault, the flow without it that ran last, and whether the fault was sent at all */
export async function tryFault(
  { flow, explain }: { readonly flow: Flow; readonly explain: Oversight | undefined },
  { idToken, fault, control }: TrialParts,
) {
  const reached = control.legs.find(({ leg }) => leg === fault.leg)?.outcome === 'done'
  if (!reached)
    return { judgement: judgeTrial({ fault, control }), legs: control.legs, repaired: control, isSent: false }
  const faulty = await runLegs(flow, idToken, fault)
  const repaired = await runLegs(flow, idToken)
  const code = (await readRecord(flow.sender, explain, faulty.legs.at(-1)?.decisionId))?.code
  const recorded = code === undefined ? {} : { recordedCode: code }
  return {
    judgement: judgeTrial({ fault, control, faulty, repaired, ...recorded }),
    legs: faulty.legs,
    repaired,
    isSent: true,
  }
}
