// One review: pending items, decisions with their effect, and closing it.
import { Progress, SegmentedControl } from '@mantine/core'
import { IconDownload, IconLock } from '@tabler/icons-react'

import { adminApi } from '../../api/client.ts'
import { useApi, useList } from '../../api/queries.ts'
import { FilterBar, type FilterField } from '../../components/filter-bar.tsx'
import { NothingFound } from '../../components/nothing-found.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { PagedItems } from '../../components/paged-items.tsx'
import { saveJson } from '../../components/save-file.ts'
import { EmptyState, Loaded } from '../../components/states.tsx'
import { SentenceWithTime } from '../../components/time.tsx'
import { type Filters, type FilterState, useFilters } from '../../hooks/use-filters.ts'
import { countText, type TextCode, text } from '../../texts/text.ts'
import { type Names, useNames } from '../../session/names.ts'
import { ReviewItems } from './review-items.tsx'
import { Reviewers } from './reviewers.tsx'
import { ReviewStateChip } from './review-state-chip.tsx'
import { describeProgress, type Review } from './review-types.ts'
import { ObjectLink } from '../../components/object/names.tsx'
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
      chips={<ReviewStateChip state={review.state} />}
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
          disabled: review.state === 'open' ? undefined : text(`review.isNotOpen.${review.state}`),
          run: () => confirmClose(review),
        },
      ]}
    />
  )
}

function Lead({ review }: { readonly review: Review }) {
  const {
    openedAt,
    openedBy,
    periodDays,
    dueAt,
    closedAt,
    closedBy = '',
    reason,
    schedule,
    unusedForDays,
  } = review
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
        {unusedForDays === undefined
          ? null
          : text('review.unused', { days: countText('time.dayCount', 'time.dayCounts', unusedForDays) })}{' '}
        {dueAt === undefined ? null : <SentenceWithTime sentence={text('review.dueAt')} moment={dueAt} />}{' '}
        {review.state === 'open' && review.whenDue !== 'wait' ? text(thenText(review)) : null}{' '}
        {closedAt === undefined ? null : (
          <SentenceWithTime
            sentence={text('review.closedBy', { by: names.user(closedBy) })}
            moment={closedAt}
          />
        )}
      </p>
      {schedule === undefined ? null : (
        <p>
          {text('review.schedule')}: <ObjectLink kind="review_schedule" id={schedule} />
        </p>
      )}
    </>
  )
}

/** @returns the text of what happens when a review is due that does not wait */
function thenText({ whenDue, unusedForDays }: Review): TextCode {
  if (whenDue === 'suspend' && unusedForDays !== undefined) return 'review.whenDue.suspendUnused'
  return whenDue === 'suspend' ? 'review.whenDue.suspend' : 'review.whenDue.close'
}

const SHOW = ['show'] as const
/** Each with the decisions that it shows */
const SHOWN = { waiting: 'none', decided: 'any', all: undefined } as const
type Shown = keyof typeof SHOWN
const VIEWS = ['waiting', 'decided', 'all', 'reviewers'] as const

const FILTERS = ['q', 'decision', 'reviewer', 'removal'] as const
type Filter = (typeof FILTERS)[number]
const SEARCH: FilterField<Filter> = { name: 'q', label: text('word.connection'), kind: 'text' }

function Items({ review }: { readonly review: Review }) {
  const { filters, set } = useFilters(SHOW)
  const state = useFilters(FILTERS)
  const usual = isOfDecided(state.filters) ? 'decided' : review.state === 'open' ? 'waiting' : 'all'
  const show = VIEWS.find((one) => one === filters.show) ?? usual
  return (
    <>
      <ReviewProgress review={review} />
      <SegmentedControl
        aria-label={text('review.show')}
        mb="md"
        data={choicesOf(VIEWS, (view) => text(`review.${view}`))}
        value={show}
        onChange={(value) => set({ show: value })}
      />
      {show === 'reviewers' ? (
        <Reviewers review={review.id} />
      ) : (
        <ItemList key={show} review={review} show={show} state={state} />
      )}
    </>
  )
}

/** Whether they select among decided items */
function isOfDecided({ decision, reviewer, removal }: Filters<Filter>): boolean {
  return [decision, reviewer, removal].some((value) => value !== undefined)
}

const DECISIONS = ['keep', 'narrow', 'revoke', 'suspend'] as const
const REMOVALS = ['pending', 'verified'] as const

function listFields({ reviewers }: Review, names: Names): readonly FilterField<Filter>[] {
  return [
    SEARCH,
    {
      ...{ name: 'decision', label: text('word.decision'), kind: 'choice' },
      choices: choicesOf(DECISIONS, (one) => text(`item.decision.${one}`)),
    },
    {
      ...{ name: 'reviewer', label: text('review.reviewer'), kind: 'choice' },
      choices: reviewers.map(({ id }) => ({ value: id, label: names.user(id) })),
    },
    {
      ...{ name: 'removal', label: text('review.removal'), kind: 'choice' },
      choices: choicesOf(REMOVALS, (one) => text(`item.removal.${one}`)),
    },
  ]
}

function ReviewProgress({ review }: { readonly review: Review }) {
  const { items, undecided } = review.counts
  return (
    <div className="cw-review-progress">
      <span>
        {text('word.decided')}: {describeProgress(review)}
      </span>
      <Progress.Root>
        <Progress.Section value={100 - (100 * undecided) / items} aria-label={text('word.decided')} />
      </Progress.Root>
    </div>
  )
}

interface ItemListProps {
  readonly review: Review
  readonly show: Shown
  readonly state: FilterState<Filter>
}

function ItemList({ review, show, state }: ItemListProps) {
  const names = useNames()
  const { q, ...ofDecided } = state.filters
  const query = { q, decision: SHOWN[show], ...(show === 'waiting' ? {} : ofDecided) }
  const list = useList('reviews.items', query, { params: { id: review.id } })
  return (
    <>
      <FilterBar state={state} fields={show === 'waiting' ? [SEARCH] : listFields(review, names)} />
      <PagedItems
        list={list}
        empty={
          <NothingFound filters={state}>
            <EmptyList show={show} />
          </NothingFound>
        }
      >
        {(items) => (
          <ReviewItems
            items={items.map(({ own, ...item }) => ({ review, item, own }))}
            closed={review.state !== 'open'}
          />
        )}
      </PagedItems>
    </>
  )
}

function EmptyList({ show }: { readonly show: Shown }) {
  return show === 'waiting' ? (
    <EmptyState title={text('review.noneWaiting')}>{text('review.noneWaitingText')}</EmptyState>
  ) : (
    <EmptyState title={text('object.noDecisions')} />
  )
}

function saveEvidence(id: string): Promise<void> {
  const read = async () => (await adminApi.call('reviews.evidence', { params: { id } })).body
  return saveJson(`review-${id}.json`, read, text('review.evidenceSaved'))
}

const UNDECIDED_ACTIONS = ['leave', 'suspend'] as const

/** Asks, before a review closes, what happens to connections without a decision. */
function confirmClose(review: Review): void {
  const left = review.counts.undecided
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
