// The header of a user page, with the actions that suspend or block them.
import {
  IconKey,
  IconPencil,
  IconPlayerPause,
  IconPlayerPlay,
  IconShieldX,
  IconTrash,
} from '@tabler/icons-react'
import type { AnswerTo } from '@crosswalk/admin-api'
import { useState } from 'react'

import type { Action } from '../../components/actions.tsx'
import { OwnerChip, StateChip } from '../../components/chips.tsx'
import { DeleteObject } from '../../components/object/delete-object.tsx'
import { EditObject } from '../../components/object/edit-object.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { text } from '../../texts/text.ts'
import { useNames } from '../../api/names.ts'
import { PasswordDialog } from './password-dialog.tsx'
import { UserActs } from './user-acts.tsx'
import { UserFields } from './user-fields.tsx'
import { userState } from './users-page.tsx'

type User = AnswerTo<'users.read'>

interface UserHeaderProps {
  readonly user: User
  readonly etag: string
  readonly reload: () => void
}

type Open = 'suspend' | 'resume' | 'block' | 'edit' | 'password' | 'delete'

export function UserHeader({ user, etag, reload }: UserHeaderProps) {
  const [open, setOpen] = useState<Open | undefined>(undefined)
  const name = user.name ?? user.username
  const held = user.state?.held
  const names = useNames()
  const close = () => setOpen(undefined)
  return (
    <>
      <PageHeader
        parent={{ to: '/users', label: text('nav.users') }}
        title={text('user.title', { name })}
        chips={
          <>
            <StateChip state={userState(user)} />
            <OwnerChip owner={user.owner} />
          </>
        }
        lead={
          held === undefined
            ? text('user.lead', { name })
            : `${text('connection.held', { state: text(`chip.${held.state}`), by: names.user(held.by) })}${held.reason === undefined ? '' : `, ${text('connection.heldReason', { reason: held.reason })}`}`
        }
        actions={listActions(user, setOpen)}
      />
      <UserActs user={user} open={open} close={close} />
      <EditObject
        collection="users"
        object={user}
        etag={etag}
        title={text('user.edit', { name })}
        opened={open === 'edit'}
        close={close}
        reload={reload}
        fields={(draft, change) => <UserFields draft={draft} change={change} />}
      />
      <PasswordDialog user={user} etag={etag} opened={open === 'password'} close={close} />
      <DeleteObject
        collection="users"
        id={user.id}
        etag={etag}
        revision={user.revision}
        opened={open === 'delete'}
        close={close}
        to="/users"
      />
    </>
  )
}

function listActions({ owner, state }: User, open: (what: Open) => void): readonly Action[] {
  const held = state?.held
  const inFile = owner === 'file' ? text('connection.fileOwned') : undefined
  return [
    {
      label: text('connection.edit'),
      icon: <IconPencil size={16} aria-hidden="true" />,
      inMenu: 'usual',
      keys: 'e',
      needs: 'users.change',
      disabled: inFile,
      run: () => open('edit'),
    },
    {
      label: text('user.setPassword'),
      icon: <IconKey size={16} aria-hidden="true" />,
      inMenu: 'usual',
      needs: 'users.change',
      disabled: inFile,
      run: () => open('password'),
    },
    {
      label: text('user.block'),
      icon: <IconShieldX size={16} aria-hidden="true" />,
      needs: 'blocks.create',
      run: () => open('block'),
    },
    held === undefined
      ? {
          label: text('user.suspend'),
          icon: <IconPlayerPause size={16} aria-hidden="true" />,
          needs: 'users.suspend',
          look: { color: 'red' },
          run: () => open('suspend'),
        }
      : {
          label: text('user.resume'),
          icon: <IconPlayerPlay size={16} aria-hidden="true" />,
          needs: 'users.resume',
          run: () => open('resume'),
        },
    {
      label: text('connection.delete'),
      icon: <IconTrash size={16} aria-hidden="true" />,
      needs: 'users.delete',
      inMenu: 'dangerous',
      disabled: inFile,
      run: () => open('delete'),
    },
  ]
}
