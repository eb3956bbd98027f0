// The list of reviews, with progress and due date.
import { useNavigate } from '@tanstack/react-router'
import { TextInput } from '@mantine/core'
import type { Review } from '@crosswalk/admin-api'
import type { ReviewedConnections } from '@crosswalk/protocol'

import { useFilteredList } from '../../components/use-filtered-list.ts'
import type { FilterField } from '../../components/filter-bar.tsx'
import { ListPage } from '../../components/list-page.tsx'
import { EmptyState } from '../../components/states.tsx'
import { text } from '../../texts/text.ts'
import { sendChange } from '../../api/changes.ts'
import { confirmWithForm } from '../../components/confirm.ts'
import { Fields, type FormField } from '../../components/form-fields.tsx'
import { pathOf } from '../../components/object/object-path.ts'
import { REVIEWED_CONNECTIONS } from '../approval-rules/access-conditions.tsx'
import { useReviewColumns } from './review-columns.tsx'
import { PERIOD_FIELD, WHEN_DUE_FIELD } from './review-fields.ts'

const FIELDS: readonly FilterField<string>[] = [
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
  const navigate = useNavigate()
  const columns = useReviewColumns()
  return (
    <ListPage
      {...useFilteredList('reviews.list', FIELDS)}
      title={text('nav.area.reviews')}
      lead={text('reviews.lead')}
      create={{
        label: text('reviews.open'),
        needs: 'reviews.create',
        run: () => openReviewDialog((id) => navigate({ to: pathOf('review', id) })),
      }}
      columns={columns}
      open={({ id }) => pathOf('review', id)}
      none={<EmptyState title={text('reviews.none')}>{text('reviews.noneText')}</EmptyState>}
    />
  )
}

const PERIOD_DAYS = 90

interface ReviewDraft extends ReviewedConnections {
  readonly name: string
  readonly periodDays?: number
  /** A day; empty for none */
  readonly due: string
  readonly whenDue: Review['whenDue']
}

const EMPTY: ReviewDraft = { name: '', periodDays: PERIOD_DAYS, due: '', whenDue: 'wait' }

const NAME: readonly FormField<ReviewDraft>[] = [
  { kind: 'text', name: 'name', label: 'word.name', required: true, maxLength: 256, autofocus: true },
]
const PERIOD: readonly FormField<ReviewDraft>[] = [PERIOD_FIELD]
const END: readonly FormField<ReviewDraft>[] = [WHEN_DUE_FIELD]

/** @param show - shows the page of the review */
function openReviewDialog(show: (id: string) => Promise<void>): void {
  confirmWithForm<{ review: ReviewDraft }>({ review: EMPTY }, ({ review: draft }, set) => {
    const form = { draft, change: (review: ReviewDraft) => set({ review }) }
    return {
      title: text('reviews.open'),
      confirmLabel: text('reviews.open'),
      done: text('reviews.openedOne'),
      children: (
        <>
          <Fields<ReviewDraft, ReviewDraft> fields={NAME} {...form} />
          <Fields<ReviewedConnections, ReviewDraft> fields={REVIEWED_CONNECTIONS} {...form} />
          <Fields<ReviewDraft, ReviewDraft> fields={PERIOD} {...form} />
          <TextInput
            type="date"
            label={`${text('reviews.dueField')} ${text('field.optional')}`}
            value={draft.due}
            onChange={({ currentTarget: { value } }) => form.change({ ...draft, due: value })}
          />
          {draft.due === '' ? null : <Fields<ReviewDraft, ReviewDraft> fields={END} {...form} />}
        </>
      ),
      async confirm(reason) {
        const { name, periodDays = PERIOD_DAYS, due, whenDue, ...connections } = draft
        const { body } = await sendChange('reviews.create', {
          body: {
            ...connections,
            name: name.trim(),
            periodDays,
            ...(due === '' ? { whenDue: 'wait' } : { dueAt: endOfDay(due), whenDue }),
            reason,
          },
        })
        await show(body.id)
      },
    }
  })
}

/** Until the end of the day in the user's time zone. */
function endOfDay(day: string): string {
  return new Date(`${day}T23:59:59`).toISOString()
}
