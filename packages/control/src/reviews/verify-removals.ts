// Verifies that access which decisions of reviews removed has ended: right after the decision, then less and less often
// until it has. What is left to verify is stored with the decision, so that any process can continue.
import { isDeepStrictEqual } from 'node:util'

import type { Removal, ReviewItem } from '@crosswalk/admin-api'
import { dropUndefined, type EpochMs } from '@crosswalk/protocol'
import type { ObjectPut, ObjectStep } from '@crosswalk/storage'

import { buildAdminEvent } from '../audit/change-event.ts'
import { actOnEach, readStored } from '../definitions/read-stored.ts'
import type { StoredOf } from '../definitions/stored-collections.ts'
import { readCollection } from '../definitions/stored-items.ts'
import { type AdminContext, authorOf, systemContext } from '../http/context.ts'
import type { Parts } from '../parts.ts'
import { isProblem, notFound, type Problem } from '../http/problem.ts'
import { checkRemoval, type RemovalParts } from './check-removal.ts'
import {
  DECISIONS,
  describeItemChange,
  findItems,
  findReview,
  nameInReview,
  storeDecision,
} from './review-records.ts'

const SYSTEM = systemContext('A decision of a review removed this access.', 'housekeeping')

/** Removals that are not verified yet */
const PENDING = 'removals'

/** More would keep other rounds waiting. */
const MAX_AT_ONCE = 100
const MIN_INTERVAL_MS = 60_000
/** An old removal is checked again after a tenth of its age. */
const INTERVALS_PER_AGE = 10

export type PendingRemoval = Readonly<StoredOf<typeof PENDING>>

/** The step to store with a decision that removes access */
export function prepareVerification(context: AdminContext, body: PendingRemoval): ObjectPut {
  const id = nameInReview(body.review, body.connection)
  return { collection: PENDING, id, body, at: body.decidedAt, ...authorOf(context) }
}

interface Removals {
  /** Id of the review */
  readonly id: string
  readonly connections: readonly string[]
  /** Of one connection, known only after the decision; their revocation has its own event */
  readonly revokedTokens?: number
}

/** Right after the decision. @returns the item with the result */
export async function verifyRemoval(
  parts: RemovalParts,
  context: AdminContext,
  { connection, ...removal }: Omit<Removals, 'connections'> & { readonly connection: string },
): Promise<ReviewItem | Problem> {
  const items = await verifyRemovals(parts, context, { ...removal, connections: [connection] })
  return isProblem(items) ? items : (items[0] ?? notFound(`The review has no connection ${connection}.`))
}

/** @returns the items, with the result at each decision */
async function verifyRemovals(
  parts: RemovalParts,
  context: AdminContext,
  removals: Removals,
): Promise<readonly ReviewItem[] | Problem> {
  const { id, connections, revokedTokens } = removals
  const { objects } = parts.storage
  const review = await findReview(parts, id)
  if (isProblem(review)) return review
  const items = await findItems(parts, review, connections)
  const keys = connections.map((connection) => nameInReview(id, connection))
  const pending = new Set((await objects.findMany(PENDING, keys)).map((stored) => stored.id))
  const stored = new Map((await objects.findMany(DECISIONS, keys)).map((one) => [one.id, one]))
  const change = { at: parts.clock.nowMs(), ...authorOf(context) }
  const verified: ReviewItem[] = []
  const steps: ObjectStep[] = []
  for (const item of items) {
    const key = nameInReview(id, item.connection)
    const before = stored.get(key)
    if (before === undefined) continue
    const decided = { ...item, decision: readStored(DECISIONS, before) }
    const removal = pending.has(key) ? await checkAgain(parts, decided) : decided.decision.removal
    const decision = { ...decided.decision, ...dropUndefined({ revokedTokens, removal }) }
    const next = { ...item, decision }
    verified.push(next)
    if (isDeepStrictEqual(decision, decided.decision)) continue
    const isProved = pending.has(key) && removal?.state === 'verified'
    const proof = describeItemChange('removal.verified', id, next)
    const event = isProved ? { event: buildAdminEvent(context, change.at, proof) } : {}
    steps.push({ ...storeDecision(id, next), ifRevision: before.revision, ...change, ...event })
    if (isProved) steps.push({ collection: PENDING, id: key, ...change })
  }
  const { ok } = await objects.changeAll(steps)
  return ok ? verified : verifyRemovals(parts, context, removals)
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
  // One that cannot be read must not hold up the others.
  return [...(await readCollection(storage.objects, PENDING)).found.values()]
}

/** @returns a function that verifies the removals that are due, by how long ago it last did */
export function createRemovalRounds(): (parts: RemovalParts) => Promise<void> {
  const checked = new Map<string, EpochMs>()
  return async (parts) => {
    const nowMs = parts.clock.nowMs()
    const pending = await listPendingRemovals(parts)
    const keyOf = ({ review, connection }: PendingRemoval) => nameInReview(review, connection)
    const keys = new Set(pending.map(keyOf))
    for (const key of checked.keys()) if (!keys.has(key)) checked.delete(key)
    const due = pending.filter((one) => isDue(one, checked.get(keyOf(one)), nowMs)).slice(0, MAX_AT_ONCE)
    for (const one of due) checked.set(keyOf(one), nowMs)
    await actOnEach(
      Map.groupBy(due, ({ review }) => review),
      async ([id, removals]) => {
        const connections = removals.map(({ connection }) => connection)
        await verifyRemovals(parts, SYSTEM, { id, connections })
      },
    )
  }
}

function isDue({ decidedAt }: PendingRemoval, checkedAt: EpochMs | undefined, nowMs: EpochMs): boolean {
  if (checkedAt === undefined) return true
  return nowMs - checkedAt >= Math.max(MIN_INTERVAL_MS, (nowMs - decidedAt) / INTERVALS_PER_AGE)
}
