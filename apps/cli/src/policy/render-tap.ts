// Reports of policy tests as TAP 14, for test runners.
import type { SuiteReport } from '@crosswalk/policy'

import { sanitize } from '../admin/table.ts'
import { renderReasons } from './render-suites.ts'

export function renderTap(reports: readonly SuiteReport[]): string {
  const tests = reports.flatMap(({ suite, tests }) => tests.map((test) => ({ suite, test })))
  const lines = tests.flatMap(({ suite, test }, index) => [
    `${test.passed ? 'ok' : 'not ok'} ${index + 1} - ${describe(`${suite}: ${test.name}`)}`,
    ...(test.passed ? [] : renderReasons(test).map((reason) => `# ${reason.trim()}`)),
  ])
  return `${['TAP version 14', `1..${tests.length}`, ...lines].map(sanitize).join('\n')}\n`
}

/** `#` would start a directive. */
function describe(name: string): string {
  return name.replaceAll('\\', '\\\\').replaceAll('#', '\\#')
}
