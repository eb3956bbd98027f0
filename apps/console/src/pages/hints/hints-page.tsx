// What somebody may want to look at: every hint with what it was concluded from, and how to mute it.
import { Drawer } from '@mantine/core'

import { useWholeList } from '../../api/queries.ts'
import { type Column, DataTable } from '../../components/data-table.tsx'
import { FilterBar, type FilterField } from '../../components/filter-bar.tsx'
import { ThingName } from '../../components/object/names.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { EmptyState } from '../../components/states.tsx'
import { RelativeTime } from '../../components/time.tsx'
import { useFilters } from '../../hooks/use-filters.ts'
import { useOpened } from '../../hooks/use-opened.ts'
import { text } from '../../texts/text.ts'
import { HintCard } from './hint-card.tsx'
import { type Hint, RULES, SEVERITIES } from './hint-types.ts'
import { SeverityChip } from './severity-chip.tsx'

const FILTERS = ['state', 'severity', 'rule'] as const
type Filter = (typeof FILTERS)[number]

const FIELDS: readonly FilterField<Filter>[] = [
  {
    name: 'state',
    label: text('hints.state'),
    kind: 'choice',
    otherwise: text('hints.state.open'),
    choices: [
      { value: 'muted', label: text('hints.state.muted') },
      { value: 'all', label: text('hints.state.all') },
    ],
  },
  {
    name: 'severity',
    label: text('hints.severity'),
    kind: 'choice',
    choices: SEVERITIES.map((value) => ({ value, label: text(`hints.severity.${value}`) })),
  },
  {
    name: 'rule',
    label: text('hints.rule'),
    kind: 'choice',
    choices: RULES.map((value) => ({ value, label: text(`hints.rule.${value}`) })),
  },
]

const COLUMNS: readonly Column<Hint>[] = [
  {
    id: 'severity',
    header: text('hints.severity'),
    hideable: false,
    sort: ({ severity }) => SEVERITIES.indexOf(severity),
    cell: ({ severity }) => <SeverityChip severity={severity} />,
  },
  {
    id: 'what',
    header: text('hints.what'),
    hideable: false,
    sort: ({ sentence }) => sentence,
    cell: ({ sentence }) => <span className="cw-first">{sentence}</span>,
  },
  { id: 'about', header: text('hints.about'), cell: ({ subject }) => <ThingName {...subject} /> },
  { id: 'rule', header: text('hints.rule'), cell: ({ rule }) => text(`hints.rule.${rule}`) },
  { id: 'act', header: text('hints.action'), cell: ({ action }) => action.text },
  {
    id: 'since',
    header: text('hints.since'),
    sort: ({ since }) => since ?? undefined,
    cell: ({ since }) => (since === null ? '–' : <RelativeTime moment={since} />),
  },
]

export function Page() {
  const filters = useFilters(FILTERS)
  const list = useWholeList('hints.list', filters.filters)
  const { open, show } = useOpened()
  const chosen = list.items.find(({ id }) => id === open)
  return (
    <>
      <PageHeader title={text('nav.hints')} lead={text('hints.lead')} />
      <FilterBar state={filters} fields={FIELDS} />
      <DataTable
        label={text('nav.hints')}
        list={list}
        columns={COLUMNS}
        rowId={({ id }) => id}
        open={{ act: ({ id }) => show(id) }}
        empty={
          filters.count > 0 ? (
            <EmptyState title={text('filter.nothing')} />
          ) : (
            <EmptyState title={text('hints.none')}>{text('hints.noneText')}</EmptyState>
          )
        }
      />
      <Drawer
        opened={chosen !== undefined}
        onClose={() => show(undefined)}
        position="right"
        size="46rem"
        title={text('hints.hint')}
        closeButtonProps={{ 'aria-label': text('help.close') }}
      >
        {chosen === undefined ? null : <HintCard hint={chosen} />}
      </Drawer>
    </>
  )
}
