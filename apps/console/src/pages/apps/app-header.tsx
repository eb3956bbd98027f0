// The header of an app page: kind, state and actions.
import { IconPlus } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'

import { askToSuspend, holdAct } from '../../components/object/hold.tsx'
import { ObjectHeader } from '../../components/object/object-header.tsx'
import { text } from '../../texts/text.ts'
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
      acts={[
        {
          label: text('new.create'),
          icon: smallIcon(IconPlus),
          needs: 'connections.create',
          run: () => void navigate({ to: '/connections/new', search: { app: id } }),
        },
        holdAct('apps', {
          id,
          name,
          isHeld: held !== undefined,
          suspend: () => askToSuspend('apps', { id, name }),
        }),
      ]}
      suspendFirst
    />
  )
}
