// Picks both ends: the app that asks, and the product it should reach, registered or by its address.
import { Radio, Select, Stack, TextInput } from '@mantine/core'
import { Link } from '@tanstack/react-router'

import { useApi } from '../../../api/queries.ts'
import { ErrorState } from '../../../components/states.tsx'
import { text } from '../../../texts/text.ts'
import { joinIds, type Plan } from './plan.ts'

interface StepProps {
  readonly plan: Plan
  readonly change: (plan: Plan) => void
}

const ALL = { query: { limit: 200 } } as const

export function EndsStep({ plan, change }: StepProps) {
  const appsRead = useApi('apps.list', ALL)
  const resourceAppsRead = useApi('resource-apps.list', ALL)
  const connectionsRead = useApi('connections.list', ALL)
  const apps = appsRead.data?.body.items ?? []
  const resourceApps = resourceAppsRead.data?.body.items ?? []
  const connections = connectionsRead.data?.body.items ?? []
  // Without them an app that is there would seem not to be registered.
  const failed = [appsRead, resourceAppsRead, connectionsRead].find(
    ({ data, error }) => data === undefined && error !== null,
  )
  // Without them an app that is there would seem not to be registered.
  if (failed !== undefined) return <ErrorState error={failed.error} retry={() => void failed.refetch()} />
  const set = (app: string, resourceApp: string, url: string | undefined) => {
    const known = connections.find((one) => one.app === app && one.resourceApp === resourceApp)
    change({
      ...plan,
      url,
      resourceApp: undefined,
      existing: known?.id,
      connection: {
        ...plan.connection,
        app,
        resourceApp,
        id: joinIds(app, resourceApp),
        resources: [],
        scopes: [],
      },
    })
  }
  const { app, resourceApp } = plan.connection
  return (
    <Stack gap="lg" className="cw-form">
      <Select
        label={text('new.app')}
        description={text('new.appHelp')}
        data={apps.map(({ id, name }) => ({ value: id, label: `${name} (${id})` }))}
        value={app === '' ? null : app}
        onChange={(value) => set(value ?? '', resourceApp, plan.url)}
        searchable
      />
      <Radio.Group
        label={text('new.resourceApp')}
        description={text('new.resourceAppHelp')}
        value={plan.url === undefined ? resourceApp : 'another'}
        onChange={(value) => (value === 'another' ? set(app, '', '') : set(app, value, undefined))}
      >
        <Stack gap={6} mt={8}>
          {resourceApps.map(({ id, name, issuer }) => (
            <Radio key={id} value={id} label={name} description={issuer} />
          ))}
          <Radio value="another" label={text('new.another')} />
        </Stack>
      </Radio.Group>
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
      {plan.existing === undefined ? null : (
        <p role="alert">
          {text('new.exists')}{' '}
          <Link to={`/connections/${encodeURIComponent(plan.existing)}`}>{text('new.openExisting')}</Link>
        </p>
      )}
    </Stack>
  )
}
