// A decision is stored by itself, and a review is read with all its decisions and those of no other.
import type { Review, ReviewItem } from '@crosswalk/admin-api'
import { openStorage } from '@crosswalk/storage'
import { expect, it, onTestFinished } from 'vitest'

import { systemContext } from '../http/context.ts'
import { buildDecision, buildReviewChange, findReview, listReviews } from './review-records.ts'

const NOW = Date.parse('2026-06-15T08:00:00.000Z')
const clock = { nowMs: () => NOW }
const context = systemContext('yearly')
const AT = new Date(NOW).toISOString()

async function openReviews(ids: readonly string[], connections: number) {
  const storage = await openStorage('sqlite::memory:')
  onTestFinished(() => storage.close())
  const items = Array.from({ length: connections }, (_, at) => ({ connection: `c${at}` }) as ReviewItem)
  for (const id of ids) {
    const about = { id, name: 'Q3', state: 'open', periodDays: 90, reason: 'yearly' } as const
    const review: Review = { ...about, openedBy: 'ada', openedAt: AT, items }
    await storage.objects.put(buildReviewChange({ clock }, context, { review, type: 'review.opened' }))
  }
  const decide = (review: string, connection: string, by: string) => {
    const decision = { decision: 'keep', by, at: AT, reason: 'in use', effectiveAt: AT } as const
    const item = { connection, decision } as ReviewItem
    return storage.objects.put(buildDecision(context, NOW, { review, item }))
  }
  return { storage, decide }
}

it.each([[1], [249], [250], [251], [501]])('a review is read with %d decisions', async (count) => {
  const ids = ['rev_1', 'rev_2', 'rev_3']
  const { storage, decide } = await openReviews(ids, count)
  for (const id of ids) for (let at = 0; at < count; at += 1) await decide(id, `c${at}`, id)
  const whose = ({ items }: Review) => new Set(items.map(({ decision }) => decision?.by))
  expect(whose((await findReview({ storage }, 'rev_2')) as Review)).toEqual(new Set(['rev_2']))
  expect((await listReviews({ storage })).map((review) => [...whose(review)])).toEqual(ids.map((id) => [id]))
})

it('reviews are read one at a time, because a large one takes long to parse', async () => {
  const { storage } = await openReviews(['rev_1', 'rev_2', 'rev_3'], 1)
  const sizes: number[] = []
  const page: typeof storage.objects.page = async (collection, about) => {
    const found = await storage.objects.page(collection, about)
    if (collection === 'reviews') sizes.push(found.length)
    return found
  }
  await listReviews({ storage: { ...storage, objects: { ...storage.objects, page } } })
  expect(sizes).toEqual([1, 1, 1, 0])
})

it('a decision does not write the review again, and is made once', async () => {
  const { storage, decide } = await openReviews(['rev_1'], 2)
  const before = (await storage.objects.find('reviews', 'rev_1'))?.revision
  expect(await decide('rev_1', 'c1', 'ada')).toMatchObject({ ok: true })
  expect(await decide('rev_1', 'c1', 'bob')).toMatchObject({ ok: false })
  expect((await storage.objects.find('reviews', 'rev_1'))?.revision).toBe(before)
  const { items } = (await findReview({ storage }, 'rev_1')) as Review
  expect(items.map(({ decision }) => decision?.by)).toEqual([undefined, 'ada'])
})
