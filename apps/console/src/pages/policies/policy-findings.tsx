// What a valid policy cannot do as written: the findings of `crosswalk policy lint`.
import { Alert } from '@mantine/core'
import type { PolicyLintFinding } from '@crosswalk/admin-api'
import { IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react'

import { useApi } from '../../api/queries.ts'
import { StateChip } from '../../components/chips.tsx'
import { ProblemList } from '../../components/problem-list.tsx'
import { text } from '../../texts/text.ts'
import { nameRuleField } from './rule.ts'

interface FindingsProps {
  readonly findings: readonly PolicyLintFinding[]
}

export function PolicyFindings({ findings }: FindingsProps) {
  if (findings.length === 0) return null
  const isWarning = findings.some(({ severity }) => severity === 'warning')
  const Icon = isWarning ? IconAlertTriangle : IconInfoCircle
  return (
    <Alert
      color={isWarning ? 'yellow' : 'blue'}
      variant="light"
      mt="sm"
      title={text(isWarning ? 'rule.findings' : 'rule.notes')}
      icon={<Icon size={20} aria-hidden="true" />}
    >
      <ProblemList problems={findings} nameOf={nameRuleField} />
    </Alert>
  )
}

/** @returns those of a defined policy; all policies are checked in one request, whichever is shown */
export function useFindings(id: string): readonly PolicyLintFinding[] {
  const found = useApi('policies.lint', {}).data?.body.items ?? []
  return found.filter(({ policy }) => policy === id)
}

/** In a row of a list. */
export function FindingLines({ id }: { readonly id: string }) {
  return useFindings(id).map(({ path, severity, problem, fix }) => (
    <div key={`${path} ${problem}`} className="cw-rule-finding">
      <StateChip
        state={severity === 'warning' ? 'warn' : 'info'}
        label={text(severity === 'warning' ? 'rule.findings' : 'rule.notes')}
      />{' '}
      <span className="cw-quiet-text">
        {problem} · {fix}
      </span>
    </div>
  ))
}
