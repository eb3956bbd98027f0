// Revokes what is still live of users who were deactivated or removed lately: of a change whose process ended, or met a fault,
// before it came to that. The definitions say that they are inactive or gone; nothing else says that something is left to do.
import { newId } from '@crosswalk/as-core'

import { ADMIN_LOG } from '../audit/change-event.ts'
import { systemContext } from '../http/context.ts'
import type { Parts } from '../parts.ts'
import { forgetRemoved, type ForgetUserParts } from './forget-user.ts'

/** Changes of other processes carry the time of their clocks, and come into force here a moment later. */
const MARGIN_MS = 120_000
const REMOVED = systemContext('The user was removed.')

/** @returns what does one round: it looks at what changed since the round before, and at first as far back as tokens live */
export function createRevokeStopped(
  parts: Parts<'directory' | 'storage' | 'clock'> & ForgetUserParts,
): () => Promise<void> {
  const { directory, revoker, storage, clock } = parts
  let lookedAt = Number.NEGATIVE_INFINITY

  async function record(user: string, count: number): Promise<void> {
    if (count > 0)
      await storage.ledger.commit({ log: ADMIN_LOG, event: buildEvent(user, count, clock.nowMs()) })
  }

  return async () => {
    const { world, people } = directory.current()
    const nowMs = clock.nowMs()
    const lifetimes = [...world['authorization-servers'].values()].map(
      ({ definition }) => definition.accessTokenTtlSeconds,
    )
    const since = Math.max(lookedAt, nowMs - 1000 * Math.max(0, ...lifetimes)) - MARGIN_MS
    for (const [id, { definition, updatedAt = 0 }] of world.users) {
      const user = definition.active || updatedAt < since ? undefined : people.get(id)
      if (user !== undefined) await record(id, await revoker.revokeUser(user))
    }
    const [after, until] = [await storage.objects.revisionAt(since), await storage.objects.revision()]
    for (const id of await storage.objects.removedBetween('users', after, until))
      // One who is there again was forgotten before.
      if (!directory.current().world.users.has(id)) await record(id, await forgetRemoved(parts, REMOVED, id))
    lookedAt = nowMs
  }
}

function buildEvent(user: string, count: number, nowMs: number) {
  return {
    schema: 'xaa.event/v1',
    id: newId('evt'),
    time: new Date(nowMs).toISOString(),
    type: 'token.revoked',
    category: 'response',
    severity: 'warning',
    outcome: 'success',
    actor: { kind: 'system', id: 'housekeeping' },
    target: { kind: 'user', id: user },
    on_behalf_of: { user_ref: user },
    change: { revoked_tokens: count },
  } as const
}
