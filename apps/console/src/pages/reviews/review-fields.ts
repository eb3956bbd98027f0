// Fields that reviews and review schedules share.
import { text } from '../../texts/text.ts'

/** What may happen to a review when it is due */
export const WHEN_DUE_FIELD = {
  kind: 'radio',
  name: 'whenDue',
  label: 'reviews.whenDue',
  choices: (['wait', 'close', 'suspend'] as const).map((value) => ({
    value,
    label: text(`reviews.whenDue.${value}`),
  })),
} as const

export const PERIOD_FIELD = {
  kind: 'number',
  name: 'periodDays',
  label: 'reviews.period',
  help: 'reviews.periodHelp',
  min: 1,
  max: 3650,
} as const
