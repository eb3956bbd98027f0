// The metadata of the other side, from which an unregistered resource app is defined.
import { Stack, TextInput } from '@mantine/core'
import { useEffect } from 'react'

import { useApi } from '../../../api/queries.ts'
import { ErrorState, Loading } from '../../../components/states.tsx'
import { text } from '../../../texts/text.ts'
import { type Discovery, FactList } from '../discovery-facts.tsx'
import { ClientIdField } from '../connection-fields.tsx'
import { joinIds, type NewResourceApp, type Plan, type StepProps } from './plan.ts'

export function DiscoverStep({ plan, change }: StepProps) {
  const known = useApi(
    'resource-apps.read',
    { params: { id: plan.connection.resourceApp } },
    { enabled: plan.url === undefined },
  )
  const url = plan.url ?? known.data?.body.resources[0]?.id ?? known.data?.body.issuer
  const issuer = plan.url === undefined ? known.data?.body.issuer : undefined
  const query = useApi(
    'discover',
    { body: { url: url ?? '', ...(issuer === undefined ? {} : { issuer }) } },
    { enabled: url !== undefined },
  )
  const found = query.data?.body
  useEffect(() => {
    if (plan.url === undefined || found === undefined || plan.resourceApp !== undefined) return
    const resourceApp = toResourceApp(found)
    if (resourceApp !== undefined) change(withResourceApp(plan, resourceApp))
  }, [plan, found, change])
  return (
    <Stack gap="lg">
      {query.error !== null ? (
        <ErrorState error={query.error} retry={() => void query.refetch()} />
      ) : found === undefined ? (
        <Loading lines={4} />
      ) : (
        <FactList discovery={found} />
      )}
      {plan.resourceApp === undefined ? null : (
        <TextInput
          className="cw-form"
          label={text('new.name')}
          value={plan.resourceApp.name}
          onChange={({ currentTarget: { value } }) =>
            plan.resourceApp !== undefined &&
            change({ ...plan, resourceApp: { ...plan.resourceApp, name: value } })
          }
        />
      )}
      <div className="cw-form">
        <ClientIdField draft={plan.connection} change={(connection) => change({ ...plan, connection })} />
      </div>
    </Stack>
  )
}

function toResourceApp({ issuer, resource, scopes }: Discovery): NewResourceApp | undefined {
  if (issuer === null) return undefined
  const { host, pathname } = new URL(resource ?? issuer)
  const id = `${host}${pathname}`
    .replaceAll(/[^A-Za-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, 64)
  return {
    id,
    name: host,
    issuer,
    resources: resource === null ? [] : [{ id: resource, scopes }],
  }
}

function withResourceApp(plan: Plan, resourceApp: NewResourceApp): Plan {
  const { app } = plan.connection
  return {
    ...plan,
    resourceApp,
    connection: { ...plan.connection, resourceApp: resourceApp.id, id: joinIds(app, resourceApp.id) },
  }
}
