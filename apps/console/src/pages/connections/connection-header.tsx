// The header of a connection page: sentence, state and actions.
import {
  IconBan,
  IconCircleCheck,
  IconFlask,
  IconHandStop,
  IconMailForward,
  IconRocket,
} from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'

import type { Connection } from '../../api/objects.ts'
import { type Names, useNames } from '../../session/names.ts'
import { useApi } from '../../api/queries.ts'
import type { Action } from '../../components/actions.tsx'
import { questionOfConnection } from '../../components/decision/simulation.ts'
import { stateOf } from '../../components/object/connection-state.ts'
import { suspendAction } from '../../components/object/suspend-action.tsx'
import { ObjectHeader } from '../../components/object/object-header.tsx'
import { useBlock } from '../../components/object/use-block.ts'
import { RelativeTime } from '../../components/time.tsx'
import { useNow } from '../../hooks/use-now.ts'
import { useCan } from '../../session/session.tsx'
import { text } from '../../texts/text.ts'
import {
  confirmActivate,
  openInvitationDialog,
  confirmRevoke,
  confirmSuspendConnection,
} from './confirm-connection.tsx'
import { ConnectionFields, type Draft } from './connection-fields.tsx'
import { Sentence } from './sentence.tsx'
import { TokenPreview } from './token-preview.tsx'
import type { ReadObject } from '../../components/object/object-page.tsx'
import { smallIcon } from '../../components/small-icon.tsx'
import { pathOf } from '../../components/object/object-path.ts'

interface ConnectionHeaderProps extends ReadObject {
  readonly connection: Connection
}

export function ConnectionHeader({ connection, etag, reload }: ConnectionHeaderProps) {
  const names = useNames()
  const now = useNow()
  const links = useLinks(connection)
  const mayResume = useCan()('connections.resume')
  const stoppable = { connection: connection.id, app: connection.app }
  const isBlocked = useBlock(stoppable) !== undefined
  return (
    <ObjectHeader<Draft>
      collection="connections"
      stoppable={stoppable}
      object={connection}
      etag={etag}
      title={names.appPair(connection)}
      chip={stateOf(connection, now)}
      lead={<Lead connection={connection} names={names} isOver={isBlocked || isOver(connection, now)} />}
      held={connection.state?.held}
      form={{
        reload,
        title: text('edit.title'),
        fields: (draft, change) => (
          <>
            <ConnectionFields draft={draft} change={change} />
            <TokenPreview connection={draft} />
          </>
        ),
      }}
      actions={listActions(connection, { etag, names, mayResume })}
      links={links}
      suspendFirst
    />
  )
}

interface LeadProps {
  readonly connection: Connection
  readonly names: Names
  readonly isOver: boolean
}

function Lead({ connection, names, isOver }: LeadProps) {
  const { data } = useApi('connections.facts', { query: { ids: connection.id } })
  const lastUsedAt = data?.body.items[0]?.lastUsedAt
  return (
    <p>
      <Sentence connection={connection} names={names} isOver={isOver} />{' '}
      {isUnfinished(connection) ? `${text('connection.notActive')} ` : null}
      {lastUsedAt === undefined ? null : lastUsedAt === null ? (
        text('connection.neverProved')
      ) : (
        <>
          {text('connection.proved', { when: '' })}
          <RelativeTime moment={lastUsedAt} />.
        </>
      )}
    </p>
  )
}

/** A draft that has never been active. */
function isUnfinished({ status, state }: Connection): boolean {
  return (status === 'draft' || status === 'report-only') && state?.held === undefined
}

function isOver(connection: Connection, now: number): boolean {
  const state = stateOf(connection, now)
  return state === 'revoked' || state === 'suspended' || state === 'expired'
}

interface ActionContext {
  readonly etag: string
  readonly names: Names
  readonly mayResume: boolean
}

function listActions(connection: Connection, { etag, names, mayResume }: ActionContext): readonly Action[] {
  const { id, state, owner } = connection
  const named = { id, name: names.appPair(connection) }
  const isRevoked = state?.held?.state === 'revoked'
  const suspension = suspendAction('connections', {
    ...named,
    isSuspended: state?.held !== undefined,
    suspend: () => confirmSuspendConnection({ ...named, mayResume }),
  })
  return [
    isUnfinished(connection)
      ? {
          label: text('connection.activate'),
          icon: smallIcon(IconRocket),
          needs: 'connections.change',
          button: { variant: 'filled' },
          owner,
          run: () => confirmActivate(connection, etag, names),
        }
      : // A revocation is meant to last. It takes a role that may resume anything to lift it.
        { ...suspension, ...(isRevoked ? { inMenu: 'usual', needs: 'apps.resume' } : {}) },
    {
      label: text('connection.revoke'),
      icon: smallIcon(IconBan),
      needs: 'connections.revoke',
      inMenu: 'dangerous',
      disabled: isRevoked ? text('chip.revoked') : undefined,
      run: () => confirmRevoke(named),
    },
    {
      label: text('connection.invite'),
      icon: smallIcon(IconMailForward),
      inMenu: 'usual',
      needs: 'connections.invite',
      run: () => openInvitationDialog(id),
    },
  ]
}

/** Links to other pages, with this connection filled in. */
function useLinks(connection: Connection): readonly Action[] {
  const { id, resourceApp, assignments } = connection
  const navigate = useNavigate()
  const can = useCan()
  const target = useApi('resource-apps.read', { params: { id: resourceApp } }, { enabled: can('simulate') })
  const question = questionOfConnection(connection, assignments.users[0], target.data?.body.issuer)
  return [
    {
      label: text('prove.action'),
      icon: smallIcon(IconCircleCheck),
      needs: 'connections.prove',
      inMenu: 'usual',
      run: () => void navigate({ to: `${pathOf('connection', id)}/prove` }),
    },
    {
      label: text('connection.simulate'),
      icon: smallIcon(IconFlask),
      keys: 's',
      inMenu: 'usual',
      needs: 'simulate',
      run: () => void navigate({ to: '/simulator', search: question }),
    },
    {
      label: text('connection.kill'),
      icon: smallIcon(IconHandStop),
      needs: 'kill.press',
      inMenu: 'dangerous',
      run: () => void navigate({ to: '/kill-switch', search: { kind: 'connection', id } }),
    },
  ]
}
