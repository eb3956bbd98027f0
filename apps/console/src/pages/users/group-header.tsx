// The header of a group page, with its actions.
import { Stack, TextInput } from '@mantine/core'

import { UserSelect } from '../../components/object/assignment-fields.tsx'
import { ObjectHeader } from '../../components/object/object-header.tsx'
import { countText, text } from '../../texts/text.ts'
import type { Group } from './group.ts'
import { withMember } from '../../components/with-member.ts'
import type { ReadObject } from '../../components/object/object-page.tsx'

interface GroupHeaderProps extends ReadObject {
  readonly group: Group
}

export function GroupHeader({ group, etag, reload }: GroupHeaderProps) {
  const name = group.name ?? group.id
  return (
    <ObjectHeader
      collection="groups"
      object={group}
      etag={etag}
      parent={{ to: '/groups', label: text('word.groups') }}
      title={name}
      lead={countText('group.leadOne', 'group.lead', group.memberCount)}
      form={{ reload, fields: (draft, change) => <GroupFields draft={draft} change={change} /> }}
    />
  )
}

interface GroupFieldsProps {
  readonly draft: Group
  readonly change: (draft: Group) => void
}

function GroupFields({ draft, change }: GroupFieldsProps) {
  return (
    <Stack gap="lg" className="cw-form">
      <TextInput
        label={text('word.name')}
        value={draft.name ?? ''}
        onChange={({ currentTarget }) => change(withMember(draft, 'name', currentTarget.value))}
      />
      <UserSelect
        label={text('groups.members')}
        description={text('group.membersHelp')}
        value={draft.members}
        change={(members) => change({ ...draft, members })}
      />
    </Stack>
  )
}
