// The list of reviews, with progress and due date.
import { IconPlus } from '@tabler/icons-react'
import { useMemo } from 'react'

import { useList } from '../../api/queries.ts'
import { StateChip } from '../../components/chips.tsx'
import { type Column, DataTable } from '../../components/data-table.tsx'
import { FilterBar, type FilterField } from '../../components/filter-bar.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { EmptyState } from '../../components/states.tsx'
import { RelativeTime } from '../../components/time.tsx'
import { useFilters } from '../../hooks/use-filters.ts'
import { useNow } from '../../hooks/use-now.ts'
import { text } from '../../texts/text.ts'
import { type Names, useNames } from '../../session/names.ts'
import { OpenReview } from './open-review.tsx'
import { countDecided, isOverdue, type Review } from './review-types.ts'
import { NothingFound } from '../../components/nothing-found.tsx'
import { nameColumn } from '../../components/table/columns.tsx'
import { useDialog } from '../../hooks/use-dialog.ts'
import { smallIcon } from '../../components/small-icon.tsx'

const FILTERS = ['state'] as const
const FIELDS: readonly FilterField<'state'>[] = [
  {
    name: 'state',
    label: text('word.state'),
    kind: 'choice',
    choices: [
      { value: 'open', label: text('chip.open') },
      { value: 'closed', label: text('reviews.closed') },
    ],
  },
]

export function Page() {
  const state = useFilters(FILTERS)
  const list = useList('reviews.list', state.filters)
  const opening = useDialog()
  const now = useNow()
  const names = useNames()
  const columns = useMemo(() => buildColumns(now, names), [now, names])
  return (
    <>
      <PageHeader
        title={text('nav.area.reviews')}
        lead={text('reviews.lead')}
        actions={[
          {
            label: text('reviews.open'),
            icon: smallIcon(IconPlus),
            keys: 'n',
            needs: 'reviews.create',
            look: { variant: 'filled' },
            run: opening.open,
          },
        ]}
      />
      <FilterBar state={state} fields={FIELDS} />
      <DataTable
        label={text('nav.area.reviews')}
        list={list}
        columns={columns}
        rowId={({ id }) => id}
        open={({ id }) => `/reviews/${encodeURIComponent(id)}`}
        empty={
          <NothingFound filters={state}>
            <EmptyState title={text('reviews.none')}>{text('reviews.noneText')}</EmptyState>
          </NothingFound>
        }
      />
      <OpenReview {...opening.props} />
    </>
  )
}

function buildColumns(now: number, names: Names): readonly Column<Review>[] {
  return [
    nameColumn(
      text('word.name'),
      ({ name }) => name,
      ({ id }) => `/reviews/${encodeURIComponent(id)}`,
    ),
    {
      id: 'state',
      header: text('word.state'),
      cell: ({ state }) =>
        state === 'open' ? (
          <StateChip state="open" />
        ) : (
          <StateChip state="ended" label={text('reviews.closed')} />
        ),
    },
    {
      id: 'progress',
      header: text('word.decided'),
      cell: (review) =>
        text('reviews.progressOf', { decided: countDecided(review), count: review.items.length }),
    },
    {
      id: 'due',
      header: text('reviews.due'),
      cell: (review) =>
        review.dueAt === undefined ? (
          text('reviews.noDue')
        ) : (
          <span className="cw-title-row">
            <RelativeTime moment={review.dueAt} />
            {isOverdue(review, now) ? <StateChip state="warn" label={text('reviews.overdue')} /> : null}
          </span>
        ),
    },
    {
      id: 'opened',
      header: text('reviews.opened'),
      cell: ({ openedAt, openedBy }) => (
        <span>
          <RelativeTime moment={openedAt} /> {text('tokens.by', { by: names.user(openedBy) })}
        </span>
      ),
    },
    { id: 'reason', header: text('word.reason'), cell: ({ reason }) => reason },
  ]
}
