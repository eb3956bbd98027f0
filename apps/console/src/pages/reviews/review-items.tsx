// Connections under review as a list, with the dialog that decides on one of them.
import type { ReactNode } from 'react'

import { useRowKeys } from '../../components/use-row-keys.ts'
import { useNames } from '../../session/names.ts'
import { text } from '../../texts/text.ts'
import { confirmReviewDecision } from './confirm-review-decision.tsx'
import { ItemCard } from './item-card.tsx'
import type { Review, ReviewItem } from './review-types.ts'

interface ReviewItemsProps {
  readonly items: readonly {
    readonly review: Pick<Review, 'id' | 'periodDays'>
    readonly item: ReviewItem
    /** Why the user may not decide, if so */
    readonly own?: string | null | undefined
    /** The review, if items of several are shown together */
    readonly from?: ReactNode
  }[]
  readonly closed?: boolean
}

export function ReviewItems({ items, closed = false }: ReviewItemsProps) {
  const names = useNames()
  useRowKeys()
  return (
    <ul className="cw-plain-list cw-review-items" aria-label={text('item.list')}>
      {items.map(({ review, item, own, from }) => (
        <ItemCard
          key={`${review.id} ${item.connection}`}
          item={item}
          periodDays={review.periodDays}
          own={own ?? undefined}
          from={from}
          decide={
            closed
              ? undefined
              : (verdict) =>
                  confirmReviewDecision({ review: review.id, item, verdict, name: names.appPair(item) })
          }
        />
      ))}
    </ul>
  )
}
