// What may happen to a review when it is due.
import { text } from '../../texts/text.ts'

export const WHEN_DUE = (['wait', 'close', 'suspend'] as const).map((value) => ({
  value,
  label: text(`reviews.whenDue.${value}`),
}))
