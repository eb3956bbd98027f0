// Reviews of connections: opened with evidence, decided item by item by users without an interest in them, and closed.
import type { Review, reviewRoutes } from '@crosswalk/admin-api'
import { byId } from '@crosswalk/policy'
import { HOUR_MS } from '@crosswalk/protocol'
import type { ObjectPut } from '@crosswalk/storage'

import { definitionsOf } from '../definitions/records.ts'
import { recordAdminEvent } from '../audit/change-event.ts'
import { type AdminContext, type Handlers, principalOf } from '../http/context.ts'
import { checkIfSent } from '../http/etag.ts'
import { listPage, sortByTime } from '../http/list-page.ts'
import type { WriteParts } from '../objects/target.ts'
import type { Parts } from '../parts.ts'
import type { SignalsPart } from '../security-events/signals.ts'
import { prepareStop } from '../respond/acts.ts'
import { conflict, isProblem, type Problem } from '../http/problem.ts'
import { checkFuture, invalidRequest } from '../http/read-request.ts'
import { chooseId, refuseOtherRequest } from '../http/repeated.ts'
import { buildItems } from './build-items.ts'
import { decideItem } from './decide-item.ts'
import { nowOf, recordDecision } from './record-decision.ts'
import { listWaiting } from './list-waiting.ts'
import type { RemovalParts } from './check-removal.ts'
import { buildReviewChange, changedMeanwhile, findReview, listReviews } from './review-records.ts'

export function createReviewHandlers(
  parts: WriteParts & RemovalParts & Parts<'inTurn'>,
): Pick<Handlers, keyof typeof reviewRoutes> {
  const answer = (review: Review | Problem) =>
    isProblem(review) ? review : { status: 200 as const, body: review }
  return {
    async 'reviews.list'({ query }) {
      const reviews = sortByTime(await listReviews(parts), ({ openedAt }) => openedAt)
      return listPage([...reviews.keys()], query, (key) => {
        const review = reviews.get(key)
        return query.state === undefined || review?.state === query.state ? review : undefined
      })
    },
    'reviews.items': ({ query }, context) => listWaiting(parts, context, query),
    async 'reviews.read'({ params: { id } }) {
      return answer(await findReview(parts, id))
    },
    'reviews.create': ({ body }, context) => open(parts, context, body),
    'reviews.decide': async ({ params: { id, connection }, body }, context) =>
      answer(await decideItem(parts, context, { id, connection, input: body })),
    'reviews.close': async ({ params: { id }, body }, context) =>
      answer(await parts.inTurn(() => close(parts, context, { id, suspends: body.undecided === 'suspend' }))),
    'reviews.evidence': ({ params: { id } }, context) => collectEvidence(parts, context, id),
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
    return refuseOtherRequest(existing, wanted) ?? { status: 201, body: existing }
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
  const review: Review = {
    id,
    name,
    state: 'open',
    periodDays,
    openedBy: principalOf(context.caller),
    openedAt: nowOf(parts),
    ...(dueAt === undefined ? {} : { dueAt }),
    reason,
    items: await buildItems(parts, definitions, periodDays),
  }
  const change = buildReviewChange(parts, context, { review, type: 'review.opened' })
  const { ok } = await parts.storage.objects.put(change)
  // If it was not, the same request, sent at the same time, was first.
  return ok ? { status: 201, body: review } : open(parts, context, body)
}

/** Suspends undecided connections in the transaction that records it, so that the review shows what happened. */
async function close(
  parts: Parts<'directory' | 'storage' | 'clock'> & SignalsPart,
  context: AdminContext,
  { id, suspends }: { readonly id: string; readonly suspends: boolean },
): Promise<Review | Problem> {
  const before = await findOpen(parts, id)
  if (isProblem(before)) return before
  const stale = checkIfSent(context.ifMatch, before)
  if (stale !== undefined) return stale
  const steps: ObjectPut[] = []
  const items: Review['items'] = []
  for (const item of before.items) {
    const { connection } = item
    const there = parts.directory.current().world.connections.has(connection)
    const stop =
      item.decision === undefined && suspends && there
        ? await prepareStop(parts, context, { kind: 'connection', id: connection, state: 'suspended' })
        : undefined
    // A revoked connection is not suspended: that would weaken it.
    if (stop === undefined || isProblem(stop)) items.push(item)
    else {
      const suspended = recordDecision(parts, context, { review: before, item }, { decision: 'suspend' })
      steps.push(stop.step, ...suspended.steps)
      items.push(suspended.decided)
    }
  }
  const review: Review = {
    ...before,
    closedBy: principalOf(context.caller),
    closedAt: nowOf(parts),
    state: 'closed',
    items,
  }
  const change = buildReviewChange(parts, context, { review, type: 'review.closed' })
  const outcome = await parts.directory.changeAll([change, ...steps])
  return outcome.ok ? review : changedMeanwhile()
}

async function findOpen(parts: Parts<'storage'>, id: string): Promise<Review | Problem> {
  const review = await findReview(parts, id)
  if (isProblem(review) || review.state === 'open') return review
  return conflict('The review is already closed.')
}

async function collectEvidence(
  parts: Parts<'storage' | 'clock'>,
  context: AdminContext,
  id: string,
): ReturnType<Handlers['reviews.evidence']> {
  const review = await findReview(parts, id)
  if (isProblem(review)) return review
  await recordAdminEvent(parts, context, {
    type: 'audit.exported',
    category: 'audit',
    target: { kind: 'review', id },
  })
  const types = ['review.opened', 'review.decided', 'review.closed', 'removal.verified']
  // An event has the time of its server, whose clock may be behind that of the server where the review was opened.
  const since = Date.parse(review.openedAt) - HOUR_MS
  const events: unknown[] = []
  let cursor: string | undefined
  do {
    const page = await parts.storage.events.list({
      types,
      since,
      limit: 200,
      ...(cursor === undefined ? {} : { cursor }),
    })
    for (const { log, chain, seq, prevHash, hash, event: one } of page.items)
      if (one.target?.id === id) events.unshift({ log, chain, seq, prevHash, hash, ...one })
    cursor = page.next
  } while (cursor !== undefined)
  return {
    status: 200,
    body: {
      schema: 'crosswalk.review-evidence/v1',
      exportedAt: nowOf(parts),
      review,
      events: events as never,
    },
  }
}
