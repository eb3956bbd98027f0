// Reports of policy tests as JUnit XML, for the build systems that show nothing else.
import type { SuiteReport, TestResult } from '@crosswalk/policy'

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
    `  <testsuite name="${escape(suite)}" ${countOf(tests)}>`,
    ...tests.flatMap((test) => renderTest(suite, test)),
    '  </testsuite>',
  ]
}

/** A test that stands for nothing is wrong itself, which JUnit calls an error. */
function countOf(tests: readonly TestResult[]): string {
  const errors = tests.filter(({ mistake }) => mistake !== undefined).length
  const failures = tests.filter(({ passed }) => !passed).length - errors
  return `tests="${tests.length}" failures="${failures}" errors="${errors}" skipped="0"`
}

function renderTest(suite: string, test: TestResult): readonly string[] {
  const head = `    <testcase classname="${escape(suite)}" name="${escape(test.name)}"`
  if (test.passed) return [`${head}/>`]
  const reasons = renderReasons(test).map((reason) => reason.trim())
  const kind = test.mistake === undefined ? 'failure' : 'error'
  return [
    `${head}>`,
    `      <${kind} message="${escape(reasons[0] ?? '')}">${escape(reasons.join('\n'))}</${kind}>`,
    '    </testcase>',
  ]
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** What XML 1.0 cannot hold even as an entity is replaced. */
function escape(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replaceAll(/[&<>"]/g, (character) => ENTITIES[character] ?? character)
}
