// Recommendations: each with the evidence behind it, and how to mute it.

import { useWholeList } from '../../api/queries.ts'
import { type Column, DataTable } from '../../components/data-table.tsx'
import { FilterBar, type FilterField } from '../../components/filter-bar.tsx'
import { ThingName } from '../../components/object/names.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { SideDrawer } from '../../components/side-drawer.tsx'
import { EmptyState } from '../../components/states.tsx'
import { useFilters } from '../../hooks/use-filters.ts'
import { useOpened } from '../../hooks/use-opened.ts'
import { text } from '../../texts/text.ts'
import { RecommendationCard } from './recommendation-card.tsx'
import { type Recommendation, RULES, SEVERITIES } from './recommendation-types.ts'
import { SeverityChip } from './severity-chip.tsx'
import { choicesOf } from '../../components/choices.ts'
import { NothingFound } from '../../components/nothing-found.tsx'
import { momentOr } from '../../components/time.tsx'

const FILTERS = ['state', 'severity', 'rule'] as const
type Filter = (typeof FILTERS)[number]

const FIELDS: readonly FilterField<Filter>[] = [
  {
    name: 'state',
    label: text('word.state'),
    kind: 'choice',
    otherwise: text('word.open'),
    choices: [
      { value: 'muted', label: text('recommendations.state.muted') },
      { value: 'all', label: text('word.all') },
    ],
  },
  {
    name: 'severity',
    label: text('word.severity'),
    kind: 'choice',
    choices: choicesOf(SEVERITIES, (one) => text(`recommendations.severity.${one}`)),
  },
  {
    name: 'rule',
    label: text('word.rule'),
    kind: 'choice',
    choices: choicesOf(RULES, (one) => text(`recommendations.rule.${one}`)),
  },
]

const COLUMNS: readonly Column<Recommendation>[] = [
  {
    id: 'severity',
    header: text('word.severity'),
    hideable: false,
    sort: ({ severity }) => SEVERITIES.indexOf(severity),
    cell: ({ severity }) => <SeverityChip severity={severity} />,
  },
  {
    id: 'what',
    header: text('recommendations.what'),
    hideable: false,
    sort: ({ sentence }) => sentence,
    cell: ({ sentence }) => <span className="cw-first">{sentence}</span>,
  },
  { id: 'about', header: text('recommendations.about'), cell: ({ subject }) => <ThingName {...subject} /> },
  {
    id: 'rule',
    header: text('word.rule'),
    cell: ({ rule }) => text(`recommendations.rule.${rule}`),
  },
  { id: 'act', header: text('word.action'), cell: ({ action }) => action.text },
  {
    id: 'since',
    header: text('word.since'),
    sort: ({ since }) => since ?? undefined,
    cell: ({ since }) => momentOr(since, '–'),
  },
]

export function Page() {
  const filters = useFilters(FILTERS)
  const list = useWholeList('recommendations.list', filters.filters)
  const { open, show } = useOpened()
  const chosen = list.items.find(({ id }) => id === open)
  return (
    <>
      <PageHeader title={text('word.recommendations')} lead={text('recommendations.lead')} />
      <FilterBar state={filters} fields={FIELDS} />
      <DataTable
        label={text('word.recommendations')}
        list={list}
        columns={COLUMNS}
        rowId={({ id }) => id}
        open={{ act: ({ id }) => show(id) }}
        empty={
          <NothingFound filters={filters}>
            <EmptyState title={text('recommendations.none')}>{text('recommendations.noneText')}</EmptyState>
          </NothingFound>
        }
      />
      <SideDrawer
        opened={chosen !== undefined}
        close={() => show(undefined)}
        title={text('recommendations.recommendation')}
      >
        {chosen === undefined ? null : <RecommendationCard recommendation={chosen} />}
      </SideDrawer>
    </>
  )
}
