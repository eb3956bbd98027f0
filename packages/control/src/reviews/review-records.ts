// Stores reviews: each change is durable together with its audit event, and fails if the review has changed since it
// was read.
import { type Review, type ReviewItem, zReview } from '@crosswalk/admin-api'

import { buildAct } from '../audit/change-event.ts'
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
  { review, revision, type, item }: ReviewChange,
): Promise<Problem | undefined> {
  const { items, ...about } = review
  const act = buildAct(context, clock.nowMs(), {
    collection: COLLECTION,
    id: review.id,
    ifRevision: revision,
    body: review,
    event: {
      type,
      category: 'governance',
      target: { kind: 'review', id: review.id },
      ...(item === undefined ? {} : { delegation: { connection: item.connection } }),
      change: item === undefined ? { ...about, connections: items.map(summarize) } : { item },
    },
  })
  const outcome = await storage.objects.put(act)
  return outcome.ok ? undefined : conflict('The review was changed in the meantime.')
}

function summarize({ connection, suggestion, decision }: ReviewItem) {
  return { connection, suggestion, decision: decision?.decision ?? null }
}
