// Policy tests against the current definitions: a suite from the request, or the kept ones. Each run is recorded, like
// any simulation.
import type { policyTestRoutes } from '@crosswalk/admin-api'
import type { SuiteReport } from '@crosswalk/policy'
import type { PolicySuite } from '@crosswalk/protocol'

import type { EvaluationParts } from '../evaluator/parts.ts'
import { definitionsOf } from '../definitions/records.ts'
import { toSuite } from './failing-tests.ts'
import { recordSimulation } from '../audit/change-event.ts'
import type { AdminContext, Handlers } from '../http/context.ts'
import { isProblem, noIdentityProvider, type Problem } from '../http/problem.ts'
import { runInTurns } from './run-suites.ts'

const SCHEMA = 'crosswalk.policy-report/v1'

export function createPolicyTestHandlers(
  parts: EvaluationParts,
): Pick<Handlers, keyof typeof policyTestRoutes> {
  return {
    async 'policies.test'({ body: suite }, context) {
      const report = await runAndRecord(parts, suite, context)
      return isProblem(report) ? report : { status: 200, body: { schema: SCHEMA, ...report } }
    },
    async 'policies.test-kept'(_, context) {
      const items: SuiteReport[] = []
      for (const kept of definitionsOf(parts.directory.current().world['policy-suites'])) {
        const report = await runAndRecord(parts, toSuite(kept), context)
        if (isProblem(report)) return report
        items.push(report)
      }
      const passed = items.every((report) => report.passed)
      return { status: 200, body: { passed, items: items.map((report) => ({ schema: SCHEMA, ...report })) } }
    },
  }
}

async function runAndRecord(
  parts: EvaluationParts,
  suite: PolicySuite,
  context: AdminContext,
): Promise<SuiteReport | Problem> {
  const { exchange: snapshot, users } = parts.directory.current()
  if (snapshot === undefined) return noIdentityProvider()
  const report = await runInTurns(suite, { snapshot, users, nowMs: parts.clock.nowMs() })
  await recordSimulation(parts, context, {
    target: { kind: 'policy_suite', id: suite.suite },
    change: {
      tests: report.tests.length,
      cases: report.tests.reduce((sum, { cases }) => sum + cases, 0),
      passed: report.passed,
    },
  })
  return report
}
