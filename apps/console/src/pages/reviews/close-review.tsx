// Asks, before a review closes, what happens to connections without a decision.
import { useState } from 'react'

import { useChange } from '../../api/changes.ts'
import { ReasonDialog } from '../../components/reason-dialog.tsx'
import { countText, text } from '../../texts/text.ts'
import { countDecided, type Review } from './review-types.ts'
import { choicesOf } from '../../components/choices.ts'
import { RadioField } from '../../components/fields.tsx'
import type { DialogProps } from '../../hooks/use-dialog.ts'

interface CloseReviewProps extends DialogProps {
  readonly review: Review
}

const WAYS = ['leave', 'suspend'] as const

export function CloseReview({ review, opened, close }: CloseReviewProps) {
  const end = useChange('reviews.close')
  const [undecided, setUndecided] = useState<(typeof WAYS)[number]>('leave')
  const left = review.items.length - countDecided(review)
  return (
    <ReasonDialog
      opened={opened}
      close={close}
      title={text('review.closeTitle')}
      confirmLabel={text('review.close')}
      danger={left > 0 && undecided === 'suspend'}
      done={text('review.closed')}
      confirm={(reason = '') => end.mutateAsync({ params: { id: review.id }, body: { undecided, reason } })}
    >
      {left === 0 ? (
        <p>{text('review.allDecided')}</p>
      ) : (
        <>
          <p>{countText('review.undecidedOne', 'review.undecidedMany', left)}</p>
          <RadioField
            label={text('review.undecided')}
            choices={choicesOf(WAYS, (way) => text(`review.${way}`))}
            value={undecided}
            change={setUndecided}
          />
        </>
      )}
    </ReasonDialog>
  )
}
