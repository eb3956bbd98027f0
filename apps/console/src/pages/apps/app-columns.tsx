// Columns of lists of requesting apps.

import type { App } from '../../api/objects.ts'
import type { AppFacts, FactsById } from '../../api/facts.ts'
import { objectState } from '../../components/object/object-state.ts'
import { StateChips, Token } from '../../components/chips.tsx'
import type { Column } from '../../components/data-table.tsx'
import { formatNumber, text } from '../../texts/text.ts'
import { describeAuth } from './app-kinds.ts'
import { ownerColumn, nameColumn } from '../../components/table/columns.tsx'
import { RelativeTime } from '../../components/time.tsx'
import { pathOf } from '../../components/object/object-path.ts'

type Facts = FactsById<AppFacts>

export const nameOfAppColumn: Column<App> = nameColumn(
  text('word.name'),
  ({ name }) => name,
  ({ id }) => pathOf('app', id),
)

export function stateColumn(facts: Facts): Column<App> {
  return {
    id: 'state',
    header: text('word.state'),
    sort: objectState,
    cell: (app) => <StateChips state={objectState(app)} blocked={facts.get(app.id)?.blocked} />,
  }
}

export const kindColumn: Column<App> = {
  id: 'kind',
  header: text('apps.kind'),
  sort: ({ kind }) => kind,
  cell: ({ kind }) => text(`app.kind.${kind}`),
}

export const plainColumns: readonly Column<App>[] = [
  { id: 'auth', header: text('word.authentication'), hidden: true, cell: ({ auth }) => describeAuth(auth) },
  { ...ownerColumn, hidden: true },
]

/** Developers and logs identify an app by its client id. */
export const idColumn: Column<App> = {
  id: 'id',
  header: text('word.clientID'),
  sort: ({ id }) => id,
  cell: ({ id }) => <Token>{id}</Token>,
}

export function factColumns(facts: Facts): readonly Column<App>[] {
  return [
    {
      id: 'connections',
      header: text('word.connections'),
      numeric: true,
      sort: ({ id }) => facts.get(id)?.connections,
      cell: ({ id }) => (facts.has(id) ? formatNumber(facts.get(id)?.connections ?? 0) : ''),
    },
    {
      id: 'lastUsed',
      header: text('connections.lastUsed'),
      sort: ({ id }) => facts.get(id)?.lastUsedAt ?? undefined,
      cell: ({ id }) => (facts.has(id) ? <RelativeTime moment={facts.get(id)?.lastUsedAt} /> : ''),
    },
  ]
}
