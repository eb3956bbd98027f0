// Review schedules, with the sentence that says what they do.
import { zReviewSchedule } from '@crosswalk/protocol'
import { z } from 'zod'

import { ALLOWED } from '../roles.ts'
import { metaMembers } from '../schemas/common.ts'
import { type CollectionShape, META, zObjectQuery } from './collection.ts'

const zReviewScheduleInput = zReviewSchedule.meta({ id: 'ReviewScheduleInput' })
const zReviewScheduleView = zReviewSchedule
  .safeExtend({
    sentence: z.string().describe('The schedule as a sentence.'),
    nextAt: z
      .string()
      .describe(
        'When the next review opens, RFC 3339. It opens later if the review before it is still open then.',
      ),
    ...metaMembers,
  })
  .meta({ id: 'ReviewSchedule' })

export const reviewSchedules = {
  input: zReviewScheduleInput,
  view: zReviewScheduleView,
  one: 'review schedule',
  prefix: 'rvs',
  path: ['idp', 'reviewSchedules'],
  readOnly: [...META, 'sentence', 'nextAt'],
  access: { see: ALLOWED.seeRules, create: ALLOWED.changeRules, change: ALLOWED.changeRules },
  query: zObjectQuery,
} as const satisfies CollectionShape
