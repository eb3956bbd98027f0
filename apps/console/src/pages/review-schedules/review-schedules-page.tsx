// The list of review schedules, and the dialog that creates one.
import { useNavigate } from '@tanstack/react-router'

import { sendChange } from '../../api/changes.ts'
import type { ReviewSchedule } from '../../api/objects.ts'
import { useFilteredList } from '../../components/use-filtered-list.ts'
import { confirmWithForm } from '../../components/confirm.ts'
import type { Column } from '../../components/data-table.tsx'
import { OWNER_FILTER, SEARCH_FILTER } from '../../components/filter-fields.ts'
import { Fields } from '../../components/form-fields.tsx'
import { ID_FIELD } from '../../components/id-field.ts'
import { ListPage } from '../../components/list-page.tsx'
import { pathOf } from '../../components/object/object-path.ts'
import { SentenceCell } from '../../components/object/sentence-cell.tsx'
import { EmptyState } from '../../components/states.tsx'
import { changedColumn, ownerColumn } from '../../components/table/columns.tsx'
import { RelativeTime } from '../../components/time.tsx'
import { showDone } from '../../components/toasts.tsx'
import '../../texts/en/review-schedules.ts'
import { text } from '../../texts/text.ts'
import { findMissing, ReviewScheduleFields, type ScheduleDraft } from './review-schedule-fields.tsx'

const FIELDS = [SEARCH_FILTER, OWNER_FILTER]

const COLUMNS: readonly Column<ReviewSchedule>[] = [
  {
    id: 'schedule',
    header: text('nav.reviewSchedule'),
    hideable: false,
    sort: ({ sentence }) => sentence,
    cell: ({ id, name, sentence }) => (
      <SentenceCell kind="review_schedule" object={{ id, sentence, description: name }} />
    ),
  },
  {
    id: 'next',
    header: text('schedules.next'),
    sort: ({ nextAt }) => nextAt,
    cell: ({ nextAt }) => <RelativeTime moment={nextAt} />,
  },
  ownerColumn,
  changedColumn,
]

export function Page() {
  const navigate = useNavigate()
  return (
    <ListPage
      {...useFilteredList('review-schedules.list', FIELDS)}
      title={text('nav.reviewSchedules')}
      lead={text('schedules.lead')}
      create={{
        label: text('schedules.new'),
        needs: 'review-schedules.create',
        run: () => openScheduleDialog((id) => navigate({ to: pathOf('review_schedule', id) })),
      }}
      columns={COLUMNS}
      open={({ id }) => pathOf('review_schedule', id)}
      none={<EmptyState title={text('schedules.none')}>{text('schedules.noneText')}</EmptyState>}
    />
  )
}

const EMPTY: ScheduleDraft = {
  ...{ id: '', name: '', firstAt: '', everyDays: 90, daysToDecide: 30, periodDays: 90 },
  whenDue: 'wait',
}

function openScheduleDialog(open: (id: string) => Promise<void>): void {
  confirmWithForm<{ schedule: ScheduleDraft }>({ schedule: EMPTY }, ({ schedule }, set) => ({
    title: text('schedules.new'),
    confirmLabel: text('schedules.new'),
    help: text('schedules.lead'),
    missing: findMissing(schedule),
    children: (
      <>
        <Fields<{ id: string }, ScheduleDraft>
          fields={ID_FIELD}
          draft={schedule}
          change={(next) => set({ schedule: next })}
        />
        <ReviewScheduleFields draft={schedule} change={(next) => set({ schedule: next })} />
      </>
    ),
    async confirm(reason) {
      const { body } = await sendChange('review-schedules.create', { body: schedule, reason })
      showDone({ message: text('schedules.made') })
      await open(body.id)
    },
  }))
}
