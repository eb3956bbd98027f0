// Runs one step, or all steps that need no user. Problems that a user can fix are the outcome of the step; all others
// are our faults, and thrown.
import type { Clock } from '@crosswalk/as-core'
import { type GuardedSender, LabError, type StepName } from '@crosswalk/lab'

import { createRecordingSender } from './recording-sender.ts'
import { listRemainingSteps, type Run } from './run.ts'
import type { Progress, StepRunner } from './step-runner.ts'
import { cutAccess } from './steps/cut.ts'
import { discover } from './steps/discover.ts'
import { callApi } from './steps/call.ts'
import { exchange, redeem } from './steps/legs.ts'
import { readRecorded } from './steps/recorded.ts'
import { renew } from './steps/renew.ts'
import { showIdToken, signIn } from './steps/sign-in.ts'

const RUNNERS: Readonly<Record<StepName, StepRunner>> = {
  discover,
  'sign-in': signIn,
  'id-token': showIdToken,
  exchange,
  redemption: redeem,
  call: callApi,
  renew,
  cut: cutAccess,
  recorded: readRecorded,
}

/** @param runner - another way to run this step, for example with the callback of the browser */
export async function runStep(
  run: Run,
  step: StepName,
  { sender, nowMs }: { readonly sender: GuardedSender } & Clock,
  runner: StepRunner = RUNNERS[step],
): Promise<Run> {
  const { recorder, sent, secrets } = createRecordingSender(sender)
  const startedMs = nowMs()
  const { result, learned = {} } = await runner(run, { sender: recorder, aside: sender, nowMs }).catch(tell)
  const record = { ...result, ms: nowMs() - startedMs, sent }
  const known = new Set([...(run.secrets ?? []), ...secrets])
  return { ...run, ...learned, secrets: known, steps: { ...run.steps, [step]: record } }
}

/** Runs to the end, or until a user is needed. */
export async function playToEnd(run: Run, context: { readonly sender: GuardedSender } & Clock): Promise<Run> {
  let played: Run = { ...run, isWhole: true }
  for (;;) {
    const [next] = listRemainingSteps(played, { whole: true })
    if (next === undefined) return played
    played = await runStep(played, next, context)
  }
}

function tell(error: unknown): Progress {
  if (!(error instanceof LabError)) throw error
  return { result: { outcome: 'refused', told: [`${error.message}.`, `Fix: ${error.fix}.`] } }
}
