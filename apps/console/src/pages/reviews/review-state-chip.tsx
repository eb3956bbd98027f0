// Whether a review is open.
import { StateChip } from '../../components/chips.tsx'
import { text } from '../../texts/text.ts'
import type { Review } from './review-types.ts'

export function ReviewStateChip({ state }: Pick<Review, 'state'>) {
  if (state === 'open') return <StateChip state="open" />
  const isClosed = state === 'closed'
  return <StateChip state={isClosed ? 'ended' : 'pending'} label={text(`reviews.${state}`)} />
}
