// Recommendations by severity: each with the evidence behind it, and how to mute it.
import { useApi, useList } from '../../api/queries.ts'
import type { Column } from '../../components/data-table.tsx'
import type { FilterField } from '../../components/filter-bar.tsx'
import { ListPage } from '../../components/list-page.tsx'
import { RowDrawer } from '../../components/row-drawer.tsx'
import { EmptyState } from '../../components/states.tsx'
import { type Filters, useFilters } from '../../hooks/use-filters.ts'
import { useOpenRow } from '../../hooks/use-open-row.ts'
import { formatNumber, text } from '../../texts/text.ts'
import { RecommendationCard, Subject } from './recommendation-card.tsx'
import { type Recommendation, RULES, SEVERITIES } from './recommendation-types.ts'
import { SeverityChip } from './severity-chip.tsx'
import { choicesOf } from '../../components/choices.ts'
import { renderTimeOr } from '../../components/time.tsx'

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
  {
    id: 'about',
    header: text('recommendations.about'),
    cell: ({ subject }) => <Subject subject={subject} />,
  },
  {
    id: 'rule',
    header: text('word.rule'),
    cell: ({ rule }) => text(`recommendations.rule.${rule}`),
  },
  { id: 'action', header: text('word.action'), cell: ({ action }) => action.text },
  {
    id: 'since',
    header: text('word.since'),
    sort: ({ since }) => since ?? undefined,
    cell: ({ since }) => renderTimeOr(since, '–'),
  },
]

export function Page() {
  const filters = useFilters(FILTERS)
  const list = useList('recommendations.list', filters.filters)
  const row = useOpenRow()
  const group = useGroups(filters.filters)
  return (
    <>
      <ListPage
        title={text('word.recommendations')}
        lead={text('recommendations.lead')}
        list={list}
        columns={COLUMNS}
        group={group}
        filter={{ state: filters, fields: FIELDS }}
        open={{ run: ({ id }) => row.show(id) }}
        none={
          <EmptyState title={text('recommendations.none')}>{text('recommendations.noneText')}</EmptyState>
        }
      />
      <RowDrawer {...row} list={list} title={text('inbox.kind.recommendation')}>
        {(recommendation) => <RecommendationCard recommendation={recommendation} />}
      </RowDrawer>
    </>
  )
}

/** The severity of each group, with its size where the server counts exactly these. */
function useGroups({ state, rule }: Filters<Filter>) {
  const open = useApi('recommendations.list', { query: { limit: 1 } }).data?.body.open
  const counts = state === undefined && rule === undefined ? open : undefined
  return ({ severity }: Recommendation) => {
    const name = text(`recommendations.severity.${severity}`)
    return counts === undefined
      ? name
      : text('recommendations.group', { severity: name, count: formatNumber(counts[severity]) })
  }
}
