// Pending items of the signed-in user from all open reviews; their own connections need another reviewer.
import { Button } from '@mantine/core'
import type { AnswerTo } from '@crosswalk/admin-api'
import { Link } from '@tanstack/react-router'

import { useList } from '../../api/queries.ts'
import { PageHeader, Section } from '../../components/page-header.tsx'
import { EmptyState, ErrorState, Loading, RefreshProblem } from '../../components/states.tsx'
import { RelativeTime } from '../../components/time.tsx'
import { text } from '../../texts/text.ts'
import { ReviewItems } from './review-items.tsx'
import './reviews.css'

type Waiting = AnswerTo<'reviews.items'>['items'][number]

export function Page() {
  const list = useList('reviews.items')
  const mine = list.items.filter(({ own }) => own === null)
  const others = list.items.filter(({ own }) => own !== null)
  const { query } = list
  return (
    <>
      <PageHeader title={text('nav.myReviews')} lead={text('mine.lead', { keys: text('mine.keys') })} />
      {query.isPending ? <Loading lines={6} /> : null}
      {query.isError && list.items.length === 0 ? (
        <ErrorState error={query.error} retry={() => void query.refetch()} />
      ) : null}
      {query.data === undefined ? null : (
        <>
          <RefreshProblem query={query} />
          {mine.length === 0 && !list.hasMore ? (
            <EmptyState title={text('mine.none')}>{text('mine.noneText')}</EmptyState>
          ) : (
            <WaitingList items={mine} />
          )}
          {list.hasMore ? <Button onClick={list.showMore}>{text('table.more')}</Button> : null}
          {others.length === 0 ? null : (
            <Section title={text('mine.others')}>
              <p className="cw-quiet-text">{text('mine.othersText')}</p>
              <WaitingList items={others} />
            </Section>
          )}
        </>
      )}
    </>
  )
}

function WaitingList({ items }: { readonly items: readonly Waiting[] }) {
  return <ReviewItems items={items.map((one) => ({ ...one, from: <From review={one.review} /> }))} />
}

function From({ review }: Pick<Waiting, 'review'>) {
  return (
    <p className="cw-quiet-text">
      <Link to={`/reviews/${encodeURIComponent(review.id)}`}>{review.name}</Link>
      {review.dueAt === null ? null : (
        <>
          {' · '}
          {text('reviews.due')} <RelativeTime moment={review.dueAt} />
        </>
      )}
    </p>
  )
}
