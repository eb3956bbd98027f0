// Renders results as JUnit XML, for build systems. Callers decide what passed.
import { escapeXml } from './xml.ts'

export interface JunitCase {
  /** Groups the cases in the display of a build system */
  readonly group: string
  readonly name: string
  /** Absent if it passed */
  readonly problem?: {
    readonly kind: 'failure' | 'error' | 'skipped'
    readonly message: string
    readonly details?: string
  }
}

export interface JunitSuite {
  readonly name: string
  readonly cases: readonly JunitCase[]
}

export function renderJunit(name: string, suites: readonly JunitSuite[]): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${escapeXml(name)}" ${renderCounts(suites.flatMap(({ cases }) => cases))}>`,
    ...suites.flatMap(renderSuite),
    '</testsuites>',
    '',
  ].join('\n')
}

function renderSuite({ name, cases }: JunitSuite): readonly string[] {
  return [
    `  <testsuite name="${escapeXml(name)}" ${renderCounts(cases)}>`,
    ...cases.flatMap(renderCase),
    '  </testsuite>',
  ]
}

function renderCounts(cases: readonly JunitCase[]): string {
  const count = (kind: string) => cases.filter(({ problem }) => problem?.kind === kind).length
  return `tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}"`
}

function renderCase({ group, name, problem }: JunitCase): readonly string[] {
  const head = `    <testcase classname="${escapeXml(group)}" name="${escapeXml(name)}"`
  if (problem === undefined) return [`${head}/>`]
  const { kind, message, details } = problem
  const end = details === undefined ? '/>' : `>${escapeXml(details)}</${kind}>`
  return [`${head}>`, `      <${kind} message="${escapeXml(message)}"${end}`, '    </testcase>']
}
