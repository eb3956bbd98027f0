// The fields of a user, for creating and editing. Passwords are set separately and never read.
import { Stack, TagsInput, Textarea } from '@mantine/core'
import type { AnswerTo } from '@crosswalk/admin-api'
import { useState } from 'react'

import { useChoices } from '../../components/object/use-choices.ts'
import { withMember } from '../../components/with-member.ts'
import { text } from '../../texts/text.ts'
import { parseAttributeLines, renderAttributeLines } from './attribute-lines.ts'
import { Fields, type FormField, type FormProps } from '../../components/form-fields.tsx'

export type UserMembers = Pick<
  AnswerTo<'users.read'>,
  'username' | 'name' | 'email' | 'emailVerified' | 'groups' | 'attributes' | 'active'
> & {
  /** The first line of the attributes that cannot be read. Never sent, because such a draft cannot be saved */
  readonly badAttribute?: string
}

/** @returns why the draft cannot be saved */
export function findBadAttribute({
  badAttribute: line,
}: Pick<UserMembers, 'badAttribute'>): string | undefined {
  return line === undefined ? undefined : text('user.badAttribute', { line })
}

const FIELDS: readonly FormField<UserMembers>[] = [
  {
    kind: 'text',
    exact: true,
    name: 'username',
    label: 'users.username',
    help: 'user.usernameHelp',
    required: true,
    maxLength: 256,
  },
  { kind: 'text', name: 'name', label: 'word.name', maxLength: 256, optional: true },
  { kind: 'email', name: 'email', label: 'users.email', optional: true },
  { kind: 'switch', name: 'emailVerified', label: 'user.emailVerified', help: 'user.emailVerifiedHelp' },
  GroupsField,
  AttributesField,
  { kind: 'switch', name: 'active', label: 'chip.active', help: 'user.activeHelp' },
]

export function UserFields<T extends UserMembers>(form: FormProps<T>) {
  return (
    <Stack gap="lg" className="cw-form">
      <Fields<UserMembers, T> fields={FIELDS} {...form} />
    </Stack>
  )
}

/** A group exists as soon as a user names it. */
function GroupsField({ draft, change }: FormProps<UserMembers>) {
  const [typed, setTyped] = useState('')
  const { items } = useChoices('groups', typed)
  return (
    <TagsInput
      label={text('word.groups')}
      description={text('user.groupsHelp')}
      data={items.map(({ id }) => id)}
      splitChars={[',']}
      searchValue={typed}
      onSearchChange={setTyped}
      value={draft.groups}
      onChange={(groups) => change({ ...draft, groups })}
    />
  )
}

function AttributesField({ draft, change }: FormProps<UserMembers>) {
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
        const parsed = parseAttributeLines(value)
        change(withMember({ ...draft, attributes: { ...parsed.attributes } }, 'badAttribute', parsed.bad))
      }}
    />
  )
}
