// Renders policy test reports for the terminal: failures with their reasons, then what no test covers.
import type { MutationReport, SuiteReport } from '@crosswalk/policy'

import { sanitize } from '../admin/table.ts'
import { count } from '../output.ts'

export interface SuiteResults {
  readonly reports: readonly SuiteReport[]
  readonly passed: boolean
  readonly mutation?: MutationReport
}

export function renderSuites({ reports, mutation }: SuiteResults): string {
  const tests = reports.flatMap((report) => report.tests)
  const failed = tests.filter(({ passed }) => !passed).length
  const requests = tests.reduce((sum, { cases }) => sum + cases, 0)
  const head =
    failed === 0
      ? `✓ ${count(tests.length, 'test')} passed, ${count(requests, 'request')} evaluated`
      : `✕ ${failed} of ${count(tests.length, 'test')} failed, ${count(requests, 'request')} evaluated`
  const lines = [
    head,
    ...reports.flatMap(renderSuite),
    ...renderMissed(reports),
    ...(mutation === undefined ? [] : renderMutation(mutation)),
  ]
  return `${lines.map(sanitize).join('\n')}\n`
}

function renderSuite({ suite, tests }: SuiteReport): readonly string[] {
  return tests.flatMap((test) => [
    `  ${test.passed ? '✓' : '✕'} ${suite}: ${test.name}${test.passed ? ` (${test.cases})` : ''}`,
    ...renderReasons(test),
  ])
}

export function renderReasons({
  mistake,
  failures,
  failed,
  cases,
}: SuiteReport['tests'][number]): readonly string[] {
  if (mistake !== undefined) return [`      ${mistake}`]
  const shown = failures.map(
    ({ who, app, audience, resource, ask, mismatches }) =>
      `      ${app} for ${who} at ${resource[0] ?? audience} · ${ask.join(' ') || 'all allowed scopes'}: ${mismatches.join('; ')}`,
  )
  const rest = failed - failures.length
  return rest > 0 ? [...shown, `      and ${rest} more of ${cases}`] : shown
}

/** Covered by any suite: one suite may cover what another does not. */
function renderMissed(reports: readonly SuiteReport[]): readonly string[] {
  return (['policies', 'connections'] as const).flatMap((kind) => {
    const exercised = new Set(reports.flatMap((report) => report[kind].exercised))
    const missed = (reports[0]?.[kind].missed ?? []).filter((id) => !exercised.has(id))
    return missed.length === 0 ? [] : [`! no test covers ${kind}: ${missed.join(', ')}`]
  })
}

function renderMutation({ tried, survivors }: MutationReport): readonly string[] {
  const noticed = tried - survivors.length
  return [
    `mutation: ${noticed} of ${tried} rule changes were noticed`,
    ...survivors.map(({ policy, change }) => `! no test would notice ${policy} ${change}`),
  ]
}
