// The page of a resource app: identifiers, scopes, access, decisions, metadata and history.

import { ConnectionsOf } from '../../components/object/connections-of.tsx'
import { DecisionsOf } from '../../components/decision/decisions-of.tsx'
import { ObjectHistory } from '../../components/object/object-history.tsx'
import { PageTabs } from '../../components/tabs.tsx'
import { useCan } from '../../session/session.tsx'
import { text } from '../../texts/text.ts'
import { Identifiers } from './identifiers.tsx'
import { Metadata } from './metadata.tsx'
import { ResourceAppHeader } from './resource-app-header.tsx'
import type { ResourceApp } from './resource-apps-page.tsx'
import { ScopeCatalogue } from './scope-catalogue.tsx'
import { StoredCredentials } from './stored-credentials.tsx'
import { ObjectPage } from '../../components/object/object-page.tsx'

export function Page() {
  const seesCredentials = useCan()('stored-credentials.list')
  return (
    <ObjectPage collection="resource-apps">
      {(resourceApp, read) => (
        <>
          <ResourceAppHeader resourceApp={resourceApp} {...read} />
          <PageTabs label={text('resourceApp.tabs')} tabs={listTabs(resourceApp, seesCredentials)} />
        </>
      )}
    </ObjectPage>
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
      label: text('word.scopes'),
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
    { id: 'connections', label: text('word.connections'), content: () => <ConnectionsOf resourceApp={id} /> },
    {
      id: 'decisions',
      label: text('word.decisions'),
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
