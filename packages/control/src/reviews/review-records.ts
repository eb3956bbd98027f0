// Stores reviews: each change is durable together with its audit event, and fails if the review has changed since it
// was read.
import { type Review, type ReviewItem, zReview } from '@crosswalk/admin-api'
import type { ObjectPut } from '@crosswalk/storage'

import { buildAct } from '../audit/change-event.ts'
import { type AdminContext, authorOf } from '../http/context.ts'
import type { Parts } from '../parts.ts'
import { conflict, isProblem, notFound, type Problem } from '../http/problem.ts'

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
  return buildAct(context, clock.nowMs(), {
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
}

/** Adds the number of revoked tokens, which is known only after the decision; their revocation has its own event. */
export async function addRevokedTokens(
  parts: Parts<'storage' | 'clock'>,
  context: AdminContext,
  { id, connection, revokedTokens }: { id: string; connection: string; revokedTokens: number },
): Promise<Review | Problem> {
  const found = await findReview(parts, id)
  if (isProblem(found)) return found
  const review = replaceItem(found.review, connection, (item) =>
    item.decision === undefined ? item : { ...item, decision: { ...item.decision, revokedTokens } },
  )
  const { ok } = await parts.storage.objects.put({
    ...{ collection: COLLECTION, id, ifRevision: found.revision, body: review },
    ...{ at: parts.clock.nowMs(), ...authorOf(context) },
  })
  return ok ? review : addRevokedTokens(parts, context, { id, connection, revokedTokens })
}

export function replaceItem(
  review: Review,
  connection: string,
  replace: (item: ReviewItem) => ReviewItem,
): Review {
  const items = review.items.map((item) => (item.connection === connection ? replace(item) : item))
  return { ...review, items }
}

function summarize({ connection, suggestion, decision }: ReviewItem) {
  return { connection, suggestion, decision: decision?.decision ?? null }
}
