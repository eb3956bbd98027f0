// Revokes what is still live of users who were deactivated or removed recently: the change that did it may have met a fault,
// or its process may have ended, before anything was revoked. Only the definitions tell; nothing else says that work is left.
import { buildRevokedEvent } from '../definitions/revoke-held.ts'
import { systemContext } from '../http/context.ts'
import type { Parts } from '../parts.ts'
import { forgetRemoved, type ForgetUserParts } from './forget-user.ts'
import type { RevokerPart } from './access-revoker.ts'

/** Changes of other processes carry the time of their clocks, and come into force here a moment later. */
const MARGIN_MS = 120_000
const REMOVED = systemContext('The user was removed.')

/** @returns a function that runs one round: over what changed since the last one, and at first as far back as tokens live */
export function createRevokeStopped(
  parts: Parts<'directory' | 'storage' | 'clock'> & ForgetUserParts & RevokerPart,
): () => Promise<void> {
  const { directory, revoker, storage, clock } = parts
  let lookedAt = Number.NEGATIVE_INFINITY

  async function record(id: string, count: number): Promise<void> {
    if (count > 0) await storage.ledger.commit(buildRevokedEvent({ kind: 'user', id }, count, clock.nowMs()))
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
      if (user === undefined) continue
      // They would be live again once the user is.
      await revoker.endSessions(id)
      await record(id, await revoker.revokeUser(user))
    }
    const [after, until] = [await storage.objects.revisionAt(since), await storage.objects.revision()]
    for (const id of await storage.objects.removedBetween('users', after, until))
      if (!directory.current().world.users.has(id)) await record(id, await forgetRemoved(parts, REMOVED, id))
    lookedAt = nowMs
  }
}
