// Stores reviews: each change is durable together with its audit event, and fails if the review has changed since it
// was read.
import { type Review, type ReviewItem, zReview } from '@crosswalk/admin-api'
import type { ObjectPut } from '@crosswalk/storage'

import { type AdminEvent, buildAct } from '../audit/change-event.ts'
import type { AdminContext } from '../http/context.ts'
import type { Parts } from '../parts.ts'
import { conflict, notFound, type Problem } from '../http/problem.ts'

const COLLECTION = 'reviews'

export interface StoredReview {
  readonly review: Review
  readonly revision: number
}

export async function listReviews({ storage }: Parts<'storage'>): Promise<readonly Review[]> {
  return (await storage.objects.list(COLLECTION)).map(({ body }) => zReview.parse(body))
}

export async function findReview({ storage }: Parts<'storage'>, id: string): Promise<StoredReview | Problem> {
  const stored = await storage.objects.find(COLLECTION, id)
  if (stored === undefined) return notFound(`There is no review ${id}.`)
  return { review: zReview.parse(stored.body), revision: stored.revision }
}

export interface ReviewChange extends StoredReview {
  readonly type: 'review.opened' | 'review.decided' | 'review.closed'
  /** The item that the change concerns */
  readonly item?: ReviewItem
}

/** @returns the conflict if the review has changed since it was read */
export async function storeReview(
  { storage, clock }: Parts<'storage' | 'clock'>,
  context: AdminContext,
  change: ReviewChange,
): Promise<Problem | undefined> {
  const outcome = await storage.objects.put(buildReviewChange({ clock }, context, change))
  return outcome.ok ? undefined : changedMeanwhile()
}

export function changedMeanwhile(): Problem {
  return conflict('The review was changed in the meantime.')
}

export function buildReviewChange(
  { clock }: Parts<'clock'>,
  context: AdminContext,
  { review, revision, type, item }: ReviewChange,
): ObjectPut {
  const { items, ...about } = review
  const opened = { change: { ...about, connections: items.map(summarize) } }
  const event =
    item === undefined
      ? { ...describeReview(type, review.id), ...opened }
      : describeItemChange(type, review.id, item)
  return buildAct(context, clock.nowMs(), { ...storedReview(review, revision), event })
}

export function storedReview(review: Review, ifRevision: number) {
  return { collection: COLLECTION, id: review.id, ifRevision, body: review }
}

function describeReview(type: AdminEvent['type'], id: string): AdminEvent {
  return { type, category: 'governance', target: { kind: 'review', id } }
}

/** @param id - of the review */
export function describeItemChange(type: AdminEvent['type'], id: string, item: ReviewItem): AdminEvent {
  return {
    ...describeReview(type, id),
    delegation: { connection: item.connection },
    change: { item },
  }
}

/** @param items - by connection; others stay */
export function replaceItems(review: Review, items: ReadonlyMap<string, ReviewItem>): Review {
  return { ...review, items: review.items.map((item) => items.get(item.connection) ?? item) }
}

function summarize({ connection, suggestion, decision }: ReviewItem) {
  return { connection, suggestion, decision: decision?.decision ?? null }
}
