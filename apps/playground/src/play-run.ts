// Plays all steps of a run that need nobody.
import type { Clock } from '@crosswalk/as-core'
import type { GuardedSender } from '@crosswalk/lab'

import { listAhead, type Run } from './run.ts'
import { runStep } from './run-step.ts'

/** Up to where a person is needed, or to the end. */
export async function playWhole(run: Run, around: { readonly sender: GuardedSender } & Clock): Promise<Run> {
  let played: Run = { ...run, isWhole: true }
  for (;;) {
    const [next] = listAhead(played, { whole: true })
    if (next === undefined) return played
    played = await runStep(played, next, around)
  }
}
