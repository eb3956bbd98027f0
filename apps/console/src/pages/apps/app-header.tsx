// The head of an app's page: what it is, its state, and what can be done with it.
import {
  IconCode,
  IconPencil,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlus,
  IconTrash,
} from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'

import type { Action } from '../../components/actions.tsx'
import { OwnerChip, StateChip } from '../../components/chips.tsx'
import { DeleteObject } from '../../components/object/delete-object.tsx'
import { EditObject } from '../../components/object/edit-object.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { RelativeTime } from '../../components/time.tsx'
import { ViewAs } from '../../components/view-as.tsx'
import { text } from '../../texts/text.ts'
import { useNames } from '../../api/names.ts'
import { AppActs } from './app-acts.tsx'
import { AppFields } from './app-fields.tsx'
import { appState } from './app-state.ts'
import type { App } from './app-state.ts'

type Open = 'edit' | 'suspend' | 'resume' | 'delete' | 'view-as'

interface AppHeaderProps {
  readonly app: App
  readonly etag: string
  readonly reload: () => void
}

export function AppHeader({ app, etag, reload }: AppHeaderProps) {
  const [open, setOpen] = useState<Open | undefined>(undefined)
  const navigate = useNavigate()
  const close = () => setOpen(undefined)
  const agent = app.kind === 'agent'
  return (
    <>
      <PageHeader
        parent={
          agent ? { to: '/agents', label: text('nav.agents') } : { to: '/apps', label: text('nav.apps') }
        }
        title={app.name}
        chips={
          <>
            <StateChip state={appState(app)} />
            <OwnerChip owner={app.owner} />
          </>
        }
        lead={<Lead app={app} />}
        actions={listActions(
          app,
          setOpen,
          () => void navigate({ to: '/connections/new', search: { app: app.id } as never }),
        )}
      />
      <EditObject
        collection="apps"
        object={app}
        etag={etag}
        title={text('app.edit', { name: app.name })}
        opened={open === 'edit'}
        close={close}
        reload={reload}
        fields={(draft, change) => <AppFields draft={draft} change={change} />}
      />
      <AppActs app={app} open={open} close={close} />
      <DeleteObject
        collection="apps"
        id={app.id}
        etag={etag}
        revision={app.revision}
        opened={open === 'delete'}
        close={close}
        to="/apps"
      />
      <ViewAs opened={open === 'view-as'} close={close} collection="apps" id={app.id} object={app} />
    </>
  )
}

function Lead({ app: { kind, name, state } }: { readonly app: App }) {
  const held = state?.held
  const names = useNames()
  return (
    <>
      <p>{text(`app.lead.${kind}`, { name })}</p>
      {held === undefined ? null : (
        <p role="status">
          <strong>
            {text('connection.held', { state: text(`chip.${held.state}`), by: names.user(held.by) })}
          </strong>{' '}
          <RelativeTime moment={held.since} />
          {held.reason === undefined ? '' : `, ${text('connection.heldReason', { reason: held.reason })}`}
        </p>
      )}
    </>
  )
}

function listActions(
  { owner, state }: App,
  open: (what: Open) => void,
  connect: () => void,
): readonly Action[] {
  const inFile = owner === 'file' ? text('connection.fileOwned') : undefined
  const held = state?.held !== undefined
  return [
    {
      label: text('connection.edit'),
      icon: <IconPencil size={16} aria-hidden="true" />,
      inMenu: 'usual',
      keys: 'e',
      needs: 'apps.change',
      disabled: inFile,
      run: () => open('edit'),
    },
    {
      label: text('app.connect'),
      icon: <IconPlus size={16} aria-hidden="true" />,
      needs: 'connections.create',
      run: connect,
    },
    held
      ? {
          label: text('connection.resume'),
          icon: <IconPlayerPlay size={16} aria-hidden="true" />,
          needs: 'apps.resume',
          run: () => open('resume'),
        }
      : {
          label: text('app.suspend'),
          icon: <IconPlayerPause size={16} aria-hidden="true" />,
          needs: 'apps.suspend',
          look: { color: 'red' },
          run: () => open('suspend'),
        },
    {
      label: text('viewAs.open'),
      icon: <IconCode size={16} aria-hidden="true" />,
      inMenu: 'usual',
      run: () => open('view-as'),
    },
    {
      label: text('connection.delete'),
      icon: <IconTrash size={16} aria-hidden="true" />,
      needs: 'apps.delete',
      inMenu: 'dangerous',
      disabled: inFile ?? (held ? undefined : text('connection.deleteSuspendedFirst')),
      run: () => open('delete'),
    },
  ]
}
