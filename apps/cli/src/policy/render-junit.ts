// Reports of policy tests as JUnit XML, for build systems that support no other format.
import { type JunitCase, renderJunit } from '@crosswalk/lab'
import type { SuiteReport, TestResult } from '@crosswalk/policy'

import { renderReasons } from './render-suites.ts'

export function renderPolicyJunit(reports: readonly SuiteReport[]): string {
  const suites = reports.map(({ suite, tests }) => ({
    name: suite,
    cases: tests.map((test) => toCase(suite, test)),
  }))
  return renderJunit('policy', suites)
}

/** A test that matches nothing is itself wrong: JUnit calls that an error. */
function toCase(suite: string, test: TestResult): JunitCase {
  const ran = { group: suite, name: test.name }
  if (test.passed) return ran
  const reasons = renderReasons(test).map((reason) => reason.trim())
  const kind = test.mistake === undefined ? 'failure' : 'error'
  return { ...ran, problem: { kind, message: reasons[0] ?? '', details: reasons.join('\n') } }
}
