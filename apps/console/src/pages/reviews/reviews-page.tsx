// The list of reviews, with progress and due date.
import { useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'

import { useList } from '../../api/queries.ts'
import { StateChip } from '../../components/chips.tsx'
import type { Column } from '../../components/data-table.tsx'
import type { FilterField } from '../../components/filter-bar.tsx'
import { ListPage } from '../../components/list-page.tsx'
import { EmptyState } from '../../components/states.tsx'
import { RelativeTime } from '../../components/time.tsx'
import { useFilters } from '../../hooks/use-filters.ts'
import { useNow } from '../../hooks/use-now.ts'
import { text } from '../../texts/text.ts'
import { type Names, useNames } from '../../session/names.ts'
import { askToOpen } from './ask-to-open.tsx'
import { countDecided, isOverdue, type Review } from './review-types.ts'
import { nameColumn } from '../../components/table/columns.tsx'

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

function reviewPath(id: string): string {
  return `/reviews/${encodeURIComponent(id)}`
}

export function Page() {
  const state = useFilters(FILTERS)
  const list = useList('reviews.list', state.filters)
  const navigate = useNavigate()
  const now = useNow()
  const names = useNames()
  const columns = useMemo(() => buildColumns(now, names), [now, names])
  return (
    <ListPage
      title={text('nav.area.reviews')}
      lead={text('reviews.lead')}
      create={{
        label: text('reviews.open'),
        needs: 'reviews.create',
        run: () => askToOpen((id) => navigate({ to: reviewPath(id) })),
      }}
      filter={{ state, fields: FIELDS }}
      list={list}
      columns={columns}
      open={({ id }) => reviewPath(id)}
      none={<EmptyState title={text('reviews.none')}>{text('reviews.noneText')}</EmptyState>}
    />
  )
}

function buildColumns(now: number, names: Names): readonly Column<Review>[] {
  return [
    nameColumn(
      text('word.name'),
      ({ name }) => name,
      ({ id }) => reviewPath(id),
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
