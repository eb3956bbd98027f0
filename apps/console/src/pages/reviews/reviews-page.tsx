// The list of reviews, with progress and due date.
import { useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { TextInput } from '@mantine/core'

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
import { ReviewStateChip } from './review-state-chip.tsx'
import { describeProgress, isOverdue, type Review } from './review-types.ts'
import { nameColumn } from '../../components/table/columns.tsx'
import { sendChange } from '../../api/changes.ts'
import { confirmWithForm } from '../../components/confirm.ts'
import { Fields, type FormField } from '../../components/form-fields.tsx'
import { pathOf } from '../../components/object/object-path.ts'

const FILTERS = ['state'] as const
const FIELDS: readonly FilterField<'state'>[] = [
  {
    name: 'state',
    label: text('word.state'),
    kind: 'choice',
    choices: [
      { value: 'open', label: text('chip.open') },
      { value: 'closing', label: text('reviews.closing') },
      { value: 'closed', label: text('reviews.closed') },
    ],
  },
]

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
        run: () => openReviewDialog((id) => navigate({ to: pathOf('review', id) })),
      }}
      filter={{ state, fields: FIELDS }}
      list={list}
      columns={columns}
      open={({ id }) => pathOf('review', id)}
      none={<EmptyState title={text('reviews.none')}>{text('reviews.noneText')}</EmptyState>}
    />
  )
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

const PERIOD_DAYS = 90
const EMPTY = { name: '', apps: [] as string[], periodDays: PERIOD_DAYS, due: '' }

const NEW_REVIEW: readonly FormField<typeof EMPTY>[] = [
  { kind: 'text', name: 'name', label: 'word.name', required: true, maxLength: 256, autofocus: true },
  {
    kind: 'objects',
    of: 'apps',
    name: 'apps',
    label: 'word.requestingApps',
    help: 'reviews.appsHelp',
    mayBeEmpty: true,
  },
  { kind: 'number', name: 'periodDays', label: 'reviews.period', min: 1, max: 3650 },
]

/** @param show - shows the page of the review */
function openReviewDialog(show: (id: string) => Promise<void>): void {
  confirmWithForm(EMPTY, (draft, set) => ({
    title: text('reviews.open'),
    confirmLabel: text('reviews.open'),
    done: text('reviews.openedOne'),
    children: (
      <>
        <Fields fields={NEW_REVIEW} draft={draft} change={set} />
        <TextInput
          type="date"
          label={`${text('reviews.dueField')} ${text('field.optional')}`}
          value={draft.due}
          onChange={({ currentTarget: { value } }) => set({ due: value })}
        />
      </>
    ),
    async confirm(reason) {
      const { name, apps, periodDays = PERIOD_DAYS, due } = draft
      const { body } = await sendChange('reviews.create', {
        body: {
          name: name.trim(),
          periodDays,
          ...(apps.length === 0 ? {} : { apps }),
          ...(due === '' ? {} : { dueAt: endOfDay(due) }),
          reason,
        },
      })
      await show(body.id)
    },
  }))
}

/** Until the end of the day in the user's time zone. */
function endOfDay(day: string): string {
  return new Date(`${day}T23:59:59`).toISOString()
}
