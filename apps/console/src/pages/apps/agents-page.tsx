// The requesting apps that are AI agents, with their owners; agents without an active owner stand out.
import { useMemo } from 'react'

import type { App } from '../../api/objects.ts'
import { useAppFacts, useIds } from '../../api/facts.ts'
import { useFilteredList } from '../../components/use-filtered-list.ts'
import { nameOfState } from '../../components/chips.tsx'
import type { Column } from '../../components/data-table.tsx'
import type { FilterField } from '../../components/filter-bar.tsx'
import { ListPage } from '../../components/list-page.tsx'
import { EmptyState } from '../../components/states.tsx'
import { text } from '../../texts/text.ts'
import { factColumns, nameOfAppColumn, plainColumns, stateColumn } from './app-columns.tsx'
import { REGISTER } from './apps-page.tsx'
import { SEARCH_FILTER, choiceFilter } from '../../components/filter-fields.ts'
import { OwnersOf } from '../../components/object/owners-of.tsx'
import { pathOf } from '../../components/object/object-path.ts'

const FIELDS: readonly FilterField<string>[] = [
  SEARCH_FILTER,
  choiceFilter('status', text('word.state'), ['active', 'inactive', 'suspended'], nameOfState),
]

export function Page() {
  const filtered = useFilteredList('apps.list', FIELDS, { kind: 'agent' })
  const { byId: facts } = useAppFacts(useIds(filtered.list.items))
  const columns = useMemo(
    () => [nameOfAppColumn, stateColumn(facts), OWNERS, ...factColumns(facts), ...plainColumns],
    [facts],
  )
  return (
    <ListPage
      {...filtered}
      title={text('nav.agents')}
      lead={text('agents.lead')}
      create={REGISTER}
      columns={columns}
      open={({ id }) => pathOf('app', id)}
      none={<EmptyState title={text('agents.none')}>{text('agents.noneText')}</EmptyState>}
    />
  )
}

const OWNERS: Column<App> = {
  id: 'owners',
  header: text('agents.owners'),
  cell: (app) => <OwnersOf app={app} />,
}
