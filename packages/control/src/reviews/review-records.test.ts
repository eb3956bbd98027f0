// A decision is stored by itself; a review is read with all its decisions and those of no other, part by part, and counts
// them without reading them.
import type { ReviewItem } from '@crosswalk/admin-api'
import { openStorage } from '@crosswalk/storage'
import { expect, it, onTestFinished } from 'vitest'

import { systemContext } from '../http/context.ts'
import { buildReviewItem } from '../testing/build-review-item.ts'
import {
  buildDecision,
  buildOpening,
  type Decision,
  findItems,
  findReview,
  iterateParts,
  listReviews,
  type ReviewRecord,
  summarizeReview,
} from './review-records.ts'

const NOW = Date.parse('2026-06-15T08:00:00.000Z')
const clock = { nowMs: () => NOW }
const context = systemContext('yearly')
const AT = new Date(NOW).toISOString()

const nameOf = (at: number) => `c${String(at).padStart(4, '0')}`

async function openReviews(ids: readonly string[], connections: number) {
  const storage = await openStorage('sqlite::memory:')
  onTestFinished(() => storage.close())
  const items = Array.from({ length: connections }, (_, at) => buildReviewItem(nameOf(at)))
  for (const id of ids) {
    const about = {
      id,
      name: 'Q3',
      state: 'open',
      periodDays: 90,
      whenDue: 'wait',
      reason: 'yearly',
    } as const
    const opening = buildOpening({ clock }, context, { ...about, openedBy: 'ada', openedAt: AT }, items)
    expect(await storage.objects.changeAll(opening.steps)).toMatchObject({ ok: true })
  }
  const decide = (review: string, connection: string, by: string, more: Partial<Decision> = {}) => {
    const decision: Decision = { decision: 'keep', by, at: AT, reason: 'in use', effectiveAt: AT, ...more }
    const item = { ...(items.find((one) => one.connection === connection) as ReviewItem), decision }
    return storage.objects.put(buildDecision(context, NOW, { review, item }))
  }
  const find = async (id: string) => (await findReview({ storage }, id)) as ReviewRecord
  const read = async (id: string, after?: string) => {
    const parts: (readonly ReviewItem[])[] = []
    for await (const part of iterateParts({ storage }, await find(id), after)) parts.push(part)
    return parts
  }
  const summarize = async (id: string) => summarizeReview({ storage }, await find(id))
  return { storage, decide, find, read, summarize }
}

it.each([[1], [99], [100], [101], [249], [501]])('a review is read with %d decisions', async (count) => {
  const ids = ['rev_1', 'rev_2', 'rev_3']
  const { storage, decide, read, summarize } = await openReviews(ids, count)
  for (const id of ids) for (let at = 0; at < count; at += 1) await decide(id, nameOf(at), id)
  const items = (await read('rev_2')).flat()
  expect(items.map(({ connection }) => connection)).toEqual(
    Array.from({ length: count }, (_, at) => nameOf(at)),
  )
  expect(new Set(items.map(({ decision }) => decision?.by))).toEqual(new Set(['rev_2']))
  expect(await summarize('rev_2')).toMatchObject({
    counts: { items: count, undecided: 0, keep: count },
    reviewers: [{ id: 'rev_2', decided: count }],
  })
  expect([...(await listReviews({ storage })).found.keys()]).toEqual(ids)
})

it('counts decisions of each kind, reviewers and removals', async () => {
  const { decide, summarize } = await openReviews(['rev_1', 'rev_10'], 9)
  await decide('rev_10', nameOf(0), 'zoe')
  await decide('rev_1', nameOf(0), 'ada')
  await decide('rev_1', nameOf(1), 'bob', { decision: 'narrow' })
  await decide('rev_1', nameOf(2), 'ada', { decision: 'revoke', removal: { state: 'verified' } as never })
  await decide('rev_1', nameOf(3), 'ada', { decision: 'revoke', removal: { state: 'pending' } as never })
  await decide('rev_1', nameOf(4), 'ada', { decision: 'suspend', automatic: true })
  expect(await summarize('rev_1')).toEqual({
    ...{
      id: 'rev_1',
      name: 'Q3',
      state: 'open',
      periodDays: 90,
      whenDue: 'wait',
      reason: 'yearly',
      openedBy: 'ada',
    },
    openedAt: AT,
    counts: { items: 9, undecided: 4, keep: 1, narrow: 1, revoke: 2, suspend: 1 },
    reviewers: [
      { id: 'ada', decided: 3 },
      { id: 'bob', decided: 1 },
    ],
    removals: { pending: 3, verified: 1 },
  })
})

it.each([
  ['', [100, 100, 50]],
  ['b', [100, 100, 50]],
  [nameOf(98), [1, 100, 50]],
  [nameOf(99), [0, 100, 50]],
  [nameOf(100), [99, 50]],
  [`${nameOf(100)}a`, [99, 50]],
  [nameOf(249), [0]],
  ['z', [0]],
])('after %j, no part before is read', async (after, sizes) => {
  const { read } = await openReviews(['rev_1'], 250)
  const parts = await read('rev_1', after)
  expect(parts.map((part) => part.length)).toEqual(sizes)
  expect(parts.flat().every(({ connection }) => connection > after)).toBe(true)
})

it('finds items of several parts, and none for a connection that has none', async () => {
  const { storage, decide, find } = await openReviews(['rev_1'], 250)
  await decide('rev_1', nameOf(249), 'ada')
  const wanted = ['', 'b', nameOf(0), nameOf(99), nameOf(249), `${nameOf(249)}a`]
  const found = await findItems({ storage }, await find('rev_1'), wanted)
  expect(found.map(({ connection, decision }) => [connection, decision?.by])).toEqual([
    [nameOf(0), undefined],
    [nameOf(99), undefined],
    [nameOf(249), 'ada'],
  ])
})

it('a decision does not write the review again, and is made once', async () => {
  const { storage, decide, read } = await openReviews(['rev_1'], 2)
  const before = await storage.objects.revision()
  expect(await decide('rev_1', nameOf(1), 'ada')).toMatchObject({ ok: true })
  expect(await decide('rev_1', nameOf(1), 'bob')).toMatchObject({ ok: false })
  const changed = await storage.objects.changesBetween(before, before + 9)
  expect(changed.map(({ collection }) => collection)).toEqual(['review-decisions'])
  expect((await read('rev_1')).flat().map(({ decision }) => decision?.by)).toEqual([undefined, 'ada'])
})
