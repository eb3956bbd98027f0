// Asks, before a review closes, what happens to connections without a decision.
import { Radio, Stack } from '@mantine/core'
import { useState } from 'react'

import { useChange } from '../../api/changes.ts'
import { ReasonDialog } from '../../components/reason-dialog.tsx'
import { showDone } from '../../components/toasts.tsx'
import { countText, text } from '../../texts/text.ts'
import { countDecided, type Review } from './review-types.ts'

interface CloseReviewProps {
  readonly review: Review
  readonly opened: boolean
  readonly close: () => void
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
      confirm={async (reason = '') => {
        await end.mutateAsync({ params: { id: review.id }, body: { undecided, reason } })
        showDone({ message: text('review.closed') })
      }}
    >
      {left === 0 ? (
        <p>{text('review.allDecided')}</p>
      ) : (
        <>
          <p>{countText('review.undecidedOne', 'review.undecidedMany', left)}</p>
          <Radio.Group
            label={text('review.undecided')}
            value={undecided}
            onChange={(value) => setUndecided(value as typeof undecided)}
          >
            <Stack gap={6} mt={6} mb="md">
              {WAYS.map((way) => (
                <Radio key={way} value={way} label={text(`review.${way}`)} />
              ))}
            </Stack>
          </Radio.Group>
        </>
      )}
    </ReasonDialog>
  )
}
