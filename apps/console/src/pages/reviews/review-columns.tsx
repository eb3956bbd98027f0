// The columns of a list of reviews, with progress and due date.
import { useMemo } from 'react'

import { StateChip } from '../../components/chips.tsx'
import type { Column } from '../../components/data-table.tsx'
import { pathOf } from '../../components/object/object-path.ts'
import { nameColumn } from '../../components/table/columns.tsx'
import { RelativeTime } from '../../components/time.tsx'
import { useNow } from '../../hooks/use-now.ts'
import { type Names, useNames } from '../../session/names.ts'
import { text } from '../../texts/text.ts'
import { ReviewStateChip } from './review-state-chip.tsx'
import { describeProgress, isOverdue, type Review } from './review-types.ts'

export function useReviewColumns(): readonly Column<Review>[] {
  const now = useNow()
  const names = useNames()
  return useMemo(() => buildColumns(now, names), [now, names])
}

function buildColumns(now: number, names: Names): readonly Column<Review>[] {
  return [
    nameColumn(
      text('word.name'),
      ({ name }) => name,
      ({ id }) => pathOf('review', id),
    ),
    {
      id: 'state',
      header: text('word.state'),
      cell: ({ state }) => <ReviewStateChip state={state} />,
    },
    {
      id: 'progress',
      header: text('word.decided'),
      cell: describeProgress,
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
