// The header of an app page: kind, state and actions.
import { IconPlayerPause, IconPlayerPlay, IconPlus } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'

import { ObjectHeader } from '../../components/object/object-header.tsx'
import { text } from '../../texts/text.ts'
import { AppActs } from './app-acts.tsx'
import { AppFields } from './app-fields.tsx'
import { type App, appState } from './app-state.ts'
import type { ReadObject } from '../../components/object/object-page.tsx'
import { smallIcon } from '../../components/small-icon.tsx'

interface AppHeaderProps extends ReadObject {
  readonly app: App
}

export function AppHeader({ app, etag, reload }: AppHeaderProps) {
  const navigate = useNavigate()
  const { id, kind, name } = app
  const held = app.state?.held
  return (
    <ObjectHeader
      collection="apps"
      object={app}
      etag={etag}
      parent={
        kind === 'agent'
          ? { to: '/agents', label: text('nav.agents') }
          : { to: '/apps', label: text('word.requestingApps') }
      }
      title={name}
      chip={appState(app)}
      lead={text(`app.lead.${kind}`, { name })}
      held={held}
      form={{ reload, fields: (draft, change) => <AppFields draft={draft} change={change} /> }}
      acts={(open) => [
        {
          label: text('new.create'),
          icon: smallIcon(IconPlus),
          needs: 'connections.create',
          run: () => void navigate({ to: '/connections/new', search: { app: id } }),
        },
        held === undefined
          ? {
              label: text('app.suspend'),
              icon: smallIcon(IconPlayerPause),
              needs: 'apps.suspend',
              look: { color: 'red' },
              run: () => open('suspend'),
            }
          : {
              label: text('connection.resume'),
              icon: smallIcon(IconPlayerPlay),
              needs: 'apps.resume',
              run: () => open('resume'),
            },
      ]}
      dialogs={(open, close) => <AppActs app={app} open={open} close={close} />}
      suspendFirst
    />
  )
}
