// The evidence of a review has all of its events and no others, however many reviews there are.
import type { AnswerTo, ReviewItem } from '@crosswalk/admin-api'
import { openStorage } from '@crosswalk/storage'
import { expect, it, onTestFinished } from 'vitest'

import { BATCH_SIZE } from '../definitions/stored-items.ts'
import { systemContext } from '../http/context.ts'
import { buildReviewItem } from '../testing/build-review-item.ts'
import { buildOpening } from './review-records.ts'
import { createReviewHandlers } from './reviews.ts'

const NOW = Date.parse('2026-06-15T08:00:00.000Z')
/** Three pages of events; those of the review are on the last two */
const OTHERS = 2 * BATCH_SIZE
/** Two parts */
const ITEMS = 101

type Evidence = AnswerTo<'reviews.evidence'>

const byConnection = (one: ReviewItem, other: ReviewItem) => (one.connection < other.connection ? -1 : 1)

it('has all events of one review among those of many, by time, although the clock of a server is behind', async () => {
  const storage = await openStorage('sqlite::memory:')
  onTestFinished(() => storage.close())
  let nowMs = NOW
  const clock = { nowMs: () => nowMs }
  const context = systemContext('yearly')
  const openedAt = new Date(NOW).toISOString()
  const inTurn = <T>(work: () => Promise<T>) => work()
  const handlers = createReviewHandlers({ storage, clock, inTurn } as unknown as Parameters<
    typeof createReviewHandlers
  >[0])
  const call = (name: keyof typeof handlers, request: object) =>
    handlers[name](request as never, { ...context, headers: new Headers() } as never)
  const items = Array.from({ length: ITEMS }, (_, at) => buildReviewItem(`c${at}`))
  const open = async (id: string, covered = items.slice(0, 1)) => {
    const about = {
      id,
      name: 'yearly',
      state: 'open',
      periodDays: 90,
      whenDue: 'wait',
      openedBy: 'ada',
      openedAt,
    } as const
    const { steps } = buildOpening(
      { clock },
      context,
      { ...about, reason: 'yearly' },
      covered.toSorted(byConnection),
    )
    expect(await storage.objects.changeAll(steps)).toMatchObject({ ok: true })
  }
  for (let at = 0; at < OTHERS; at += 1) {
    if (at === OTHERS / 2) await open('rev_own', items)
    await open(`rev_${at}`)
  }
  nowMs = NOW - 30_000
  const params = { id: 'rev_own' }
  expect(await call('reviews.close', { params, body: { undecided: 'leave' } })).toMatchObject({ status: 200 })
  const answer = await call('reviews.evidence', { params })
  const { events, review } = (await (answer as unknown as Response).json()) as Evidence
  expect(events).toMatchObject([
    { type: 'review.closed', target: { id: 'rev_own' } },
    { type: 'review.opened', target: { id: 'rev_own' } },
  ])
  expect(review).toMatchObject({ state: 'closed', counts: { items: ITEMS, undecided: ITEMS } })
  expect(review.items).toEqual(items.toSorted(byConnection))
})
