// Creates a user. Without a password they can sign in only through an upstream identity provider, or after getting one.
import { PasswordInput, Stack } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'

import { sendChange } from '../../api/changes.ts'
import { LeaveGuard } from '../../components/leave-guard.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { confirmWithReason } from '../../components/confirm.ts'
import { showDone } from '../../components/toasts.tsx'
import { text } from '../../texts/text.ts'
import { findBadAttribute, UserFields, type UserMembers } from './user-fields.tsx'
import { FormFooter } from '../../components/form-footer.tsx'
import { Fields, type FormField } from '../../components/form-fields.tsx'
import { pathOf } from '../../components/object/object-path.ts'

type NewUser = UserMembers & { readonly id: string }

const EMPTY: NewUser = {
  id: '',
  username: '',
  emailVerified: false,
  groups: [],
  attributes: {},
  active: true,
}

const ID: readonly FormField<NewUser>[] = [
  { kind: 'word', name: 'id', label: 'word.id', help: 'user.idHelp', mayBeEmpty: true },
]

export function Page() {
  const [draft, setDraft] = useState(EMPTY)
  const [password, setPassword] = useState('')
  const navigate = useNavigate()
  const name = draft.name ?? draft.username
  async function save(reason: string): Promise<void> {
    const { id, ...members } = draft
    const body = {
      ...members,
      username: draft.username.trim(),
      ...(id === '' ? {} : { id }),
      ...(password === '' ? {} : { password }),
    }
    const { body: created } = await sendChange('users.create', { body, reason })
    showDone({ message: text('user.created', { name }) })
    await navigate({ to: pathOf('user', created.id), ignoreBlocker: true })
  }
  return (
    <>
      <PageHeader title={text('users.new')} lead={text('users.newLead')} />
      <LeaveGuard changed={draft !== EMPTY || password !== ''} />
      <div className="cw-card">
        <UserFields draft={draft} change={setDraft} />
        <Stack gap="lg" mt="lg" className="cw-form">
          <PasswordInput
            label={`${text('word.password')} ${text('field.optional')}`}
            description={text('user.passwordHelp')}
            autoComplete="new-password"
            value={password}
            onChange={({ currentTarget }) => setPassword(currentTarget.value)}
          />
          <Fields fields={ID} draft={draft} change={setDraft} />
        </Stack>
        <FormFooter
          missing={findMissing(draft)}
          label={text('users.new')}
          run={() =>
            confirmWithReason({
              title: text('user.createTitle', { name }),
              confirmLabel: text('users.new'),
              help: text('user.createHelp'),
              confirm: save,
            })
          }
        />
      </div>
    </>
  )
}

function findMissing(draft: NewUser): string | undefined {
  const { username, email = '' } = draft
  if (username.trim() === '') return text('user.needsUsername')
  const isEmail = email === '' || /^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(email)
  return isEmail ? findBadAttribute(draft) : text('user.badEmail')
}
