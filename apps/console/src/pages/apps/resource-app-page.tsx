// The page of a resource app: identifiers, scopes, access, decisions, metadata and history.
import { IconPlus } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'

import type { ResourceApp } from '../../api/objects.ts'
import { ConnectionsOf } from '../../components/object/connections-of.tsx'
import { DecisionsOf } from '../../components/decision/decisions-of.tsx'
import { historyTab } from '../../components/object/object-history.tsx'
import { PageTabs } from '../../components/tabs.tsx'
import { useCan } from '../../session/session.tsx'
import { text } from '../../texts/text.ts'
import { Identifiers } from './identifiers.tsx'
import { Metadata } from './metadata.tsx'
import { ScopeCatalogue } from './scope-catalogue.tsx'
import { StoredCredentials } from './stored-credentials.tsx'
import { ObjectPage, type ReadObject } from '../../components/object/object-page.tsx'
import { ObjectHeader } from '../../components/object/object-header.tsx'
import { findMissingResourceApp, ResourceAppFields } from './resource-app-fields.tsx'
import { smallIcon } from '../../components/small-icon.tsx'

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
    historyTab('resource-apps', resourceApp),
  ]
}

interface ResourceAppHeaderProps extends ReadObject {
  readonly resourceApp: ResourceApp
}

/** The header of a resource app page, with its actions. */
function ResourceAppHeader({ resourceApp, etag, reload }: ResourceAppHeaderProps) {
  const navigate = useNavigate()
  const { id, name, active } = resourceApp
  return (
    <ObjectHeader<ResourceApp>
      collection="resource-apps"
      object={resourceApp}
      etag={etag}
      title={name}
      chip={active ? 'active' : 'inactive'}
      lead={text('resourceApp.lead', { name })}
      form={{
        reload,
        missing: findMissingResourceApp,
        fields: (draft, change) => <ResourceAppFields draft={draft} change={change} />,
      }}
      actions={[
        {
          label: text('nav.newConnection'),
          icon: smallIcon(IconPlus),
          needs: 'connections.create',
          run: () => void navigate({ to: '/connections/new', search: { resourceApp: id } }),
        },
      ]}
    />
  )
}
