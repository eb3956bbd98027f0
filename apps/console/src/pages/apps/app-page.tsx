// The page of a requesting app: overview, sign-in, authentication, access, decisions and history.

import { ConnectionsOf } from '../../components/object/connections-of.tsx'
import { DecisionsOf } from '../../components/decision/decisions-of.tsx'
import { ObjectHistory } from '../../components/object/object-history.tsx'
import { PageTabs } from '../../components/tabs.tsx'
import { text } from '../../texts/text.ts'
import { AppHeader } from './app-header.tsx'
import { AppKeys } from './app-keys.tsx'
import { AppOverview } from './app-overview.tsx'
import { AppReach } from './app-reach.tsx'
import { AppSignIn } from './app-sign-in.tsx'
import type { App } from './app-state.ts'
import { ObjectPage } from '../../components/object/object-page.tsx'

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
    { id: 'keys', label: text('app.tab.keys'), content: () => <AppKeys app={app} etag={etag} /> },
    { id: 'connections', label: text('word.connections'), content: () => <ConnectionsOf app={id} /> },
    { id: 'reach', label: text('app.tab.reach'), content: () => <AppReach app={app} /> },
    { id: 'decisions', label: text('word.decisions'), content: () => <DecisionsOf of={{ app: id }} /> },
    {
      id: 'history',
      label: text('connection.tab.history'),
      content: () => <ObjectHistory collection="apps" object={app} />,
    },
  ]
}
