// At startup, revokes access that the configuration file removed while no process was running: of users that it
// removed, deactivated, renamed, left without an assignment, or gave a new password. In a running process, the change
// itself does that.
import type { Clock, Ledger } from '@crosswalk/as-core'

import type { Directory } from '../definitions/directory.ts'
import { buildRevokedEvent } from '../definitions/revoke-held.ts'
import type { AccessRevoker } from './access-revoker.ts'

interface RecordParts {
  readonly storage: { readonly ledger: Pick<Ledger, 'commit'> }
  readonly clock: Clock
}

export interface RevokeOutdatedParts extends RecordParts {
  readonly revoker: Pick<AccessRevoker, 'revokeOutdated'>
}

/** @param signal - aborts it */
export async function revokeOutdated(
  { revoker, ...parts }: RevokeOutdatedParts,
  signal: AbortSignal,
): Promise<void> {
  for (const [id, count] of await revoker.revokeOutdated(signal)) await record(id, count, parts)
}

export interface RevokeAccessParts extends RecordParts {
  readonly directory: Pick<Directory, 'current'>
  readonly revoker: Pick<AccessRevoker, 'endSessions' | 'revokeUser'>
}

/** Revokes all access of a user whose password the file replaced or removed: an attacker may have known it (RT-07). */
export async function revokeAccessOf(
  userId: string,
  { directory, revoker, ...parts }: RevokeAccessParts,
): Promise<void> {
  await revoker.endSessions(userId)
  const user = await directory.current().users.findById(userId)
  if (user !== undefined) await record(userId, await revoker.revokeUser(user), parts)
}

async function record(id: string, count: number, { storage, clock }: RecordParts): Promise<void> {
  if (count > 0) await storage.ledger.commit(buildRevokedEvent({ kind: 'user', id }, count, clock.nowMs()))
}
