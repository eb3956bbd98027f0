// One resource app: by what names it is asked for, which scopes it knows, who reaches it, what was decided about it, what
// it publishes about itself, and what it was before.
import { useParams } from '@tanstack/react-router'

import { useApi } from '../../api/queries.ts'
import { ConnectionsOf } from '../../components/object/connections-of.tsx'
import { DecisionsOf } from '../../components/decision/decisions-of.tsx'
import { ObjectHistory } from '../../components/object/object-history.tsx'
import { Loaded } from '../../components/states.tsx'
import { PageTabs } from '../../components/tabs.tsx'
import { useCan } from '../../session/session.tsx'
import { text } from '../../texts/text.ts'
import { Identifiers } from './identifiers.tsx'
import { Metadata } from './metadata.tsx'
import { ResourceAppHeader } from './resource-app-header.tsx'
import type { ResourceApp } from './resource-apps-page.tsx'
import { ScopeCatalogue } from './scope-catalogue.tsx'
import { StoredCredentials } from './stored-credentials.tsx'

export function Page() {
  const { id = '' } = useParams({ strict: false }) as { readonly id?: string }
  const seesCredentials = useCan()('stored-credentials.list')
  const query = useApi('resource-apps.read', { params: { id } })
  return (
    <Loaded query={query}>
      {({ body, etag }) => (
        <>
          <ResourceAppHeader resourceApp={body} etag={etag ?? ''} reload={() => void query.refetch()} />
          <PageTabs label={text('resourceApp.tabs')} tabs={listTabs(body, seesCredentials)} />
        </>
      )}
    </Loaded>
  )
}

function listTabs(resourceApp: ResourceApp, seesCredentials: boolean) {
  const { id, brokered } = resourceApp
  return [
    {
      id: 'identifiers',
      label: text('resourceApp.tab.identifiers'),
      content: () => <Identifiers resourceApp={resourceApp} />,
    },
    {
      id: 'scopes',
      label: text('resourceApp.tab.scopes'),
      content: () => <ScopeCatalogue resourceApp={resourceApp} />,
    },
    ...(brokered === undefined || !seesCredentials
      ? []
      : [
          {
            id: 'credentials',
            label: text('vault.tab'),
            content: () => <StoredCredentials id={id} brokered={brokered} />,
          },
        ]),
    { id: 'connections', label: text('nav.connections'), content: () => <ConnectionsOf resourceApp={id} /> },
    {
      id: 'decisions',
      label: text('nav.decisions'),
      content: () => <DecisionsOf of={{ resourceApp: id }} />,
    },
    {
      id: 'metadata',
      label: text('resourceApp.tab.metadata'),
      content: () => <Metadata resourceApp={resourceApp} />,
    },
    {
      id: 'history',
      label: text('connection.tab.history'),
      content: () => <ObjectHistory collection="resource-apps" object={resourceApp} />,
    },
  ]
}
