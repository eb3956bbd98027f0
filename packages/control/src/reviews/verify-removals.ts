// Verifies that access which decisions of reviews removed has ended: right after the decision, then less and less often
// until it has. What is left to verify is stored with the decision, so that any process can continue.
import { isDeepStrictEqual } from 'node:util'

import type { Removal, Review, ReviewItem } from '@crosswalk/admin-api'
import { dropUndefined, type EpochMs } from '@crosswalk/protocol'
import type { ObjectPut, ObjectStep } from '@crosswalk/storage'

import { buildAdminEvent } from '../audit/change-event.ts'
import { type AdminContext, authorOf, systemContext } from '../http/context.ts'
import type { Parts } from '../parts.ts'
import { isProblem, type Problem } from '../http/problem.ts'
import { checkRemoval, type RemovalParts } from './check-removal.ts'
import { decisionId, DECISIONS, describeItemChange, findReview, replaceItems } from './review-records.ts'

const SYSTEM = systemContext('A decision of a review removed this access.', 'housekeeping')

/** Removals that are not verified yet */
const PENDING = 'removals'

/** More would keep other rounds waiting. */
const MAX_AT_ONCE = 100
const MIN_INTERVAL_MS = 60_000
/** An old removal is checked again after a tenth of its age. */
const INTERVALS_PER_AGE = 10

export interface PendingRemoval {
  /** Id of the review */
  readonly review: string
  readonly connection: string
  readonly decidedAt: EpochMs
}

/** The step to store with a decision that removes access */
export function prepareVerification(context: AdminContext, body: PendingRemoval): ObjectPut {
  const id = decisionId(body.review, body.connection)
  return { collection: PENDING, id, body, at: body.decidedAt, ...authorOf(context) }
}

interface Removals {
  /** Id of the review */
  readonly id: string
  readonly connections: readonly string[]
  /** Of one connection, known only after the decision; their revocation has its own event */
  readonly revokedTokens?: number
}

/** @returns the review, with the result at each decision */
export async function verifyRemovals(
  parts: RemovalParts,
  context: AdminContext,
  removals: Removals,
): Promise<Review | Problem> {
  const { id, connections, revokedTokens } = removals
  const { objects } = parts.storage
  const review = await findReview(parts, id)
  if (isProblem(review)) return review
  const keys = connections.map((connection) => decisionId(id, connection))
  const pending = new Set((await objects.findMany(PENDING, keys)).map((stored) => stored.id))
  const stored = new Map((await objects.findMany(DECISIONS, keys)).map((one) => [one.id, one.revision]))
  const change = { at: parts.clock.nowMs(), ...authorOf(context) }
  const decided = new Map<string, ReviewItem>()
  const steps: ObjectStep[] = []
  for (const item of review.items) {
    const key = decisionId(id, item.connection)
    const ifRevision = stored.get(key)
    if (item.decision === undefined || ifRevision === undefined) continue
    const removal = pending.has(key) ? await checkAgain(parts, item) : item.decision.removal
    const decision = { ...item.decision, ...dropUndefined({ revokedTokens, removal }) }
    if (isDeepStrictEqual(decision, item.decision)) continue
    const next = { ...item, decision }
    decided.set(item.connection, next)
    const isProved = pending.has(key) && removal?.state === 'verified'
    const proof = describeItemChange('removal.verified', id, next)
    const event = isProved ? { event: buildAdminEvent(context, change.at, proof) } : {}
    steps.push({ collection: DECISIONS, id: key, ifRevision, body: decision, ...change, ...event })
    if (isProved) steps.push({ collection: PENDING, id: key, ...change })
  }
  const { ok } = await objects.changeAll(steps)
  return ok ? replaceItems(review, decided) : verifyRemovals(parts, context, removals)
}

/** @returns the result so far if it is still the same: storing each check would outdate what others are changing */
async function checkAgain(parts: RemovalParts, item: ReviewItem): Promise<Removal> {
  const before = item.decision?.removal
  const removal = await checkRemoval(parts, item)
  return before !== undefined && isDeepStrictEqual(removal, { ...before, since: removal.since })
    ? before
    : removal
}

export async function listPendingRemovals({ storage }: Parts<'storage'>): Promise<readonly PendingRemoval[]> {
  return (await storage.objects.list(PENDING)).map(({ body }) => body as PendingRemoval)
}

/** @returns a function that verifies the removals that are due, by how long ago it last did */
export function createRemovalRounds(): (parts: RemovalParts) => Promise<void> {
  const checked = new Map<string, EpochMs>()
  return async (parts) => {
    const nowMs = parts.clock.nowMs()
    const pending = await listPendingRemovals(parts)
    const keyOf = ({ review, connection }: PendingRemoval) => decisionId(review, connection)
    const keys = new Set(pending.map(keyOf))
    for (const key of checked.keys()) if (!keys.has(key)) checked.delete(key)
    const due = pending.filter((one) => isDue(one, checked.get(keyOf(one)), nowMs)).slice(0, MAX_AT_ONCE)
    for (const one of due) checked.set(keyOf(one), nowMs)
    for (const [id, removals] of Map.groupBy(due, ({ review }) => review))
      await verifyRemovals(parts, SYSTEM, { id, connections: removals.map(({ connection }) => connection) })
  }
}

function isDue({ decidedAt }: PendingRemoval, checkedAt: EpochMs | undefined, nowMs: EpochMs): boolean {
  if (checkedAt === undefined) return true
  return nowMs - checkedAt >= Math.max(MIN_INTERVAL_MS, (nowMs - decidedAt) / INTERVALS_PER_AGE)
}
