// The list of requesting apps.
import { useMemo } from 'react'

import { useAppFacts, useIds } from '../../api/facts.ts'
import { useFilteredList } from '../../components/use-filtered-list.ts'
import type { FilterField } from '../../components/filter-bar.tsx'
import { type Create, ListPage } from '../../components/list-page.tsx'
import { EmptyState } from '../../components/states.tsx'
import { text } from '../../texts/text.ts'
import {
  factColumns,
  idColumn,
  kindColumn,
  nameOfAppColumn,
  plainColumns,
  stateColumn,
} from './app-columns.tsx'
import { APP_KINDS } from './app-kinds.ts'
import { SEARCH_FILTER, OWNER_FILTER, choiceFilter } from '../../components/filter-fields.ts'
import { nameOfState } from '../../components/chips.tsx'
import { pathOf } from '../../components/object/object-path.ts'

const FIELDS: readonly FilterField<string>[] = [
  SEARCH_FILTER,
  choiceFilter('kind', text('apps.kind'), APP_KINDS, (one) => text(`app.kind.${one}`)),
  choiceFilter('status', text('word.state'), ['active', 'inactive', 'suspended'], nameOfState),
  OWNER_FILTER,
]

export const REGISTER: Create = { label: text('apps.register'), needs: 'apps.create', to: '/apps/new' }

export function Page() {
  const filtered = useFilteredList('apps.list', FIELDS)
  const { byId: facts } = useAppFacts(useIds(filtered.list.items))
  const columns = useMemo(
    () => [nameOfAppColumn, idColumn, kindColumn, stateColumn(facts), ...factColumns(facts), ...plainColumns],
    [facts],
  )
  return (
    <ListPage
      {...filtered}
      title={text('word.requestingApps')}
      lead={text('apps.lead')}
      create={REGISTER}
      columns={columns}
      open={({ id }) => pathOf('app', id)}
      none={
        <EmptyState title={text('apps.none')}>
          <p>{text('apps.noneText')}</p>
          <ul className="cw-left">
            {APP_KINDS.map((kind) => (
              <li key={kind}>
                <strong>{text(`app.kind.${kind}`)}</strong>: {text(`app.kindHelp.${kind}`)}
              </li>
            ))}
          </ul>
        </EmptyState>
      }
    />
  )
}
