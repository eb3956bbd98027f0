// Everybody in a group, however they got there.
import { useMemo } from 'react'
import type { AnswerTo } from '@crosswalk/admin-api'

import { useList } from '../../api/queries.ts'
import { StateChip } from '../../components/chips.tsx'
import { type Column, DataTable } from '../../components/data-table.tsx'
import { EmptyState } from '../../components/states.tsx'
import { text } from '../../texts/text.ts'
import type { Group } from './group.ts'
import { nameOfUserColumn, userState } from './users-page.tsx'

type User = AnswerTo<'users.list'>['items'][number]

export function GroupMembers({ group }: { readonly group: Group }) {
  const list = useList('users.list', { group: group.id })
  const columns = useMemo(() => buildColumns(new Set(group.members)), [group.members])
  return (
    <DataTable
      label={text('groups.members')}
      list={list}
      columns={columns}
      rowId={({ id }) => id}
      open={({ id }) => `/users/${encodeURIComponent(id)}`}
      empty={<EmptyState title={text('group.nobody')}>{text('group.nobodyText')}</EmptyState>}
    />
  )
}

function buildColumns(listed: ReadonlySet<string>): readonly Column<User>[] {
  return [
    nameOfUserColumn,
    { id: 'status', header: text('users.status'), cell: (user) => <StateChip state={userState(user)} /> },
    {
      id: 'source',
      header: text('group.source'),
      cell: ({ id }) => text(listed.has(id) ? 'group.listedHere' : 'group.listedThere'),
    },
  ]
}
