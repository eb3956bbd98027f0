// Plays runs: all steps that need nobody, or a deliberate fault with its verdict.
import type { Fault } from '../flow/fault.ts'
import { runLegs } from '../flow/run-legs.ts'
import { tryFault } from '../flow/try-fault.ts'
import type { GuardedSender } from '../http/guarded-sender.ts'
import type { Clock } from '../terminal.ts'
import type { FaultAllowance } from './fault-allowance.ts'
import { isDone, listAhead, listForeignHosts, type Run } from './run.ts'
import { runStep } from './run-step.ts'
import type { StepName, StepRecord } from './step-record.ts'
import { toResult } from './steps/legs.ts'

type Surroundings = { readonly sender: GuardedSender } & Clock

/** Up to where a person is needed, or to the end. */
export async function playWhole(run: Run, around: Surroundings): Promise<Run> {
  let played: Run = { ...run, isWhole: true }
  for (;;) {
    const [next] = listAhead(played, { whole: true })
    if (next === undefined) return played
    played = await runStep(played, next, around)
  }
}

const BEFORE_LEGS: readonly StepName[] = ['discover', 'sign-in', 'id-token']

export async function playFault(
  run: Run,
  fault: Fault,
  { allowance, ...around }: Surroundings & { readonly allowance: FaultAllowance },
): Promise<Run> {
  const end = (now: Run, because: string): Run => ({
    ...now,
    trial: { fault, judgement: { verdict: 'inconclusive', because } },
  })
  let played = run
  for (const step of BEFORE_LEGS) {
    played = await runStep(played, step, around)
    if (!isDone(played, step)) return end(played, 'the flow did not come as far as the fault')
  }
  const { flow, received, crossing } = played
  if (flow === undefined || received === undefined) return end(played, 'there is no token to begin with')
  // Metadata may lead to other machines than the issuers are on.
  const hosts = listForeignHosts(crossing, flow)
  if (hosts.length > 0 && !crossing.mayBreak)
    return end(
      played,
      `nothing was sent: ${hosts.join(', ')} is not on this machine, and nobody allowed faults there`,
    )
  const full = allowance.take(hosts, around.nowMs())
  if (full !== undefined) return end(played, `nothing was sent: ${full} had all the faults of a day`)
  const sending = { ...flow, sender: around.sender }
  const { idToken } = received
  const { judgement, legs } = await tryFault(
    { flow: sending, explain: crossing.settings.explain },
    { idToken, fault, control: await runLegs(sending, idToken) },
  )
  const records = legs.map((leg): [StepName, StepRecord] => {
    const { request, response, ms } = leg
    return [leg.leg, { ...toResult(leg, sending), ms, sent: [{ request, response, ms }] }]
  })
  return {
    ...played,
    steps: { ...played.steps, ...Object.fromEntries(records) },
    trial: { fault, judgement },
  }
}
