// What the server finds wrong with a policy: its fields in words, or the message if it names none.
import { Alert } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'

import type { FieldError } from '../../api/problem.ts'
import { ProblemList } from '../../components/problem-list.tsx'
import { text } from '../../texts/text.ts'
import { nameRuleField } from './rule.ts'

interface RuleProblemsProps {
  /** Paths start at the policy */
  readonly problems: readonly FieldError[]
  readonly detail: string | undefined
}

export function RuleProblems({ problems, detail }: RuleProblemsProps) {
  return (
    <Alert
      color="red"
      variant="light"
      mt="md"
      title={text('rule.problems')}
      icon={<IconAlertTriangle size={20} aria-hidden="true" />}
    >
      {problems.length === 0 ? <p>{detail}</p> : null}
      <ProblemList problems={problems} nameOf={nameRuleField} />
    </Alert>
  )
}
