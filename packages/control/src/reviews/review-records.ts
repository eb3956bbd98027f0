// Stores reviews: what describes one, its items in parts, and each decision as a separate object. A page of a review with
// ten thousand items reads few of them, and a decision writes only itself. Each change is durable together with its
// audit event.
import { setImmediate as nextTurn } from 'node:timers/promises'

import type { Review, ReviewItem } from '@crosswalk/admin-api'
import type { EpochMs } from '@crosswalk/protocol'
import type { ObjectPut } from '@crosswalk/storage'

import { type AdminEvent, buildAct } from '../audit/change-event.ts'
import { readStored } from '../definitions/read-stored.ts'
import type { StoredOf } from '../definitions/stored-collections.ts'
import { readCollection, type StoredCollection } from '../definitions/stored-items.ts'
import { type AdminContext, authorOf } from '../http/context.ts'
import type { Parts } from '../parts.ts'
import { conflict, isProblem, notFound, type Problem } from '../http/problem.ts'
import { findPart, splitItems } from './review-parts.ts'

const REVIEWS = 'reviews'
const PARTS = 'review-parts'
export const DECISIONS = 'review-decisions'
/** Of open reviews that close when they are due */
export const DEADLINES = 'review-deadlines'

export type Decision = NonNullable<ReviewItem['decision']>

/** A review without items and decisions; `parts`: the connection of the first item of each part */
export type ReviewRecord = Readonly<StoredOf<typeof REVIEWS>>

export function listReviews({ storage }: Parts<'storage'>): Promise<StoredCollection<typeof REVIEWS>> {
  return readCollection(storage.objects, REVIEWS)
}

export async function findReview(parts: Parts<'storage'>, id: string): Promise<ReviewRecord | Problem> {
  const found = await findStoredReview(parts, id)
  return isProblem(found) ? found : found.review
}

export interface StoredReview {
  readonly review: ReviewRecord
  readonly revision: number
}

export async function findStoredReview(
  { storage }: Parts<'storage'>,
  id: string,
): Promise<StoredReview | Problem> {
  const stored = await storage.objects.find(REVIEWS, id)
  if (stored === undefined) return notFound(`There is no review ${id}.`)
  return { review: readStored(REVIEWS, stored), revision: stored.revision }
}

/** @returns the review as the API shows it */
export async function summarizeReview(
  { storage }: Parts<'storage'>,
  { parts: _, count: items, ...review }: ReviewRecord,
): Promise<Review> {
  const found = await storage.objects.countByKeys(DECISIONS, decisionKey(review.id, ''))
  const count = (key: string) => found.get(decisionKey(review.id, key)) ?? 0
  const decided = {
    keep: count('keep'),
    narrow: count('narrow'),
    revoke: count('revoke'),
    suspend: count('suspend'),
  }
  const undecided = Object.values(decided).reduce((left, some) => left - some, items)
  const by = decisionKey(review.id, BY)
  return {
    ...review,
    counts: { items, undecided, ...decided },
    reviewers: [...found].flatMap(([key, number]) =>
      key.startsWith(by) ? [{ id: key.slice(by.length), decided: number }] : [],
    ),
    removals: { pending: count('pending'), verified: count('verified') },
  }
}

/** Yields the items after a connection with their decisions, in parts, with a turn for other work between them. */
export async function* iterateParts(
  parts: Parts<'storage'>,
  review: ReviewRecord,
  after = '',
): AsyncIterable<readonly ReviewItem[]> {
  const start = Math.max(0, findPart(review, after))
  for (const first of review.parts.slice(start)) {
    yield (await readPart(parts, review, first)).filter(({ connection }) => connection > after)
    await nextTurn()
  }
}

/** @param first - the connection of the first item @returns the items of a part with their decisions */
export async function readPart(
  { storage }: Parts<'storage'>,
  { id }: Pick<ReviewRecord, 'id'>,
  first: string,
): Promise<readonly ReviewItem[]> {
  const stored = await storage.objects.find(PARTS, nameInReview(id, first))
  const items = stored === undefined ? [] : readStored(PARTS, stored)
  const keys = items.map(({ connection }) => nameInReview(id, connection))
  const decisions = new Map(
    (await storage.objects.findMany(DECISIONS, keys)).map((one) => [one.id, readStored(DECISIONS, one)]),
  )
  return items.map((item) => {
    const decision = decisions.get(nameInReview(id, item.connection))
    return decision === undefined ? item : { ...item, decision }
  })
}

/** @returns the items of these connections with their decisions */
export async function findItems(
  parts: Parts<'storage'>,
  review: ReviewRecord,
  connections: readonly string[],
): Promise<readonly ReviewItem[]> {
  const found: ReviewItem[] = []
  for (const [part, some] of Map.groupBy(connections, (connection) => findPart(review, connection))) {
    const first = review.parts[part]
    const items = first === undefined ? [] : await readPart(parts, review, first)
    found.push(...items.filter(({ connection }) => some.includes(connection)))
    await nextTurn()
  }
  return found
}

/** @returns the id of a part, a decision or a pending removal */
export function nameInReview(review: string, connection: string): string {
  return `${review}:${connection}`
}

/**
 * @param items - sorted by connection, at least one
 * @returns the review, and the steps that store it
 */
export function buildOpening(
  { clock }: Parts<'clock'>,
  context: AdminContext,
  about: Omit<ReviewRecord, 'parts' | 'count'>,
  items: readonly ReviewItem[],
): { readonly review: ReviewRecord; readonly steps: readonly ObjectPut[] } {
  const stored = splitItems(items)
  const { id } = about
  const review = { ...about, count: items.length, parts: [...stored.keys()] }
  const at = clock.nowMs()
  const connections = items.map(({ connection, suggestion }) => ({ connection, suggestion }))
  const event = { ...describeReview('review.opened', id), change: { ...about, connections } }
  const author = authorOf(context)
  const { dueAt, whenDue } = about
  return {
    review,
    steps: [
      buildAct(context, at, { collection: REVIEWS, id, ifRevision: 0, body: review, event }),
      ...[...stored].map(([first, body]) => ({
        ...{ collection: PARTS, id: nameInReview(id, first), body, at, ...author },
      })),
      ...(whenDue === 'wait' ? [] : [{ collection: DEADLINES, id, body: { dueAt }, at, ...author }]),
    ],
  }
}

/** The step that changes the state of a review. */
export function buildReviewChange(
  { clock }: Parts<'clock'>,
  context: AdminContext,
  { review, revision }: StoredReview,
): ObjectPut {
  const change = { collection: REVIEWS, id: review.id, ifRevision: revision, body: review }
  return { ...change, at: clock.nowMs(), ...authorOf(context) }
}

/** @param item - with its decision */
export function buildDecision(
  context: AdminContext,
  at: EpochMs,
  {
    review,
    item,
  }: { /** Its id */ readonly review: string; readonly item: ReviewItem & { readonly decision: Decision } },
): ObjectPut {
  return buildAct(context, at, {
    ...storeDecision(review, item),
    // A connection is decided once.
    ifRevision: 0,
    event: describeItemChange('review.decided', review, item),
  })
}

/** What is stored of a decision */
export function storeDecision(
  review: string,
  { connection, decision }: { readonly connection: string; readonly decision: Decision },
): Pick<ObjectPut, 'collection' | 'id' | 'body' | 'keys'> & { readonly body: Decision } {
  const removal = findRemovalState(decision)
  const keys = [
    decision.decision,
    ...(decision.automatic === true ? [] : [BY + decision.by]),
    ...(removal === undefined ? [] : [removal]),
  ]
  return {
    collection: DECISIONS,
    id: nameInReview(review, connection),
    body: decision,
    keys: keys.map((key) => decisionKey(review, key)),
  }
}

/** @returns whether the removed access has ended; undefined if none was removed */
export function findRemovalState({ decision, removal }: Decision): 'pending' | 'verified' | undefined {
  return decision === 'keep' ? undefined : (removal?.state ?? 'pending')
}

const BY = 'by '

/** @returns a key by which decisions of a review are counted */
function decisionKey(review: string, key: string): string {
  return `${review} ${key}`
}

export function changedMeanwhile(): Problem {
  return conflict('The review was changed in the meantime.')
}

export function describeReview(type: AdminEvent['type'], id: string): AdminEvent {
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
