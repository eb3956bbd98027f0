// The parts of a decision that an app's developer may see: every check of the app's own request, but only the overall
// result of the organisation's rules.
import type { CheckView, DecisionView } from '@crosswalk/demo-kit'
import type { Check, DecisionRecord } from '@crosswalk/protocol'

const ORGANISATION = /^(people|policy|blocks|connection|account)(\.|$)/
const ORGANISATION_RULE = 'organisation rule'

export function viewAsDeveloper(record: DecisionRecord): DecisionView {
  const failed = record.checks.filter(({ result }) => result === 'fail')
  // If a policy of the organisation denied the request, the code could reveal which one.
  const hidden = failed.some(({ id }) => ORGANISATION.test(id)) && record.wire.error === 'access_denied'
  return {
    id: record.decision_id,
    stage: record.stage.startsWith('idp') ? 'idp' : 'vendor',
    outcome: record.outcome,
    ...(hidden ? {} : { code: record.code }),
    text: hidden
      ? 'A policy of the organisation denies this. An administrator can look up the decision.'
      : record.summary.developer,
    remedies: hidden ? [] : findRemedies(record),
    checks: collapse(record.checks),
  }
}

function findRemedies({ remedies }: DecisionRecord): readonly string[] {
  return remedies.filter(({ owner }) => owner === 'developer' || owner === 'user').map(({ text }) => text)
}

function collapse(checks: readonly Check[]): readonly CheckView[] {
  const rules = checks.filter(({ id }) => ORGANISATION.test(id))
  const own = checks.filter(({ id }) => !ORGANISATION.test(id)).map(viewCheck)
  if (rules.length === 0) return own
  const result = rules.some((rule) => rule.result === 'fail') ? 'fail' : summarize(rules)
  return [...own, { name: ORGANISATION_RULE, result }]
}

function summarize(rules: readonly Check[]): CheckView['result'] {
  return rules.some(({ result }) => result === 'pass') ? 'pass' : 'skipped'
}

function viewCheck({ id, result, expected, actual }: Check): CheckView {
  return {
    name: id,
    result,
    ...(result === 'fail' && expected !== undefined ? { expected: renderValue(expected) } : {}),
    ...(result === 'fail' && actual !== undefined ? { actual: renderValue(actual) } : {}),
  }
}

const MAX_VALUE_LENGTH = 160

function renderValue(value: unknown): string {
  return (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, MAX_VALUE_LENGTH)
}
