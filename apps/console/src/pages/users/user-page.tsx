// The page of a user: which apps can act for them, recent activity, their subject at each resource app, and actions to end access.
import { IconKey, IconShieldX } from '@tabler/icons-react'
import type { AnswerTo } from '@crosswalk/admin-api'
import { PasswordInput, Switch } from '@mantine/core'

import { DecisionsOf } from '../../components/decision/decisions-of.tsx'
import { historyTab } from '../../components/object/object-history.tsx'
import { EmptyState } from '../../components/states.tsx'
import { PageTabs } from '../../components/tabs.tsx'
import { objectState } from '../../components/object/object-state.ts'
import { text } from '../../texts/text.ts'
import { ActingFor } from './acting-for.tsx'
import { UserFacts } from './user-facts.tsx'
import { ObjectPage, type ReadObject } from '../../components/object/object-page.tsx'
import { confirmSuspend, suspendAction } from '../../components/object/suspend-action.tsx'
import { ObjectHeader } from '../../components/object/object-header.tsx'
import { findBadAttribute, UserFields, type UserMembers } from './user-fields.tsx'
import { smallIcon } from '../../components/small-icon.tsx'
import { sendChange } from '../../api/changes.ts'
import { confirmWithReason, confirmWithForm } from '../../components/confirm.ts'
import { showDone } from '../../components/toasts.tsx'

export function Page() {
  return (
    <ObjectPage collection="users">
      {(user, read) => (
        <>
          <UserHeader user={user} {...read} />
          <PageTabs
            label={text('user.tabs')}
            tabs={[
              { id: 'acting', label: text('word.apps'), content: () => <ActingFor user={user} /> },
              {
                id: 'decisions',
                label: text('word.decisions'),
                content: () => (
                  <DecisionsOf
                    of={{ user: user.id }}
                    empty={<EmptyState title={text('user.noDecisions')} />}
                  />
                ),
              },
              { id: 'facts', label: text('user.tab.facts'), content: () => <UserFacts user={user} /> },
              historyTab('users', user),
            ]}
          />
        </>
      )}
    </ObjectPage>
  )
}

interface UserHeaderProps extends ReadObject {
  readonly user: AnswerTo<'users.read'>
}

/** The header of a user page, with buttons to suspend or block. */
function UserHeader({ user, etag, reload }: UserHeaderProps) {
  const { id, name = user.username } = user
  const held = user.state?.held
  return (
    <ObjectHeader<UserHeaderProps['user'] & UserMembers>
      collection="users"
      stoppable={{ user: user.id }}
      object={user}
      etag={etag}
      title={text('user.title', { name })}
      chip={objectState(user)}
      lead={text('user.lead', { name })}
      held={held}
      form={{
        reload,
        missing: findBadAttribute,
        fields: (draft, change) => <UserFields draft={draft} change={change} />,
      }}
      actions={[
        {
          label: text('user.setPassword'),
          icon: smallIcon(IconKey),
          inMenu: 'usual',
          needs: 'users.change',
          owner: user.owner,
          run: () => openPasswordDialog(user, etag),
        },
        {
          label: text('user.block'),
          icon: smallIcon(IconShieldX),
          needs: 'blocks.create',
          run: () => confirmBlock({ id, name }),
        },
        suspendAction('users', {
          id,
          name,
          isSuspended: held !== undefined,
          suspend: () => confirmSuspend('users', { id, name }),
        }),
      ]}
    />
  )
}

function confirmBlock({ id, name }: { readonly id: string; readonly name: string }): void {
  confirmWithReason({
    title: text('user.blockTitle', { name }),
    confirmLabel: text('user.block'),
    help: text('user.blockHelp'),
    async confirm(reason) {
      const { body } = await sendChange('blocks.create', { body: { kind: 'user', target: id, reason } })
      showDone({
        message: text('user.blocked', { name }),
        undo: () =>
          sendChange('blocks.lift', { params: { id: body.id }, reason: text('connection.undoReason') }),
      })
    },
  })
}

/** Sets or removes the password of a user. The old one cannot be read. */
function openPasswordDialog(user: AnswerTo<'users.read'>, etag: string): void {
  const { id, name = user.username, hasPassword } = user
  confirmWithForm({ password: '', none: false }, ({ password, none }, set) => ({
    danger: none,
    title: text('user.passwordTitle', { name }),
    confirmLabel: text(none ? 'user.noPassword' : 'user.setPassword'),
    done: text(none ? 'user.passwordRemoved' : 'user.passwordSet', { name }),
    children: (
      <>
        <PasswordInput
          data-autofocus
          label={text('user.newPassword')}
          autoComplete="new-password"
          required={!none}
          disabled={none}
          maxLength={1024}
          value={password}
          onChange={({ currentTarget: { value } }) => set({ password: value })}
        />
        {hasPassword ? (
          <Switch
            label={text('user.noPassword')}
            description={text('user.noPasswordHelp')}
            checked={none}
            onChange={({ currentTarget: { checked } }) => set({ none: checked })}
          />
        ) : null}
      </>
    ),
    confirm: (reason) =>
      sendChange('users.change', {
        params: { id },
        ifMatch: etag,
        body: { password: none ? null : password },
        reason,
      }),
  }))
}
