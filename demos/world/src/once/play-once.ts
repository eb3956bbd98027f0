// The whole flow once, over the same HTTP as a user and their apps use, for each user of the demo world.
import type { World } from '../start-world.ts'
import { playBob } from './bobs-story.ts'
import { playByHand } from './by-hand.ts'
import { openDecisions } from '../decisions.ts'
import { createReport, type Outcome } from './report.ts'
import { playDave, playEngineer } from './stories.ts'

/** @param print - takes each line as the leg ends */
export async function playOnce(world: World, print: (line: string) => void): Promise<Outcome> {
  const decisions = await openDecisions(world)
  try {
    const report = createReport(print)
    const stage = { world, decisions, report }
    report.begin('alice, engineering: may use everything')
    await playEngineer('alice', 'Alice Chen', stage)
    report.begin('carol, engineering: has never been at Todo0')
    await playEngineer('carol', 'Carol Ruiz', stage)
    report.begin('bob, sales: assigned to Agent0 only, until access is approved')
    await playBob(stage)
    report.begin('dave: deactivated')
    await playDave(stage)
    report.begin('by hand, with credentials of Agent0')
    await playByHand(stage)
    const outcome = report.outcome()
    print(`\n${outcome.passed} legs ended as they should, ${outcome.failed} did not`)
    return outcome
  } finally {
    await decisions.close()
  }
}
