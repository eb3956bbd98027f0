// Review schedules: shown with the sentence that says what they do, and when the next review opens.
import { findNextOpeningTime } from '@crosswalk/policy'
import { zReviewSchedule } from '@crosswalk/protocol'

import { describeReviewSchedule } from '../name-objects.ts'
import type { ControlledCollection } from './collection.ts'

export const reviewSchedules: ControlledCollection<'review-schedules'> = {
  stored: zReviewSchedule,
  event: { kind: 'review_schedule', category: 'governance' },
  showRelations: async (schedule, compiled, nowMs) => ({
    sentence: describeReviewSchedule(compiled, schedule),
    nextAt: new Date(findNextOpeningTime(schedule, nowMs)).toISOString(),
  }),
}
