// Creates a user. Without a password they can sign in only through an upstream identity provider, or after getting one.
import { PasswordInput, TextInput } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'

import { sendChange } from '../../api/changes.ts'
import { LeaveGuard } from '../../components/leave-guard.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { askReason } from '../../components/ask-reason.ts'
import { showDone } from '../../components/toasts.tsx'
import { text } from '../../texts/text.ts'
import { UserFields, type UserMembers } from './user-fields.tsx'
import { FormFoot } from '../../components/form-foot.tsx'

const EMPTY: UserMembers = { username: '', emailVerified: false, groups: [], attributes: {}, active: true }

export function Page() {
  const [draft, setDraft] = useState(EMPTY)
  const [id, setId] = useState('')
  const [password, setPassword] = useState('')
  const navigate = useNavigate()
  const name = draft.name ?? draft.username
  async function save(reason: string): Promise<void> {
    const body = {
      ...draft,
      username: draft.username.trim(),
      ...(id === '' ? {} : { id }),
      ...(password === '' ? {} : { password }),
    }
    const { body: made } = await sendChange('users.create', { body, reason })
    showDone({ message: text('user.created', { name }) })
    await navigate({ to: `/users/${encodeURIComponent(made.id)}`, ignoreBlocker: true })
  }
  return (
    <>
      <PageHeader
        parent={{ to: '/users', label: text('word.users') }}
        title={text('users.new')}
        lead={text('users.newLead')}
      />
      <LeaveGuard changed={draft !== EMPTY || id + password !== ''} />
      <div className="cw-card">
        <UserFields draft={draft} change={setDraft} />
        <div className="cw-form">
          <PasswordInput
            mt="lg"
            label={`${text('word.password')} ${text('field.optional')}`}
            description={text('user.passwordHelp')}
            autoComplete="new-password"
            value={password}
            onChange={({ currentTarget }) => setPassword(currentTarget.value)}
          />
          <TextInput
            mt="lg"
            label={`${text('word.id')} ${text('field.optional')}`}
            description={text('user.idHelp')}
            autoComplete="off"
            spellCheck={false}
            value={id}
            onChange={({ currentTarget }) => setId(currentTarget.value.trim())}
          />
        </div>
        <FormFoot
          missing={draft.username.trim() === '' ? text('user.needsUsername') : undefined}
          label={text('users.create')}
          run={() =>
            askReason({
              title: text('user.createTitle', { name }),
              confirmLabel: text('users.create'),
              help: text('user.createHelp'),
              confirm: save,
            })
          }
        />
      </div>
    </>
  )
}
