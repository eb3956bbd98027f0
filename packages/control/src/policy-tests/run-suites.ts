// Runs suites of policy tests in a server that has other callers as well.
import { setImmediate as othersTurn } from 'node:timers/promises'

import { stepSuite, type SuiteReport, type TestWorld } from '@crosswalk/policy'
import type { PolicySuite } from '@crosswalk/protocol'

/** Requests one test may stand for. */
const MAX_CASES = 20_000

export async function runInTurns(suite: PolicySuite, world: TestWorld): Promise<SuiteReport> {
  const steps = stepSuite(suite, world, MAX_CASES)
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
    await othersTurn()
  }
}
