// Closes a review, and suspends undecided connections part by part, so that other changes wait only for one part. What is
// left to suspend is stored when the review closes, so that any process can continue after a fault.
import type { Review } from '@crosswalk/admin-api'
import { MINUTE_MS } from '@crosswalk/protocol'
import type { ObjectStep } from '@crosswalk/storage'

import { buildAdminEvent } from '../audit/change-event.ts'
import { type AdminContext, authorOf, principalOf, systemContext } from '../http/context.ts'
import { checkIfSent } from '../http/etag.ts'
import { actOnEach, readStored } from '../definitions/read-stored.ts'
import { readCollection } from '../definitions/stored-items.ts'
import { conflict, isProblem, type Problem } from '../http/problem.ts'
import type { Parts } from '../parts.ts'
import { prepareStops } from '../respond/acts.ts'
import type { SignalsPart } from '../security-events/signals.ts'
import { nowOf, recordDecision } from './record-decision.ts'
import {
  buildReviewChange,
  changedMeanwhile,
  DEADLINES,
  describeReview,
  findReview,
  findStoredReview,
  readPart,
  type ReviewRecord,
  summarizeReview,
} from './review-records.ts'

type ClosingParts = Parts<'directory' | 'storage' | 'clock' | 'inTurn'> & SignalsPart

/** Reviews whose undecided connections are being suspended */
const CLOSINGS = 'review-closings'

/** Who closed the review, to continue in their name */
type Closer = Pick<AdminContext, 'caller' | 'reason' | 'ip' | 'userAgent'>

/** Until then, the process that closes a review is left alone with it. */
const STALLED_MS = MINUTE_MS
/** More would keep other rounds waiting. */
const MAX_PARTS_AT_ONCE = 10

interface Asked {
  readonly id: string
  /** Whether to suspend undecided connections */
  readonly suspends: boolean
}

export async function closeReview(
  parts: ClosingParts,
  context: AdminContext,
  asked: Asked,
): Promise<Review | Problem> {
  const refused = await parts.inTurn(() => beginClosing(parts, context, asked))
  if (refused !== undefined) return refused
  await continueClosing(parts, asked.id)
  const review = await findReview(parts, asked.id)
  return isProblem(review) ? review : summarizeReview(parts, review)
}

/** From then on, the review accepts no decisions. @returns the problem, if it is not being closed */
async function beginClosing(
  parts: Parts<'storage' | 'clock'>,
  context: AdminContext,
  { id, suspends }: Asked,
): Promise<Problem | undefined> {
  const found = await findStoredReview(parts, id)
  if (isProblem(found)) return found
  const { review, revision } = found
  if (review.state === 'closed') return conflict('The review is already closed.')
  // A fault stopped it: the same request continues it.
  if (review.state === 'closing') return undefined
  const before = await summarizeReview(parts, review)
  const stale = checkIfSent(context.ifMatch, before)
  if (stale !== undefined) return stale
  const isClosing = suspends && before.counts.undecided > 0
  const closed: ReviewRecord = {
    ...review,
    state: isClosing ? 'closing' : 'closed',
    closedBy: principalOf(context.caller),
    closedAt: nowOf(parts),
  }
  const { parts: _, count: __, ...about } = closed
  const { session: ___, ...caller } = context.caller
  const closer: Closer = { caller, reason: context.reason, ip: context.ip, userAgent: context.userAgent }
  const change = buildReviewChange(parts, context, { review: closed, revision })
  const event = buildAdminEvent(context, change.at, {
    ...describeReview('review.closed', id),
    change: { ...about, counts: before.counts, undecided: suspends ? 'suspend' : 'leave' },
  })
  const { ok } = await parts.storage.objects.changeAll([
    { ...change, event },
    ...(isClosing ? [{ collection: CLOSINGS, id, body: closer, at: change.at, ...authorOf(context) }] : []),
    ...(review.whenDue === 'wait'
      ? []
      : [{ collection: DEADLINES, id, at: change.at, ...authorOf(context) }]),
  ])
  return ok ? undefined : changedMeanwhile()
}

const DUE = systemContext('The review was due.')

/** Closes reviews that are due and do not wait for an administrator. */
export async function closeDueReviews(parts: ClosingParts): Promise<void> {
  const deadlines = await readCollection(parts.storage.objects, DEADLINES)
  const due = [...deadlines.found].filter(([, { dueAt }]) => Date.parse(dueAt) <= parts.clock.nowMs())
  await actOnEach(due, async ([id]) => {
    const review = await findReview(parts, id)
    if (isProblem(review)) return
    // Another process may have closed it since, or an administrator.
    const refused = await parts.inTurn(() =>
      beginClosing(parts, DUE, { id, suspends: review.whenDue === 'suspend' }),
    )
    if (refused === undefined) await continueClosing(parts, id, MAX_PARTS_AT_ONCE)
  })
}

/** Continues what a process left when it ended or met a fault. */
export async function continueClosings(parts: ClosingParts): Promise<void> {
  const isStalled = ({ updatedAt }: { readonly updatedAt: number }) =>
    parts.clock.nowMs() - updatedAt >= STALLED_MS
  const stalled = (await parts.storage.objects.list(CLOSINGS)).filter(isStalled)
  await actOnEach(stalled, ({ id }) => continueClosing(parts, id, MAX_PARTS_AT_ONCE))
}

/** Does nothing if the review is closed. @param most - number of parts to suspend connections of */
async function continueClosing(parts: ClosingParts, id: string, most = Infinity): Promise<void> {
  const { objects } = parts.storage
  const closing = await objects.find(CLOSINGS, id)
  const review = await findReview(parts, id)
  if (closing === undefined || isProblem(review)) return
  const context: AdminContext = {
    ...(readStored(CLOSINGS, closing) as Closer),
    ifMatch: undefined,
    stops: true,
  }
  let left = most
  for (const first of review.parts) {
    if (left === 0) return
    if (await parts.inTurn(() => suspendUndecided(parts, context, { review, first }))) left -= 1
  }
  const last = await findStoredReview(parts, id)
  if (isProblem(last) || last.review.state !== 'closing') return
  const closed: ReviewRecord = { ...last.review, state: 'closed' }
  const change = buildReviewChange(parts, context, { review: closed, revision: last.revision })
  // Another process may have been first.
  await objects.changeAll([
    change,
    { collection: CLOSINGS, id, at: change.at, ...authorOf(context), ifRevision: closing.revision },
  ])
}

/**
 * Suspends the undecided connections of a part in the transaction that records it, so that the review shows what
 * happened. Those of a review of unused connections are kept if they were used meanwhile.
 *
 * @returns whether there were any
 */
async function suspendUndecided(
  parts: ClosingParts,
  context: AdminContext,
  { review, first }: { readonly review: ReviewRecord; readonly first: string },
): Promise<boolean> {
  const undecided = (await readPart(parts, review, first)).filter(({ decision }) => decision === undefined)
  const ids = undecided.map(({ connection }) => connection)
  // A revoked connection is not suspended: that would weaken it.
  const stops = await prepareStops(parts, context, { kind: 'connection', ids, state: 'suspended' })
  const used = await findUsedMeanwhile(parts, review, ids)
  const steps = undecided.flatMap((item): readonly ObjectStep[] => {
    const stop = stops.get(item.connection)
    if (stop === undefined) return []
    const found = { review: review.id, item }
    return used.has(item.connection)
      ? recordDecision(parts, { ...context, reason: USED_MEANWHILE }, found, {
          decision: 'keep',
          automatic: true,
        }).steps
      : [stop.step, ...recordDecision(parts, context, found, { decision: 'suspend', automatic: true }).steps]
  })
  if (steps.length === 0) return false
  // Not by the directory, which would refuse it after any other change of definitions.
  const outcome = await parts.storage.objects.changeAll(steps)
  await parts.directory.reach(outcome.ok ? outcome.revision : outcome.conflict)
  // If another administrator decided or stopped one of them, read them again.
  return outcome.ok || suspendUndecided(parts, context, { review, first })
}

const USED_MEANWHILE = 'It was used since the review opened.'

/** @returns those of a review of unused connections that have granted something since it opened */
async function findUsedMeanwhile(
  { storage }: Parts<'storage'>,
  { unusedForDays, openedAt }: ReviewRecord,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  if (unusedForDays === undefined) return new Set()
  const grants = await storage.lastUses.readGranted('connection', ids)
  return new Set(ids.filter((id) => (grants.get(id) ?? 0) >= Date.parse(openedAt)))
}
