// Selects the users and scopes. Nothing is preselected.
import { Stack } from '@mantine/core'
import { useState } from 'react'

import { text } from '../../../texts/text.ts'
import { AssignedUsersFields, ScopeFields, TypedScopes } from '../connection-fields.tsx'
import { type Plan, withTypedScopes, type StepProps } from './plan.ts'
import { CheckboxList } from '../../../components/fields.tsx'

export function UsersStep({ plan, change }: StepProps) {
  const setConnection = (connection: Plan['connection']) => change({ ...plan, connection })
  return (
    <Stack gap="lg" className="cw-form">
      {plan.resourceApp === undefined ? (
        <ScopeFields draft={plan.connection} change={setConnection} />
      ) : (
        <NewScopes plan={plan} change={change} />
      )}
      <p className="cw-quiet-text">{text('new.assignmentsElsewhere')}</p>
      <AssignedUsersFields draft={plan.connection} change={setConnection} />
    </Stack>
  )
}

/** For a resource app that is registered together with the connection. */
function NewScopes({ plan, change }: StepProps) {
  const { resourceApp, connection } = plan
  const resources = resourceApp?.resources ?? []
  const [published] = useState(() => [...new Set(resources.flatMap((one) => one.scopes))])
  if (published.length === 0)
    return (
      <TypedScopes scopes={connection.scopes} change={(scopes) => change(withTypedScopes(plan, scopes))} />
    )
  return (
    <CheckboxList
      label={text('word.scopes')}
      description={text('edit.noneChosen')}
      choices={published}
      value={connection.scopes}
      change={(scopes) =>
        change({ ...plan, connection: { ...connection, scopes, resources: resources.map(({ id }) => id) } })
      }
    />
  )
}
