// Every group: how many users are in it, and where it comes from.
import { Link } from '@tanstack/react-router'
import { useState } from 'react'

import { useList } from '../../api/queries.ts'
import { OwnerChip } from '../../components/chips.tsx'
import type { Column } from '../../components/data-table.tsx'
import type { FilterField } from '../../components/filter-bar.tsx'
import { ListPage } from '../../components/list-page.tsx'
import { EmptyState } from '../../components/states.tsx'
import { useFilters } from '../../hooks/use-filters.ts'
import { formatNumber, text } from '../../texts/text.ts'
import { type Group, groupPath } from './group.ts'
import { NewGroup } from './new-group.tsx'

const FILTERS = ['q', 'owner'] as const

const FIELDS: readonly FilterField<(typeof FILTERS)[number]>[] = [
  { name: 'q', label: text('filter.search'), kind: 'text' },
  {
    name: 'owner',
    label: text('connections.definedIn'),
    kind: 'choice',
    choices: [
      { value: 'file', label: text('connections.inFile') },
      { value: 'database', label: text('connections.inDatabase') },
    ],
  },
]

const COLUMNS: readonly Column<Group>[] = [
  {
    id: 'name',
    header: text('users.name'),
    hideable: false,
    sort: ({ id, name }) => name ?? id,
    cell: ({ id, name }) => (
      <Link to={groupPath(id)} className="cw-first">
        {name ?? id}
      </Link>
    ),
  },
  { id: 'id', header: text('connections.id'), cell: ({ id }) => <code>{id}</code> },
  {
    id: 'members',
    header: text('groups.members'),
    numeric: true,
    sort: ({ memberCount }) => memberCount,
    cell: ({ memberCount }) => formatNumber(memberCount),
  },
  {
    id: 'definedIn',
    header: text('connections.definedIn'),
    cell: ({ owner }) => (owner === 'file' ? <OwnerChip owner={owner} /> : text('connections.inDatabase')),
  },
]

export function Page() {
  const state = useFilters(FILTERS)
  const list = useList('groups.list', state.filters)
  const [creating, setCreating] = useState(false)
  return (
    <>
      <ListPage
        title={text('nav.groups')}
        lead={text('groups.lead')}
        create={{
          label: text('groups.new'),
          needs: 'groups.create',
          run: () => setCreating(true),
        }}
        filter={{ state, fields: FIELDS }}
        list={list}
        columns={COLUMNS}
        open={({ id }) => groupPath(id)}
        none={<EmptyState title={text('groups.none')}>{text('groups.noneText')}</EmptyState>}
      />
      <NewGroup opened={creating} close={() => setCreating(false)} />
    </>
  )
}
