// The head of a connection's page: its sentence, its state, and what can be done with it.
import {
  IconCircleCheck,
  IconCode,
  IconFlask,
  IconHandStop,
  IconMailForward,
  IconPencil,
  IconPlayerPause,
  IconPlayerPlay,
  IconTrash,
  IconBan,
} from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'

import { useApi } from '../../api/queries.ts'
import type { Action } from '../../components/actions.tsx'
import { OwnerChip, StateChip } from '../../components/chips.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { RelativeTime } from '../../components/time.tsx'
import { ViewAs } from '../../components/view-as.tsx'
import { useNow } from '../../hooks/use-now.ts'
import { useCan } from '../../session/session.tsx'
import { text } from '../../texts/text.ts'
import { ConnectionDialogs, type DialogName } from './connection-dialogs.tsx'
import { type Connection, stateOf } from '../../components/object/connection-state.ts'
import { EditConnection } from './edit-connection.tsx'
import { InviteDialog } from './invite-dialog.tsx'
import { Sentence } from './sentence.tsx'
import { type Names, useNames } from '../../api/names.ts'

interface ConnectionHeaderProps {
  readonly connection: Connection
  readonly etag: string
  readonly reload: () => void
}

export function ConnectionHeader({ connection, etag, reload }: ConnectionHeaderProps) {
  const [dialog, setDialog] = useState<DialogName | 'edit' | 'view-as' | 'invite' | undefined>(undefined)
  const names = useNames()
  const now = useNow()
  const ways = useWays(connection)
  const close = () => setDialog(undefined)
  return (
    <>
      <PageHeader
        parent={{ to: '/connections', label: text('nav.connections') }}
        title={`${names.app(connection.app)} → ${names.resourceApp(connection.resourceApp)}`}
        chips={
          <>
            <StateChip state={stateOf(connection, now)} />
            <OwnerChip owner={connection.owner} />
          </>
        }
        lead={<Lead connection={connection} names={names} />}
        actions={[...listActions(connection, setDialog), ...ways]}
      />
      <ConnectionDialogs connection={connection} etag={etag} open={dialog} close={close} />
      <EditConnection
        connection={connection}
        etag={etag}
        opened={dialog === 'edit'}
        close={close}
        reload={reload}
      />
      <InviteDialog id={connection.id} opened={dialog === 'invite'} close={close} />
      <ViewAs
        opened={dialog === 'view-as'}
        close={close}
        collection="connections"
        id={connection.id}
        object={connection}
      />
    </>
  )
}

function Lead({ connection, names }: { readonly connection: Connection; readonly names: Names }) {
  const held = connection.state?.held
  const { data } = useApi('connections.facts', { query: { ids: connection.id } })
  const lastUsedAt = data?.body.items[0]?.lastUsedAt
  return (
    <>
      <p>
        <Sentence connection={connection} names={names} />{' '}
        {lastUsedAt === undefined ? null : lastUsedAt === null ? (
          text('connection.neverProved')
        ) : (
          <>
            {text('connection.proved', { when: '' })}
            <RelativeTime moment={lastUsedAt} />.
          </>
        )}
      </p>
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
  { owner, state }: Connection,
  open: (dialog: DialogName | 'edit' | 'view-as' | 'invite') => void,
): readonly Action[] {
  const held = state?.held !== undefined
  const inFile = owner === 'file' ? text('connection.fileOwned') : undefined
  return [
    {
      label: text('connection.edit'),
      icon: <IconPencil size={16} aria-hidden="true" />,
      inMenu: 'usual',
      keys: 'e',
      needs: 'connections.change',
      disabled: inFile,
      run: () => open('edit'),
    },
    held
      ? {
          label: text('connection.resume'),
          icon: <IconPlayerPlay size={16} aria-hidden="true" />,
          needs: 'connections.resume',
          run: () => open('resume'),
        }
      : {
          label: text('connection.suspend'),
          icon: <IconPlayerPause size={16} aria-hidden="true" />,
          needs: 'connections.suspend',
          run: () => open('suspend'),
        },
    {
      label: text('connection.revoke'),
      icon: <IconBan size={16} aria-hidden="true" />,
      needs: 'connections.revoke',
      inMenu: 'dangerous',
      disabled: state?.held?.state === 'revoked' ? text('chip.revoked') : undefined,
      run: () => open('revoke'),
    },
    {
      label: text('connection.invite'),
      icon: <IconMailForward size={16} aria-hidden="true" />,
      inMenu: 'usual',
      needs: 'connections.invite',
      run: () => open('invite'),
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
      needs: 'connections.delete',
      inMenu: 'dangerous',
      disabled: inFile ?? (held ? undefined : text('connection.deleteSuspendedFirst')),
      run: () => open('delete'),
    },
  ]
}

/** Other pages, with what this one is about filled in. */
function useWays({ id, app, resourceApp, resources, scopes, assignments }: Connection): readonly Action[] {
  const navigate = useNavigate()
  const can = useCan()
  const target = useApi('resource-apps.read', { params: { id: resourceApp } }, { enabled: can('simulate') })
  const question = {
    app,
    user: assignments.users[0],
    audience: target.data?.body.issuer,
    resource: resources[0],
    scope: scopes.length === 0 ? undefined : scopes.join(' '),
  }
  return [
    {
      label: text('prove.action'),
      icon: <IconCircleCheck size={16} aria-hidden="true" />,
      needs: 'connections.prove',
      inMenu: 'usual',
      run: () => void navigate({ to: `/connections/${encodeURIComponent(id)}/prove` }),
    },
    {
      label: text('connection.simulate'),
      icon: <IconFlask size={16} aria-hidden="true" />,
      keys: 's',
      inMenu: 'usual',
      needs: 'simulate',
      run: () => void navigate({ to: '/simulator', search: question as never }),
    },
    {
      label: text('connection.kill'),
      icon: <IconHandStop size={16} aria-hidden="true" />,
      needs: 'kill.press',
      inMenu: 'dangerous',
      run: () => void navigate({ to: '/kill-switch', search: { kind: 'connection', id } as never }),
    },
  ]
}
