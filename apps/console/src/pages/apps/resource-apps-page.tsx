// The list of resource apps, with issuer, resources and scopes.

import type { ResourceApp } from '../../api/objects.ts'
import { useFilteredList } from '../../components/use-filtered-list.ts'
import { StateChip, Token, nameOfState } from '../../components/chips.tsx'
import type { Column } from '../../components/data-table.tsx'
import type { FilterField } from '../../components/filter-bar.tsx'
import { ListPage } from '../../components/list-page.tsx'
import { EmptyState } from '../../components/states.tsx'
import { countText, formatNumber, text } from '../../texts/text.ts'
import { SEARCH_FILTER, choiceFilter } from '../../components/filter-fields.ts'
import { idColumn, ownerColumn, nameColumn } from '../../components/table/columns.tsx'
import { pathOf } from '../../components/object/object-path.ts'

/** The service behind it, if it does not support ID-JAGs */
export type Brokered = NonNullable<ResourceApp['brokered']>

const FIELDS: readonly FilterField<string>[] = [
  SEARCH_FILTER,
  { name: 'issuer', label: text('word.issuer'), kind: 'text' },
  choiceFilter('status', text('word.state'), ['active', 'inactive'], nameOfState),
]

const COLUMNS: readonly Column<ResourceApp>[] = [
  nameColumn(
    text('word.name'),
    ({ name }) => name,
    ({ id }) => pathOf('resource_app', id),
  ),
  {
    id: 'issuer',
    header: text('word.issuer'),
    cell: ({ issuer }) => <Token>{issuer}</Token>,
    sort: ({ issuer }) => issuer,
  },
  {
    id: 'resources',
    header: text('resourceApps.resources'),
    cell: ({ resources }) => <Resources resources={resources} />,
  },
  {
    id: 'scopes',
    header: text('word.scopes'),
    numeric: true,
    cell: ({ resources }) => formatNumber(new Set(resources.flatMap(({ scopes }) => scopes)).size),
  },
  {
    id: 'state',
    header: text('word.state'),
    cell: ({ active }) => <StateChip state={active ? 'active' : 'inactive'} />,
  },
  idColumn,
  { ...ownerColumn, hidden: true },
]

function Resources({ resources }: Pick<ResourceApp, 'resources'>) {
  const [first, ...others] = resources
  if (first === undefined) return text('word.none')
  return (
    <span className="cw-tokens">
      <Token>{first.id}</Token>
      {others.length === 0 ? null : countText('resourceApps.oneMore', 'resourceApps.more', others.length)}
    </span>
  )
}

export function Page() {
  return (
    <ListPage
      {...useFilteredList('resource-apps.list', FIELDS)}
      title={text('nav.resourceApps')}
      lead={text('resourceApps.lead')}
      create={{
        label: text('resourceApps.register'),
        needs: 'resource-apps.create',
        to: '/resource-apps/new',
      }}
      columns={COLUMNS}
      open={({ id }) => pathOf('resource_app', id)}
      none={<EmptyState title={text('resourceApps.none')}>{text('resourceApps.noneText')}</EmptyState>}
    />
  )
}
