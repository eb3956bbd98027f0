// The page of a group: members, connections, the effect of joining or leaving, and history.
import { useMemo } from 'react'
import { Stack } from '@mantine/core'

import type { Group, User } from '../../api/objects.ts'
import { ConnectionsOf } from '../../components/object/connections-of.tsx'
import { historyTab } from '../../components/object/object-history.tsx'
import { PageTabs } from '../../components/tabs.tsx'
import { countText, text } from '../../texts/text.ts'
import { WhatIf } from './what-if.tsx'
import { ObjectPage, type ReadObject } from '../../components/object/object-page.tsx'
import { useList } from '../../api/queries.ts'
import { objectState } from '../../components/object/object-state.ts'
import { StateChip } from '../../components/chips.tsx'
import { type Column, DataTable } from '../../components/data-table.tsx'
import { EmptyState } from '../../components/states.tsx'
import { nameOfUserColumn } from './users-page.tsx'
import { Fields, type FormField } from '../../components/form-fields.tsx'
import { ObjectHeader } from '../../components/object/object-header.tsx'
import { pathOf } from '../../components/object/object-path.ts'

export function Page() {
  return (
    <ObjectPage collection="groups">
      {(group, read) => (
        <>
          <GroupHeader group={group} {...read} />
          <PageTabs label={text('group.tabs')} tabs={listTabs(group)} />
        </>
      )}
    </ObjectPage>
  )
}

function listTabs(group: Group) {
  return [
    { id: 'members', label: text('groups.members'), content: () => <GroupMembers group={group} /> },
    {
      id: 'connections',
      label: text('word.connections'),
      content: () => <ConnectionsOf group={group.id} />,
    },
    { id: 'what-if', label: text('group.tab.whatIf'), content: () => <WhatIf group={group} /> },
    historyTab('groups', group),
  ]
}

/** All members of a group, from any source. */
function GroupMembers({ group }: { readonly group: Group }) {
  const list = useList('users.list', { group: group.id })
  const columns = useMemo(() => buildColumns(new Set(group.members)), [group.members])
  return (
    <DataTable
      label={text('groups.members')}
      list={list}
      columns={columns}
      rowId={({ id }) => id}
      open={({ id }) => pathOf('user', id)}
      empty={<EmptyState title={text('group.none')}>{text('group.noneText')}</EmptyState>}
    />
  )
}

function buildColumns(listed: ReadonlySet<string>): readonly Column<User>[] {
  return [
    nameOfUserColumn,
    {
      id: 'status',
      header: text('conditions.status'),
      cell: (user) => <StateChip state={objectState(user)} />,
    },
    {
      id: 'source',
      header: text('group.source'),
      cell: ({ id }) => text(listed.has(id) ? 'group.listedHere' : 'group.listedThere'),
    },
  ]
}

interface GroupHeaderProps extends ReadObject {
  readonly group: Group
}

/** The header of a group page, with its actions. */
function GroupHeader({ group, etag, reload }: GroupHeaderProps) {
  const name = group.name ?? group.id
  return (
    <ObjectHeader
      collection="groups"
      object={group}
      etag={etag}
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
