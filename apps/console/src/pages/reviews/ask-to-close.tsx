// Asks, before a review closes, what happens to connections without a decision.

import { sendChange } from '../../api/changes.ts'
import { askWith } from '../../components/ask-reason.ts'
import { countText, text } from '../../texts/text.ts'
import { countDecided, type Review } from './review-types.ts'
import { choicesOf } from '../../components/choices.ts'
import { RadioField } from '../../components/fields.tsx'

const WAYS = ['leave', 'suspend'] as const

export function askToClose(review: Review): void {
  const left = review.items.length - countDecided(review)
  const initial: { undecided: (typeof WAYS)[number] } = { undecided: 'leave' }
  askWith(initial, ({ undecided }, set) => ({
    title: text('review.closeTitle'),
    confirmLabel: text('review.close'),
    danger: left > 0 && undecided === 'suspend',
    done: text('review.closed'),
    children:
      left === 0 ? (
        <p>{text('review.allDecided')}</p>
      ) : (
        <>
          <p>{countText('review.undecidedOne', 'review.undecidedMany', left)}</p>
          <RadioField
            label={text('review.undecided')}
            choices={choicesOf(WAYS, (way) => text(`review.${way}`))}
            value={undecided}
            change={(way) => set({ undecided: way })}
          />
        </>
      ),
    confirm: (reason) =>
      sendChange('reviews.close', { params: { id: review.id }, body: { undecided, reason } }),
  }))
}
