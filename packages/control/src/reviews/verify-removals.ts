// Verifies that access which decisions of reviews removed has ended: right after the decision, then less and less often
// until it has. What is left to verify is stored with the decision, so that any process can continue.
import type { Review, ReviewItem } from '@crosswalk/admin-api'
import type { LoggedEvent } from '@crosswalk/as-core'
import { dropUndefined, type EpochMs } from '@crosswalk/protocol'
import type { ObjectPut, ObjectStep } from '@crosswalk/storage'

import { buildAdminEvent } from '../audit/change-event.ts'
import { type AdminContext, authorOf, systemContext } from '../http/context.ts'
import type { Parts } from '../parts.ts'
import { isProblem, type Problem } from '../http/problem.ts'
import { checkRemoval, type RemovalParts } from './check-removal.ts'
import { describeItemChange, findReview, replaceItems, storedReview } from './review-records.ts'

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
  /** Absent before the first check */
  readonly checkedAt?: EpochMs
}

/** The step to store with a decision that removes access */
export function prepareVerification(
  context: AdminContext,
  pending: Omit<PendingRemoval, 'checkedAt'>,
): ObjectPut {
  return storePending(context, pending, pending.decidedAt)
}

function storePending(context: AdminContext, body: PendingRemoval, at: EpochMs): ObjectPut {
  return { collection: PENDING, id: idOf(body.review, body.connection), body, at, ...authorOf(context) }
}

function idOf(review: string, connection: string): string {
  return `${review}:${connection}`
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
  const found = await findReview(parts, id)
  if (isProblem(found)) return found
  const keys = connections.map((connection) => idOf(id, connection))
  const pending = new Map((await objects.findMany(PENDING, keys)).map((stored) => [stored.id, stored.body]))
  const at = parts.clock.nowMs()
  const decided = new Map<string, ReviewItem>()
  const steps: ObjectStep[] = []
  const events: LoggedEvent[] = []
  for (const item of found.review.items) {
    if (item.decision === undefined || !connections.includes(item.connection)) continue
    const key = idOf(id, item.connection)
    const waiting = pending.get(key) as PendingRemoval | undefined
    const removal = waiting === undefined ? item.decision.removal : await checkRemoval(parts, item)
    const next = { ...item, decision: { ...item.decision, ...dropUndefined({ revokedTokens, removal }) } }
    decided.set(item.connection, next)
    if (waiting === undefined) continue
    if (removal?.state === 'verified') {
      steps.push({ collection: PENDING, id: key, at, ...authorOf(context) })
      events.push(buildAdminEvent(context, at, describeItemChange('removal.verified', id, next)))
    } else steps.push(storePending(context, { ...waiting, checkedAt: at }, at))
  }
  const review = replaceItems(found.review, decided)
  const change = { ...storedReview(review, found.revision), at, ...authorOf(context), event: events }
  const { ok } = await objects.changeAll([change, ...steps])
  return ok ? review : verifyRemovals(parts, context, removals)
}

export async function listPendingRemovals({ storage }: Parts<'storage'>): Promise<readonly PendingRemoval[]> {
  return (await storage.objects.list(PENDING)).map(({ body }) => body as PendingRemoval)
}

/** One round over the removals that are due. */
export async function verifyDueRemovals(parts: RemovalParts): Promise<void> {
  const nowMs = parts.clock.nowMs()
  const pending = await listPendingRemovals(parts)
  const due = pending.filter((removal) => isDue(removal, nowMs)).slice(0, MAX_AT_ONCE)
  for (const [id, removals] of Map.groupBy(due, ({ review }) => review))
    await verifyRemovals(parts, SYSTEM, { id, connections: removals.map(({ connection }) => connection) })
}

function isDue({ decidedAt, checkedAt }: PendingRemoval, nowMs: EpochMs): boolean {
  if (checkedAt === undefined) return true
  return nowMs - checkedAt >= Math.max(MIN_INTERVAL_MS, (nowMs - decidedAt) / INTERVALS_PER_AGE)
}
