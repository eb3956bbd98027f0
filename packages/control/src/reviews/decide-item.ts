// Decides one item of a review. The decision takes effect in the transaction that records it: if several users decide at
// the same time, or the review is closed, nothing happens that the review does not show.
import type { ReviewItem } from '@crosswalk/admin-api'
import type { ConnectionDefinition } from '@crosswalk/protocol'

import { findOwnInterest } from '../approvals/own-interest.ts'
import { findSecondDefiner } from '../approvals/second-account.ts'
import { joinsSameApps } from '../definitions/compile-exchange.ts'
import type { Item } from '../definitions/records.ts'
import type { AdminContext, Caller } from '../http/context.ts'
import { checkIfSent } from '../http/etag.ts'
import { conflict, forbidden, isProblem, notFound, type Problem } from '../http/problem.ts'
import { invalidRequest } from '../http/read-request.ts'
import type { WriteParts } from '../objects/target.ts'
import type { Parts } from '../parts.ts'
import { prepareStop } from '../respond/acts.ts'
import { completeDecision, completeRevocation } from './complete-decision.ts'
import { narrowConnection } from './narrow-connection.ts'
import {
  type DecideParts,
  type Deciding,
  type DecisionInput,
  type FoundItem,
  recordDecision,
} from './record-decision.ts'
import { changedMeanwhile, findItems, findReview, summarizeReview } from './review-records.ts'

export async function decideItem(
  parts: DecideParts & Parts<'inTurn'>,
  context: AdminContext,
  decision: { readonly id: string; readonly connection: string; readonly input: DecisionInput },
): Promise<ReviewItem | Problem> {
  return parts.inTurn(() => decideNow(parts, context, decision))
}

async function decideNow(
  parts: DecideParts,
  context: AdminContext,
  { id, connection, input }: Parameters<typeof decideItem>[2],
): Promise<ReviewItem | Problem> {
  const found = await findItem(parts, context, { id, connection })
  if (isProblem(found)) return found
  const { decision } = found.item
  if (decision !== undefined) {
    await completeDecision(parts, context, { id, connection, decision })
    return conflict(`${decision.by} has already decided about it.`)
  }
  const item = findReviewed(parts, found.item)
  if (item === undefined) return conflict('The connection no longer exists between these apps.')
  const own = await findReviewObstacle(parts, item, context.caller)
  if (own !== undefined) return forbidden(`Another user must review this: ${own}.`)
  return takeEffect(parts, context, { item, input, found })
}

/** @returns the connection; undefined if it was removed, or joins other apps than the reviewer sees */
export function findReviewed(
  { directory }: Parts<'directory'>,
  item: ReviewItem,
): Item<ConnectionDefinition> | undefined {
  const { world } = directory.current()
  return joinsSameApps(world, item) ? world.connections.get(item.connection) : undefined
}

/** @returns why the caller cannot decide about the connection, undefined if they can */
export async function findReviewObstacle(
  parts: Parts<'configuration' | 'directory' | 'storage'>,
  item: Item<ConnectionDefinition>,
  caller: Caller,
): Promise<string | undefined> {
  return (await findOwnInterest(parts, item, caller)) ?? (await findSecondDefiner(parts, caller, item))
}

/** @returns the problem if the review accepts no decision, or is not as the caller saw it */
async function findItem(
  parts: Parts<'storage'>,
  { ifMatch }: AdminContext,
  { id, connection }: { readonly id: string; readonly connection: string },
): Promise<FoundItem | Problem> {
  const review = await findReview(parts, id)
  if (isProblem(review)) return review
  if (review.state !== 'open') return conflict('The review is closed.')
  const [item] = await findItems(parts, review, [connection])
  if (item === undefined) return notFound(`The review has no connection ${connection}.`)
  // An item that is decided is reported as such.
  const stale =
    ifMatch === undefined || item.decision !== undefined
      ? undefined
      : checkIfSent(ifMatch, await summarizeReview(parts, review))
  return stale ?? { review: id, item }
}

function takeEffect(
  parts: DecideParts,
  context: AdminContext,
  deciding: Deciding,
): Promise<ReviewItem | Problem> {
  const { decision, scopes, removeUsers, removeGroups } = deciding.input
  const narrowing = [scopes, removeUsers, removeGroups].some((value) => value !== undefined)
  if (narrowing && decision !== 'narrow')
    return Promise.resolve(
      invalidRequest([{ path: '/decision', problem: 'only `narrow` accepts scopes and users' }]),
    )
  switch (decision) {
    case 'keep':
      return keep(parts, context, deciding)
    case 'narrow':
      return narrowConnection(parts, context, deciding)
    case 'revoke':
      return revoke(parts, context, deciding)
  }
}

async function keep(
  parts: WriteParts,
  context: AdminContext,
  { item, found }: Deciding,
): Promise<ReviewItem | Problem> {
  const { scopes } = item.definition
  const { decided, steps } = recordDecision(parts, context, found, { decision: 'keep', scopes: [...scopes] })
  if (!(await parts.directory.changeAll(steps)).ok) return changedMeanwhile()
  return decided
}

/** For connections of file and database alike; also revokes live access tokens. */
async function revoke(
  parts: DecideParts,
  context: AdminContext,
  { item, found }: Deciding,
): Promise<ReviewItem | Problem> {
  const { id } = item.definition
  const stop = await prepareStop(parts, context, { kind: 'connection', id, state: 'revoked' })
  if (isProblem(stop)) return stop
  const { steps } = recordDecision(parts, context, found, { decision: 'revoke' })
  if (!(await parts.directory.changeAll([...steps, stop.step])).ok) return changedMeanwhile()
  return completeRevocation(parts, context, { id: found.review, hold: stop.hold })
}
