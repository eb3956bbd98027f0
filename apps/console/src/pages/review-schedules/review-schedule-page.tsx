// The page of a review schedule: its sentence, reviews, definition and history; edited in a drawer.
import { Stack } from '@mantine/core'

import type { ReviewSchedule } from '../../api/objects.ts'
import { definitionTab } from '../../components/object/definition-tab.tsx'
import { ObjectHeader } from '../../components/object/object-header.tsx'
import { historyTab } from '../../components/object/object-history.tsx'
import { ObjectPage } from '../../components/object/object-page.tsx'
import { PageTabs } from '../../components/tabs.tsx'
import { SentenceWithTime } from '../../components/time.tsx'
import '../../texts/en/review-schedules.ts'
import { text } from '../../texts/text.ts'
import { findMissing, ReviewScheduleFields, type ScheduleDraft } from './review-schedule-fields.tsx'
import { ScheduledReviews } from './scheduled-reviews.tsx'

export function Page() {
  return (
    <ObjectPage collection="review-schedules">
      {(schedule, { etag, reload }) => (
        <>
          <ObjectHeader<ScheduleDraft>
            collection="review-schedules"
            object={schedule}
            etag={etag}
            title={schedule.name}
            lead={<Lead schedule={schedule} />}
            form={{
              reload,
              missing: findMissing,
              fields: (draft, change) => (
                <Stack gap="lg" className="cw-form">
                  <ReviewScheduleFields draft={draft} change={change} />
                </Stack>
              ),
            }}
          />
          <PageTabs
            label={text('schedules.tabs')}
            tabs={[
              {
                id: 'reviews',
                label: text('schedules.reviews'),
                content: () => <ScheduledReviews schedule={schedule.id} />,
              },
              definitionTab('review-schedules', schedule),
              historyTab('review-schedules', schedule),
            ]}
          />
        </>
      )}
    </ObjectPage>
  )
}

function Lead({ schedule: { sentence, description, nextAt } }: { readonly schedule: ReviewSchedule }) {
  return (
    <>
      <p className="cw-rule-sentence">{sentence}</p>
      {description === undefined ? null : <p>{description}</p>}
      <p>
        <SentenceWithTime sentence={text('schedules.nextReview')} moment={nextAt} />
      </p>
    </>
  )
}
