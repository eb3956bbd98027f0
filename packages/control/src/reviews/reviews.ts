// Reviews of connections: opened with evidence, decided item by item by users without an interest in them, and closed.
import type { reviewRoutes } from '@crosswalk/admin-api'
import { byId } from '@crosswalk/policy'

import { definitionsOf } from '../definitions/records.ts'
import { type AdminContext, type Handlers, principalOf } from '../http/context.ts'
import { listPage, sortByTime } from '../http/list-page.ts'
import type { WriteParts } from '../objects/target.ts'
import type { Parts } from '../parts.ts'
import { isProblem, type Problem } from '../http/problem.ts'
import { checkFuture, invalidRequest } from '../http/read-request.ts'
import { chooseId, refuseOtherRequest } from '../http/repeated.ts'
import { buildItems } from './build-items.ts'
import { closeReview } from './close-review.ts'
import { decideItem } from './decide-item.ts'
import { exportEvidence } from './evidence.ts'
import { listItems, listWaiting } from './list-items.ts'
import { measurePace } from './measure-pace.ts'
import { nowOf } from './record-decision.ts'
import type { RemovalParts } from './check-removal.ts'
import { buildOpening, findReview, listReviews, summarizeReview } from './review-records.ts'

export function createReviewHandlers(
  parts: WriteParts & RemovalParts & Parts<'inTurn'>,
): Pick<Handlers, keyof typeof reviewRoutes> {
  const answer = <T extends object>(body: T | Problem) =>
    isProblem(body) ? body : { status: 200 as const, body }
  return {
    async 'reviews.list'({ query }) {
      const { found, unreadable } = await listReviews(parts)
      const reviews = sortByTime([...found.values()], ({ openedAt }) => openedAt)
      const find = (key: string) => {
        const review = reviews.get(key)
        const isWanted = query.state === undefined || review?.state === query.state
        return review !== undefined && isWanted ? summarizeReview(parts, review) : undefined
      }
      return listPage([...reviews.keys()], query, find, unreadable)
    },
    'reviews.waiting': ({ query }, context) => listWaiting(parts, context, query),
    async 'reviews.read'({ params: { id } }) {
      const review = await findReview(parts, id)
      return isProblem(review) ? review : answer(await summarizeReview(parts, review))
    },
    'reviews.items': ({ params: { id }, query }, context) => listItems(parts, context, { id, query }),
    async 'reviews.reviewers'({ params: { id }, query }) {
      const review = await findReview(parts, id)
      if (isProblem(review)) return review
      const paces = new Map((await measurePace(parts, review)).map((pace) => [pace.id, pace]))
      return listPage([...paces.keys()], query, (reviewer) => paces.get(reviewer))
    },
    'reviews.create': ({ body }, context) => open(parts, context, body),
    'reviews.decide': async ({ params: { id, connection }, body }, context) =>
      answer(await decideItem(parts, context, { id, connection, input: body })),
    'reviews.close': async ({ params: { id }, body }, context) =>
      answer(await closeReview(parts, context, { id, suspends: body.undecided === 'suspend' })),
    'reviews.evidence': ({ params: { id } }, context) => exportEvidence(parts, context, id),
  }
}

async function open(
  parts: Parts<'directory' | 'storage' | 'clock'>,
  context: AdminContext,
  body: Parameters<Handlers['reviews.create']>[0]['body'],
): ReturnType<Handlers['reviews.create']> {
  const { name, connections, apps, periodDays, dueAt, reason } = body
  const { world } = parts.directory.current()
  const id = chooseId('rev', context)
  const existing = await findReview(parts, id)
  if (!isProblem(existing)) {
    const wanted = { name, periodDays, dueAt, reason, openedBy: principalOf(context.caller) }
    return (
      refuseOtherRequest(existing, wanted) ?? { status: 201, body: await summarizeReview(parts, existing) }
    )
  }
  const past = checkFuture('/dueAt', dueAt, parts.clock.nowMs())
  if (past.length > 0) return invalidRequest(past)
  const missing = (connections ?? []).filter((id) => !world.connections.has(id))
  if (missing.length > 0)
    return invalidRequest(
      missing.map((id) => ({ path: '/connections', problem: `${id} is not a connection` })),
    )
  const definitions = definitionsOf(world.connections)
    .filter(({ id, app }) => (connections?.includes(id) ?? true) && (apps?.includes(app) ?? true))
    .sort(byId)
  if (definitions.length === 0)
    return invalidRequest([{ path: '', problem: 'there are no connections to review' }])
  const about = {
    id,
    name,
    state: 'open' as const,
    periodDays,
    openedBy: principalOf(context.caller),
    openedAt: nowOf(parts),
    ...(dueAt === undefined ? {} : { dueAt }),
    reason,
  }
  const items = await buildItems(parts, definitions, periodDays)
  const { review, steps } = buildOpening(parts, context, about, items)
  const { ok } = await parts.storage.objects.changeAll(steps)
  // If it was not, the same request, sent at the same time, was first.
  return ok ? { status: 201, body: await summarizeReview(parts, review) } : open(parts, context, body)
}
