// Pending items of the signed-in user from all open reviews; their own connections need another reviewer.
import type { AnswerTo } from '@crosswalk/admin-api'
import { Link } from '@tanstack/react-router'

import { useList } from '../../api/queries.ts'
import { PageHeader, Section } from '../../components/page-header.tsx'
import { EmptyState } from '../../components/states.tsx'
import { RelativeTime } from '../../components/time.tsx'
import { text } from '../../texts/text.ts'
import { ReviewItems } from './review-items.tsx'
import './reviews.css'
import { PagedItems } from '../../components/paged-items.tsx'
import { pathOf } from '../../components/object/object-path.ts'

type Waiting = AnswerTo<'reviews.waiting'>['items'][number]

export function Page() {
  const all = useList('reviews.waiting')
  const mine = all.items.filter(({ own }) => own === null)
  const others = all.items.filter(({ own }) => own !== null)
  return (
    <>
      <PageHeader title={text('nav.myReviews')} lead={text('mine.lead', { keys: text('mine.keys') })} />
      <PagedItems
        list={{ ...all, items: mine }}
        empty={<EmptyState title={text('mine.none')}>{text('mine.noneText')}</EmptyState>}
      >
        {() => <WaitingList items={mine} />}
      </PagedItems>
      {others.length === 0 ? null : (
        <Section title={text('mine.others')}>
          <p className="cw-quiet-text">{text('mine.othersText')}</p>
          <WaitingList items={others} />
        </Section>
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
      <Link to={pathOf('review', review.id)}>{review.name}</Link>
      {review.dueAt === null ? null : (
        <>
          {' · '}
          {text('reviews.due')} <RelativeTime moment={review.dueAt} />
        </>
      )}
    </p>
  )
}
