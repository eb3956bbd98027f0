// Runs the whole flow once for each user of the demo world, over the same HTTP as real users and apps.
import type { World } from '../start-world.ts'
import { playBob } from './bobs-story.ts'
import { playByHand } from './by-hand.ts'
import { openDecisions } from '../decisions.ts'
import { createReport, type Outcome } from './report.ts'
import { playDave, playEngineer } from './stories.ts'

/** @param print - called with each line when its leg ends */
export async function playOnce(world: World, print: (line: string) => void): Promise<Outcome> {
  const decisions = await openDecisions(world)
  try {
    const report = createReport(print)
    const stage = { world, decisions, report }
    report.begin('alice, engineering: can use everything')
    await playEngineer('alice', 'Alice Chen', stage)
    report.begin('carol, engineering: new to Todo0')
    await playEngineer('carol', 'Carol Ruiz', stage)
    report.begin('bob, sales: assigned to Agent0 only, until access is approved')
    await playBob(stage)
    report.begin('dave: deactivated')
    await playDave(stage)
    report.begin('by hand, with credentials of Agent0')
    await playByHand(stage)
    const outcome = report.outcome()
    print(`\n${outcome.passed} legs ended as expected, ${outcome.failed} did not`)
    return outcome
  } finally {
    await decisions.close()
  }
}
