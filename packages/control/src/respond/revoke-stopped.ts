// Revokes what is still live of users who were deactivated or removed recently: the change that did it may have met a fault,
// or its process may have ended, before anything was revoked. Only the definitions tell; nothing else says that work is left.
// A fault may also have kept what other changes take away, such as an assignment: all live tokens are checked after it, as
// they are at each start.
import { buildRevokedEvent } from '../definitions/revoke-held.ts'
import { INACTIVE_KEY } from '../definitions/users/user-keys.ts'
import { systemContext } from '../http/context.ts'
import type { Parts } from '../parts.ts'
import { forgetRemoved, type ForgetUserParts } from './forget-user.ts'
import type { RevokerPart } from './access-revoker.ts'
import { revokeOutdated } from './revoke-outdated.ts'

/** Clocks of the processes that made changes differ. */
const MARGIN_MS = 120_000
const REMOVED = systemContext('The user was removed.')

export interface RevokeStopped {
  /** Over what changed since the last one, and at first as far back as tokens live. @param signal - ends it early */
  round(signal: AbortSignal): Promise<void>
  /** A change of definitions met a fault, perhaps after it was made. */
  afterFault(): void
}

export function createRevokeStopped(
  parts: Parts<'directory' | 'storage' | 'clock'> & ForgetUserParts & RevokerPart,
): RevokeStopped {
  const { directory, revoker, storage, clock } = parts
  /** The revision up to which it is done */
  let done: number | undefined
  let [faults, faultsSettled] = [0, 0]

  async function record(id: string, count: number): Promise<void> {
    if (count > 0) await storage.ledger.commit(buildRevokedEvent({ kind: 'user', id }, count, clock.nowMs()))
  }

  async function revokeStopped(): Promise<void> {
    const { world, users } = directory.current()
    const lifetimes = [...world['authorization-servers'].values()].map(
      ({ definition }) => definition.accessTokenTtlSeconds,
    )
    const since = clock.nowMs() - 1000 * Math.max(0, ...lifetimes) - MARGIN_MS
    done ??= await storage.objects.revisionAt(since)
    const until = world.revision
    const changed = await storage.objects.changedBetween('users', done, until)
    // By their keys alone: after an import these are all users.
    const [inactive, there] = [
      new Set(await users.items.findIds(INACTIVE_KEY)),
      new Set(await users.items.filterIds(changed)),
    ]
    for (const id of changed) {
      if (!there.has(id)) await record(id, await forgetRemoved(parts, REMOVED, id))
      const user = there.has(id) && inactive.has(id) ? await users.findById(id) : undefined
      if (user === undefined) continue
      // They would be live again once the user is.
      await revoker.endSessions(id)
      await record(id, await revoker.revokeUser(user))
    }
    done = until
  }

  async function settleFaults(signal: AbortSignal): Promise<void> {
    const settled = faults
    if (settled === faultsSettled) return
    // Of the change itself, this process may not have heard.
    await directory.catchUp()
    await revokeOutdated(parts, signal)
    faultsSettled = settled
  }

  return {
    afterFault: () => void faults++,
    async round(signal) {
      await revokeStopped()
      await settleFaults(signal)
    },
  }
}
