// Decides one item of a review. The decision takes effect in the transaction that records it: if several users decide at
// the same time, or the review is closed, nothing happens that the review does not show.
import type { Review, ReviewItem } from '@crosswalk/admin-api'
import type { ConnectionDefinition } from '@crosswalk/protocol'
import type { ObjectPut } from '@crosswalk/storage'

import type { AccessGrantRecord, Item } from '../definitions/records.ts'
import { type AdminContext, type Caller, type Handlers, principalOf } from '../http/context.ts'
import { prepareClosing } from '../approvals/access-grant-records.ts'
import { checkIfSent } from '../http/etag.ts'
import { prepareStop } from '../respond/acts.ts'
import { revokeGranted } from '../respond/revoke-granted.ts'
import { saveObject } from '../objects/save-object.ts'
import { ownedByFile, type WriteParts } from '../objects/target.ts'
import type { Parts } from '../parts.ts'
import { conflict, forbidden, isProblem, notFound, type Problem } from '../http/problem.ts'
import { invalidRequest } from '../http/read-request.ts'
import { listGrants } from './build-items.ts'
import { findOwnInterest } from '../approvals/own-interest.ts'
import { findSecondDefiner } from '../approvals/second-account.ts'
import { completeDecision, completeRevocation } from './complete-decision.ts'
import { buildDecision, changedMeanwhile, findReview, replaceItems } from './review-records.ts'
import type { RemovalParts } from './check-removal.ts'
import { prepareVerification, verifyRemovals } from './verify-removals.ts'

type DecideParts = WriteParts & RemovalParts

type Decision = NonNullable<ReviewItem['decision']>
type Input = Parameters<Handlers['reviews.decide']>[0]['body']
type Effect = Omit<Decision, 'by' | 'at' | 'reason' | 'effectiveAt'>

export async function decideItem(
  parts: DecideParts & Parts<'inTurn'>,
  context: AdminContext,
  decision: { readonly id: string; readonly connection: string; readonly input: Input },
): Promise<Review | Problem> {
  return parts.inTurn(() => decideNow(parts, context, decision))
}

async function decideNow(
  parts: DecideParts,
  context: AdminContext,
  { id, connection, input }: Parameters<typeof decideItem>[2],
): Promise<Review | Problem> {
  const found = await findItem(parts, id, connection)
  if (isProblem(found)) return found
  const { decision } = found.item
  if (decision !== undefined) {
    await completeDecision(parts, context, { id, connection, decision })
    return conflict(`${decision.by} has already decided about it.`)
  }
  const stale = checkIfSent(context.ifMatch, found.review)
  if (stale !== undefined) return stale
  const item = parts.directory.current().world.connections.get(connection)
  if (item === undefined) return conflict('The connection no longer exists.')
  const own = await findReviewObstacle(parts, item, context.caller)
  if (own !== undefined) return forbidden(`Another user must review this: ${own}.`)
  return takeEffect(parts, context, { item, input, found })
}

/** @returns why the caller cannot decide about the connection, undefined if they can */
export async function findReviewObstacle(
  parts: Parts<'configuration' | 'directory' | 'storage'>,
  item: Item<ConnectionDefinition>,
  caller: Caller,
): Promise<string | undefined> {
  return (await findOwnInterest(parts, item, caller)) ?? (await findSecondDefiner(parts, caller, item))
}

interface Found {
  readonly review: Review
  readonly item: ReviewItem
}

async function findItem(parts: Parts<'storage'>, id: string, connection: string): Promise<Found | Problem> {
  const review = await findReview(parts, id)
  if (isProblem(review)) return review
  if (review.state === 'closed') return conflict('The review is closed.')
  const item = review.items.find((it) => it.connection === connection)
  if (item === undefined) return notFound(`The review has no connection ${connection}.`)
  return { review, item }
}

interface Deciding {
  readonly item: Item<ConnectionDefinition>
  readonly input: Input
  readonly found: Found
}

function takeEffect(
  parts: DecideParts,
  context: AdminContext,
  deciding: Deciding,
): Promise<Review | Problem> {
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
      return narrow(parts, context, deciding)
    case 'revoke':
      return revoke(parts, context, deciding)
  }
}

async function keep(
  parts: WriteParts,
  context: AdminContext,
  { found }: Deciding,
): Promise<Review | Problem> {
  const { review, steps } = record(parts, context, found, { decision: 'keep' })
  return (await parts.directory.changeAll(steps)).ok ? review : changedMeanwhile()
}

/** For connections of file and database alike; also revokes live access tokens. */
async function revoke(
  parts: DecideParts,
  context: AdminContext,
  { item, found }: Deciding,
): Promise<Review | Problem> {
  const { id } = item.definition
  const stop = await prepareStop(parts, context, { kind: 'connection', id, state: 'revoked' })
  if (isProblem(stop)) return stop
  const { review, steps } = record(parts, context, found, { decision: 'revoke' })
  if (!(await parts.directory.changeAll([...steps, stop.step])).ok) return changedMeanwhile()
  return completeRevocation(parts, context, { id: review.id, hold: stop.hold })
}

async function narrow(
  parts: DecideParts,
  context: AdminContext,
  { item, input, found }: Deciding,
): Promise<Review | Problem> {
  const { definition } = item
  const { removeUsers: users = [], removeGroups: groups = [] } = input
  const onlyUsers = input.scopes === undefined && users.length + groups.length > 0
  // Used scopes may have been removed from the connection since.
  const used = definition.scopes.filter((scope) => found.item.evidence.usedScopes.includes(scope))
  const kept = onlyUsers ? definition.scopes : (input.scopes ?? used)
  const grants = listGrants(parts, definition).filter(({ user }) => users.includes(user))
  const problem = findNarrowingProblem(definition, { kept, users, groups, grants })
  if (problem !== undefined) return problem
  const { assignments } = definition
  const change = {
    scopes: definition.scopes.filter((scope) => kept.includes(scope)),
    assignments: {
      ...assignments,
      users: assignments.users.filter((user) => !users.includes(user)),
      groups: assignments.groups.filter((group) => !groups.includes(group)),
    },
  }
  const isChanged =
    change.scopes.length < definition.scopes.length ||
    change.assignments.users.length < assignments.users.length ||
    groups.length > 0
  const closing = await prepareClosing(parts, context, grants, 'revoked')
  const { review, steps } = record(parts, context, found, {
    decision: 'narrow',
    scopes: change.scopes,
    removed: { users: [...users], groups: [...groups] },
  })
  const alongside = [...steps, ...closing.steps]
  const refused = isChanged
    ? await changeConnection(parts, context, { item, change, alongside })
    : (await parts.directory.changeAll(alongside)).ok
      ? undefined
      : changedMeanwhile()
  if (refused !== undefined) return refused
  for (const grant of closing.closed) await revokeGranted(parts, context, grant)
  return verifyRemovals(parts, context, { id: review.id, connections: [definition.id] })
}

/** A connection of the file stays unchanged; the problem contains the patch to make there. */
async function changeConnection(
  parts: WriteParts,
  context: AdminContext,
  {
    item,
    change,
    alongside,
  }: {
    readonly item: Item<ConnectionDefinition>
    readonly change: Partial<ConnectionDefinition>
    readonly alongside: readonly ObjectPut[]
  },
): Promise<Problem | undefined> {
  const { definition, owner } = item
  if (owner === 'file') {
    const { problem } = ownedByFile(parts, 'connections', definition.id)
    return { problem: { ...problem, patch: change } }
  }
  return saveObject(
    { parts, context, collection: 'connections' },
    { definition: { ...definition, ...change }, made: new Map(), secretChanged: false },
    { verb: 'changed', item, alongside },
  )
}

function findNarrowingProblem(
  { scopes, assignments }: ConnectionDefinition,
  {
    kept,
    users,
    groups,
    grants,
  }: {
    readonly kept: readonly string[]
    readonly users: readonly string[]
    readonly groups: readonly string[]
    /** Grants of the users to remove */
    readonly grants: readonly AccessGrantRecord[]
  },
): Problem | undefined {
  const errors = [
    ...kept
      .filter((scope) => !scopes.includes(scope))
      .map((scope) => ({ path: '/scopes', problem: `the connection does not have ${scope}` })),
    ...users
      .filter((user) => !assignments.users.includes(user) && !grants.some((grant) => grant.user === user))
      .map((user) => ({
        path: '/removeUsers',
        problem: `${user} is not assigned to the connection by name, and has no access grant for it`,
      })),
    ...groups
      .filter((group) => !assignments.groups.includes(group))
      .map((group) => ({ path: '/removeGroups', problem: `${group} is not assigned to the connection` })),
  ]
  if (errors.length > 0) return invalidRequest(errors)
  if (kept.length === 0)
    return conflict('None of its scopes were used. Revoke the connection, or list the scopes to keep.')
  const less = kept.length < scopes.length || users.length + groups.length > 0
  return less ? undefined : conflict('All of its scopes are used. Keep the connection.')
}

/** @returns the review with the decision, and the steps that store it: in the transaction in which it takes effect */
function record(
  parts: Parts<'clock'>,
  context: AdminContext,
  { review, item }: Found,
  effect: Effect,
): { readonly review: Review; readonly steps: readonly ObjectPut[] } {
  const { caller, reason = '' } = context
  const at = nowOf(parts)
  const decision = { ...effect, effectiveAt: at, by: principalOf(caller), at, reason }
  const decided = { ...item, decision }
  const pending = { review: review.id, connection: item.connection, decidedAt: Date.parse(at) }
  return {
    review: replaceItems(review, new Map([[item.connection, decided]])),
    steps: [
      buildDecision(context, Date.parse(at), { review: review.id, item: decided }),
      ...(effect.decision === 'keep' ? [] : [prepareVerification(context, pending)]),
    ],
  }
}

export function nowOf({ clock }: Parts<'clock'>): string {
  return new Date(clock.nowMs()).toISOString()
}
