// The list of users, with status, groups, connections and when an app last acted for them.
import { useMemo } from 'react'

import { type FactsById, useIds, useUserFacts, type UserFacts } from '../../api/facts.ts'
import type { User } from '../../api/objects.ts'
import { useFilteredList } from '../../components/use-filtered-list.ts'
import { objectState } from '../../components/object/object-state.ts'
import { StateChips, Tokens, nameOfState } from '../../components/chips.tsx'
import type { Column } from '../../components/data-table.tsx'
import type { FilterField } from '../../components/filter-bar.tsx'
import { ListPage } from '../../components/list-page.tsx'
import { EmptyState } from '../../components/states.tsx'
import { SEARCH_FILTER, choiceFilter } from '../../components/filter-fields.ts'
import { idColumn, ownerColumn, nameColumn } from '../../components/table/columns.tsx'
import { pathOf } from '../../components/object/object-path.ts'
import { formatNumber, text } from '../../texts/text.ts'
import { RelativeTime } from '../../components/time.tsx'

const FIELDS: readonly FilterField<string>[] = [
  SEARCH_FILTER,
  choiceFilter('status', text('conditions.status'), ['active', 'inactive', 'suspended'], nameOfState),
]

export const nameOfUserColumn: Column<User> = nameColumn(
  text('word.name'),
  ({ name, username }) => name ?? username,
  ({ id }) => pathOf('user', id),
)

const NAMES: readonly Column<User>[] = [
  nameOfUserColumn,
  {
    id: 'username',
    header: text('users.username'),
    hidden: true,
    cell: ({ username }) => <span className="cw-anywhere">{username}</span>,
    sort: ({ username }) => username,
  },
  {
    id: 'email',
    header: text('users.email'),
    cell: ({ email }) => <span className="cw-anywhere">{email}</span>,
    sort: ({ email }) => email,
  },
]

function buildColumns(facts: FactsById<UserFacts>): readonly Column<User>[] {
  return [
    ...NAMES,
    {
      id: 'status',
      header: text('conditions.status'),
      cell: (user) => <StateChips state={objectState(user)} blocked={facts.get(user.id)?.blocked} />,
      sort: objectState,
    },
    { id: 'groups', header: text('word.groups'), cell: ({ memberOf }) => <Tokens items={memberOf} /> },
    {
      id: 'connections',
      header: text('word.connections'),
      numeric: true,
      sort: ({ id }) => facts.get(id)?.connections,
      cell: ({ id }) => (facts.has(id) ? formatNumber(facts.get(id)?.connections ?? 0) : ''),
    },
    {
      id: 'lastUsed',
      header: text('users.lastUsed'),
      sort: ({ id }) => facts.get(id)?.lastUsedAt ?? undefined,
      cell: ({ id }) => {
        const lastUsedAt = facts.get(id)?.lastUsedAt
        return lastUsedAt === undefined ? '' : <RelativeTime moment={lastUsedAt} />
      },
    },
    { ...ownerColumn, hidden: true },
    idColumn,
  ]
}

export function Page() {
  const filtered = useFilteredList('users.list', FIELDS)
  const { byId: facts } = useUserFacts(useIds(filtered.list.items))
  const columns = useMemo(() => buildColumns(facts), [facts])
  return (
    <ListPage
      {...filtered}
      title={text('word.users')}
      lead={text('users.lead')}
      create={{
        label: text('users.new'),
        needs: 'users.create',
        to: '/users/new',
      }}
      columns={columns}
      open={({ id }) => pathOf('user', id)}
      none={<EmptyState title={text('users.none')}>{text('users.noneText')}</EmptyState>}
    />
  )
}
