// The header of a group page, with its actions.
import { Stack } from '@mantine/core'

import { Fields, type FormField } from '../../components/form-fields.tsx'
import { ObjectHeader } from '../../components/object/object-header.tsx'
import { countText, text } from '../../texts/text.ts'
import type { Group } from './group.ts'
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
      form={{
        reload,
        fields: (draft, change) => (
          <Stack gap="lg" className="cw-form">
            <Fields fields={FIELDS} draft={draft} change={change} />
          </Stack>
        ),
      }}
    />
  )
}

const FIELDS: readonly FormField<Group>[] = [
  { kind: 'text', name: 'name', label: 'word.name', optional: true },
  { kind: 'objects', of: 'users', name: 'members', label: 'groups.members', help: 'group.membersHelp' },
]
