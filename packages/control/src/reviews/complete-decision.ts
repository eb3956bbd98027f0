// What follows from a decision in a review once it is in force: access ends. A fault may stop that, so a repeated decision
// completes the first one.
import type { ReviewItem } from '@crosswalk/admin-api'

import { readStored } from '../definitions/read-stored.ts'
import { type Hold, holdId } from '../definitions/records.ts'
import { ACTS } from '../definitions/stored-acts.ts'
import type { AdminContext } from '../http/context.ts'
import type { Problem } from '../http/problem.ts'
import type { RevokerPart } from '../respond/access-revoker.ts'
import { completeStop } from '../respond/acts.ts'
import { findOldestLive } from '../respond/oldest-live.ts'
import type { RemovalParts } from './check-removal.ts'
import type { Decision } from './review-records.ts'
import { verifyRemoval } from './verify-removals.ts'

type CompletingParts = RemovalParts & RevokerPart

/** Call once the hold is stored. @returns the item */
export async function completeRevocation(
  parts: CompletingParts,
  context: AdminContext,
  { id, hold }: { readonly id: string; readonly hold: Hold },
): Promise<ReviewItem | Problem> {
  const { revokedTokens } = (await completeStop(parts, context, hold)).body
  return verifyRemoval(parts, context, { id, connection: hold.target, revokedTokens })
}

interface Decided {
  readonly id: string
  readonly connection: string
  readonly decision: Decision
}

/** Does nothing if the decision was completed, or is so old that no token is left. */
export async function completeDecision(
  parts: CompletingParts,
  context: AdminContext,
  { id, connection, decision }: Decided,
): Promise<void> {
  const { world } = parts.directory.current()
  const item = world.connections.get(connection)
  const isOld = Date.parse(decision.at) < findOldestLive(world, parts.clock.nowMs())
  if (item === undefined || isOld) return
  if (decision.decision === 'revoke' && decision.revokedTokens === undefined) {
    const stored = await parts.storage.objects.find(ACTS.holds, holdId('connection', connection))
    const hold = stored && readStored(ACTS.holds, stored)
    // It may have been resumed since.
    if (hold?.state === 'revoked') await completeRevocation(parts, context, { id, hold })
  }
}
