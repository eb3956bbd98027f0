// One review: pending items, decisions with their effect, and closing it.
import { Progress, SegmentedControl } from '@mantine/core'
import { IconDownload, IconLock } from '@tabler/icons-react'

import { adminApi } from '../../api/client.ts'
import { useApi, useCompleteList, useFirstItems } from '../../api/queries.ts'
import { StateChip } from '../../components/chips.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { PagedItems } from '../../components/paged-items.tsx'
import { saveJson } from '../../components/save-file.ts'
import { EmptyState, Loaded } from '../../components/states.tsx'
import { SentenceWithTime } from '../../components/time.tsx'
import { useFilters } from '../../hooks/use-filters.ts'
import { countText, text } from '../../texts/text.ts'
import { useNames } from '../../session/names.ts'
import { ReviewItems } from './review-items.tsx'
import { countDecided, type Review } from './review-types.ts'
import { usePageId } from '../../components/object/object-page.tsx'
import { smallIcon } from '../../components/small-icon.tsx'
import { sendChange } from '../../api/changes.ts'
import { confirmWithForm } from '../../components/confirm.ts'
import { choicesOf } from '../../components/choices.ts'
import { RadioField } from '../../components/fields.tsx'
import './reviews.css'

export function Page() {
  const id = usePageId()
  const query = useApi('reviews.read', { params: { id } })
  return (
    <Loaded query={query}>
      {({ body }) => (
        <>
          <Header review={body} />
          <Items review={body} />
        </>
      )}
    </Loaded>
  )
}

function Header({ review }: { readonly review: Review }) {
  return (
    <PageHeader
      title={review.name}
      chips={
        review.state === 'open' ? (
          <StateChip state="open" />
        ) : (
          <StateChip state="ended" label={text('reviews.closed')} />
        )
      }
      lead={<Lead review={review} />}
      actions={[
        {
          label: text('review.evidence'),
          icon: smallIcon(IconDownload),
          needs: 'reviews.evidence',
          run: () => void saveEvidence(review.id),
        },
        {
          label: text('review.close'),
          icon: smallIcon(IconLock),
          needs: 'reviews.close',
          disabled: review.state === 'closed' ? text('review.isClosed') : undefined,
          run: () => confirmClose(review),
        },
      ]}
    />
  )
}

function Lead({ review }: { readonly review: Review }) {
  const { openedAt, openedBy, periodDays, dueAt, closedAt, closedBy = '', reason } = review
  const names = useNames()
  const days = countText('time.dayCount', 'time.dayCounts', periodDays)
  return (
    <>
      <p>{reason}</p>
      <p>
        <SentenceWithTime
          sentence={text('review.lead', { by: names.user(openedBy), days })}
          moment={openedAt}
        />{' '}
        {dueAt === undefined ? null : <SentenceWithTime sentence={text('review.dueAt')} moment={dueAt} />}{' '}
        {closedAt === undefined ? null : (
          <SentenceWithTime
            sentence={text('review.closedBy', { by: names.user(closedBy) })}
            moment={closedAt}
          />
        )}
      </p>
    </>
  )
}

const FILTERS = ['show'] as const
const SHOWN = ['waiting', 'decided', 'all'] as const

function Items({ review }: { readonly review: Review }) {
  const { filters, set } = useFilters(FILTERS)
  const show = SHOWN.find((one) => one === filters.show) ?? (review.state === 'open' ? 'waiting' : 'all')
  const items = review.items.filter(
    ({ decision }) => show === 'all' || (decision === undefined) === (show === 'waiting'),
  )
  return (
    <>
      <ReviewProgress review={review} />
      <SegmentedControl
        aria-label={text('review.show')}
        mb="md"
        data={SHOWN.map((value) => ({ value, label: text(`review.${value}`) }))}
        value={show}
        onChange={(value) => set({ show: value })}
      />
      {items.length === 0 ? <EmptyList show={show} /> : <ItemList key={show} review={review} items={items} />}
    </>
  )
}

function ReviewProgress({ review }: { readonly review: Review }) {
  const decided = countDecided(review)
  const count = review.items.length
  const words = text('reviews.progressOf', { decided, count })
  return (
    <div className="cw-review-progress">
      <span>
        {text('word.decided')}: {words}
      </span>
      <Progress.Root>
        <Progress.Section value={(100 * decided) / count} aria-label={text('word.decided')} />
      </Progress.Root>
    </div>
  )
}

function EmptyList({ show }: { readonly show: (typeof SHOWN)[number] }) {
  return show === 'waiting' ? (
    <EmptyState title={text('review.noneWaiting')}>{text('review.noneWaitingText')}</EmptyState>
  ) : (
    <EmptyState title={text('object.noDecisions')} />
  )
}

interface ItemListProps {
  readonly review: Review
  readonly items: Review['items']
}

function ItemList({ review, items }: ItemListProps) {
  const waiting = useCompleteList('reviews.items', { review: review.id })
  const own = new Map(waiting.items.map((one) => [one.item.connection, one.own]))
  const cards = items.map((item) => ({ review, item, own: own.get(item.connection) }))
  const list = useFirstItems({ ...waiting, items: cards, hasMore: false })
  return (
    <PagedItems list={list} empty={null}>
      {(shown) => <ReviewItems items={shown} closed={review.state === 'closed'} />}
    </PagedItems>
  )
}

function saveEvidence(id: string): Promise<void> {
  const read = async () => (await adminApi.call('reviews.evidence', { params: { id } })).body
  return saveJson(`review-${id}.json`, read, text('review.evidenceSaved'))
}

const UNDECIDED_ACTIONS = ['leave', 'suspend'] as const

/** Asks, before a review closes, what happens to connections without a decision. */
function confirmClose(review: Review): void {
  const left = review.items.length - countDecided(review)
  const initial: { undecided: (typeof UNDECIDED_ACTIONS)[number] } = { undecided: 'leave' }
  confirmWithForm(initial, ({ undecided }, set) => ({
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
            choices={choicesOf(UNDECIDED_ACTIONS, (way) => text(`review.${way}`))}
            value={undecided}
            change={(way) => set({ undecided: way })}
          />
        </>
      ),
    confirm: (reason) =>
      sendChange('reviews.close', { params: { id: review.id }, body: { undecided, reason } }),
  }))
}
