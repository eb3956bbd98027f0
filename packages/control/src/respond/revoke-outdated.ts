// At startup, revokes access that the configuration file removed while no process was running: of users that it
// removed, deactivated, renamed, or left without an assignment. In a running process, the change itself does that.
import type { Clock, Ledger } from '@crosswalk/as-core'

import { buildRevokedEvent } from '../definitions/revoke-held.ts'
import type { AccessRevoker } from './access-revoker.ts'

export interface RevokeOutdatedParts {
  readonly revoker: Pick<AccessRevoker, 'revokeOutdated'>
  readonly storage: { readonly ledger: Pick<Ledger, 'commit'> }
  readonly clock: Clock
}

/** @param signal - aborts it */
export async function revokeOutdated(
  { revoker, storage, clock }: RevokeOutdatedParts,
  signal: AbortSignal,
): Promise<void> {
  for (const [id, count] of await revoker.revokeOutdated(signal))
    if (count > 0) await storage.ledger.commit(buildRevokedEvent({ kind: 'user', id }, count, clock.nowMs()))
}
