// Tests of policy against what is in force; that they were run is recorded, as of any simulation.
import { runSuite } from '@crosswalk/policy'

import { ADMIN_LOG, buildAdminEvent } from './change-event.ts'
import type { Handlers } from './context.ts'
import type { AdminParts } from './parts.ts'
import { buildProblem } from './problem.ts'

/** Requests one test may stand for: other callers wait while they are judged. */
const MOST_CASES = 20_000

export function createPolicyTestHandler(parts: AdminParts): Handlers['policies.test'] {
  return async ({ body: suite }, context) => {
    const { exchange: snapshot, people } = parts.directory.current()
    if (snapshot === undefined)
      return buildProblem('conflict', { detail: 'This server runs no identity provider.' })
    const nowMs = parts.clock.nowMs()
    const report = runSuite(suite, { snapshot, people, nowMs }, MOST_CASES)
    const event = buildAdminEvent(context, nowMs, {
      type: 'simulation.run',
      category: 'decision',
      severity: 'info',
      target: { kind: 'policy_suite', id: suite.suite },
      change: {
        tests: report.tests.length,
        cases: report.tests.reduce((sum, { cases }) => sum + cases, 0),
        passed: report.passed,
      },
    })
    await parts.storage.ledger.commit({ log: ADMIN_LOG, event })
    return { status: 200, body: { schema: 'crosswalk.policy-report/v1', ...report } }
  }
}
