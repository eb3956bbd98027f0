// The fields of a user, for creating and editing. Passwords are set separately and never read.
import { Stack, Switch, TagsInput, Textarea, TextInput } from '@mantine/core'
import type { AnswerTo } from '@crosswalk/admin-api'
import { useState } from 'react'

import { useChoices } from '../../components/object/use-choices.ts'
import { text } from '../../texts/text.ts'
import { parseAttributeLines, renderAttributeLines } from './attribute-lines.ts'
import { withMember } from '../../components/with-member.ts'

export type UserMembers = Pick<
  AnswerTo<'users.read'>,
  'username' | 'name' | 'email' | 'emailVerified' | 'groups' | 'attributes' | 'active'
>

interface UserFieldsProps<T extends UserMembers> {
  readonly draft: T
  readonly change: (draft: T) => void
}

export function UserFields<T extends UserMembers>({ draft, change }: UserFieldsProps<T>) {
  return (
    <Stack gap="lg" className="cw-form">
      <TextInput
        label={text('users.username')}
        description={text('user.usernameHelp')}
        required
        maxLength={256}
        autoComplete="off"
        spellCheck={false}
        value={draft.username}
        onChange={({ currentTarget }) => change({ ...draft, username: currentTarget.value })}
      />
      <TextInput
        label={text('word.name')}
        maxLength={256}
        autoComplete="off"
        value={draft.name ?? ''}
        onChange={({ currentTarget }) => change(withMember(draft, 'name', currentTarget.value))}
      />
      <TextInput
        type="email"
        label={text('users.email')}
        autoComplete="off"
        value={draft.email ?? ''}
        onChange={({ currentTarget }) => change(withMember(draft, 'email', currentTarget.value))}
      />
      <Switch
        label={text('user.emailVerified')}
        description={text('user.emailVerifiedHelp')}
        checked={draft.emailVerified}
        onChange={({ currentTarget }) => change({ ...draft, emailVerified: currentTarget.checked })}
      />
      <GroupsField draft={draft} change={change} />
      <AttributesField draft={draft} change={change} />
      <Switch
        label={text('app.active')}
        description={text('user.activeHelp')}
        checked={draft.active}
        onChange={({ currentTarget }) => change({ ...draft, active: currentTarget.checked })}
      />
    </Stack>
  )
}

/** A group exists as soon as a user names it. */
function GroupsField<T extends UserMembers>({ draft, change }: UserFieldsProps<T>) {
  const [typed, setTyped] = useState('')
  const { items } = useChoices('groups', typed)
  return (
    <TagsInput
      label={text('word.groups')}
      description={text('user.groupsHelp')}
      data={items.map(({ id }) => id)}
      searchValue={typed}
      onSearchChange={setTyped}
      value={draft.groups}
      onChange={(groups) => change({ ...draft, groups })}
    />
  )
}

function AttributesField<T extends UserMembers>({ draft, change }: UserFieldsProps<T>) {
  const [typed, setTyped] = useState(() => renderAttributeLines(draft.attributes))
  const { bad } = parseAttributeLines(typed)
  return (
    <Textarea
      label={text('user.attributes')}
      description={text('user.attributesHelp')}
      autosize
      minRows={2}
      maxRows={12}
      spellCheck={false}
      value={typed}
      error={bad === undefined ? undefined : text('user.badAttribute', { line: bad })}
      onChange={({ currentTarget: { value } }) => {
        setTyped(value)
        change({ ...draft, attributes: { ...parseAttributeLines(value).attributes } })
      }}
    />
  )
}
