// The evidence of a review has all of its events and no others, however many reviews there are.
import { openStorage } from '@crosswalk/storage'
import { expect, it, onTestFinished } from 'vitest'

import { systemContext } from '../http/context.ts'
import { buildReviewChange } from './review-records.ts'
import { createReviewHandlers } from './reviews.ts'

const NOW = Date.parse('2026-06-15T08:00:00.000Z')
/** Two pages of events */
const OTHERS = 200

it('has all events of one review among those of many, by time, although the clock of a server is behind', async () => {
  const storage = await openStorage('sqlite::memory:')
  onTestFinished(() => storage.close())
  let nowMs = NOW
  const clock = { nowMs: () => nowMs }
  const context = systemContext('yearly')
  const openedAt = new Date(NOW).toISOString()
  const change = async (id: string, type: 'review.opened' | 'review.closed') => {
    const about = { id, name: 'yearly', state: 'open', periodDays: 90, openedBy: 'ada', openedAt } as const
    const review = { ...about, reason: 'yearly', items: [] }
    const step = buildReviewChange({ clock }, context, { review, type })
    expect(await storage.objects.put(step)).toMatchObject({ ok: true })
  }
  await change('rev_own', 'review.opened')
  for (let at = 0; at < OTHERS; at += 1) await change(`rev_${at}`, 'review.opened')
  nowMs = NOW - 30_000
  await change('rev_own', 'review.closed')
  const handlers = createReviewHandlers({ storage, clock } as unknown as Parameters<
    typeof createReviewHandlers
  >[0])
  const request = { params: { id: 'rev_own' } } as Parameters<(typeof handlers)['reviews.evidence']>[0]
  const answer = await handlers['reviews.evidence'](request, { ...context, headers: new Headers() })
  expect(answer).toMatchObject({
    body: {
      events: [
        { type: 'review.closed', target: { id: 'rev_own' } },
        { type: 'review.opened', target: { id: 'rev_own' } },
      ],
    },
  })
})
