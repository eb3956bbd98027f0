// The page of a requesting app: overview, sign-in, authentication, access, decisions and history.
import { IconPlus } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'

import type { App } from '../../api/objects.ts'
import { ConnectionsOf } from '../../components/object/connections-of.tsx'
import { DecisionsOf } from '../../components/decision/decisions-of.tsx'
import { historyTab } from '../../components/object/object-history.tsx'
import { PageTabs } from '../../components/tabs.tsx'
import { objectState } from '../../components/object/object-state.ts'
import { text } from '../../texts/text.ts'
import { AppKeys } from './app-keys.tsx'
import { AppOverview } from './app-overview.tsx'
import { AppReach } from './app-reach.tsx'
import { AppSignIn } from './app-sign-in.tsx'
import { ObjectPage, type ReadObject } from '../../components/object/object-page.tsx'
import { confirmSuspend, suspendAction } from '../../components/object/suspend-action.tsx'
import { ObjectHeader } from '../../components/object/object-header.tsx'
import { AppFields, findUnusable } from './app-fields.tsx'
import { smallIcon } from '../../components/small-icon.tsx'

export function Page() {
  return (
    <ObjectPage collection="apps">
      {(app, read) => (
        <>
          <AppHeader app={app} {...read} />
          <PageTabs label={text('app.tabs')} tabs={listTabs(app, read.etag)} />
        </>
      )}
    </ObjectPage>
  )
}

function listTabs(app: App, etag: string) {
  const { id } = app
  return [
    { id: 'overview', label: text('word.overview'), content: () => <AppOverview app={app} /> },
    { id: 'sign-in', label: text('app.tab.signIn'), content: () => <AppSignIn app={app} /> },
    { id: 'keys', label: text('issuers.keys'), content: () => <AppKeys app={app} etag={etag} /> },
    { id: 'connections', label: text('word.connections'), content: () => <ConnectionsOf app={id} /> },
    { id: 'reach', label: text('app.tab.reach'), content: () => <AppReach app={app} /> },
    { id: 'decisions', label: text('word.decisions'), content: () => <DecisionsOf of={{ app: id }} /> },
    historyTab('apps', app),
  ]
}

interface AppHeaderProps extends ReadObject {
  readonly app: App
}

/** The header of an app page: kind, state and actions. */
function AppHeader({ app, etag, reload }: AppHeaderProps) {
  const navigate = useNavigate()
  const { id, kind, name } = app
  const held = app.state?.held
  return (
    <ObjectHeader
      collection="apps"
      stoppable={{ app: app.id }}
      object={app}
      etag={etag}
      title={name}
      chip={objectState(app)}
      lead={text(`app.lead.${kind}`, { name })}
      held={held}
      form={{
        reload,
        missing: ({ redirectUris }) => findUnusable(redirectUris),
        fields: (draft, change) => <AppFields draft={draft} change={change} />,
      }}
      actions={[
        {
          label: text('nav.newConnection'),
          icon: smallIcon(IconPlus),
          needs: 'connections.create',
          run: () => void navigate({ to: '/connections/new', search: { app: id } }),
        },
        suspendAction('apps', {
          id,
          name,
          isSuspended: held !== undefined,
          suspend: () => confirmSuspend('apps', { id, name }),
        }),
      ]}
      suspendFirst
    />
  )
}
