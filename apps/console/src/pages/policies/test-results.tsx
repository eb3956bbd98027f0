// Results of policy tests: each with its cases, and the first failure in detail.
import { Alert } from '@mantine/core'
import { IconAlertTriangle, IconCheck, IconX } from '@tabler/icons-react'
import type { AnswerTo } from '@crosswalk/admin-api'

import { StateChip, Token, Tokens } from '../../components/chips.tsx'
import '../../texts/en/policy-tests.ts'
import { countText, text } from '../../texts/text.ts'
import './policies.css'

export type Report = AnswerTo<'policies.test'>

export function TestResults({ report }: { readonly report: Report }) {
  const failed = report.tests.filter(({ passed }) => !passed).length
  return (
    <>
      <p className="cw-title-row">
        {report.passed ? (
          <StateChip state="ok" label={text('suite.allPassed')} />
        ) : (
          <StateChip state="deny" label={countText('suite.oneFailed', 'suite.someFailed', failed)} />
        )}
        <span className="cw-quiet-text">{report.suite}</span>
      </p>
      <ul className="cw-plain-list">
        {report.tests.map((test) => (
          <TestResult key={test.name} test={test} />
        ))}
      </ul>
    </>
  )
}

function TestResult({ test }: { readonly test: Report['tests'][number] }) {
  const { name, passed, cases, failures, mistake } = test
  return (
    <li className="cw-card cw-suite-test">
      <div className="cw-title-row">
        {passed ? (
          <IconCheck size={18} className="cw-check-pass" aria-label={text('check.result.pass')} />
        ) : (
          <IconX size={18} className="cw-check-fail" aria-label={text('check.result.fail')} />
        )}
        <strong>{name}</strong>
        <span className="cw-quiet-text">{countText('suite.case', 'suite.cases', cases)}</span>
      </div>
      {mistake === undefined ? null : (
        <Alert color="red" variant="light" icon={<IconAlertTriangle size={18} aria-hidden="true" />}>
          {mistake}
        </Alert>
      )}
      <ul className="cw-plain-list">
        {failures.map(({ who, app, audience, ask, code, mismatches }) => (
          <li key={`${who} ${app} ${audience} ${ask.join(' ')}`} className="cw-check cw-check-failed">
            <div>
              {text('suite.failure', { who, app, audience })} <Tokens items={ask} /> <Token>{code}</Token>
              <div>{mismatches.join('; ')}</div>
            </div>
          </li>
        ))}
      </ul>
    </li>
  )
}
