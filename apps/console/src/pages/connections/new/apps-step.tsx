// Selects the two apps: the requesting app, and the resource app, registered or by URL.
import { Stack, TextInput } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useEffect } from 'react'

import { useApi } from '../../../api/queries.ts'
import { NextStep } from '../../../components/next-step.tsx'
import { ObjectSelect } from '../../../components/object/object-select.tsx'
import { ErrorState } from '../../../components/states.tsx'
import { text } from '../../../texts/text.ts'
import { joinIds, type Plan, type StepProps } from './plan.ts'
import { OTHER_APP, ResourceAppField } from './resource-app-field.tsx'
import { pathOf } from '../../../components/object/object-path.ts'

export function AppsStep({ plan, change }: StepProps) {
  const { app, resourceApp } = plan.connection
  const error = useExisting(plan, change)
  const set = (apps: ChosenApps) => change(withApps(plan, apps))
  return (
    <Stack gap="lg" className="cw-form">
      <ObjectSelect
        of="apps"
        label={text('word.requestingApp')}
        description={text('new.appHelp')}
        value={app}
        change={(id) => set({ app: id ?? '', resourceApp, url: plan.url })}
      />
      {app === '' ? <NextStep to="/apps/new" needs="apps.create" label={text('apps.register')} /> : null}
      <ResourceAppField
        value={plan.url === undefined ? resourceApp : OTHER_APP}
        change={(value) =>
          set(
            value === OTHER_APP
              ? { app, resourceApp: '', url: '' }
              : { app, resourceApp: value, url: undefined },
          )
        }
      />
      {error === null ? null : <ErrorState error={error} />}
      {plan.url === undefined ? null : (
        <TextInput
          type="url"
          label={text('new.url')}
          description={text('new.urlHelp')}
          value={plan.url}
          spellCheck={false}
          onChange={({ currentTarget }) =>
            change({ ...plan, url: currentTarget.value, resourceApp: undefined })
          }
        />
      )}
      {plan.existing?.id === undefined ? null : (
        <p role="alert">
          {text('new.exists')}{' '}
          <Link to={pathOf('connection', plan.existing.id)}>{text('new.openExisting')}</Link>
        </p>
      )}
    </Stack>
  )
}

interface ChosenApps {
  readonly app: string
  readonly resourceApp: string
  readonly url: string | undefined
}

function withApps(plan: Plan, { app, resourceApp, url }: ChosenApps): Plan {
  return {
    ...plan,
    url,
    resourceApp: undefined,
    existing: undefined,
    connection: {
      ...plan.connection,
      app,
      resourceApp,
      id: joinIds(app, resourceApp),
      resources: [],
      scopes: [],
    },
  }
}

/** Looks for a connection of this pair. @returns why the lookup failed, if so */
function useExisting(plan: Plan, change: (plan: Plan) => void): Error | null {
  const { app, resourceApp } = plan.connection
  const { data, error } = useApi(
    'connections.list',
    { query: { app, resourceApp, limit: 1 } },
    { enabled: app !== '' && resourceApp !== '' && plan.url === undefined },
  )
  const found = data?.body.items
  useEffect(() => {
    if (found !== undefined && plan.existing === undefined)
      change({ ...plan, existing: { id: found[0]?.id } })
  }, [found, plan, change])
  return found === undefined ? error : null
}
