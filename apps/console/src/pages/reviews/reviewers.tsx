// Who decided items of a review, and whether there was time to consider them.
import type { AnswerTo } from '@crosswalk/admin-api'

import { useList } from '../../api/queries.ts'
import { StateChip } from '../../components/chips.tsx'
import { PagedItems } from '../../components/paged-items.tsx'
import { SmallTable } from '../../components/small-table.tsx'
import { EmptyState } from '../../components/states.tsx'
import { useNames } from '../../session/names.ts'
import { formatNumber, text } from '../../texts/text.ts'

type Reviewer = AnswerTo<'reviews.reviewers'>['items'][number]

const HEADERS = ['review.reviewer', 'word.decided', 'reviewer.kept', 'reviewer.pace'] as const

export function Reviewers({ review }: { readonly review: string }) {
  const list = useList('reviews.reviewers', {}, { params: { id: review } })
  const names = useNames()
  return (
    <PagedItems list={list} empty={<EmptyState title={text('object.noDecisions')} />}>
      {(reviewers) => (
        <SmallTable
          label={text('review.reviewers')}
          headers={HEADERS.map((code) => text(code))}
          rows={reviewers.map((reviewer) => ({
            id: reviewer.id,
            cells: [
              names.user(reviewer.id),
              formatNumber(reviewer.decided),
              formatNumber(reviewer.kept),
              <Pace reviewer={reviewer} />,
            ],
          }))}
        />
      )}
    </PagedItems>
  )
}

function Pace({ reviewer: { medianSeconds, rushed } }: { readonly reviewer: Reviewer }) {
  if (medianSeconds === null) return '–'
  const seconds = formatNumber(Math.round(medianSeconds * 10) / 10)
  return (
    <div>
      {text('reviewer.median', { seconds })}{' '}
      {rushed ? <StateChip state="warn" label={text('reviewer.rushed')} /> : null}
      {rushed ? <p className="cw-quiet-text">{text('reviewer.rushedText')}</p> : null}
    </div>
  )
}
