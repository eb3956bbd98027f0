// Lists items of reviews, and whether the caller may decide them, by the same rule as the decision itself.
import { setImmediate as nextTurn } from 'node:timers/promises'

import { type ReviewItem, ROUTES, type WaitingReviewItem } from '@crosswalk/admin-api'

import type { AdminContext, Handlers } from '../http/context.ts'
import { readPage, sortByTime } from '../http/list-page.ts'
import { isProblem } from '../http/problem.ts'
import type { Parts } from '../parts.ts'
import { findReviewed, findReviewObstacle } from './decide-item.ts'
import {
  findRemovalState,
  findReview,
  iterateParts,
  listReviews,
  type ReviewRecord,
} from './review-records.ts'

type ListParts = Parts<'configuration' | 'directory' | 'storage'>
type Query = Parameters<Handlers['reviews.items']>[0]['query']

/** Of one review. */
export async function listItems(
  parts: ListParts,
  context: AdminContext,
  { id, query }: { readonly id: string; readonly query: Query },
): ReturnType<Handlers['reviews.items']> {
  const review = await findReview(parts, id)
  if (isProblem(review)) return review
  const isWanted = buildFilter(parts, query)
  return readPage(query, async function* (after) {
    for await (const { item, own } of judgeItems(parts, context, {
      review,
      after,
      isWanted,
      mine: query.mine,
    }))
      yield [item.connection, { ...item, own }]
  })
}

/** Undecided items of all open reviews, oldest first. */
export async function listWaiting(
  parts: ListParts,
  context: AdminContext,
  query: Parameters<Handlers['reviews.waiting']>[0]['query'],
): ReturnType<Handlers['reviews.waiting']> {
  const { found, unreadable } = await listReviews(parts)
  const open = [...found.values()].filter(
    ({ id, state }) => state === 'open' && (query.review === undefined || query.review === id),
  )
  const isWanted = ({ decision }: ReviewItem) => decision === undefined
  async function* each(last: string): AsyncIterable<readonly [string, WaitingReviewItem]> {
    // Ids of connections have no spaces.
    const end = last.lastIndexOf(' ')
    const [lastKey, lastConnection] = [last.slice(0, Math.max(0, end)), last.slice(end + 1)]
    for (const [key, review] of sortByTime(open, ({ openedAt }) => openedAt)) {
      if (key < lastKey) continue
      const after = key === lastKey ? lastConnection : ''
      const { id, name, openedAt, dueAt = null, periodDays } = review
      for await (const one of judgeItems(parts, context, { review, after, isWanted, mine: query.mine }))
        yield [`${key} ${one.item.connection}`, { review: { id, name, openedAt, dueAt, periodDays }, ...one }]
    }
  }
  return readPage(query, each, unreadable)
}

interface Wanted {
  readonly review: ReviewRecord
  /** A connection */
  readonly after: string
  readonly isWanted: (item: ReviewItem) => boolean
  /** Whether only items that the caller may decide are wanted */
  readonly mine: boolean | undefined
}

/** Yields wanted items, each with the reason why the caller may not decide it. */
async function* judgeItems(
  parts: ListParts,
  context: AdminContext,
  { review, after, isWanted, mine = false }: Wanted,
): AsyncIterable<{ readonly item: ReviewItem; readonly own: string | null }> {
  if (mine && !ROUTES['reviews.decide'].roles.includes(context.caller.role)) return
  const obstacleParts = rememberHistory(parts)
  for await (const items of iterateParts(parts, review, after)) {
    if (context.signal?.aborted === true) return
    for (const item of items.filter(isWanted)) {
      const waits = review.state === 'open' && item.decision === undefined
      const own = waits ? await findObstacle(obstacleParts, context, item) : null
      if (!mine || (waits && own === null)) yield { item: waits ? withAddedScopes(parts, item) : item, own }
      // Judging takes several queries.
      else await nextTurn()
    }
  }
}

/** Reads the history of an account once, however many items are judged by it. */
function rememberHistory(parts: ListParts): ListParts {
  const { objects } = parts.storage
  const known = new Map<string, ReturnType<typeof objects.history>>()
  const history: typeof objects.history = (collection, id) => {
    if (collection === 'connections') return objects.history(collection, id)
    const found = known.get(`${collection}/${id}`) ?? objects.history(collection, id)
    known.set(`${collection}/${id}`, found)
    return found
  }
  return { ...parts, storage: { ...parts.storage, objects: { ...objects, history } } }
}

function withAddedScopes(parts: ListParts, item: ReviewItem): ReviewItem {
  const { scopes = [] } = findReviewed(parts, item)?.definition ?? {}
  const addedScopes = scopes.filter((scope) => !item.scopes.includes(scope))
  return addedScopes.length === 0 ? item : { ...item, addedScopes }
}

async function findObstacle(
  parts: ListParts,
  { caller }: AdminContext,
  item: ReviewItem,
): Promise<string | null> {
  const connection = findReviewed(parts, item)
  if (connection === undefined) return 'the connection no longer exists between these apps'
  return (await findReviewObstacle(parts, connection, caller)) ?? null
}

function buildFilter(
  { directory }: Parts<'directory'>,
  { decision: wanted, reviewer, removal, q = '' }: Query,
): (item: ReviewItem) => boolean {
  const { apps, 'resource-apps': resourceApps } = directory.current().world
  const text = q.toLowerCase()
  return ({ connection, app, resourceApp, decision }) => {
    if (wanted === 'any' && decision === undefined) return false
    if (wanted !== undefined && wanted !== 'any' && wanted !== (decision?.decision ?? 'none')) return false
    if (reviewer !== undefined && (decision?.by !== reviewer || decision.automatic === true)) return false
    if (removal !== undefined && (decision === undefined || findRemovalState(decision) !== removal))
      return false
    const names = [apps.get(app)?.definition.name, resourceApps.get(resourceApp)?.definition.name]
    return [connection, app, resourceApp, ...names].some(
      (name) => name?.toLowerCase().includes(text) === true,
    )
  }
}
