// Reports of policy tests as JUnit XML, for build systems that support no other format.
import type { SuiteReport, TestResult } from '@crosswalk/policy'

import { escapeXml } from '@crosswalk/lab'
import { renderReasons } from './render-suites.ts'

export function renderJunit(reports: readonly SuiteReport[]): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="policy" ${countOf(reports.flatMap(({ tests }) => tests))}>`,
    ...reports.flatMap(renderSuite),
    '</testsuites>',
    '',
  ].join('\n')
}

function renderSuite({ suite, tests }: SuiteReport): readonly string[] {
  return [
    `  <testsuite name="${escapeXml(suite)}" ${countOf(tests)}>`,
    ...tests.flatMap((test) => renderTest(suite, test)),
    '  </testsuite>',
  ]
}

/** A test that matches nothing is itself wrong: JUnit calls that an error. */
function countOf(tests: readonly TestResult[]): string {
  const errors = tests.filter(({ mistake }) => mistake !== undefined).length
  const failures = tests.filter(({ passed }) => !passed).length - errors
  return `tests="${tests.length}" failures="${failures}" errors="${errors}" skipped="0"`
}

function renderTest(suite: string, test: TestResult): readonly string[] {
  const head = `    <testcase classname="${escapeXml(suite)}" name="${escapeXml(test.name)}"`
  if (test.passed) return [`${head}/>`]
  const reasons = renderReasons(test).map((reason) => reason.trim())
  const kind = test.mistake === undefined ? 'failure' : 'error'
  return [
    `${head}>`,
    `      <${kind} message="${escapeXml(reasons[0] ?? '')}">${escapeXml(reasons.join('\n'))}</${kind}>`,
    '    </testcase>',
  ]
}
