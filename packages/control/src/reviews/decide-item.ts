// Decides one item of a review. The decision takes effect first and is recorded afterwards, so that the record never
// claims more than has happened.
import type { Review, ReviewItem } from '@crosswalk/admin-api'
import type { ConnectionDefinition } from '@crosswalk/protocol'

import type { AccessGrantRecord, Item } from '../definitions/records.ts'
import { type AdminContext, type Caller, type Handlers, principalOf } from '../http/context.ts'
import { revokeGrants } from '../approvals/end-access.ts'
import { checkIfSent } from '../http/etag.ts'
import { stop } from '../respond/acts.ts'
import { saveObject } from '../objects/save-object.ts'
import { ownedByFile, type WriteParts } from '../objects/target.ts'
import type { Parts } from '../parts.ts'
import type { SignalsPart } from '../security-events/signals.ts'
import type { RevokerPart } from '../respond/access-revoker.ts'
import { conflict, forbidden, isProblem, notFound, type Problem } from '../http/problem.ts'
import { invalidRequest } from '../http/read-request.ts'
import { listGrants } from './build-items.ts'
import { findOwnInterest } from '../approvals/own-interest.ts'
import { findSecondDefiner } from '../approvals/second-account.ts'
import { findReview, storeReview, type StoredReview } from './review-records.ts'

type Decision = NonNullable<ReviewItem['decision']>
type Input = Parameters<Handlers['reviews.decide']>[0]['body']
type Effect = Omit<Decision, 'by' | 'at' | 'reason'>

export async function decideItem(
  parts: WriteParts & Parts<'inTurn' | 'actInTurn'>,
  context: AdminContext,
  decision: { readonly id: string; readonly connection: string; readonly input: Input },
): Promise<Review | Problem> {
  return parts.inTurn(() => decideNow(parts, context, decision))
}

async function decideNow(
  parts: WriteParts & Parts<'actInTurn'>,
  context: AdminContext,
  { id, connection, input }: Parameters<typeof decideItem>[2],
): Promise<Review | Problem> {
  const found = await findUndecided(parts, id, connection)
  if (isProblem(found)) return found
  const stale = checkIfSent(context.ifMatch, found.review)
  if (stale !== undefined) return stale
  const item = parts.directory.current().world.connections.get(connection)
  if (item === undefined) return conflict('The connection no longer exists.')
  const own = await findReviewObstacle(parts, item, context.caller)
  if (own !== undefined) return forbidden(`Another user must review this: ${own}.`)
  const effect = await takeEffect(parts, context, { item, input, evidence: found.item.evidence })
  return isProblem(effect) ? effect : recordDecision(parts, context, { id, connection, effect })
}

/** @returns why the caller cannot decide about the connection, undefined if they can */
export async function findReviewObstacle(
  parts: Parts<'configuration' | 'directory' | 'storage'>,
  item: Item<ConnectionDefinition>,
  caller: Caller,
): Promise<string | undefined> {
  return (await findOwnInterest(parts, item, caller)) ?? (await findSecondDefiner(parts, caller, item))
}

async function findUndecided(
  parts: Parts<'storage'>,
  id: string,
  connection: string,
): Promise<(StoredReview & { readonly item: ReviewItem }) | Problem> {
  const kept = await findReview(parts, id)
  if (isProblem(kept)) return kept
  if (kept.review.state === 'closed') return conflict('The review is closed.')
  const item = kept.review.items.find((it) => it.connection === connection)
  if (item === undefined) return notFound(`The review has no connection ${connection}.`)
  if (item.decision !== undefined) return conflict(`${item.decision.by} has already decided about it.`)
  return { ...kept, item }
}

interface Deciding {
  readonly item: Item<ConnectionDefinition>
  readonly input: Input
  readonly evidence: ReviewItem['evidence']
}

async function takeEffect(
  parts: WriteParts & Parts<'actInTurn'>,
  context: AdminContext,
  deciding: Deciding,
): Promise<Effect | Problem> {
  const { decision, scopes, removeUsers, removeGroups } = deciding.input
  const narrowing = [scopes, removeUsers, removeGroups].some((value) => value !== undefined)
  if (narrowing && decision !== 'narrow')
    return invalidRequest([{ path: '/decision', problem: 'only `narrow` accepts scopes and users' }])
  if (decision === 'keep') return { decision, effectiveAt: nowOf(parts) }
  if (decision === 'narrow') return narrow(parts, context, deciding)
  return stopConnection(parts, context, { id: deciding.item.definition.id, decision: 'revoke' })
}

/** For connections of file and database alike; revoking one also revokes live access tokens. */
export async function stopConnection(
  parts: Parts<'configuration' | 'directory' | 'storage' | 'clock' | 'actInTurn'> & RevokerPart & SignalsPart,
  context: AdminContext,
  { id, decision }: { readonly id: string; readonly decision: 'revoke' | 'suspend' },
): Promise<Effect | Problem> {
  const state = decision === 'revoke' ? 'revoked' : 'suspended'
  const reply = await parts.actInTurn(() => stop(parts, context, { kind: 'connection', id, state }))
  if (isProblem(reply)) return reply
  const { revokedTokens, effectiveAt } = reply.body
  return { decision, revokedTokens, effectiveAt }
}

async function narrow(
  parts: WriteParts,
  context: AdminContext,
  { item, input, evidence }: Deciding,
): Promise<Effect | Problem> {
  const { definition } = item
  const { removeUsers: users = [], removeGroups: groups = [] } = input
  const onlyUsers = input.scopes === undefined && users.length + groups.length > 0
  const kept = onlyUsers ? definition.scopes : (input.scopes ?? evidence.usedScopes)
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
  const refused = isChanged ? await changeConnection(parts, context, item, change) : undefined
  if (refused !== undefined) return refused
  await revokeGrants(parts, context, grants)
  return {
    decision: 'narrow',
    scopes: change.scopes,
    removed: { users: [...users], groups: [...groups] },
    effectiveAt: nowOf(parts),
  }
}

/** A connection of the file stays unchanged; the problem contains the patch to make there. */
async function changeConnection(
  parts: WriteParts,
  context: AdminContext,
  item: Item<ConnectionDefinition>,
  change: Partial<ConnectionDefinition>,
): Promise<Problem | undefined> {
  const { definition, owner } = item
  if (owner === 'file') {
    const { problem } = ownedByFile(parts, 'connections', definition.id)
    return { problem: { ...problem, patch: change } }
  }
  return saveObject(
    { parts, context, collection: 'connections' },
    { definition: { ...definition, ...change }, made: new Map(), secretChanged: false },
    { verb: 'changed', item },
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

async function recordDecision(
  parts: Parts<'storage' | 'clock'>,
  context: AdminContext,
  { id, connection, effect }: { readonly id: string; readonly connection: string; readonly effect: Effect },
): Promise<Review | Problem> {
  const found = await findUndecided(parts, id, connection)
  if (isProblem(found)) return found
  const { caller, reason = '' } = context
  const item = {
    ...found.item,
    decision: { ...effect, by: principalOf(caller), at: nowOf(parts), reason },
  }
  const items = found.review.items.map((it) => (it.connection === connection ? item : it))
  const review: Review = { ...found.review, items }
  const { revision } = found
  return (await storeReview(parts, context, { review, revision, type: 'review.decided', item })) ?? review
}

export function nowOf({ clock }: Parts<'clock'>): string {
  return new Date(clock.nowMs()).toISOString()
}
