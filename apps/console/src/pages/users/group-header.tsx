// The head of a group's page, and what can be done with it.
import { Stack, TextInput } from '@mantine/core'
import { IconCode, IconPencil, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'

import { OwnerChip } from '../../components/chips.tsx'
import { UserSelect } from '../../components/object/assignment-fields.tsx'
import { DeleteObject } from '../../components/object/delete-object.tsx'
import { EditObject } from '../../components/object/edit-object.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { ViewAs } from '../../components/view-as.tsx'
import { countText, text } from '../../texts/text.ts'
import type { Group } from './group.ts'

interface GroupHeaderProps {
  readonly group: Group
  readonly etag: string
  readonly reload: () => void
}

export function GroupHeader({ group, etag, reload }: GroupHeaderProps) {
  const [open, setOpen] = useState<'edit' | 'delete' | 'view-as' | undefined>(undefined)
  const close = () => setOpen(undefined)
  const inFile = group.owner === 'file' ? text('connection.fileOwned') : undefined
  return (
    <>
      <PageHeader
        parent={{ to: '/groups', label: text('nav.groups') }}
        title={group.name ?? group.id}
        chips={<OwnerChip owner={group.owner} />}
        lead={countText('group.leadOne', 'group.lead', group.memberCount)}
        actions={[
          {
            label: text('connection.edit'),
            icon: <IconPencil size={16} aria-hidden="true" />,
            keys: 'e',
            needs: 'groups.change',
            disabled: inFile,
            run: () => setOpen('edit'),
          },
          {
            label: text('viewAs.open'),
            icon: <IconCode size={16} aria-hidden="true" />,
            inMenu: 'usual',
            run: () => setOpen('view-as'),
          },
          {
            label: text('connection.delete'),
            icon: <IconTrash size={16} aria-hidden="true" />,
            needs: 'groups.delete',
            inMenu: 'dangerous',
            disabled: inFile,
            run: () => setOpen('delete'),
          },
        ]}
      />
      <EditObject
        collection="groups"
        object={group}
        etag={etag}
        title={text('app.edit', { name: group.name ?? group.id })}
        opened={open === 'edit'}
        close={close}
        reload={reload}
        fields={(draft, change) => <GroupFields draft={draft} change={change} />}
      />
      <DeleteObject
        collection="groups"
        id={group.id}
        etag={etag}
        revision={group.revision}
        opened={open === 'delete'}
        close={close}
        to="/groups"
      />
      <ViewAs opened={open === 'view-as'} close={close} collection="groups" id={group.id} object={group} />
    </>
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
        label={text('users.name')}
        value={draft.name ?? ''}
        onChange={({ currentTarget: { value } }) => {
          const { name: _, ...rest } = draft
          change(value === '' ? rest : { ...rest, name: value })
        }}
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
