// The header of a user page, with buttons to suspend or block.
import { IconKey, IconShieldX } from '@tabler/icons-react'
import type { AnswerTo } from '@crosswalk/admin-api'

import { askToSuspend, holdAct } from '../../components/object/hold.tsx'
import { ObjectHeader } from '../../components/object/object-header.tsx'
import { text } from '../../texts/text.ts'
import { askForPassword } from './ask-for-password.tsx'
import { UserFields } from './user-fields.tsx'
import { userState } from './users-page.tsx'
import type { ReadObject } from '../../components/object/object-page.tsx'
import { smallIcon } from '../../components/small-icon.tsx'
import { sendChange } from '../../api/changes.ts'
import { askReason } from '../../components/ask-reason.ts'
import { showDone } from '../../components/toasts.tsx'

interface UserHeaderProps extends ReadObject {
  readonly user: AnswerTo<'users.read'>
}

export function UserHeader({ user, etag, reload }: UserHeaderProps) {
  const { id, name = user.username } = user
  const held = user.state?.held
  return (
    <ObjectHeader
      collection="users"
      object={user}
      etag={etag}
      parent={{ to: '/users', label: text('word.users') }}
      title={text('user.title', { name })}
      chip={userState(user)}
      lead={text('user.lead', { name })}
      held={held}
      form={{ reload, fields: (draft, change) => <UserFields draft={draft} change={change} /> }}
      acts={[
        {
          label: text('user.setPassword'),
          icon: smallIcon(IconKey),
          inMenu: 'usual',
          needs: 'users.change',
          disabled: user.owner === 'file' ? text('connection.fileOwned') : undefined,
          run: () => askForPassword(user, etag),
        },
        {
          label: text('user.block'),
          icon: smallIcon(IconShieldX),
          needs: 'blocks.create',
          run: () => askToBlock({ id, name }),
        },
        holdAct('users', {
          id,
          name,
          isHeld: held !== undefined,
          suspend: () => askToSuspend('users', { id, name }),
        }),
      ]}
    />
  )
}

function askToBlock({ id, name }: { readonly id: string; readonly name: string }): void {
  askReason({
    title: text('user.blockTitle', { name }),
    confirmLabel: text('user.block'),
    help: text('user.blockHelp'),
    async confirm(reason) {
      const { body } = await sendChange('blocks.create', { body: { kind: 'user', target: id, reason } })
      showDone({
        message: text('user.blocked', { name }),
        undo: () =>
          sendChange('blocks.end', { params: { id: body.id }, reason: text('connection.undoReason') }),
      })
    },
  })
}
