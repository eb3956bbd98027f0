// The reviews that a schedule opened.
import { useList } from '../../api/queries.ts'
import { DataTable } from '../../components/data-table.tsx'
import { pathOf } from '../../components/object/object-path.ts'
import { EmptyState } from '../../components/states.tsx'
import { text } from '../../texts/text.ts'
import { useReviewColumns } from '../reviews/review-columns.tsx'

export function ScheduledReviews({ schedule }: { /** Its id */ readonly schedule: string }) {
  const list = useList('reviews.list', { schedule })
  return (
    <DataTable
      label={text('schedules.reviews')}
      list={list}
      columns={useReviewColumns()}
      rowId={({ id }) => id}
      open={({ id }) => pathOf('review', id)}
      empty={<EmptyState title={text('schedules.noReviews')}>{text('schedules.noReviewsText')}</EmptyState>}
    />
  )
}
