// Revokes the live access of users who were deactivated or removed recently: the change may have failed, or its process
// may have died, before the revocation. Only the definitions show that; there is no other record of pending work. A
// fault may also have prevented the consequences of other changes, such as a lost assignment, so all live tokens are
// checked after a fault, as at startup.
import { buildRevokedEvent } from '../definitions/revoke-held.ts'
import { INACTIVE_KEY } from '../definitions/users/user-keys.ts'
import { systemContext } from '../http/context.ts'
import type { Parts } from '../parts.ts'
import { forgetRemoved, type ForgetUserParts } from './forget-user.ts'
import type { RevokerPart } from './access-revoker.ts'
import { findOldestLive } from './oldest-live.ts'
import { revokeOutdated } from './revoke-outdated.ts'

const REMOVED = systemContext('The user was removed.')

export interface RevokeStopped {
  /** Covers changes since the last round, in the first one as far back as tokens live. @param signal - aborts it */
  round(signal: AbortSignal): Promise<void>
  /** Call after a fault during a change of definitions, which may have been applied. */
  afterFault(): void
}

export function createRevokeStopped(
  parts: Parts<'directory' | 'storage' | 'clock'> & ForgetUserParts & RevokerPart,
): RevokeStopped {
  const { directory, revoker, storage, clock } = parts
  /** The last revision that was covered */
  let done: number | undefined
  let [faults, faultsSettled] = [0, 0]

  async function record(id: string, count: number): Promise<void> {
    if (count > 0) await storage.ledger.commit(buildRevokedEvent({ kind: 'user', id }, count, clock.nowMs()))
  }

  async function revokeStopped(): Promise<void> {
    const { world, users } = directory.current()
    done ??= await storage.objects.revisionAt(findOldestLive(world, clock.nowMs()))
    const until = world.revision
    const changed = await storage.objects.changedBetween('users', done, until)
    // Uses only ids and keys: after an import, all users have changed.
    const [inactive, there] = [
      new Set(await users.items.findIds(INACTIVE_KEY)),
      new Set(await users.items.filterIds(changed)),
    ]
    for (const id of changed) {
      if (!there.has(id)) await record(id, await forgetRemoved(parts, REMOVED, id))
      const user = there.has(id) && inactive.has(id) ? await users.findById(id) : undefined
      if (user === undefined) continue
      // The sessions would become valid again once the user is reactivated.
      await revoker.endSessions(id)
      await record(id, await revoker.revokeUser(user))
    }
    done = until
  }

  async function settleFaults(signal: AbortSignal): Promise<void> {
    const settled = faults
    if (settled === faultsSettled) return
    // This process may not have seen the change itself yet.
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
