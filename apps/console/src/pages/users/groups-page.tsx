// Every group: how many users are in it, and where it comes from.
import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'

import { useList } from '../../api/queries.ts'
import { OwnerChip } from '../../components/chips.tsx'
import { type Column, DataTable } from '../../components/data-table.tsx'
import type { FilterField } from '../../components/filter-bar.tsx'
import { PageHeader } from '../../components/page-header.tsx'
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
      <PageHeader
        title={text('nav.groups')}
        lead={text('groups.lead')}
        actions={[
          {
            label: text('groups.new'),
            icon: <IconPlus size={16} aria-hidden="true" />,
            keys: 'n',
            needs: 'groups.create',
            look: { variant: 'filled' },
            run: () => setCreating(true),
          },
        ]}
      />
      <DataTable
        filter={{ state, fields: FIELDS }}
        label={text('nav.groups')}
        list={list}
        columns={COLUMNS}
        rowId={({ id }) => id}
        open={({ id }) => groupPath(id)}
        empty={
          state.count > 0 ? (
            <EmptyState
              title={text('filter.nothing')}
              actions={<Button onClick={state.clear}>{text('filter.clear')}</Button>}
            />
          ) : (
            <EmptyState title={text('groups.none')}>{text('groups.noneText')}</EmptyState>
          )
        }
      />
      <NewGroup opened={creating} close={() => setCreating(false)} />
    </>
  )
}
