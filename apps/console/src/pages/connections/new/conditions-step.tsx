// Sign-in requirements and expiry: 90 days by default, and no expiry only with a reason.
import { Stack, Switch, TextInput } from '@mantine/core'

import { text } from '../../../texts/text.ts'
import { ConditionFields, PeriodFields } from '../connection-fields.tsx'
import { emptyPlan, type Plan, type StepProps } from './plan.ts'
import { withMember } from '../../../components/with-member.ts'

export function ConditionsStep({ plan, change }: StepProps) {
  const { connection } = plan
  const setConnection = (next: Plan['connection']) => change({ ...plan, connection: next })
  const endless = connection.expiresAt === undefined
  return (
    <Stack gap="lg" className="cw-form">
      <PeriodFields draft={connection} change={setConnection} />
      <Switch
        label={text('new.noEnd')}
        description={text('tokens.endsHelp')}
        checked={endless}
        onChange={({ currentTarget }) => {
          const { expiresAt } = emptyPlan().connection
          setConnection(withMember(connection, 'expiresAt', currentTarget.checked ? undefined : expiresAt))
        }}
      />
      {endless ? (
        <TextInput
          label={text('new.noEndReason')}
          required
          value={plan.noEndReason}
          onChange={({ currentTarget }) => change({ ...plan, noEndReason: currentTarget.value })}
        />
      ) : null}
      <ConditionFields draft={connection} change={setConnection} />
    </Stack>
  )
}
