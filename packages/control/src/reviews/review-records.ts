// Stores reviews, and each decision as a separate object, so that a decision about one of ten thousand connections
// writes only itself. Each change is durable together with its audit event.
import type { Review, ReviewItem } from '@crosswalk/admin-api'
import type { EpochMs } from '@crosswalk/protocol'
import type { ObjectPut, StoredObject } from '@crosswalk/storage'

import { type AdminEvent, buildAct } from '../audit/change-event.ts'
import { iterateObjects } from '../definitions/stored-items.ts'
import type { AdminContext } from '../http/context.ts'
import type { Parts } from '../parts.ts'
import { conflict, notFound, type Problem } from '../http/problem.ts'

const REVIEWS = 'reviews'
export const DECISIONS = 'review-decisions'

type Decision = NonNullable<ReviewItem['decision']>

export async function listReviews({ storage }: Parts<'storage'>): Promise<readonly Review[]> {
  const decisions = readBodies(await storage.objects.list(DECISIONS))
  const reviews: Review[] = []
  // One at a time: a review of ten thousand connections takes tens of milliseconds to parse.
  for await (const stored of iterateObjects(storage.objects, REVIEWS, '', 1))
    reviews.push(withDecisions(stored, decisions))
  return reviews
}

export async function findReview({ storage }: Parts<'storage'>, id: string): Promise<Review | Problem> {
  const stored = await storage.objects.find(REVIEWS, id)
  if (stored === undefined) return notFound(`There is no review ${id}.`)
  return withDecisions(stored, readBodies(await listDecisions({ storage }, id)))
}

/** Their ids begin with that of the review. */
async function listDecisions(
  { storage: { objects } }: Parts<'storage'>,
  review: string,
): Promise<readonly StoredObject[]> {
  const prefix = decisionId(review, '')
  const found: StoredObject[] = []
  for await (const stored of iterateObjects(objects, DECISIONS, prefix)) {
    if (!stored.id.startsWith(prefix)) break
    found.push(stored)
  }
  return found
}

function readBodies(decisions: readonly StoredObject[]): ReadonlyMap<string, Decision> {
  return new Map(decisions.map(({ id, body }) => [id, body as Decision]))
}

function withDecisions({ body }: StoredObject, decisions: ReadonlyMap<string, Decision>): Review {
  const review = body as Review
  const items = review.items.map((item) => {
    const decision = decisions.get(decisionId(review.id, item.connection))
    return decision === undefined ? item : { ...item, decision }
  })
  return { ...review, items }
}

export function decisionId(review: string, connection: string): string {
  return `${review}:${connection}`
}

/** The step that stores a review when it is opened or closed. */
export function buildReviewChange(
  { clock }: Parts<'clock'>,
  context: AdminContext,
  { review, type }: { readonly review: Review; readonly type: 'review.opened' | 'review.closed' },
): ObjectPut {
  const { items, ...about } = review
  return buildAct(context, clock.nowMs(), {
    collection: REVIEWS,
    id: review.id,
    ...(type === 'review.opened' ? { ifRevision: 0 } : {}),
    body: { ...about, items: items.map(({ decision: _, ...item }) => item) },
    event: { ...describeReview(type, review.id), change: { ...about, connections: items.map(summarize) } },
  })
}

/** @param item - with its decision */
export function buildDecision(
  context: AdminContext,
  at: EpochMs,
  { review, item }: { /** Its id */ readonly review: string; readonly item: ReviewItem },
): ObjectPut {
  return buildAct(context, at, {
    collection: DECISIONS,
    id: decisionId(review, item.connection),
    // A connection is decided once.
    ifRevision: 0,
    body: item.decision,
    event: describeItemChange('review.decided', review, item),
  })
}

export function changedMeanwhile(): Problem {
  return conflict('The review was changed in the meantime.')
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
