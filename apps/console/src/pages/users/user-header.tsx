// The header of a user page, with buttons to suspend or block.
import { IconKey, IconShieldX } from '@tabler/icons-react'
import type { AnswerTo } from '@crosswalk/admin-api'

import { holdAct } from '../../components/object/hold.tsx'
import { ObjectHeader } from '../../components/object/object-header.tsx'
import { text } from '../../texts/text.ts'
import { PasswordDialog } from './password-dialog.tsx'
import { UserActs } from './user-acts.tsx'
import { UserFields } from './user-fields.tsx'
import { userState } from './users-page.tsx'
import type { ReadObject } from '../../components/object/object-page.tsx'
import { smallIcon } from '../../components/small-icon.tsx'

interface UserHeaderProps extends ReadObject {
  readonly user: AnswerTo<'users.read'>
}

export function UserHeader({ user, etag, reload }: UserHeaderProps) {
  const name = user.name ?? user.username
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
      acts={(open) => [
        {
          label: text('user.setPassword'),
          icon: smallIcon(IconKey),
          inMenu: 'usual',
          needs: 'users.change',
          disabled: user.owner === 'file' ? text('connection.fileOwned') : undefined,
          run: () => open('password'),
        },
        {
          label: text('user.block'),
          icon: smallIcon(IconShieldX),
          needs: 'blocks.create',
          run: () => open('block'),
        },
        holdAct('users', held !== undefined, open),
      ]}
      dialogs={(open, close) => (
        <>
          <UserActs user={user} open={open} close={close} />
          <PasswordDialog user={user} etag={etag} opened={open === 'password'} close={close} />
        </>
      )}
    />
  )
}
