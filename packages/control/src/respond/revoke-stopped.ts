// Revokes what is still live of users who were deactivated or removed recently: the change that did it may have met a fault,
// or its process may have ended, before anything was revoked. Only the definitions tell; nothing else says that work is left.
import { buildRevokedEvent } from '../definitions/revoke-held.ts'
import { systemContext } from '../http/context.ts'
import type { Parts } from '../parts.ts'
import { forgetRemoved, type ForgetUserParts } from './forget-user.ts'
import type { RevokerPart } from './access-revoker.ts'

/** Clocks of the processes that made changes differ. */
const MARGIN_MS = 120_000
const REMOVED = systemContext('The user was removed.')

/** @returns a function that runs one round: over what changed since the last one, and at first as far back as tokens live */
export function createRevokeStopped(
  parts: Parts<'directory' | 'storage' | 'clock'> & ForgetUserParts & RevokerPart,
): () => Promise<void> {
  const { directory, revoker, storage, clock } = parts
  /** The revision up to which it is done */
  let done: number | undefined

  async function record(id: string, count: number): Promise<void> {
    if (count > 0) await storage.ledger.commit(buildRevokedEvent({ kind: 'user', id }, count, clock.nowMs()))
  }

  return async () => {
    const { world, users } = directory.current()
    const lifetimes = [...world['authorization-servers'].values()].map(
      ({ definition }) => definition.accessTokenTtlSeconds,
    )
    const since = clock.nowMs() - 1000 * Math.max(0, ...lifetimes) - MARGIN_MS
    done ??= await storage.objects.revisionAt(since)
    const until = world.revision
    for (const id of await storage.objects.changedBetween('users', done, until)) {
      const item = (await users.items.find([id])).get(id)
      const user = item?.definition.active === false ? await users.findById(id) : undefined
      if (item === undefined) await record(id, await forgetRemoved(parts, REMOVED, id))
      if (user === undefined) continue
      // They would be live again once the user is.
      await revoker.endSessions(id)
      await record(id, await revoker.revokeUser(user))
    }
    done = until
  }
}
